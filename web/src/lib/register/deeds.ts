/** Steps of a path in words. */
import type { Step } from '$lib/api/types';
import type { Find } from '$lib/recommendations/tally';
import type { IconName } from '$lib/ui/icons';
import type { Words } from '$lib/words/words.svelte';

export const STEP_ICONS: Record<Step['kind'], IconName> = {
	proposed: 'flag',
	discussion: 'speech',
	disposition_proposed: 'right',
	disposition_accepted: 'check',
	disposition_declined: 'x',
	decided: 'check',
	merged: 'right',
	gained: 'plus',
	split: 'broken',
	withdrawn: 'undo',
	reopened: 'redo',
	published: 'out'
};

/** "Recorded: agreed". */
export function deedOf(step: Step, find: Find, t: Words['t']): string {
	const status = t(`status-${step.status}`);
	const number = step.other === null ? undefined : find(step.other)?.number;
	const other = number === undefined ? '–' : `R${number}`;
	switch (step.kind) {
		case 'disposition_proposed':
		case 'disposition_accepted':
		case 'disposition_declined':
		case 'decided':
			return t(`step-${step.kind}`, { status });
		case 'merged':
		case 'gained':
		case 'split':
			return t(`step-${step.kind}`, { other });
		default:
			return t(`step-${step.kind}`);
	}
}
