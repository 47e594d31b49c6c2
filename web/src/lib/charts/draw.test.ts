import { expect, it } from 'vitest';
import { fitted, legendRows, segmentsOf, widthOf } from './draw';

it('puts a legend in as many rows as it needs, in order', () => {
	const items = ['support', 'support with changes', 'object'].map((label) => ({ label }));
	expect(legendRows(items, 1000).placed.map(({ y }) => y)).toEqual([0, 0, 0]);
	const narrow = legendRows(items, 200);
	expect(narrow.placed.map(({ x, y }) => [x > 0, y])).toEqual([[false, 0], [false, 22], [false, 44]]);
	expect(narrow.height).toBe(66);
	expect(legendRows([], 200).height).toBe(0);
});

it('cuts a label that is too long', () => {
	expect(fitted('Ministry', 200)).toBe('Ministry');
	const cut = fitted('Ministry of Labour and Social Policy', 120);
	expect(cut.endsWith('…')).toBe(true);
	expect(widthOf(cut)).toBeLessThanOrEqual(120);
});

it('lays the parts of a bar end to end and leaves out what is nothing', () => {
	const kinds = ['a', 'b', 'c'].map((key) => ({ key }));
	const parts = segmentsOf(kinds, { a: 2, b: 0, c: 3 }, (value) => value * 10);
	expect(parts.map(({ kind, x, width }) => [kind.key, x, width])).toEqual([['a', 0, 20], ['c', 20, 30]]);
});
