import { describe, expect, it } from 'vitest';
import type { Section } from '$lib/api/types';
import { outlineOf } from './outline';

const section = (id: string, rank: number, more: Partial<Section> = {}): Section => ({
	id,
	title: id,
	kind: 'narrative',
	parent: null,
	rank,
	stage: 'drafting',
	language: null,
	drafted_by: null,
	...more
});
const numbers = (sections: Section[]) => outlineOf(sections).map((row) => `${row.section.id} ${row.number}`.trim());

describe('outlineOf', () => {
	it('numbers top-level sections but not the front matter', () => {
		expect(numbers([section('b', 2), section('front', 1, { kind: 'front' }), section('c', 3)])).toEqual(['front', 'b 1', 'c 2']);
	});
	it('numbers children under their parent', () => {
		expect(numbers([section('a', 1), section('y', 2, { parent: 'a' }), section('x', 1, { parent: 'a' }), section('b', 2)])).toEqual([
			'a 1',
			'x 1.1',
			'y 1.2',
			'b 2'
		]);
	});
	it('leaves children of the front matter without a number', () => {
		expect(numbers([section('f', 1, { kind: 'front' }), section('x', 1, { parent: 'f' }), section('a', 2)])).toEqual(['f', 'x', 'a 1']);
	});
	it('orders equal ranks by id', () => {
		expect(numbers([section('b', 1), section('a', 1)])).toEqual(['a 1', 'b 2']);
	});
	it('shows at the top what has lost its parent or goes in a circle', () => {
		const rows = outlineOf([section('a', 1, { parent: 'gone' }), section('b', 2, { parent: 'c' }), section('c', 3, { parent: 'b' })]);
		expect(rows.map((row) => [row.section.id, row.depth])).toEqual([
			['a', 0],
			['b', 0],
			['c', 0]
		]);
	});
});
