import { expect, it } from 'vitest';
import type { Organization } from '$lib/api/types';
import { position, recommendation } from '$lib/recommendations/record.testing';
import { Positions } from '$lib/recommendations/tally';
import { Shelf } from './shelf';
import { whoOf } from './who';

it('counts what each organization said, has still to say, and leads', () => {
	const organizations = ['a', 'b', 'c'].map((id) => ({ id, code: id, name: id }) as Organization);
	const all = [
		recommendation(1, { lead_institution: { organization: 'a' }, supporting_institutions: ['b'], renew_from: 2, wording: 2 }),
		recommendation(2, { status: 'agreed' })
	];
	const taken = new Positions([position('a'), position('a', { recommendation: 'id-2', position: 'object' })]);
	const asked = organizations.slice(0, 2);
	const shelf = new Shelf({ all, organizations, asked, taken, find: (id) => all.find((one) => one.id === id), you: 'me', sections: new Map() });
	const lines = whoOf(all, shelf).map(({ organization, sums, renew, leads, supports }) => [organization.id, sums.support, sums.object, sums.none, renew, leads, supports]);
	expect(lines).toEqual([
		['a', 1, 1, 0, 1, 1, 0],
		['b', 0, 0, 1, 0, 0, 1],
		['c', 0, 0, 0, 0, 0, 0]
	]);
});
