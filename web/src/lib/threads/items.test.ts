import { describe, expect, it } from 'vitest';
import type { Anchor, Recommendation, Thread } from '$lib/api/types';
import { arrange, fits, itemsOf, type Filter } from './items';

const anchor: Anchor = { start: {}, end: {}, quote: 'q' };
const thread = (id: string, more: Partial<Thread> = {}) => ({ id, section: 's', anchor, author: 'ana', state: 'open', ...more }) as Thread;
const recommendation = (id: string, more: Partial<Recommendation> = {}) => ({ id, section: 's', anchor, author: 'bo', ...more }) as Recommendation;
const never = () => false;
const at = (...entries: [string, number, number][]) => new Map(entries.map(([id, from, to]) => [id, { from, to }]));

describe('arrange', () => {
	it('puts the whole section first, then by place; what has no place is detached', () => {
		const items = itemsOf([thread('late'), thread('gone'), thread('whole', { anchor: null })], [recommendation('early')]);
		const { beside, detached } = arrange(items, at(['late', 50, 60], ['early', 5, 9]), never);
		expect(beside.map((slot) => slot.key)).toEqual(['whole', 'early', 'late']);
		expect(detached.map((item) => item.id)).toEqual(['gone']);
	});
	it('bundles three on one passage, not two', () => {
		const places = at(['a', 1, 5], ['b', 1, 5], ['c', 1, 5], ['d', 8, 9], ['e', 8, 9]);
		const items = itemsOf(['a', 'b', 'c', 'd', 'e'].map((id) => thread(id)), []);
		expect(arrange(items, places, never).beside.map((slot) => slot.items.length)).toEqual([3, 1, 1]);
		expect(arrange(items, places, (id) => id === 'b').beside.map((slot) => slot.items.length)).toEqual([1, 1, 1, 1, 1]);
	});
});

describe('fits', () => {
	const all: Filter = { tab: 'all', open: true, mine: false };
	const [open, done, rec] = itemsOf([thread('o'), thread('d', { state: 'resolved' })], [recommendation('r')]);
	it('hides what is resolved, until asked for', () => {
		expect(fits(open!, all, 'me', never, null)).toBe(true);
		expect(fits(done!, all, 'me', never, null)).toBe(false);
		expect(fits(done!, { ...all, open: false }, 'me', never, null)).toBe(true);
	});
	it('goes by tab', () => {
		expect(fits(rec!, { ...all, tab: 'comments' }, 'me', never, null)).toBe(false);
		expect(fits(rec!, { ...all, tab: 'recommendations' }, 'me', never, null)).toBe(true);
		expect(fits(open!, { ...all, tab: 'recommendations' }, 'me', never, null)).toBe(false);
	});
	it('counts as mine what I began or answered', () => {
		const mine = { ...all, mine: true };
		expect(fits(open!, mine, 'ana', never, null)).toBe(true);
		expect(fits(open!, mine, 'me', never, null)).toBe(false);
		expect(fits(open!, mine, 'me', (id) => id === 'o', null)).toBe(true);
	});
	it('keeps what somebody is just looking at', () => expect(fits(done!, all, 'me', never, 'd')).toBe(true));
});
