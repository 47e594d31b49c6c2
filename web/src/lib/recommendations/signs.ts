/** The signs of positions, drawn by lines in a box of 24, which stand beside their colours; and how a status looks. */
import type { RecommendationStatus } from '$lib/api/types';
import type { IconName } from '$lib/ui/icons';
import type { Says } from './tones';

export const SIGNS: Record<Says, string> = {
	support: 'm5 12.5 4.5 4.5L19 7.5',
	support_with_changes: 'm4 12.5 4 4 7-8M17 13.5v6M14 16.5h6',
	object: 'm6 6 12 12M18 6 6 18',
	abstain: 'M6 12h12',
	no_mandate: 'M6 6.5h12M6 17.5h12M12 6.5v11',
	waiting: 'M7 4h10M7 20h10M8 4c0 5 8 5 8 8s-8 3-8 8M16 4c0 5-8 5-8 8s8 3 8 8',
	lapsed: 'M12 4v4M12 16v4M4 12h4M16 12h4',
	none: 'M12 5a7 7 0 0 1 4.5 1.6M19 12a7 7 0 0 1-1.6 4.5M12 19a7 7 0 0 1-4.5-1.6M5 12a7 7 0 0 1 1.6-4.5'
};

/** How a status looks. */
export const STATUS_LOOKS: Record<RecommendationStatus, { tone: 'plain' | 'ok' | 'warn' | 'bad' | 'gold'; icon: IconName }> = {
	proposed: { tone: 'gold', icon: 'flag' },
	under_discussion: { tone: 'plain', icon: 'speech' },
	agreed: { tone: 'ok', icon: 'check' },
	not_agreed: { tone: 'bad', icon: 'x' },
	merged: { tone: 'plain', icon: 'right' },
	withdrawn: { tone: 'plain', icon: 'undo' },
	published: { tone: 'ok', icon: 'out' }
};
