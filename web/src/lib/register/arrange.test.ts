import { describe, expect, it } from 'vitest';
import type { Organization, Position, Recommendation } from '$lib/api/types';
import { position, recommendation } from '$lib/recommendations/record.testing';
import { Positions } from '$lib/recommendations/tally';
import { arrange, fits, Holding } from './arrange';
import { Shelf } from './shelf';
import { EVERYTHING, type View } from './view';

const organizations = [
	{ id: 'a', code: 'MLSP', name: 'Ministry of Labour' },
	{ id: 'b', code: 'MOI', name: 'Ministry of the Interior' }
] as Organization[];

function shelf(all: readonly Recommendation[], positions: readonly Position[] = []): Shelf {
	const find = (id: string) => all.find((one) => one.id === id);
	const sections = new Map([['first', 0], ['s', 1]]);
	return new Shelf({ all, organizations, asked: organizations, taken: new Positions(positions), find, you: 'me', sections });
}
const view = (fields: Partial<View>): View => ({ ...EVERYTHING, ...fields });

describe('fits', () => {
	const r7 = recommendation(7, {
		title: 'Let workers change employer',
		lead_institution: { organization: 'a' },
		supporting_institutions: ['City of Karsa'],
		priority: 'high',
		dimension: '1',
		themes: ['1.3'],
		gcm_objectives: [5, 6],
		sdg_targets: ['8.8'],
		evidence_links: [{ claim: 'Permits bind', source: null }]
	});
	const given = (fields: Partial<View>, one = r7, positions: Position[] = []) => fits(one, view(fields), shelf([one], positions));

	it('finds every word of the search, in any field, whatever the case', () => {
		for (const search of ['EMPLOYER mlsp', 'r7', 'karsa', 'permits ministry']) expect(given({ search })).toBe(true);
		expect(given({ search: 'employer interior' })).toBe(false);
	});
	it('asks all filters', () => {
		const right = { dimension: '1', lead: 'a', priority: 'high', theme: '1.3', gcm: '6', sdg: '8.8', by: 'none', section: 's', status: 'open' } as const;
		expect(given(right)).toBe(true);
		const wrong: Partial<View>[] = [
			{ dimension: '2' },
			{ dimension: 'none' },
			{ lead: 'b' },
			{ lead: 'none' },
			{ priority: 'low' },
			{ theme: '1.4' },
			{ theme: 'none' },
			{ gcm: '1' },
			{ sdg: '1.1' },
			{ by: '2027' },
			{ section: 'first' },
			{ status: 'agreed' }
		];
		for (const one of wrong) expect(given(one), JSON.stringify(one)).toBe(false);
		expect(given({ incomplete: true })).toBe(true);
		expect(given({ incomplete: true }, { ...r7, timeframe: '12 months' })).toBe(false);
		expect(given({ mine: true }, { ...r7, author: 'you' })).toBe(false);
		expect(given({ theme: 'none' }, { ...r7, themes: [] })).toBe(true);
	});
	it('takes a lead for the same however it is written', () => {
		expect(given({ lead: 'a' }, { ...r7, lead_institution: 'mlsp' })).toBe(true);
		expect(given({ lead: 'Karsa' }, { ...r7, lead_institution: 'Karsa' })).toBe(true);
	});
	it('leaves out what was merged unless that is asked for', () => {
		const merged = { ...r7, status: 'merged' as const };
		expect([given({}, merged), given({ merged: true }, merged), given({ status: 'merged' }, merged)]).toEqual([false, true, true]);
	});
	it('asks what an organization says', () => {
		const positions = [position('a', { recommendation: 'id-7', position: 'object' })];
		const says = (organization: string, asked: View['position'], one = r7) => given({ organization, position: asked }, one, positions);
		expect([says('a', 'object'), says('a', 'none'), says('b', 'none'), says('a', 'renew')]).toEqual([true, false, true, false]);
		expect(says('a', 'renew', { ...r7, renew_from: 2 })).toBe(true);
	});
});

