/** Who somebody is, and how a page names them. */
import { ADMINISTRATOR, type Id } from '$lib/api/types';
import type { People } from '$lib/recommendations/may';
import type { Words } from '$lib/words/words.svelte';

type T = Words['t'];

/** As a card or a plate says it. */
export interface Person {
	id: Id;
	name: string;
	/** The organization's name; empty, with a neutral plate, for the administrator and strangers. */
	organization: string;
	code: string;
	hue: number | undefined;
}

/** Who was removed keeps their name; the administrator and whoever is not known have none of their own. */
export function personOf(id: Id, people: People, t: T): Person {
	const participant = id === ADMINISTRATOR ? undefined : people.participant(id);
	const organization = participant && people.organization(participant.organization);
	return {
		id,
		name: participant?.name ?? t(id === ADMINISTRATOR ? 'administrator' : 'somebody'),
		organization: organization?.name ?? '',
		code: organization?.code ?? '–',
		hue: organization?.hue
	};
}

type Named = Pick<Person, 'name' | 'organization'>;

/** “Elena K., IOM Valdora”. */
export const named = ({ name, organization }: Named, t: T): string => (organization ? t('person-of', { name, organization }) : name);

/** “Elena K., for IOM Valdora”: who did something in that name. */
export const namedFor = ({ name, organization }: Named, t: T): string => (organization ? t('person-for', { name, organization }) : name);
