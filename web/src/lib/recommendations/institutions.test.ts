import { expect, it } from 'vitest';
import type { Organization } from '$lib/api/types';
import { institutionFrom, keyOf, nameOf, organizationOf, sameInstitution } from './institutions';

const labour = { id: 'a', code: 'MLSP', name: 'Ministry of Labour' } as Organization;
const all = [labour, { id: 'b', code: 'MOI', name: 'Ministry of the Interior' } as Organization];

it('knows an organization by id, code or name', () => {
	for (const institution of [{ organization: 'a' }, 'mlsp', ' ministry of labour ']) expect(organizationOf(institution, all)).toBe(labour);
	for (const institution of ['Ministry', '', null, { organization: 'z' }]) expect(organizationOf(institution, all)).toBeUndefined();
});
it('makes an organization of what names one, and keeps other words', () => {
	expect(institutionFrom(' MOI ', all)).toEqual({ organization: 'b' });
	expect(institutionFrom(' City of Karsa', all)).toBe('City of Karsa');
	expect(institutionFrom('  ', all)).toBeNull();
});
it('names, keys and compares them', () => {
	expect([nameOf({ organization: 'a' }, all), nameOf('Karsa', all), nameOf(null, all)]).toEqual(['Ministry of Labour', 'Karsa', '']);
	expect([keyOf('MLSP', all), keyOf({ organization: 'a' }, all), keyOf('Karsa', all)]).toEqual(['a', 'a', 'Karsa']);
	expect(sameInstitution({ organization: 'a' }, { organization: 'a' })).toBe(true);
	expect(sameInstitution({ organization: 'a' }, 'MLSP')).toBe(false);
});
