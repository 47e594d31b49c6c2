/** What the register shows, as one value: recommendations, and what is looked up beside them. */
import type { Id, Organization, Position, Recommendation } from '$lib/api/types';
import { keyOf, nameOf } from '$lib/recommendations/institutions';
import { countedOf, mustBeRenewed, sumsOf, type Counted, type Find, type Positions, type Sums } from '$lib/recommendations/tally';

interface Given {
	all: readonly Recommendation[];
	organizations: readonly Organization[];
	taken: Positions;
	/** The organizations whose position is asked for. */
	asked: readonly Organization[];
	find: Find;
	/** The reader. */
	you: Id;
	/** Each section's place in the outline. */
	sections: ReadonlyMap<Id, number>;
}

/** Reading is cheap: what is derived of a recommendation is derived once. */
export class Shelf {
	readonly all: readonly Recommendation[];
	readonly organizations: readonly Organization[];
	readonly asked: readonly Organization[];
	readonly taken: Positions;
	readonly find: Find;
	readonly you: Id;
	readonly sections: ReadonlyMap<Id, number>;
	readonly #sums = new Map<Id, Sums>();
	readonly #texts = new Map<Id, string>();
	readonly #leads = new Map<Id, string | null>();

	constructor(given: Given) {
		this.all = given.all;
		this.organizations = given.organizations;
		this.asked = given.asked;
		this.taken = given.taken;
		this.find = given.find;
		this.you = given.you;
		this.sections = given.sections;
	}

	sums(one: Recommendation): Sums {
		let sums = this.#sums.get(one.id);
		if (!sums) this.#sums.set(one.id, (sums = sumsOf(this.taken.latest(one.id), this.asked.length, this.find)));
		return sums;
	}

	/** An organization's position now. */
	position(one: Recommendation, organization: Id): Position | undefined {
		return this.taken.latest(one.id).get(organization);
	}

	/** How it counts; `none` when there is none. */
	counted(one: Recommendation, organization: Id): Counted | 'none' {
		const position = this.position(one, organization);
		return position ? countedOf(position, this.find) : 'none';
	}

	renew(one: Recommendation, organization: Id): boolean {
		const position = this.position(one, organization);
		return position !== undefined && mustBeRenewed(position, one);
	}

	/** The same for the same lead, however it is written. */
	lead(one: Recommendation): string | null {
		let lead = this.#leads.get(one.id);
		if (lead === undefined) {
			lead = one.lead_institution === null ? null : keyOf(one.lead_institution, this.organizations);
			this.#leads.set(one.id, lead);
		}
		return lead;
	}

	/** Everything that search looks in, in small letters. */
	text(one: Recommendation): string {
		let text = this.#texts.get(one.id);
		if (text === undefined) {
			const names = [one.lead_institution, ...one.supporting_institutions].map((it) => {
				const name = nameOf(it, this.organizations);
				const code = it === null ? '' : this.organizations.find(({ id }) => id === keyOf(it, this.organizations))?.code;
				return `${name} ${code ?? ''}`;
			});
			const evidence = one.evidence_links.flatMap(({ claim, source }) => [claim, source]);
			text = [`r${one.number}`, one.title, one.text, one.rationale, one.timeframe, one.means_of_verification, ...names, ...evidence]
				.join('\n')
				.toLocaleLowerCase();
			this.#texts.set(one.id, text);
		}
		return text;
	}
}
