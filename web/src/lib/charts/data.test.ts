import { describe, expect, it } from 'vitest';
import type { Organization, Position, Recommendation } from '$lib/api/types';
import { position, recommendation, step } from '$lib/recommendations/record.testing';
import { Positions } from '$lib/recommendations/tally';
import { byDimension, byObjective, byOrganization, daily, pathOf, totalOf, type Bar } from './data';

const organization = (code: string): Organization => ({ id: code, name: code, code, kind: 'other', hue: 1, head: null });
const review = (recommendations: Recommendation[], positions: Position[]) => ({
	recommendations,
	asked: [organization('b'), organization('a')],
	taken: new Positions(positions),
	find: (id: string) => recommendations.find((one) => one.id === id)
});
const on = (number: number, who: string, fields: Partial<Position> = {}) => position(who, { recommendation: `id-${number}`, ...fields });
const told = <Key>(bars: Bar<Key>[], name: (key: Key) => unknown) =>
	bars.map(({ key, counts, recommendations }) => {
		const parts = Object.entries(counts).filter(([, count]) => count > 0);
		return `${String(name(key))} (${recommendations}): ${parts.map(([says, count]) => `${says} ${count}`).join(', ')}`;
	});

const ONES = [
	recommendation(1, { dimension: '2', gcm_objectives: [3, 16] }),
	recommendation(2, { dimension: '2', gcm_objectives: [16], status: 'agreed' }),
	recommendation(3, { status: 'under_discussion' }),
	recommendation(4, { status: 'withdrawn', dimension: '6', gcm_objectives: [1] }),
	recommendation(5, { status: 'merged', merged_into: 'id-1', dimension: '5' })
];
const SAID = [
	on(1, 'a', { position: 'object' }),
	on(1, 'a', { n: 2 }),
	on(2, 'a', { condition: 'id-3' }),
	on(2, 'b', { condition: 'id-4' }),
	on(3, 'b', { position: 'no_mandate' }),
	on(4, 'b', { position: 'object' })
];

describe('support', () => {
	it('of each organization is what counts now, over all that stand for themselves', () => {
		expect(told(byOrganization(review(ONES, SAID)), (one) => one.code)).toEqual([
			'a (3): support 1, waiting 1, none 1',
			'b (3): no_mandate 1, lapsed 1, none 1'
		]);
	});
	it('of a dimension is what all say to its recommendations', () => {
		expect(told(byDimension(review(ONES, SAID)), (key) => key)).toEqual([
			'2 (2): support 1, waiting 1, lapsed 1, none 1',
			'null (1): no_mandate 1, none 1'
		]);
	});
	it('of an objective counts a recommendation at each that it names', () => {
		const bars = byObjective(review(ONES, SAID));
		expect(told(bars, (key) => key)).toEqual(['3 (1): support 1, none 1', '16 (2): support 1, waiting 1, lapsed 1, none 1']);
		expect(bars.map(({ counts }) => totalOf(counts))).toEqual([2, 4]);
	});
});

describe('the path over time', () => {
	const at = (hour: number) => `2026-06-0${Math.floor(hour / 24) + 1}T${String(hour % 24).padStart(2, '0')}:00:00Z`;
	const on2 = { recommendation: 'id-2' };
	const steps = [
		step(2, 'decided', 'agreed', { at: at(30) }),
		step(1, 'proposed', 'proposed', { at: at(1) }),
		step(1, 'proposed', 'proposed', { ...on2, at: at(2) }),
		step(2, 'discussion', 'under_discussion', { ...on2, at: at(3) }),
		step(3, 'disposition_proposed', 'agreed', { ...on2, at: at(4) }),
		step(4, 'withdrawn', 'withdrawn', { ...on2, at: at(30) })
	];
	const ones = [recommendation(1), recommendation(2), recommendation(3, { created_at: at(5), steps: 0 })];
	const path = pathOf(ones, steps);
	const short = (of: typeof path) =>
		of.map(({ at, counts }) => `${new Date(at).toISOString().slice(8, 13)} ${Object.entries(counts).filter(([, n]) => n).map(([s, n]) => `${s} ${n}`).join(', ')}`);
	it('tells where all stood after each change, and asking is no change', () => {
		expect(short(path)).toEqual([
			'01T01 proposed 1',
			'01T02 proposed 2',
			'01T03 proposed 1, under_discussion 1',
			'01T05 proposed 2, under_discussion 1',
			'02T06 proposed 1, agreed 1, withdrawn 1'
		]);
	});
	it('never loses one', () => {
		expect(path.map(({ counts }) => Object.values(counts).reduce((a, b) => a + b))).toEqual([1, 2, 2, 3, 3]);
	});
	it('has one row a day for the table', () => {
		expect(short(daily(path, (time) => new Date(time).toISOString().slice(0, 10)))).toEqual([
			'01T05 proposed 2, under_discussion 1',
			'02T06 proposed 1, agreed 1, withdrawn 1'
		]);
		expect(daily([], String)).toEqual([]);
	});
});
