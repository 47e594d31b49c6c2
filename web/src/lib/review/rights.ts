import type { Id, Participant, RecommendationStatus, Role, Stage } from '$lib/api/types';
import { ADMINISTRATOR } from '$lib/api/types';

/** What somebody may do in a section now. The server decides; this only spares people what it would refuse. */
export interface Rights {
	write: boolean;
	comment: boolean;
	recommend: boolean;
	coordinate: boolean;
}

/** Drafters write until a section is agreed, coordinators until it is locked; observers only read. */
export function rightsOf(role: Role | null, stage: Stage): Rights {
	const locked = stage === 'locked';
	const coordinate = role === 'coordinator';
	const speaks = coordinate || role === 'drafter' || role === 'reviewer';
	return {
		write: !locked && (coordinate || (role === 'drafter' && stage !== 'agreed')),
		comment: speaks && !locked,
		recommend: speaks && !locked,
		coordinate
	};
}

/** Why somebody only reads a recommendation's wording. */
export type NoWording = 'observer' | 'others' | 'decided' | 'merged' | 'withdrawn' | 'published';

/** Coordinators, drafters and the organization that proposed it write until it is decided, coordinators also then. */
export function wordingRightsOf(role: Role | null, status: RecommendationStatus, proposedIt: boolean): Rights & { why: NoWording | null } {
	const coordinate = role === 'coordinator';
	const speaks = coordinate || role === 'drafter' || role === 'reviewer';
	const over = status === 'merged' || status === 'withdrawn' || status === 'published' ? status : null;
	const decided = (status === 'agreed' || status === 'not_agreed') && !coordinate;
	const others = role === 'reviewer' && !proposedIt;
	const why = over ?? (!speaks ? 'observer' : decided ? 'decided' : others ? 'others' : null);
	return { write: why === null, comment: speaks && over === null, recommend: false, coordinate, why };
}

/** A person's role; the holder of the admin token coordinates every report. */
export function roleOf(id: Id, participant: Participant | undefined): Role | null {
	return id === ADMINISTRATOR ? 'coordinator' : (participant?.role ?? null);
}
