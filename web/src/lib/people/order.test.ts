import { expect, it } from 'vitest';
import type { Organization, Participant, Role } from '$lib/api/types';
import { byOrganization } from './order';

const organization = (id: string, name: string): Organization => ({ id, name, code: id, kind: 'other', hue: 1, head: null });
const person = (name: string, organization: string, role: Role | null = 'reviewer'): Participant => ({
	id: name,
	name,
	organization,
	role,
	joined_at: null
});

it('orders people by organization and name, those who were removed last', () => {
	const people = [person('Boris', 'b'), person('Zoe', 'a'), person('Anna', 'b', null), person('Ada', 'a')];
	const order = byOrganization(people, [organization('a', 'Academy'), organization('b', 'Bank')], 'en');
	expect(order.map((row) => row.person.name)).toEqual(['Ada', 'Zoe', 'Boris', 'Anna']);
	expect(order[0]?.organization?.name).toBe('Academy');
});
