/** What follows from the recorded positions and steps. Nothing of it is stored: whoever reads derives it. */
import type { Id, Organization, Participant, Position, Recommendation, RecommendationStatus, Stance, Step } from '$lib/api/types';

/** How a position counts: as it is, or not (yet) because of its condition. */
export type Counted = Stance | 'waiting' | 'lapsed';
/** Finds a recommendation of the same report. */
export type Find = (id: Id) => Recommendation | undefined;

const SETTLED: ReadonlySet<RecommendationStatus> = new Set(['agreed', 'published']);
const GIVEN_UP: ReadonlySet<RecommendationStatus> = new Set(['not_agreed', 'withdrawn']);

/** The recommendation that `id` stands for now: what it was merged into, if it was. `undefined` when that leads nowhere. */
export function throughMerges(id: Id, find: Find): Recommendation | undefined {
	const seen = new Set<Id>();
	let one = find(id);
	while (one && one.status === 'merged') {
		if (seen.has(one.id) || one.merged_into === null) return undefined;
		seen.add(one.id);
		one = find(one.merged_into);
	}
	return one;
}

/** How a position counts now. With a condition it waits until the other one is agreed, and lapses when that is given up. */
export function countedOf(position: Position, find: Find): Counted {
	if (position.condition === null) return position.position;
	const end = throughMerges(position.condition, find);
	// Merged into it since: nothing is left to wait for.
	if (end?.id === position.recommendation) return position.position;
	const status = end?.status;
	if (status !== undefined && SETTLED.has(status)) return position.position;
	return status !== undefined && GIVEN_UP.has(status) ? 'lapsed' : 'waiting';
}

/** Taken before a merge or split changed what it is about. */
export const mustBeRenewed = (position: Position, one: Recommendation): boolean => position.wording < one.renew_from;

/** Taken when title or text were other ones. */
export const onEarlierWording = (position: Position, one: Recommendation): boolean => position.wording < one.wording;

/** The positions of a report, by recommendation. Those of one are sorted only when they are asked for. */
export class Positions {
	readonly #of: Map<Id, readonly Position[]>;
	readonly #latest: Map<Id, ReadonlyMap<Id, Position>>;
	/** The organizations that somebody spoke for. */
	readonly spoken: ReadonlySet<Id>;

	constructor(all: Iterable<Position>, before?: Positions) {
		const of = (this.#of = new Map(before ? before.#of : []));
		this.#latest = new Map(before ? before.#latest : []);
		const spoken = new Set(before?.spoken ?? []);
		const added = new Map<Id, Position[]>();
		for (const position of all) {
			spoken.add(position.organization);
			const list = added.get(position.recommendation);
			if (list) list.push(position);
			else added.set(position.recommendation, [position]);
		}
		for (const [recommendation, list] of added) {
			const there = of.get(recommendation);
			of.set(recommendation, there ? [...there, ...list] : list);
			this.#latest.delete(recommendation);
		}
		this.spoken = spoken;
	}

	/** With further ones; what was known of other recommendations stays known. */
	with(added: Iterable<Position>): Positions {
		return new Positions(added, this);
	}

	/** Each organization's position now. */
	latest(recommendation: Id): ReadonlyMap<Id, Position> {
		const known = this.#latest.get(recommendation);
		if (known) return known;
		const latest = new Map<Id, Position>();
		for (const position of this.#of.get(recommendation) ?? []) {
			const other = latest.get(position.organization);
			if (!other || other.n < position.n) latest.set(position.organization, position);
		}
		this.#latest.set(recommendation, latest);
		return latest;
	}

	/** All positions of one organization on one recommendation, the newest first. */
	trail(recommendation: Id, organization: Id): Position[] {
		const mine = (this.#of.get(recommendation) ?? []).filter((position) => position.organization === organization);
		return mine.sort((a, b) => b.n - a.n);
	}

	/** The newest position of all on a recommendation. */
	newest(recommendation: Id): Position | undefined {
		let newest: Position | undefined;
		for (const position of this.#of.get(recommendation) ?? []) if (!newest || newest.at < position.at) newest = position;
		return newest;
	}
}

/** How many organizations say what; `none`: have not said anything. */
export type Sums = Record<Counted | 'none', number>;

/** Nobody has said anything, and nobody is asked. */
export const noSums = (): Sums => ({
	support: 0,
	support_with_changes: 0,
	object: 0,
	abstain: 0,
	no_mandate: 0,
	waiting: 0,
	lapsed: 0,
	none: 0
});

/** The sums of one recommendation; `organizations`: how many are asked. */
export function sumsOf(latest: ReadonlyMap<Id, Position>, organizations: number, find: Find): Sums {
	const sums = { ...noSums(), none: Math.max(0, organizations - latest.size) };
	for (const position of latest.values()) sums[countedOf(position, find)] += 1;
	return sums;
}

/**
 * The organizations whose position is asked for: those with somebody who drafts or reviews. Another counts when
 * somebody spoke for it (`spoken`).
 */
export function asked(organizations: readonly Organization[], participants: readonly Participant[], spoken: ReadonlySet<Id>): Organization[] {
	const with_ = new Set(spoken);
	for (const { role, organization } of participants) if (role === 'drafter' || role === 'reviewer') with_.add(organization);
	return organizations.filter(({ id }) => with_.has(id));
}

/** How the consultation is to be recorded, and what the proposing organization said to that. */
export interface OpenDisposition {
	status: 'agreed' | 'not_agreed';
	answer: 'asked' | 'accepted' | 'declined';
}

const ANSWERS = { disposition_proposed: 'asked', disposition_accepted: 'accepted', disposition_declined: 'declined' } as const;

/** The disposition that is open after the last step. */
export function openDisposition(last: Step | undefined): OpenDisposition | null {
	if (!last || !(last.kind in ANSWERS)) return null;
	const answer = ANSWERS[last.kind as keyof typeof ANSWERS];
	return { status: last.status === 'not_agreed' ? 'not_agreed' : 'agreed', answer };
}

const DECIDED: ReadonlySet<RecommendationStatus> = new Set(['agreed', 'not_agreed', 'published']);

/** The objections that count though it was decided. */
export function maintainedObjections(one: Recommendation, latest: ReadonlyMap<Id, Position>, find: Find): Position[] {
	if (!DECIDED.has(one.status)) return [];
	return [...latest.values()].filter((position) => countedOf(position, find) === 'object');
}

