import type { Organization } from '$lib/api/types';

/** The organization that a lead institution's text names, by code or name; `undefined` when it is somebody else. */
export function leadOf(text: string | null, organizations: readonly Organization[]): Organization | undefined {
	const plain = text?.trim().toLocaleLowerCase();
	if (!plain) return undefined;
	return organizations.find(({ code, name }) => code.toLocaleLowerCase() === plain || name.toLocaleLowerCase() === plain);
}