describe('arrange', () => {
	const all = [
		recommendation(3, { dimension: '2', timeframe: '6 months', themes: ['2.1', '2.2'], lead_institution: { organization: 'b' } }),
		recommendation(1, { dimension: '2', timeframe: '18 months', priority: 'low', themes: ['2.2'], lead_institution: 'City of Karsa' }),
		recommendation(2, { dimension: '1', priority: 'high', status: 'agreed', section: 'first' }),
		recommendation(4, { title: 'A title' })
	];
	const positions = [
		position('a', { recommendation: 'id-1', position: 'object' }),
		position('a', { recommendation: 'id-2' }),
		position('b', { recommendation: 'id-2' })
	];
	const numbers = (fields: Partial<View>) => {
		const on = shelf(all, positions);
		return arrange(new Holding().rows(view(fields), on), view(fields), on, 'en').map((group) => [group.value, ...group.rows.map((row) => row.one.number)]);
	};

	it('groups by dimension, those without one last', () => {
		expect(numbers({})).toEqual([['1', 2], ['2', 1, 3], [null, 4]]);
	});
	it('groups by each field; several values put a row into several groups', () => {
		expect(numbers({ group: 'none' })).toEqual([[null, 1, 2, 3, 4]]);
		expect(numbers({ group: 'theme' })).toEqual([['2.1', 3], ['2.2', 1, 3], [null, 2, 4]]);
		expect(numbers({ group: 'lead' })).toEqual([['City of Karsa', 1], ['b', 3], [null, 2, 4]]);
		expect(numbers({ group: 'status' })).toEqual([['proposed', 1, 3, 4], ['agreed', 2]]);
		expect(numbers({ group: 'section' })).toEqual([['first', 2], ['s', 1, 3, 4]]);
		expect(numbers({ group: 'by' })).toEqual([['2026', 3], ['2027', 1], [null, 2, 4]]);
		expect(numbers({ group: 'position', organization: 'a' })).toEqual([['support', 2], ['object', 1], ['none', 3, 4]]);
	});
	it('sorts inside a group, and back', () => {
		const flat = (fields: Partial<View>) => numbers({ group: 'none', ...fields })[0]?.slice(1);
		expect(flat({ sort: 'by' })).toEqual([3, 1, 2, 4]);
		expect(flat({ sort: 'by', down: true })).toEqual([2, 4, 1, 3]);
		expect(flat({ sort: 'priority' })).toEqual([2, 1, 3, 4]);
		expect(flat({ sort: 'number', down: true })).toEqual([4, 3, 2, 1]);
		expect(flat({ sort: 'title' })).toEqual([4, 1, 2, 3]);
		expect(flat({ sort: 'lead' })).toEqual([1, 3, 2, 4]);
		expect(flat({ sort: 'positions' })).toEqual([2, 3, 4, 1]);
		expect(flat({ sort: 'position', organization: 'a' })).toEqual([2, 1, 3, 4]);
	});
});

describe('Holding', () => {
	const at = (on: Shelf, holding: Holding, fields: Partial<View>) => holding.rows(view(fields), on).map((row) => [row.one.number, row.fits]);
	const before = shelf([recommendation(1, { dimension: '1' }), recommendation(2, { dimension: '1' })]);
	const after = shelf([recommendation(1, { dimension: '1' }), recommendation(2, { dimension: '2' })]);

	it('keeps a row that stops fitting, until the reader moves on', () => {
		const holding = new Holding();
		expect(at(before, holding, { dimension: '1' })).toEqual([[1, true], [2, true]]);
		expect(at(after, holding, { dimension: '1' })).toEqual([[1, true], [2, false]]);
		expect(at(after, holding, { dimension: '1', sort: 'by', group: 'lead' })).toEqual([[1, true], [2, false]]);
		expect(at(after, holding, { dimension: '1', open: 'id-1' })).toEqual([[1, true]]);
	});
	it('keeps the open record though it does not fit', () => {
		expect(at(after, new Holding(), { dimension: '1', open: 'id-2' })).toEqual([[1, true], [2, false]]);
	});
});
