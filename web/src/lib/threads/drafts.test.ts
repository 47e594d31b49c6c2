import { describe, expect, it } from 'vitest';
import { Drafts } from './drafts';

const memory = () => {
	const kept = new Map<string, string>();
	return { kept, getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k) };
};
const draft = { id: 'a', text: 'Thirty days', anchor: { start: {}, end: {}, quote: 'fifteen' } };

describe('Drafts', () => {
	it('survive a reload, each section its own', () => {
		const store = memory();
		new Drafts(store, 'r', 's').save('comment', draft);
		expect(new Drafts(store, 'r', 's').load('comment')).toEqual(draft);
		expect(new Drafts(store, 'r', 't').load('comment')).toBeNull();
	});
	it('are gone when sent, or when no word is left', () => {
		const store = memory();
		const drafts = new Drafts(store, 'r', 's');
		drafts.save('comment', draft);
		drafts.drop('comment');
		drafts.save('reply:x', draft);
		drafts.save('reply:x', { ...draft, text: ' ' });
		expect(store.kept.size).toBe(0);
	});
	it('are none when what was kept is broken, or nothing can be kept', () => {
		const store = memory();
		store.setItem('plenary:draft:r/s:comment', '{"id":1}');
		expect(new Drafts(store, 'r', 's').load('comment')).toBeNull();
		expect(new Drafts(null, 'r', 's').load('comment')).toBeNull();
	});
});
