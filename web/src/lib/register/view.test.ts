import { describe, expect, it } from 'vitest';
import type { Recommendation } from '$lib/api/types';
import { arrange, EVERYTHING, filters, fits, leadsOf, queryOf, timeOf, viewOf } from './view';

function recommendation(number: number, fields: Partial<Recommendation> = {}): Recommendation {
	return {
		id: `id-${number}`,
		number,
		title: `Title ${number}`,
		text: 'Text',
		rationale: null,
		section: 's',
		anchor: null,
		dimension: null,
		lead_institution: null,
		timeframe: null,
		priority: null,
		status: 'proposed',
		author: 'me',
		created_at: '2026-06-01T00:00:00Z',
		edited_at: null,
		...fields
	};
}

describe('a view in the address', () => {
	it('comes back as it went', () => {
		const view = { ...EVERYTHING, search: 'work permit', dimension: '1', incomplete: true, sort: 'by', down: true, shape: 'cards', open: 'ab' } as const;
		expect(viewOf(new URLSearchParams(queryOf(view)))).toEqual(view);
	});
	it('says nothing for what is as usual, and ignores what it does not know', () => {
		expect(queryOf(EVERYTHING)).toBe('');
		expect(viewOf(new URLSearchParams('dimension=9&sort=colour&as=wall'))).toEqual(EVERYTHING);
	});
	it('knows whether it hides anything', () => {
		expect(filters({ ...EVERYTHING, sort: 'by', open: 'x', shape: 'cards' })).toBe(false);
		expect(filters({ ...EVERYTHING, search: ' a ' })).toBe(true);
		expect(filters({ ...EVERYTHING, mine: true })).toBe(true);
	});
});

describe('fits', () => {
	const r7 = recommendation(7, { title: 'Let workers change employer', lead_institution: 'MLSP', priority: 'high', dimension: '1' });
	const given = (fields: Partial<typeof EVERYTHING>) => fits(r7, { ...EVERYTHING, ...fields }, 'me');

	it('finds every word of the search, in any field, whatever the case', () => {
		expect(given({ search: 'EMPLOYER mlsp' })).toBe(true);
		expect(given({ search: 'r7' })).toBe(true);
		expect(given({ search: 'employer ministry' })).toBe(false);
	});
	it('asks all filters', () => {
		expect(given({ dimension: '1', lead: 'MLSP', priority: 'high' })).toBe(true);
		expect(given({ dimension: '2' })).toBe(false);
		expect(given({ lead: 'MOI' })).toBe(false);
		expect(given({ priority: 'low' })).toBe(false);
		expect(given({ incomplete: true })).toBe(true);
		expect(fits({ ...r7, timeframe: '12 months' }, { ...EVERYTHING, incomplete: true }, 'me')).toBe(false);
		expect(fits(r7, { ...EVERYTHING, mine: true }, 'you')).toBe(false);
	});
});

describe('arrange', () => {
	const all = [
		recommendation(3, { dimension: '2', timeframe: '6 months' }),
		recommendation(1, { dimension: '2', timeframe: '18 months', priority: 'low' }),
		recommendation(2, { dimension: '1', priority: 'high' }),
		recommendation(4)
	];
	const numbers = (view: Partial<typeof EVERYTHING>) =>
		arrange(all, { ...EVERYTHING, ...view }, 'me').map((group) => [group.dimension, ...group.rows.map((row) => row.one.number)]);

	it('groups by dimension, those without one last', () => {
		expect(numbers({})).toEqual([['1', 2], ['2', 1, 3], [null, 4]]);
	});
	it('sorts inside a group, and back', () => {
		expect(numbers({ sort: 'by' })[1]).toEqual(['2', 3, 1]);
		expect(numbers({ sort: 'by', down: true })[1]).toEqual(['2', 1, 3]);
		expect(numbers({ sort: 'priority' })[1]).toEqual(['2', 1, 3]);
	});
	it('keeps the open record though it does not fit', () => {
		const groups = arrange(all, { ...EVERYTHING, dimension: '1', open: 'id-3' }, 'me');
		expect(groups.flatMap((group) => group.rows).map((row) => [row.one.number, row.fits])).toEqual([[2, true], [3, false]]);
	});
});

it('sorts dates and spans on one line of time, other words after them, nothing last', () => {
	const order = ['6 months', 'мая 2027', 'June 2027 (12 months)', '2027', '2 years', 'декабрь 2028', 'soon', null];
	const times = order.map((timeframe) => timeOf(timeframe, '2026-06-01T00:00:00Z'));
	expect(times).toEqual([...times].sort((a, b) => a - b));
	expect(new Set(times).size).toBe(order.length);
});

it('lists each lead once, by the alphabet', () => {
	const all = ['MOI', null, 'City of Karsa', 'MOI'].map((lead_institution, at) => recommendation(at, { lead_institution }));
	expect(leadsOf(all, 'en')).toEqual(['City of Karsa', 'MOI']);
});
