import type { Id, Participant, Role, Stage } from '$lib/api/types';
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

/** A person's role; the holder of the admin token coordinates every report. */
export function roleOf(id: Id, participant: Participant | undefined): Role | null {
	return id === ADMINISTRATOR ? 'coordinator' : (participant?.role ?? null);
}
