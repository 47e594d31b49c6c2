import * as Y from 'yjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { anchorOf, indexOf, quoteOf, resolve, trim } from './anchors';
import { patchBinding } from './binding';
import { Desk, exchange, p, schema, seeded } from './desk.testing';

beforeAll(patchBinding);

const desk = () => {
	const made = new Desk(1);
	const note = schema.node('footnote', null, [schema.text('a note')]);
	const list = schema.node('bulletList', null, [schema.node('listItem', null, [p('An item of it')])]);
	made.dispatch(made.state.tr.replaceWith(0, made.state.doc.content.size, [p('First sentence here.'), p('Before', note, schema.node('hardBreak'), 'after it'), list]));
	return made;
};

/** The range of words in the text. */
function find(on: Desk, words: string): { from: number; to: number } {
	let found: { from: number; to: number } | null = null;
	on.state.doc.descendants((node, pos) => {
		const at = node.isText && !found ? (node.text ?? '').indexOf(words) : -1;
		if (at >= 0) found = { from: pos + at, to: pos + at + words.length };
		return true;
	});
	if (!found) throw new Error(`no ${words}`);
	return found;
}
const anchored = (on: Desk, words: string) => {
	const anchor = anchorOf(on.state.doc, on.fragment, find(on, words));
	if (!anchor) throw new Error(`no anchor on ${words}`);
	return anchor;
};
const now = (on: Desk, anchor: Parameters<typeof resolve>[0]) => {
	const range = resolve(anchor, on.doc, indexOf(on.fragment));
	return range && quoteOf(on.state.doc, range);
};

describe('an anchor', () => {
	it.each(['First', 'sentence', 'here.', 'Before', 'after it', 'item of'])('finds its words again: %s', (words) => {
		const on = desk();
		const anchor = anchored(on, words);
		expect(anchor.quote).toBe(words);
		expect(resolve(anchor, on.doc, indexOf(on.fragment))).toEqual(find(on, words));
	});

	it('spans blocks, notes and breaks', () => {
		const on = desk();
		const anchor = anchorOf(on.state.doc, on.fragment, { from: find(on, 'sentence').from, to: find(on, 'item').to });
		expect(anchor?.quote).toBe('sentence here. Before after it An item');
		expect(now(on, anchor!)).toBe(anchor?.quote);
	});

	it('leaves out what is typed at its edges, takes in what is typed inside', () => {
		const on = desk();
		const anchor = anchored(on, 'sentence');
		const at = find(on, 'sentence');
		on.dispatch(on.state.tr.insertText('X', at.to));
		on.dispatch(on.state.tr.insertText('in', at.from + 3));
		on.dispatch(on.state.tr.insertText('X', at.from));
		expect(now(on, anchor)).toBe('senintence');
	});

	it('moves when somebody else writes before it', () => {
		const on = desk();
		const anchor = anchored(on, 'after it');
		const other = new Desk(2);
		exchange(on, other);
		other.dispatch(other.state.tr.insert(0, p('A new first paragraph')));
		exchange(on, other);
		for (const both of [on, other]) expect(now(both, anchor)).toBe('after it');
	});

	it('is detached when its words are gone', () => {
		const on = desk();
		const anchor = anchored(on, 'sentence');
		const at = find(on, 'sentence');
		on.dispatch(on.state.tr.delete(at.from - 1, at.to + 2));
		expect(now(on, anchor)).toBeNull();
	});

	it('is detached when its paragraph is gone, or in a document that is not its own', () => {
		const on = desk();
		const anchor = anchored(on, 'sentence');
		on.dispatch(on.state.tr.delete(0, on.state.doc.child(0).nodeSize));
		expect(now(on, anchor)).toBeNull();
		expect(resolve(anchor, new Y.Doc(), new Map())).toBeNull();
	});

	it('is none without words', () => {
		const on = desk();
		const { from } = find(on, 'sentence');
		expect(anchorOf(on.state.doc, on.fragment, { from, to: from })).toBeNull();
		expect(anchorOf(on.state.doc, on.fragment, { from: from - 1, to: from })).toBeNull();
	});

	it('agrees with the text everywhere', () => {
		const chance = seeded(7);
		const on = desk();
		for (let i = 0; i < 300; i++) {
			const from = chance(on.state.doc.content.size);
			const wanted = trim(on.state.doc, { from, to: from + 1 + chance(20) });
			const anchor = wanted && anchorOf(on.state.doc, on.fragment, wanted);
			if (anchor) expect(resolve(anchor, on.doc, indexOf(on.fragment))).toEqual(wanted);
		}
	});
});

describe('quoteOf', () => {
	it('cuts what is too long', () => {
		const on = new Desk(1);
		on.dispatch(on.state.tr.replaceWith(0, on.state.doc.content.size, p('я'.repeat(3000))));
		const anchor = anchorOf(on.state.doc, on.fragment, { from: 1, to: 3001 });
		expect(Array.from(anchor?.quote ?? '')).toHaveLength(2000);
	});
});
