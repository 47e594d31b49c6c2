import type { Organization, Participant } from '$lib/api/types';

/** People with their organizations: those who were removed last, the rest by organization, then by name. */
export function byOrganization(
	people: readonly Participant[],
	organizations: readonly Organization[],
	language: string
): { person: Participant; organization: Organization | undefined }[] {
	const known = new Map(organizations.map((one) => [one.id, one]));
	const { compare } = new Intl.Collator(language);
	return people
		.map((person) => ({ person, organization: known.get(person.organization) }))
		.sort(
			(a, b) =>
				Number(a.person.role === null) - Number(b.person.role === null) ||
				compare(a.organization?.name ?? '', b.organization?.name ?? '') ||
				compare(a.person.name, b.person.name)
		);
}
