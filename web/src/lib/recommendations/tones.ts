/** The colours of positions, and their order in sums; their signs are in `signs.ts`. */
import type { Counted } from './tally';

export type Says = Counted | 'none';
/** In the order in which sums show them. */
export const SAYS: readonly Says[] = ['support', 'support_with_changes', 'object', 'abstain', 'no_mandate', 'waiting', 'lapsed', 'none'];

/** The class that gives a position its colour and pattern. */
export const TONES: Record<Says, string> = {
	support: 'ps',
	support_with_changes: 'pc',
	object: 'po',
	abstain: 'pa',
	no_mandate: 'pm',
	waiting: 'pw',
	lapsed: 'pl',
	none: 'pnone'
};
