import { readFileSync } from 'node:fs';
import { TextSelection } from '@tiptap/pm/state';
import { beforeAll, describe, expect, it } from 'vitest';
import { BINDING_VERSION, counts, patchBinding } from './binding';
import { missing, tidyPlugin } from './blockids';
import { Desk, exchange, p, schema, seeded } from './desk.testing';

beforeAll(patchBinding);

const WORDS = ['permit', 'health', 'school', 'rights', 'worker', 'a', 'aa'];

/** One thing that somebody does to a text. */
function act(desk: Desk, chance: (below: number) => number) {
	const { doc, tr } = desk.state;
	const texts: { pos: number; size: number }[] = [];
	doc.descendants((node, pos) => {
		if (node.isTextblock) texts.push({ pos: pos + 1, size: node.content.size });
		return true;
	});
	const at = texts[chance(texts.length)];
	const place = at ? at.pos + chance(at.size + 1) : 1;
	const end = at ? Math.min(at.pos + at.size, place + 1 + chance(6)) : place;
	const word = WORDS[chance(WORDS.length)] ?? 'word';
	switch (chance(9)) {
		case 0:
		case 1:
		case 2:
			return desk.dispatch(tr.insertText(word, place));
		case 3:
			return desk.dispatch(tr.delete(place, end));
		case 4:
			return desk.dispatch(tr.addMark(place, end, schema.mark('bold')));
		case 5:
			return desk.dispatch(tr.split(place));
		case 6: {
			const block = doc.childCount > 1 ? chance(doc.childCount) : -1;
			if (block < 0) return;
			let from = 0;
			for (let i = 0; i < block; i++) from += doc.child(i).nodeSize;
			// A block is taken out, and half the time put in at the beginning: a move.
			const node = doc.child(block);
			tr.delete(from, from + node.nodeSize);
			if (chance(2) === 0) tr.insert(0, node);
			return desk.dispatch(tr);
		}
		case 7: {
			const item = schema.node('listItem', null, [p(word)]);
			return desk.dispatch(tr.insert(chance(2) ? 0 : doc.content.size, schema.node('bulletList', null, [item, item])));
		}
		default: {
			const cell = schema.node('tableCell', null, [p(word)]);
			const note = schema.node('footnote', null, [schema.text(word)]);
			if (chance(2)) return desk.dispatch(tr.insert(place, note));
			return desk.dispatch(tr.insert(doc.content.size, schema.node('table', null, [schema.node('tableRow', null, [cell, cell])])));
		}
	}
}

describe('the patched binding', () => {
	it('is for the version that is installed', () => {
		const installed = JSON.parse(readFileSync('node_modules/@tiptap/y-tiptap/package.json', 'utf8')) as { version: string };
		expect(installed.version).toBe(BINDING_VERSION);
	});

	it('shows what Yjs says, whatever two people do at once', () => {
		for (let seed = 1; seed <= 40; seed++) {
			const chance = seeded(seed);
			const a = new Desk(1, [tidyPlugin(() => true)]);
			a.dispatch(a.state.tr.replaceWith(0, a.state.doc.content.size, [p('Holders of a permit work.'), p('All children go to school.'), p('aaaa')]));
			const b = new Desk(2, [tidyPlugin(() => true)]);
			exchange(a, b);
			for (let round = 0; round < 25; round++) {
				for (let i = chance(3); i >= 0; i--) act(a, chance);
				for (let i = chance(3); i >= 0; i--) act(b, chance);
				exchange(a, b);
				for (const desk of [a, b]) {
					expect(desk.state.doc.toJSON(), `seed ${seed}, round ${round}`).toEqual(desk.truth.toJSON());
					desk.state.doc.check();
				}
			}
			expect(a.state.doc.toJSON(), `seed ${seed}`).toEqual(b.state.doc.toJSON());
			a.dispatch(a.state.tr.insertText('.', 1));
			expect(missing(a.state.doc), `seed ${seed}`).toEqual([]);
		}
		expect(counts.narrow).toBeGreaterThan(1000);
		// The fallback is there for what nobody thought of.
		expect(counts.whole / (counts.narrow + counts.whole)).toBeLessThan(0.01);
	}, 60_000);

	it('changes only what was changed, so that marks elsewhere map through', () => {
		const a = new Desk(1);
		a.dispatch(a.state.tr.replaceWith(0, a.state.doc.content.size, [p('One one.'), p('Two two.'), p('Three three.')]));
		const b = new Desk(2);
		exchange(a, b);
		b.seen.length = 0;
		a.dispatch(a.state.tr.insertText('!', 9).insertText('?', 30));
		exchange(a, b);
		const [tr] = b.seen;
		expect(b.state.doc.toJSON()).toEqual(a.state.doc.toJSON());
		// "two" of the second paragraph, between the two places that changed.
		expect(tr?.mapping.mapResult(15)).toMatchObject({ pos: 16, deleted: false });
		expect(tr?.mapping.mapResult(18)).toMatchObject({ pos: 19, deleted: false });
	});

	it('keeps the caret between its two characters while somebody types before it', () => {
		const a = new Desk(1);
		a.dispatch(a.state.tr.replaceWith(0, a.state.doc.content.size, [schema.node('paragraph', { id: 'one' }, [schema.text('Hello world')])]));
		const b = new Desk(2);
		exchange(a, b);
		b.dispatch(b.state.tr.setSelection(TextSelection.create(b.state.doc, 7)));
		a.dispatch(a.state.tr.insertText('Oh, ', 1));
		exchange(a, b);
		expect(b.state.selection.from).toBe(11);
	});
});
