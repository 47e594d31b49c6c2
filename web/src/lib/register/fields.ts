/** The form of a new recommendation: what is typed, and what goes to the server. */
import type { RecommendationFields } from '$lib/api/bodies';
import type { Dimension, Id, Organization, Priority } from '$lib/api/types';
import { institutionFrom } from '$lib/recommendations/institutions';

/** What stands in the form; empty is "not set". `id` is chosen once, so that a second sending creates nothing twice. */
export interface Typed {
	id: Id;
	section: Id;
	title: string;
	text: string;
	rationale: string;
	dimension: Dimension | '';
	lead: string;
	timeframe: string;
	priority: Priority | '';
}

export const emptyForm = (id: Id, section: Id): Typed => ({
	id,
	section,
	title: '',
	text: '',
	rationale: '',
	dimension: '',
	lead: '',
	timeframe: '',
	priority: ''
});

/** What goes to the server: trimmed, `null` for what is not set. */
export function fieldsOf(typed: Typed, organizations: readonly Organization[]): RecommendationFields {
	const orNull = (text: string) => text.trim() || null;
	return {
		section: typed.section,
		title: typed.title.trim(),
		text: typed.text.trim(),
		rationale: orNull(typed.rationale),
		dimension: typed.dimension || null,
		lead_institution: institutionFrom(typed.lead, organizations),
		timeframe: orNull(typed.timeframe),
		priority: typed.priority || null
	};
}
