import { describe, expect, it } from 'vitest';
import { Heights, piecesOf, rowAt, sliceOf } from './virtual';

const keys = (count: number) => Array.from({ length: count }, (_, at) => `k${at}`);

describe('Heights', () => {
	it('guesses until it has learnt, and keeps that when rows come and go', () => {
		const heights = new Heights(() => 10);
		heights.set(keys(3));
		expect([...heights.tops]).toEqual([0, 10, 20, 30]);
		expect(heights.learn('k1', 25)).toBe(true);
		expect(heights.learn('k1', 25.2)).toBe(false);
		expect([...heights.tops]).toEqual([0, 10, 35, 45]);
		heights.set(['k1', 'k2']);
		expect([...heights.tops]).toEqual([0, 25, 35]);
	});
});

describe('sliceOf', () => {
	it('has everything of a short list', () => {
		const heights = new Heights(() => 10);
		heights.set(keys(60));
		expect(sliceOf(heights.tops, 300, 310)).toEqual({ from: 0, to: 60 });
	});
	it('has what is in view of a long one, and eight rows around', () => {
		const heights = new Heights(() => 10);
		heights.set(keys(100));
		expect(sliceOf(heights.tops, 300, 405)).toEqual({ from: 22, to: 49 });
		expect(sliceOf(heights.tops, 300, 405, 2)).toEqual({ from: 28, to: 43 });
		expect(sliceOf(heights.tops, -500, 20)).toEqual({ from: 0, to: 11 });
		expect(sliceOf(heights.tops, 5000, 5100)).toEqual({ from: 91, to: 100 });
	});
});

it('finds the row at a height', () => {
	const tops = Float64Array.from([0, 10, 40, 50]);
	expect([-1, 0, 9, 10, 39, 40, 99].map((y) => rowAt(tops, y))).toEqual([0, 0, 0, 1, 1, 2, 2]);
	expect(rowAt(Float64Array.from([0]), 5)).toBe(0);
});

describe('piecesOf', () => {
	const heights = new Heights(() => 10);
	heights.set(keys(100));
	const drawn = (kept: number | null) => piecesOf(heights.tops, { from: 20, to: 22 }, kept).map((piece) => ('at' in piece ? piece.at : `${piece.space} px`));
	it('draws the slice, and space for the rest', () => {
		expect(drawn(null)).toEqual(['200 px', 20, 21, '780 px']);
		expect(drawn(21)).toEqual(['200 px', 20, 21, '780 px']);
	});
	it('keeps the row with the focus where it stands', () => {
		expect(drawn(0)).toEqual([0, '190 px', 20, 21, '780 px']);
		expect(drawn(5)).toEqual(['50 px', 5, '140 px', 20, 21, '780 px']);
		expect(drawn(99)).toEqual(['200 px', 20, 21, '770 px', 99]);
		expect(drawn(100)).toEqual(['200 px', 20, 21, '780 px']);
	});
	it('gives spaces keys of their own', () => {
		const spaces = piecesOf(heights.tops, { from: 20, to: 22 }, 5).flatMap((piece) => ('key' in piece ? piece.key : []));
		expect(new Set(spaces).size).toBe(3);
	});
});
