/** The order of the day: what is contested comes first, what is settled last. */
import type { Id, Recommendation, RecommendationStatus, Step } from '$lib/api/types';
import { positionsOpen } from '$lib/recommendations/may';
import { countedOf, mustBeRenewed, openDisposition, type Find, type Positions } from '$lib/recommendations/tally';

/** Why something stands where it does, the most contested first. */
export const REASONS = ['objection', 'condition', 'disposition', 'changes', 'renew', 'silence', 'none', 'settled'] as const;
export type Why = (typeof REASONS)[number];

export interface Item {
	recommendation: Recommendation;
	why: Why;
	/** How many organizations are the reason. */
	count: number;
}

/** What a meeting has nothing to say about any more. */
const GONE: ReadonlySet<RecommendationStatus> = new Set(['merged', 'withdrawn', 'published']);
const CONTESTED: ReadonlySet<Why> = new Set(['objection', 'condition', 'disposition', 'changes', 'renew']);

export const isContested = (item: Item): boolean => CONTESTED.has(item.why);

/** Why one recommendation needs the meeting; `asked`: how many organizations are asked for a position. */
export function whyOf(one: Recommendation, asked: number, taken: Positions, find: Find, last: Step | undefined): Item {
	if (!positionsOpen(one)) return { recommendation: one, why: 'settled', count: 0 };
	const latest = [...taken.latest(one.id).values()];
	const count = (says: string[]) => latest.filter((position) => says.includes(countedOf(position, find))).length;
	const counts: [Why, number][] = [
		['objection', count(['object'])],
		['condition', count(['waiting', 'lapsed'])],
		['disposition', openDisposition(last)?.answer === 'declined' ? 1 : 0],
		['changes', count(['support_with_changes'])],
		['renew', latest.filter((position) => mustBeRenewed(position, one)).length],
		['silence', Math.max(0, asked - latest.length)]
	];
	const [why, number] = counts.find(([, number]) => number > 0) ?? (['none', 0] as const);
	return { recommendation: one, why, count: number };
}

/** What is to be settled, the most contested first and else by number; then what was settled, by number. */
export function agendaOf(
	recommendations: readonly Recommendation[],
	asked: number,
	taken: Positions,
	find: Find,
	last: (one: Recommendation) => Step | undefined
): Item[] {
	const rank = (why: Why) => (why === 'silence' || why === 'none' ? REASONS.indexOf('silence') : REASONS.indexOf(why));
	return recommendations
		.filter((one) => !GONE.has(one.status))
		.map((one) => whyOf(one, asked, taken, find, last(one)))
		.sort((a, b) => rank(a.why) - rank(b.why) || a.recommendation.number - b.recommendation.number);
}

/** Which ways lead on from the recommendation on the table. */
export interface Ways {
	previous: Item | undefined;
	next: Item | undefined;
	/** The next one that somebody contests, round the whole list. */
	contested: Item | undefined;
}

/** The ways from `current`. From one that was just settled, forward leads to what is to be settled first. */
export function waysFrom(agenda: readonly Item[], current: Id | null): Ways {
	const at = agenda.findIndex((item) => item.recommendation.id === current);
	const open = agenda.filter((item) => item.why !== 'settled');
	const settled = at >= 0 && agenda[at]?.why === 'settled';
	const next = at < 0 || (settled && open.length > 0) ? agenda[0] : agenda[at + 1];
	const round = [...agenda.slice(at + 1), ...agenda.slice(0, Math.max(0, at))];
	return { previous: at > 0 ? agenda[at - 1] : undefined, next, contested: round.find(isContested) };
}
