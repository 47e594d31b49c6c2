import { EditorState } from '@tiptap/pm/state';
import { describe, expect, it } from 'vitest';
import { chosen, mapPlaces, neighbour, samePlaces } from './highlights';
import { p, schema } from './desk.testing';

describe('chosen', () => {
	it('takes the innermost first, then the next one out, then round again', () => {
		expect(chosen(['inner', 'outer'], null)).toBe('inner');
		expect(chosen(['inner', 'outer'], 'inner')).toBe('outer');
		expect(chosen(['inner', 'outer'], 'outer')).toBe('inner');
		expect(chosen(['inner'], 'elsewhere')).toBe('inner');
		expect(chosen([], 'elsewhere')).toBeNull();
	});
});

describe('mapPlaces', () => {
	const state = EditorState.create({ doc: schema.node('doc', null, [p('one two three')]) });
	const two = new Map([['two', { from: 5, to: 8 }]]);
	it('moves with what is written before', () => expect(mapPlaces(two, state.tr.insertText('xx', 1).mapping).get('two')).toEqual({ from: 7, to: 10 }));
	it('does not grow at its edges', () => {
		expect(mapPlaces(two, state.tr.insertText('x', 5).mapping).get('two')).toEqual({ from: 6, to: 9 });
		expect(mapPlaces(two, state.tr.insertText('x', 8).mapping).get('two')).toEqual({ from: 5, to: 8 });
	});
	it('drops what is gone', () => expect(mapPlaces(two, state.tr.delete(4, 9).mapping).size).toBe(0));
});

describe('samePlaces', () => {
	it('compares by place', () => {
		const a = new Map([['x', { from: 1, to: 2 }]]);
		expect(samePlaces(a, new Map([['x', { from: 1, to: 2 }]]))).toBe(true);
		expect(samePlaces(a, new Map([['x', { from: 1, to: 3 }]]))).toBe(false);
		expect(samePlaces(a, new Map([['y', { from: 1, to: 2 }]]))).toBe(false);
		expect(samePlaces(a, new Map())).toBe(false);
	});
});

describe('neighbour', () => {
	const places = new Map([
		['b', { from: 20, to: 25 }],
		['a', { from: 5, to: 9 }]
	]);
	it('goes forward and back, round the ends', () => {
		expect(neighbour(places, 0, true)?.id).toBe('a');
		expect(neighbour(places, 5, true)?.id).toBe('b');
		expect(neighbour(places, 20, true)?.id).toBe('a');
		expect(neighbour(places, 20, false)?.id).toBe('a');
		expect(neighbour(places, 5, false)?.id).toBe('b');
		expect(neighbour(new Map(), 5, true)).toBeNull();
	});
});
