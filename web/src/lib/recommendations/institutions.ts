import type { Id, Institution, Organization } from '$lib/api/types';

/** The organization that an institution is: by its id, or named by its code or name. `undefined`: somebody else. */
export function organizationOf(institution: Institution | null, organizations: readonly Organization[]): Organization | undefined {
	if (institution === null) return undefined;
	if (typeof institution !== 'string') return organizations.find(({ id }) => id === institution.organization);
	const plain = institution.trim().toLocaleLowerCase();
	if (!plain) return undefined;
	return organizations.find(({ code, name }) => code.toLocaleLowerCase() === plain || name.toLocaleLowerCase() === plain);
}

/** What somebody typed as an institution: an organization of the report if it names one. `null` for nothing. */
export function institutionFrom(typed: string, organizations: readonly Organization[]): Institution | null {
	const text = typed.trim();
	if (!text) return null;
	const organization = organizationOf(text, organizations);
	return organization ? { organization: organization.id } : text;
}

/** An institution's full name. */
export function nameOf(institution: Institution | null, organizations: readonly Organization[]): string {
	if (institution === null) return '';
	const organization = organizationOf(institution, organizations);
	return organization?.name ?? (typeof institution === 'string' ? institution : '');
}

/** The same for the same institution, however it is written. */
export function keyOf(institution: Institution, organizations: readonly Organization[]): Id | string {
	const organization = organizationOf(institution, organizations);
	return organization?.id ?? (typeof institution === 'string' ? institution : institution.organization);
}

export function sameInstitution(a: Institution | null, b: Institution | null): boolean {
	if (a === null || b === null || typeof a === 'string' || typeof b === 'string') return a === b;
	return a.organization === b.organization;
}
