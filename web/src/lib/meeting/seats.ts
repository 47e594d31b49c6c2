/** The organizations of a meeting in their fixed seats, and what each says to the recommendation on the table. */
import type { Organization, Position, Recommendation } from '$lib/api/types';
import { seated } from '$lib/recommendations/seated';
import { SAYS, type Says } from '$lib/recommendations/tones';
import { countedOf, mustBeRenewed, type Find, type Positions } from '$lib/recommendations/tally';

export interface Seat {
	organization: Organization;
	/** What it said last, if anything. */
	position: Position | undefined;
	says: Says;
	/** It spoke before a merge or split changed what this is about. */
	renew: boolean;
}

/** The seats at a recommendation. */
export function seatsOf(one: Recommendation, organizations: readonly Organization[], taken: Positions, find: Find): Seat[] {
	const latest = taken.latest(one.id);
	return seated(organizations).map((organization) => {
		const position = latest.get(organization.id);
		const says = position ? countedOf(position, find) : 'none';
		return { organization, position, says, renew: position !== undefined && mustBeRenewed(position, one) };
	});
}

/** How many seats say what; what nobody says is not there, but for `always`. */
export function countsOf(seats: readonly Seat[], always: readonly Says[] = []): [Says, number][] {
	return SAYS.map((says): [Says, number] => [says, seats.filter((seat) => seat.says === says).length]).filter(
		([says, count]) => count > 0 || always.includes(says)
	);
}

/** What an organization would have to read aloud: its changes, else its statement. */
export const quoteOf = (position: Position): string | null => position.changes ?? position.statement;
