/**
 * What a recommendation lacks before somebody can act on it. Advice only: it blocks nothing. The server derives the same
 * for exports (`server/src/review/actionable.rs`).
 */
import type { Recommendation } from '$lib/api/types';

/** Something without which nobody knows what to do: what, who, by when. */
export type Lacking = 'verb' | 'lead' | 'timeframe';

/** What one lacks, in this order. */
export function lacksOf(one: Pick<Recommendation, 'title' | 'lead_institution' | 'timeframe'>): Lacking[] {
	const lacks: Lacking[] = [];
	if (!hasVerb(one.title)) lacks.push('verb');
	if (one.lead_institution === null) lacks.push('lead');
	if (one.timeframe === null) lacks.push('timeframe');
	return lacks;
}

/** French and Spanish infinitives; English words that end like them. */
const ROMANCE = /.{3,}(ar|er|ir|oir|re)$/;
const ENGLISH_OTHERS =
	/(better|border|care|centre|fewer|future|gender|greater|higher|infrastructure|larger|lower|more|number|other|over|register|regular|stronger|under|water|wider)$/;
/** Russian and Belarusian infinitives; nouns that end like them. */
const SLAVIC = /..(ать|аться|аваць|авацца|аць|ацца|еть|еться|ець|ить|иться|іць|іцца|оть|сти|ти|уть|ыць|ять|яць)$/;
const SLAVIC_NOUNS = /(асти|асць|нить|ости|ость|печать|пути|сети|сеть)$/;
/** English verbs of recommendations. Those that are as often nouns ("plan", "report") are left out. */
const ENGLISH = new Set(
	(
		'abolish accede accelerate adapt add adjust adopt align allocate allow amend analyse analyze apply appoint ' +
		'approve arrange assess assign assist avoid bring build carry clarify close collect combat commission complete ' +
		'conclude conduct consider consolidate consult continue convene cooperate coordinate cover create decentralize ' +
		'decrease define deliver designate detect develop digitalize digitize disaggregate disseminate distribute ' +
		'diversify draft draw elaborate eliminate embed empower enable enact encourage end enforce engage enhance ' +
		'enlarge ensure enter equip establish evaluate examine exchange exclude exempt expand explore extend facilitate ' +
		'fill finalize finance find fix foster give grant guarantee harmonize hire hold host identify implement improve ' +
		'incentivize include incorporate increase inform initiate install institute institutionalize integrate ' +
		'intensify introduce invest investigate invite involve issue join keep launch lay lift limit link lower ' +
		'mainstream maintain make merge modernize monitor move negotiate offer open operate organize oversee pass pay ' +
		'perform permit pilot prepare prevent prioritize produce prohibit promote propose protect provide publish ' +
		'pursue put raise ratify reach reactivate recognise recognize reconsider recruit redesign reduce refine reform ' +
		'regularize regulate reinforce remove renew repeal replace require resource restore resume retain revise run ' +
		'safeguard scale secure send set shorten show sign simplify speed start stop streamline strengthen submit ' +
		'sustain systematize tackle take tighten track train transfer translate transpose treat unify update upgrade ' +
		'use utilize verify waive widen withdraw write'
	).split(' ')
);

/**
 * Whether a title says to do something, as far as its words show: an English verb that recommendations are made of, or an
 * infinitive of the other working languages. What is written in neither script is not judged.
 */
export function hasVerb(title: string): boolean {
	const lower = title.toLowerCase();
	const words = lower.match(/[\p{L}-]+/gu) ?? [];
	const latin = /[a-z]/.test(lower);
	if (!latin && !/[а-џ]/.test(lower)) return true;
	const first = words[0] ?? '';
	return (
		words.some((word) => ENGLISH.has(word)) ||
		(latin && ROMANCE.test(first) && !ENGLISH_OTHERS.test(first)) ||
		words.some((word) => SLAVIC.test(word) && !SLAVIC_NOUNS.test(word))
	);
}
