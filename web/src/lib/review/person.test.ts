import { describe, expect, it } from 'vitest';
import { ADMINISTRATOR, type Organization, type Participant } from '$lib/api/types';
import type { Words } from '$lib/words/words.svelte';
import { named, namedFor, personOf } from './person';

const t = ((key: string, values?: { name: string; organization: string }) =>
	values ? `${key}(${values.name}|${values.organization})` : key) as Words['t'];
const iom: Organization = { id: 'o', name: 'IOM Valdora', code: 'IOM', kind: 'un_system', hue: 3, head: null };
const elena: Participant = { id: 'p', name: 'Elena K.', organization: 'o', role: 'coordinator', joined_at: null };
const of = (participant: Participant | undefined, organization: Organization | undefined = iom) => ({
	participant: (id: string) => (participant?.id === id ? participant : undefined),
	organization: (id: string) => (organization?.id === id ? organization : undefined)
});
const who = (id: string, people = of(elena)) => personOf(id, people, t);

describe('a person', () => {
	it('has their name and the plate of their organization', () =>
		expect(who('p')).toEqual({ id: 'p', name: 'Elena K.', organization: 'IOM Valdora', code: 'IOM', hue: 3 }));
	it('who was removed keeps both', () => expect(who('p', of({ ...elena, role: null }))).toEqual(who('p')));
	it('who is the administrator, or not known, is called so and has a neutral plate', () => {
		const neutral = { organization: '', code: '–', hue: undefined };
		expect(who(ADMINISTRATOR)).toEqual({ id: ADMINISTRATOR, name: 'administrator', ...neutral });
		expect(who('stranger')).toEqual({ id: 'stranger', name: 'somebody', ...neutral });
	});
	it('whose organization has not come yet has a name already', () =>
		expect(who('p', { ...of(elena), organization: () => undefined })).toMatchObject({ name: 'Elena K.', organization: '', code: '–' }));
});

describe('is named', () => {
	it('with the organization', () => {
		expect(named(who('p'), t)).toBe('person-of(Elena K.|IOM Valdora)');
		expect(namedFor(who('p'), t)).toBe('person-for(Elena K.|IOM Valdora)');
	});
	it('by the name alone where there is none', () => {
		expect(named(who(ADMINISTRATOR), t)).toBe('administrator');
		expect(namedFor(who(ADMINISTRATOR), t)).toBe('administrator');
	});
});
