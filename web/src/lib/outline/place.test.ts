import { describe, expect, it } from 'vitest';
import type { Section } from '$lib/api/types';
import { outlineOf } from '$lib/review/outline';
import { arrived, AT_START, before, lastAtTop, moved, placesOf, untouched, wayBack } from './place';

const section = (id: string, rank: number, more: Partial<Section> = {}): Section => ({
	id,
	title: id.toUpperCase(),
	kind: 'narrative',
	parent: null,
	rank,
	stage: 'drafting',
	language: null,
	drafted_by: null,
	...more
});
const front = section('front', 1, { kind: 'front' });
const a = section('a', 2);
const a1 = section('a1', 1, { parent: 'a' });
const a2 = section('a2', 2, { parent: 'a' });
const b = section('b', 3, { stage: 'agreed', drafted_by: 'o1' });
const rows = outlineOf([b, a2, a, front, a1]);

describe('moved', () => {
	it('moves up behind the one before the one it passes, or before all others', () => {
		expect(moved(rows, b, 'up')).toEqual({ after: 'front' });
		expect(moved(rows, a, 'up')).toEqual({ after: null });
	});
	it('moves down behind the one it passes', () => {
		expect(moved(rows, front, 'down')).toEqual({ after: 'a' });
	});
	it('stays among siblings', () => {
		expect(moved(rows, a1, 'down')).toEqual({ after: 'a2' });
		expect(moved(rows, a2, 'up')).toEqual({ after: null });
	});
	it('ends at both ends', () => {
		expect(moved(rows, front, 'up')).toBeNull();
		expect(moved(rows, b, 'down')).toBeNull();
		expect(moved(rows, a2, 'down')).toBeNull();
	});
	it('moves nothing that is not there any more', () => {
		expect(moved(rows, section('gone', 9), 'up')).toBeNull();
		expect(moved(rows, section('gone', 9), 'down')).toBeNull();
	});
});

describe('wayBack', () => {
	it('takes back exactly what is changed', () => {
		expect(wayBack(rows, b, { stage: 'locked' })).toEqual({ stage: 'agreed' });
		expect(wayBack(rows, b, { title: 'X', drafted_by: null })).toEqual({ title: 'B', drafted_by: 'o1' });
	});
	it('puts a moved section behind the one it stood behind', () => {
		expect(wayBack(rows, b, { after: 'front' })).toEqual({ after: 'a' });
		expect(wayBack(rows, front, { after: 'a' })).toEqual({ after: null });
	});
	it('knows the one before', () => {
		expect(before(rows, a2)).toBe('a1');
		expect(before(rows, a1)).toBeNull();
	});
});

describe('untouched', () => {
	it('looks only at what would be taken back', () => {
		expect(untouched(b, { ...b, title: 'Renamed by somebody' }, { stage: 'drafting' })).toBe(true);
		expect(untouched(b, { ...b, stage: 'locked' }, { stage: 'drafting' })).toBe(false);
		expect(untouched(b, { ...b, title: 'Renamed' }, { title: 'Old' })).toBe(false);
		expect(untouched(b, { ...b, drafted_by: null }, { drafted_by: 'o2' })).toBe(false);
	});
	it('sees a section that was moved on', () => {
		expect(untouched(b, { ...b, rank: 7 }, { after: null })).toBe(false);
		expect(untouched(b, { ...b, parent: 'a' }, { after: null })).toBe(false);
		expect(untouched(b, b, { after: null })).toBe(true);
	});
	it('has nothing to take back from a section that is not there', () => {
		expect(untouched(b, undefined, { stage: 'drafting' })).toBe(false);
	});
});

describe('arrived', () => {
	const known = new Set(['front', 'a']);
	it('finds what an answer that was lost had made', () => {
		expect(arrived([front, a, b], known, { title: 'B', kind: 'narrative' })).toBe('b');
	});
	it('takes nothing else for it', () => {
		expect(arrived([front, a], known, { title: 'A', kind: 'narrative' })).toBeUndefined();
		expect(arrived([front, a, b], known, { title: 'B', kind: 'annex' })).toBeUndefined();
		expect(arrived([front, a, b], known, { title: 'C', kind: 'narrative' })).toBeUndefined();
	});
});

describe('places of a new section', () => {
	it('are behind each section, with its number, or before all others', () => {
		expect(placesOf(rows, 'first')).toEqual([
			[AT_START, 'first'],
			['front', 'FRONT'],
			['a', '1 A'],
			['a1', '1.1 A1'],
			['a2', '1.2 A2'],
			['b', '2 B']
		]);
	});
	it('are at the end of the top unless somebody says otherwise', () => {
		expect(lastAtTop(outlineOf([a, a1]))).toBe('a');
		expect(lastAtTop([])).toBe(AT_START);
	});
});
