/** The fields of a record that people change, and their values as the server takes them. */
import type { EvidenceLink, Recommendation } from '$lib/api/types';

export type Editable =
	| 'title'
	| 'text'
	| 'rationale'
	| 'dimension'
	| 'themes'
	| 'gcm_objectives'
	| 'sdg_targets'
	| 'lead_institution'
	| 'supporting_institutions'
	| 'timeframe'
	| 'priority'
	| 'means_of_verification'
	| 'evidence_links';

export const sameValue = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A value as it is sent: texts trimmed, empty is `null`; evidence without a claim is none. */
export function tidy<Field extends Editable>(field: Field, value: Recommendation[Field]): Recommendation[Field] {
	const tidied = (): unknown => {
		if (field === 'title' || field === 'text') return String(value).trim();
		if (typeof value === 'string') return value.trim() || null;
		if (field === 'evidence_links') {
			const links = (value as EvidenceLink[]).map(({ claim, source }) => ({ claim: claim.trim(), source: source?.trim() || null }));
			return links.filter(({ claim, source }) => claim || source);
		}
		return value;
	};
	return tidied() as Recommendation[Field];
}

/** Whether a source can be opened: an http(s) address. */
export function addressOf(source: string | null): string | null {
	if (!source) return null;
	try {
		const { protocol, href } = new URL(source);
		return protocol === 'http:' || protocol === 'https:' ? href : null;
	} catch {
		return null;
	}
}
