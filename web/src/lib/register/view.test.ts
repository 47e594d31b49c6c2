import { describe, expect, it } from 'vitest';
import { EVERYTHING, filters, queryOf, unfiltered, viewOf } from './view';

describe('a view in the address', () => {
	it('comes back as it went', () => {
		const view = {
			...EVERYTHING,
			search: 'work permit',
			status: 'open',
			section: 's1',
			dimension: 'none',
			theme: '1.1',
			lead: 'City of Karsa',
			priority: 'high',
			by: '2027',
			gcm: '5',
			sdg: '10.7',
			organization: 'o1',
			position: 'renew',
			incomplete: true,
			mine: true,
			merged: true,
			sort: 'by',
			down: true,
			group: 'lead',
			shape: 'positions',
			open: 'ab'
		} as const;
		expect(viewOf(new URLSearchParams(queryOf(view)))).toEqual(view);
	});
	it('says nothing for what is as usual, and ignores what it does not know', () => {
		expect(queryOf(EVERYTHING)).toBe('');
		expect(viewOf(new URLSearchParams('dimension=9&sort=colour&as=wall&status=lost&group=x&position=maybe'))).toEqual(EVERYTHING);
	});
	it('knows whether it hides anything, and what it is without its filters', () => {
		expect(filters({ ...EVERYTHING, sort: 'by', open: 'x', shape: 'cards', merged: true })).toBe(false);
		for (const some of [{ search: ' a ' }, { mine: true }, { gcm: '5' }, { position: 'none' as const }]) expect(filters({ ...EVERYTHING, ...some })).toBe(true);
		expect(unfiltered({ ...EVERYTHING, search: 'a', lead: 'b', sort: 'by', open: 'x' })).toEqual({ ...EVERYTHING, sort: 'by', open: 'x' });
	});
});
