/** Steps of a path in words. */
import type { Step } from '$lib/api/types';
import type { StepName } from './may';
import type { Find } from './tally';
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
export function deedOf(step: Pick<Step, 'kind' | 'status' | 'other'>, find: Find, t: Words['t']): string {
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

/** What a step that was taken leaves on the path. */
export function kindOf(step: StepName, accept: boolean): Step['kind'] {
	switch (step) {
		case 'discuss':
			return 'discussion';
		case 'propose_disposition':
			return 'disposition_proposed';
		case 'answer_disposition':
			return accept ? 'disposition_accepted' : 'disposition_declined';
		case 'decide':
			return 'decided';
		case 'merge':
			return 'merged';
		case 'withdraw':
			return 'withdrawn';
		case 'reopen':
			return 'reopened';
		case 'publish':
			return 'published';
		default:
			return step;
	}
}
