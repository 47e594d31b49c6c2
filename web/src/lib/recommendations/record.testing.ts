/** Records as tests want them. */
import type { Position, Recommendation, Step } from '$lib/api/types';

/** A recommendation `id-{number}` with only what every one has. */
export function recommendation(number: number, fields: Partial<Recommendation> = {}): Recommendation {
	return {
		id: `id-${number}`,
		number,
		title: `Title ${number}`,
		text: 'Text',
		rationale: null,
		section: 's',
		anchor: null,
		dimension: null,
		themes: [],
		gcm_objectives: [],
		sdg_targets: [],
		lead_institution: null,
		supporting_institutions: [],
		timeframe: null,
		priority: null,
		means_of_verification: null,
		evidence_links: [],
		status: 'proposed',
		merged_into: null,
		split_from: null,
		carried_from: null,
		wording: 1,
		renew_from: 1,
		steps: 1,
		author: 'me',
		created_at: '2026-06-01T00:00:00Z',
		edited_at: null,
		...fields
	};
}

/** A position of an organization on `id-1`. */
export function position(organization: string, fields: Partial<Position> = {}): Position {
	return {
		recommendation: 'id-1',
		organization,
		n: 1,
		position: 'support',
		changes: null,
		statement: null,
		condition: null,
		on_behalf: false,
		wording: 1,
		by: 'p',
		at: '2026-06-01T00:00:00Z',
		...fields
	};
}

/** A step of `id-1`. */
export function step(n: number, kind: Step['kind'], status: Step['status'], fields: Partial<Step> = {}): Step {
	return { recommendation: 'id-1', n, kind, status, reason: null, other: null, by: 'p', at: '2026-06-01T00:00:00Z', ...fields };
}
