/** What a seat's plate says in words. */
import type { Recommendation } from '$lib/api/types';
import type { Find } from '$lib/recommendations/tally';
import type { Words } from '$lib/words/words.svelte';
import { countsOf, type Seat } from './seats';

type T = Words['t'];

/** “Support with changes”, “Waits for R3”, “Lapsed: R3 was not agreed”. */
export function saysOf(seat: Seat, find: Find, t: T): string {
	const condition: Recommendation | undefined = seat.position?.condition ? find(seat.position.condition) : undefined;
	if (condition && seat.says === 'waiting') return t('says-waits-for', { number: condition.number });
	if (condition && seat.says === 'lapsed') return t('says-lapsed-with', { number: condition.number });
	return t(`position-${seat.says}`);
}

/** What the meeting has just heard, as the reason of its decision; empty when nobody has spoken. */
export function reasonOf(status: 'agreed' | 'not_agreed', seats: readonly Seat[], t: T): string {
	const counts = countsOf(seats).filter(([says]) => says !== 'none');
	if (counts.length === 0) return '';
	// The marks that hold left-to-right names inside other text are the page's; the record gets plain words.
	return t(`chair-reason-${status}`, { sums: sumsLine(counts, t) }).replace(/[\u2068\u2069]/g, '');
}

/** The sums in one line: “support 8, object 1”. */
export const sumsLine = (counts: readonly (readonly [Seat['says'], number])[], t: T): string =>
	counts.map(([says, count]) => t('pic-part', { what: t(`sum-${says}`), count })).join(', ');
