/** What the pictures draw, out of the review document: pure, so that tables and pictures say the same. */
import type { Dimension, Id, Organization, Recommendation, RecommendationStatus, Step } from '$lib/api/types';
import { DIMENSIONS } from '$lib/api/types';
import { seated } from '$lib/recommendations/seated';
import { SAYS, type Says } from '$lib/recommendations/tones';
import { countedOf, noSums, type Find, type Positions } from '$lib/recommendations/tally';

/** A bar: so many of each. */
export interface Bar<Key> {
	key: Key;
	counts: Record<Says, number>;
	/** On how many recommendations. */
	recommendations: number;
}

export const totalOf = (counts: Record<Says, number>): number => SAYS.reduce((sum, says) => sum + counts[says], 0);

/** Those that stand for themselves: not merged into another one, and not taken back. */
export const standing = (all: readonly Recommendation[]): Recommendation[] =>
	all.filter(({ status }) => status !== 'merged' && status !== 'withdrawn');

interface Review {
	recommendations: readonly Recommendation[];
	/** The organizations whose position is asked for. */
	asked: readonly Organization[];
	taken: Positions;
	find: Find;
}

function add(counts: Record<Says, number>, one: Recommendation, organization: Id, { taken, find }: Review) {
	const position = taken.latest(one.id).get(organization);
	counts[position ? countedOf(position, find) : 'none'] += 1;
}

/** What each organization says, over all recommendations, in the order of the seats. */
export function byOrganization(review: Review): Bar<Organization>[] {
	const all = standing(review.recommendations);
	return seated(review.asked).map((organization) => {
		const counts = noSums();
		for (const one of all) add(counts, one, organization.id, review);
		return { key: organization, counts, recommendations: all.length };
	});
}

/** What is said to the recommendations of each group; a group without any is left out. */
function byGroup<Key>(review: Review, keys: readonly Key[], has: (one: Recommendation, key: Key) => boolean): Bar<Key>[] {
	const all = standing(review.recommendations);
	return keys.flatMap((key) => {
		const mine = all.filter((one) => has(one, key));
		if (mine.length === 0) return [];
		const counts = noSums();
		for (const one of mine) for (const { id } of review.asked) add(counts, one, id, review);
		return [{ key, counts, recommendations: mine.length }];
	});
}

/** By dimension; `null` for those without. */
export const byDimension = (review: Review): Bar<Dimension | null>[] =>
	byGroup(review, [...DIMENSIONS, null], (one, dimension) => one.dimension === dimension);

const OBJECTIVES = Array.from({ length: 23 }, (_, n) => n + 1);

/** By objective of the Global Compact; a recommendation counts at each that it names. */
export const byObjective = (review: Review): Bar<number>[] =>
	byGroup(review, OBJECTIVES, (one, objective) => one.gcm_objectives.includes(objective));

/** How many recommendations stood where at one moment. */
export interface Standing {
	at: number;
	counts: Record<RecommendationStatus, number>;
}

/** Steps that only ask; the recommendation keeps its status. */
const ASKING = new Set<Step['kind']>(['disposition_proposed', 'disposition_accepted', 'disposition_declined']);

const nobody = (): Record<RecommendationStatus, number> => ({
	proposed: 0,
	under_discussion: 0,
	agreed: 0,
	not_agreed: 0,
	merged: 0,
	withdrawn: 0,
	published: 0
});

/** How many stood where after each change, from the first proposal on. A path without steps has its beginning alone. */
export function pathOf(recommendations: readonly Recommendation[], steps: readonly Step[]): Standing[] {
	const begun = new Set(steps.map(({ recommendation }) => recommendation));
	const changes = steps
		.filter(({ kind }) => !ASKING.has(kind))
		.map(({ recommendation, n, status, at }) => ({ recommendation, n, status, at: Date.parse(at) }));
	for (const one of recommendations) {
		if (!begun.has(one.id)) changes.push({ recommendation: one.id, n: 1, status: one.status, at: Date.parse(one.created_at) });
	}
	changes.sort((a, b) => a.at - b.at || a.n - b.n);
	const now = new Map<Id, RecommendationStatus>();
	const path: Standing[] = [];
	let counts = nobody();
	for (const { recommendation, status, at } of changes) {
		const before = now.get(recommendation);
		if (before === status) continue;
		counts = { ...counts, [status]: counts[status] + 1 };
		if (before) counts[before] -= 1;
		now.set(recommendation, status);
		const last = path.at(-1);
		if (last && last.at === at) last.counts = counts;
		else path.push({ at, counts });
	}
	return path;
}

/** The last standing of each day, for the table; `day` names the day of a time. */
export function daily(path: readonly Standing[], day: (time: number) => string): Standing[] {
	return path.filter((standing, n) => {
		const next = path[n + 1];
		return next === undefined || day(next.at) !== day(standing.at);
	});
}
