import { describe, expect, it } from 'vitest';
import { Heights, rowAt, sliceOf } from './virtual';

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
		expect(sliceOf(heights.tops, -500, 20)).toEqual({ from: 0, to: 11 });
		expect(sliceOf(heights.tops, 5000, 5100)).toEqual({ from: 91, to: 100 });
	});
});

it('finds the row at a height', () => {
	const tops = Float64Array.from([0, 10, 40, 50]);
	expect([-1, 0, 9, 10, 39, 40, 99].map((y) => rowAt(tops, y))).toEqual([0, 0, 0, 1, 1, 2, 2]);
	expect(rowAt(Float64Array.from([0]), 5)).toBe(0);
});
