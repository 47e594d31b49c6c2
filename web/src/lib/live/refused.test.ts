import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { linesOf, lostLines, refusalOf, RefusedShelf } from './refused';

const element = (name: string, ...children: (Y.XmlElement | string)[]) => {
	const made = new Y.XmlElement(name);
	made.insert(
		0,
		children.map((child) => (typeof child === 'string' ? new Y.XmlText(child) : child))
	);
	return made;
};

describe('linesOf', () => {
	it('reads the words of each block, not those of footnotes', () => {
		const fragment = new Y.Doc().getXmlFragment('body');
		fragment.insert(0, [
			element('paragraph', 'One', element('footnote', 'a note'), ' sentence', element('hardBreak'), 'more'),
			element('bulletList', element('listItem', element('paragraph', 'Item'))),
			element('paragraph')
		]);
		expect(linesOf(fragment)).toEqual(['One sentence more', 'Item']);
	});
});

describe('lostLines', () => {
	it('keeps what the server does not have', () => expect(lostLines(['a', 'b changed', 'c'], ['a', 'b', 'c'])).toEqual(['b changed']));
	it('counts a line that stands twice', () => expect(lostLines(['a', 'a'], ['a'])).toEqual(['a']));
});

describe('refusalOf', () => {
	it('reads the server’s reason', () =>
		expect(refusalOf('{"refused":{"type":"forbidden","detail":"Locked."}}')).toEqual({ type: 'forbidden', detail: 'Locked.' }));
	it('leaves other messages alone', () => {
		expect(refusalOf('{"hello":1}')).toBeNull();
		expect(refusalOf('not json')).toBeNull();
	});
});

describe('RefusedShelf', () => {
	const memory = () => {
		const kept = new Map<string, string>();
		return { getItem: (k: string) => kept.get(k) ?? null, setItem: (k: string, v: string) => void kept.set(k, v), removeItem: (k: string) => void kept.delete(k), kept };
	};
	it('gives back what was put there, and forgets an empty list', () => {
		const storage = memory();
		const shelf = new RefusedShelf(storage, 'r/s');
		shelf.save([{ text: 'kept', detail: 'why', at: 1 }]);
		expect(new RefusedShelf(storage, 'r/s').load()).toEqual([{ text: 'kept', detail: 'why', at: 1 }]);
		shelf.save([]);
		expect(storage.kept.size).toBe(0);
	});
	it('reads nothing from broken storage', () => {
		const storage = memory();
		storage.setItem('plenary:refused:r/s', '{"no":');
		expect(new RefusedShelf(storage, 'r/s').load()).toEqual([]);
	});
});
