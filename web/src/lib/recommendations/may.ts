/** Who may do what with a recommendation now, and why not. The server decides; this spares people what it would refuse. */
import type { Id, Organization, Participant, Recommendation, RecommendationStatus, Role, Step } from '$lib/api/types';
import { ADMINISTRATOR } from '$lib/api/types';
import { openDisposition } from './tally';

/** Who asks. */
export interface Me {
	id: Id;
	role: Role | null;
	/** Whom they act for; `null` for the administrator and strangers. */
	organization: Organization | null;
}

/** What the rules look up. */
export interface People {
	participant: (id: Id) => Participant | undefined;
	organization: (id: Id) => Organization | undefined;
}

export function meOf(id: Id, people: People): Me {
	const participant = people.participant(id);
	if (id === ADMINISTRATOR) return { id, role: 'coordinator', organization: null };
	return { id, role: participant?.role ?? null, organization: (participant && people.organization(participant.organization)) ?? null };
}

/** Whether somebody speaks for an organization: its head alone, or, where it has none, whoever acts for it. */
export function speaksFor(me: Me, organization: Id, people: People): boolean {
	if (me.role === null || me.role === 'observer') return false;
	const head = people.organization(organization)?.head ?? null;
	return head === null ? me.organization?.id === organization : head === me.id;
}

/** The organization that proposed it; `null` when the administrator did. */
export const proposerOf = (one: Recommendation, people: People): Id | null => people.participant(one.author)?.organization ?? null;

export type StepName =
	| 'discuss'
	| 'propose_disposition'
	| 'answer_disposition'
	| 'decide'
	| 'withdraw'
	| 'reopen'
	| 'merge'
	| 'split'
	| 'publish';

const FROM: Record<StepName, readonly RecommendationStatus[]> = {
	discuss: ['proposed'],
	propose_disposition: ['proposed', 'under_discussion'],
	answer_disposition: ['proposed', 'under_discussion'],
	decide: ['proposed', 'under_discussion'],
	withdraw: ['proposed', 'under_discussion'],
	reopen: ['agreed', 'not_agreed', 'withdrawn'],
	merge: ['proposed', 'under_discussion'],
	split: ['proposed', 'under_discussion'],
	publish: ['agreed']
};

/** The steps that somebody may take from here, in the order they are offered. */
export function stepsFor(one: Recommendation, last: Step | undefined, me: Me, people: People): StepName[] {
	const proposer = proposerOf(one, people);
	const coordinates = me.role === 'coordinator';
	const forProposer = proposer !== null && speaksFor(me, proposer, people);
	const may: Record<StepName, boolean> = {
		answer_disposition: forProposer && openDisposition(last)?.answer === 'asked',
		discuss: coordinates,
		propose_disposition: coordinates && proposer !== null,
		decide: coordinates,
		publish: coordinates,
		merge: coordinates,
		split: coordinates,
		reopen: coordinates,
		withdraw: coordinates || forProposer
	};
	return (Object.keys(may) as StepName[]).filter((step) => may[step] && FROM[step].includes(one.status));
}

/** Whether a step wants a reason. Recording what the proposing organization accepted does not. */
export function wantsReason(step: StepName, last: Step | undefined, given: { status?: 'agreed' | 'not_agreed'; accept?: boolean } = {}): boolean {
	switch (step) {
		case 'discuss':
		case 'propose_disposition':
		case 'publish':
			return false;
		case 'answer_disposition':
			return given.accept === false;
		case 'decide': {
			const open = openDisposition(last);
			return !(open?.answer === 'accepted' && open.status === given.status);
		}
		default:
			return true;
	}
}

/** Why somebody can't change a field; `null` when they can. */
export type NoEdit = 'closed' | 'decided' | 'not_yours';

export function whyNoEdit(one: Recommendation, field: 'title' | 'text' | 'other', me: Me): NoEdit | null {
	if (one.status === 'merged' || one.status === 'withdrawn' || one.status === 'published') return 'closed';
	if (me.role === 'coordinator') return null;
	if (me.role === null || me.role === 'observer' || one.author !== me.id) return 'not_yours';
	const decided = one.status === 'agreed' || one.status === 'not_agreed';
	return decided && field !== 'other' ? 'decided' : null;
}

/** Why somebody can't take their organization's position; `null` when they can. */
export type NoPosition = 'closed' | 'observer' | 'nobody' | 'head';

export const positionsOpen = (one: Recommendation): boolean => one.status === 'proposed' || one.status === 'under_discussion';

export function whyNoPosition(one: Recommendation, me: Me, people: People): NoPosition | null {
	if (!positionsOpen(one)) return 'closed';
	if (me.organization === null) return 'nobody';
	if (me.role === null || me.role === 'observer') return 'observer';
	return speaksFor(me, me.organization.id, people) ? null : 'head';
}

/** Whether somebody may say how far a published one has got. */
export function mayReport(one: Recommendation, me: Me, people: People): boolean {
	if (one.status !== 'published') return false;
	const lead = one.lead_institution;
	return me.role === 'coordinator' || (typeof lead === 'object' && lead !== null && speaksFor(me, lead.organization, people));
}
