/** The way from an invitation link to a report. */
import { api } from '$lib/api/client';
import type { Invitation, Session } from '$lib/api/bodies';
import type { Id } from '$lib/api/types';

/** The token of a link's fragment; `null` when there is none. */
export function tokenOf(hash: string): string | null {
	const token = decodeURIComponent(hash.replace(/^#/, '')).trim();
	return token === '' ? null : token;
}

/** Whether this browser already sits on the invitation's report as its participant. */
export function alreadyIn(invitation: Invitation, session: Session | null): boolean {
	return (
		invitation.joined &&
		(session?.seats.some(
			(seat) => seat.report.id === invitation.report.id && seat.participant.id === invitation.participant.id
		) ??
			false)
	);
}

/** Signs in and sets the name if it was changed. Gives the report to go to. */
export async function enter(token: string, invitation: Invitation, name: string, keep: boolean): Promise<Id> {
	await api.signIn(token, keep);
	const chosen = name.trim();
	if (chosen !== invitation.participant.name) {
		await api.changeParticipant(invitation.report.id, invitation.participant.id, { name: chosen });
	}
	return invitation.report.id;
}
