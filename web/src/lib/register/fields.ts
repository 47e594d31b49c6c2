/** The form of a recommendation: what is typed, and what goes to the server. */
import type { RecommendationChange, RecommendationFields } from '$lib/api/bodies';
import type { Dimension, Id, Priority, Recommendation } from '$lib/api/types';

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

/** The form of a recommendation that is there, or of a new one in a section. */
export function typedOf(one: Recommendation | null, fresh: { id: Id; section: Id }): Typed {
	return {
		id: one?.id ?? fresh.id,
		section: one?.section ?? fresh.section,
		title: one?.title ?? '',
		text: one?.text ?? '',
		rationale: one?.rationale ?? '',
		dimension: one?.dimension ?? '',
		lead: one?.lead_institution ?? '',
		timeframe: one?.timeframe ?? '',
		priority: one?.priority ?? ''
	};
}

/** What goes to the server: trimmed, `null` for what is not set. */
export function fieldsOf(typed: Typed): RecommendationFields {
	const orNull = (text: string) => text.trim() || null;
	return {
		section: typed.section,
		title: typed.title.trim(),
		text: typed.text.trim(),
		rationale: orNull(typed.rationale),
		dimension: typed.dimension || null,
		lead_institution: orNull(typed.lead),
		timeframe: orNull(typed.timeframe),
		priority: typed.priority || null
	};
}

const CHANGEABLE = ['title', 'text', 'rationale', 'dimension', 'lead_institution', 'timeframe', 'priority'] as const;

/** The fields that differ from what is there: only these are sent, so that the rest keeps what others changed. */
export function changedFields(one: Recommendation, typed: Typed): RecommendationChange {
	const fields = fieldsOf(typed);
	return Object.fromEntries(CHANGEABLE.filter((key) => fields[key] !== one[key]).map((key) => [key, fields[key]]));
}
