import { expect, it } from 'vitest';
import { Draft } from './drafts';

function memory() {
	const kept = new Map<string, string>();
	return {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => void kept.set(key, value),
		removeItem: (key: string) => void kept.delete(key)
	};
}

it('gives back what was typed, until it is dropped', () => {
	const store = memory();
	new Draft<{ title: string }>('r', store).save({ title: 'Give' });
	expect(new Draft<{ title: string }>('r', store).load()).toEqual({ title: 'Give' });
	new Draft('r', store).drop();
	expect(new Draft('r', store).load()).toBeNull();
});

it('takes a storage that refuses or holds rubbish for an empty one', () => {
	const refuses = {
		getItem: (): string => {
			throw new DOMException('denied');
		},
		setItem: () => {
			throw new DOMException('denied');
		},
		removeItem: () => undefined
	};
	const draft = new Draft<{ title: string }>('r', refuses);
	expect(() => draft.save({ title: 'x' })).not.toThrow();
	expect(draft.load()).toBeNull();
	const store = memory();
	store.setItem('plenary.draft.r', '[1');
	expect(new Draft('r', store).load()).toBeNull();
});
