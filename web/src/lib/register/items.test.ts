import { expect, it } from 'vitest';
import { recommendation } from '$lib/recommendations/record.testing';
import type { Group } from './arrange';
import { itemsOf, linesOf, nextRow } from './items';

const rows = (...numbers: number[]) => numbers.map((number) => ({ one: recommendation(number), fits: true }));
const groups: Group[] = [
	{ by: 'theme', value: '1.1', rows: rows(1, 2, 3) },
	{ by: 'theme', value: null, rows: rows(1) }
];

it('puts titles among rows, each with a key of its own', () => {
	expect(itemsOf(groups).map((item) => item.key)).toEqual(['group/1.1', '1.1/id-1', '1.1/id-2', '1.1/id-3', 'group/', '/id-1']);
	expect(itemsOf([{ by: 'none', value: null, rows: rows(1) }])).toHaveLength(1);
});
it('makes lines of cards', () => {
	expect(linesOf(groups, 2).map((line) => ('rows' in line ? [line.first, line.rows.length] : 'title'))).toEqual(['title', [0, 2], [2, 1], 'title', [3, 1]]);
});
it('steps over titles, and stops at the ends', () => {
	const items = itemsOf(groups);
	expect([nextRow(items, 1, true), nextRow(items, 3, true), nextRow(items, 5, true), nextRow(items, 5, false), nextRow(items, 1, false)]).toEqual([2, 5, -1, 3, -1]);
});
