/** The register seen by organization: what each said, what it has still to say, what it leads. */
import type { Organization, Recommendation } from '$lib/api/types';
import { keyOf } from '$lib/recommendations/institutions';
import { positionsOpen } from '$lib/recommendations/may';
import { countedOf, mustBeRenewed, noSums, type Sums } from '$lib/recommendations/tally';
import type { Shelf } from './shelf';

export interface Who {
	organization: Organization;
	/** Its positions on all that is shown; `none`: those still open that it has not spoken on. */
	sums: Sums;
	/** To be renewed, while positions are open. */
	renew: number;
	leads: number;
	supports: number;
}

/** One line for each organization of the report, on these recommendations. */
export function whoOf(all: readonly Recommendation[], shelf: Shelf): Who[] {
	const lines = new Map(
		shelf.organizations.map((organization): [string, Who] => {
			const sums = noSums();
			return [organization.id, { organization, sums, renew: 0, leads: 0, supports: 0 }];
		})
	);
	const asked = new Set(shelf.asked.map(({ id }) => id));
	for (const one of all) {
		const open = positionsOpen(one);
		const latest = shelf.taken.latest(one.id);
		for (const position of latest.values()) {
			const line = lines.get(position.organization);
			if (!line) continue;
			line.sums[countedOf(position, shelf.find)] += 1;
			if (open && mustBeRenewed(position, one)) line.renew += 1;
		}
		if (open) {
			for (const id of asked) {
				const line = lines.get(id);
				if (line && !latest.has(id)) line.sums.none += 1;
			}
		}
		const lead = one.lead_institution === null ? undefined : lines.get(keyOf(one.lead_institution, shelf.organizations));
		if (lead) lead.leads += 1;
		for (const institution of one.supporting_institutions) {
			const line = lines.get(keyOf(institution, shelf.organizations));
			if (line) line.supports += 1;
		}
	}
	return [...lines.values()];
}
