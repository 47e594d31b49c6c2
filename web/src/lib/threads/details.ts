import type { RecommendationFields } from '$lib/api/bodies';
import { DIMENSIONS, PRIORITIES, type Organization } from '$lib/api/types';
import { institutionFrom } from '$lib/recommendations/institutions';

/** The fields of a recommendation beyond its sentence, as the form holds them: empty means not set. */
export interface Details {
	rationale: string;
	dimension: string;
	lead: string;
	timeframe: string;
	priority: string;
}

export const emptyDetails = (): Details => ({ rationale: '', dimension: '', lead: '', timeframe: '', priority: '' });

/** As the server takes them. */
export function fieldsOf(
	details: Details,
	organizations: readonly Organization[]
): Pick<RecommendationFields, 'rationale' | 'dimension' | 'lead_institution' | 'timeframe' | 'priority'> {
	const text = (value: string) => value.trim() || null;
	return {
		rationale: text(details.rationale),
		dimension: DIMENSIONS.find((dimension) => dimension === details.dimension) ?? null,
		lead_institution: institutionFrom(details.lead, organizations),
		timeframe: text(details.timeframe),
		priority: PRIORITIES.find((priority) => priority === details.priority) ?? null
	};
}
