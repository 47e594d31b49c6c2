import { ORGANIZATION_KINDS, type Organization } from '$lib/api/types';

/** The order of the seats: by kind, then code; no position moves anybody. */
export function seated(organizations: readonly Organization[]): Organization[] {
	const rank = (one: Organization) => ORGANIZATION_KINDS.indexOf(one.kind);
	return [...organizations].sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code, undefined, { numeric: true }) || a.id.localeCompare(b.id));
}
