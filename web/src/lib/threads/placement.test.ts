import { describe, expect, it } from 'vitest';
import { seeded } from '../editor/desk.testing';
import { GAP, place, type Wish } from './placement';

const wishes = (...pairs: [want: number, height: number][]): Wish[] => pairs.map(([want, height]) => ({ want, height }));

describe('place', () => {
	it('gives each card its place when there is room', () => expect(place(wishes([10, 50], [100, 50], [300, 50]), -1)).toEqual([10, 100, 300]));
	it('shares the distance between two that want one place', () => {
		const [a = 0, b = 0] = place(wishes([200, 50], [200, 50]), -1);
		expect(b - a).toBe(50 + GAP);
		expect(200 - a).toBe(b - 200);
	});
	it('gives the held card its place exactly, the others make room', () => {
		const places = place(wishes([200, 50], [205, 50], [210, 50]), 1);
		expect(places).toEqual([205 - 50 - GAP, 205, 205 + 50 + GAP]);
	});
	it('starts at the top', () => expect(place(wishes([-40, 50]), -1)).toEqual([0]));
	it('never lays one over another, and holds what is held', () => {
		const chance = seeded(3);
		for (let round = 0; round < 200; round++) {
			const many = Array.from({ length: 1 + chance(30) }, () => ({ want: 8000 + chance(1500), height: 20 + chance(200) })).sort((a, b) => a.want - b.want);
			const held = chance(many.length + 1) - 1;
			const places = place(many, held);
			places.slice(1).forEach((at, i) => expect(at).toBeGreaterThanOrEqual((places[i] ?? 0) + (many[i]?.height ?? 0) + GAP - 1));
			// There is room above for all of them, so nothing pushes the held one down.
			if (held >= 0) expect(places[held]).toBe(many[held]?.want);
		}
	});
	it('places none of none', () => expect(place([], -1)).toEqual([]));
});
