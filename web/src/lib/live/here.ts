import type { Id, Presence } from '$lib/api/types';

/** Somebody who is here. */
export interface Here extends Presence {
	/** The section they have open. */
	section: Id | null;
	/** Nobody looks at their window. */
	away: boolean;
}

/** The `user` the server set in an awareness state; `null` for a state without one. */
export function userOf(state: unknown): Presence | null {
	if (typeof state !== 'object' || state === null || !('user' in state)) return null;
	const user = state.user;
	if (typeof user !== 'object' || user === null) return null;
	const { participant, name, organization, code, hue, role } = user as Record<string, unknown>;
	if (typeof participant !== 'string' || typeof name !== 'string' || typeof code !== 'string') return null;
	return {
		participant,
		name,
		organization: typeof organization === 'string' ? organization : '',
		code,
		hue: typeof hue === 'number' ? hue : 0,
		role: role as Presence['role']
	};
}

/** Where a window stands that is the chair's screen of a meeting: in no section. */
export const CHAIR = 'chair';

/** Whether another window is a coordinator's chair's screen. */
export function isChaired(states: Map<number, unknown>, self: number): boolean {
	for (const [client, state] of states) {
		if (client === self || userOf(state)?.role !== 'coordinator') continue;
		if ((state as { section?: unknown }).section === CHAIR) return true;
	}
	return false;
}

/** Each person once, in order of code and name; a window that is looked at counts before one that isn't. */
export function peopleOf(states: Map<number, unknown>, self: number): Here[] {
	const people = new Map<string, Here>();
	for (const [client, state] of states) {
		const user = client === self ? null : userOf(state);
		if (!user) continue;
		const { section, away } = state as { section?: unknown; away?: unknown };
		const here = { ...user, section: typeof section === 'string' ? section : null, away: away === true };
		const known = people.get(user.participant);
		if (!known || (known.away && !here.away)) people.set(user.participant, here);
	}
	return [...people.values()].sort((a, b) => a.code.localeCompare(b.code) || a.name.localeCompare(b.name));
}
