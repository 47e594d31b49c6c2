/** Records that an earlier version of the server stored lack what came later; here they get it, empty. */
import type { Organization, Recommendation } from '$lib/api/types';

const LATER_OF_RECOMMENDATION = {
	themes: [],
	gcm_objectives: [],
	sdg_targets: [],
	supporting_institutions: [],
	means_of_verification: null,
	evidence_links: [],
	merged_into: null,
	split_from: null,
	carried_from: null,
	wording: 1,
	renew_from: 1,
	steps: 0
} satisfies Partial<Recommendation>;

/** Keeps what it made: a record is the same object until it is replaced. */
function completing<T extends object>(isWhole: (stored: T) => boolean, later: Partial<T>): (stored: T) => T {
	const made = new WeakMap<T, T>();
	return (stored) => {
		if (isWhole(stored)) return stored;
		let whole = made.get(stored);
		if (!whole) made.set(stored, (whole = { ...later, ...stored }));
		return whole;
	};
}

export const wholeRecommendation = completing<Recommendation>((one) => 'renew_from' in one, LATER_OF_RECOMMENDATION);
export const wholeOrganization = completing<Organization>((one) => 'head' in one, { head: null });
