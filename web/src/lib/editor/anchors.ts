import { QUOTE_CHARS_MAX } from '$lib/api/limits';
import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import type { Anchor } from '$lib/api/types';

/** A quoted passage is cut to this many characters, as the server wants it. */

/** A passage by places in the document. */
export interface Range {
	from: number;
	to: number;
}

/** Where each text and element of a body begins in the document; made anew after each change, in one walk. */
export type Index = Map<Y.AbstractType<unknown>, number>;

type Parent = Y.XmlFragment | Y.XmlElement;

/** Walks a body once. Sizes are those of the schema: an element is its content and two. */
export function indexOf(fragment: Y.XmlFragment): Index {
	const index: Index = new Map();
	const walk = (parent: Parent, start: number): number => {
		index.set(parent as Y.AbstractType<unknown>, start);
		let at = start;
		for (const child of parent.toArray()) {
			if (child instanceof Y.XmlText) {
				index.set(child as Y.AbstractType<unknown>, at);
				at += child.length;
			} else if (child instanceof Y.XmlElement) {
				at = LEAVES.has(child.nodeName) ? at + 1 : walk(child, at + 1) + 1;
			}
		}
		return at;
	};
	walk(fragment, 0);
	return index;
}

/** Elements without content take one place. */
const LEAVES = new Set(['hardBreak']);

/** The words of a selection, without the blank at its ends and without what lies between blocks; `null` when there are none. */
export function trim(doc: Node, range: Range): Range | null {
	let from: number | null = null;
	let to: number | null = null;
	doc.nodesBetween(range.from, Math.min(range.to, doc.content.size), (node, pos) => {
		if (node.type.name === 'footnote') return false;
		if (!node.isText) return true;
		const text = node.text ?? '';
		const low = Math.max(range.from - pos, 0);
		const high = Math.min(range.to - pos, text.length);
		const part = text.slice(low, high);
		if (part.trim() === '') return false;
		from ??= pos + low + (part.length - part.trimStart().length);
		to = pos + low + part.trimEnd().length;
		return false;
	});
	return from === null || to === null ? null : { from, to };
}

/** The passage as it is quoted: its words, a blank between blocks, nothing of its footnotes. */
export function quoteOf(doc: Node, range: Range): string {
	let text = '';
	doc.nodesBetween(range.from, range.to, (node, pos) => {
		if (node.type.name === 'footnote') return false;
		if (node.isText) text += (node.text ?? '').slice(Math.max(range.from - pos, 0), range.to - pos);
		else if (node.isBlock || node.type.name === 'hardBreak') text += ' ';
		return true;
	});
	const characters = Array.from(text.replace(/\s+/g, ' ').trim());
	return characters.length > QUOTE_CHARS_MAX ? `${characters.slice(0, QUOTE_CHARS_MAX - 1).join('')}…` : characters.join('');
}

/** A selection as an anchor that moves with its words; `null` when it holds no words. */
export function anchorOf(doc: Node, fragment: Y.XmlFragment, selection: Range): Anchor | null {
	const range = trim(doc, selection);
	if (!range) return null;
	// The start holds on to the character after it, the end to the one before: what is typed at the edges stays outside.
	const start = relative(fragment, range.from, 0);
	const end = relative(fragment, range.to, -1);
	if (!start || !end) return null;
	return { start: json(start), end: json(end), quote: quoteOf(doc, range) };
}

function json(position: Y.RelativePosition): Record<string, unknown> {
	return Y.relativePositionToJSON(position) as Record<string, unknown>;
}

/** The relative position of a place in a text. `assoc` 0 holds on to the character after it, -1 to the one before. */
function relative(fragment: Y.XmlFragment, pos: number, assoc: 0 | -1): Y.RelativePosition | null {
	let parent: Parent = fragment;
	let at = 0;
	descend: for (;;) {
		for (const child of parent.toArray() as (Y.XmlElement | Y.XmlText)[]) {
			const size = child instanceof Y.XmlText ? child.length : sizeOf(child);
			const inside = child instanceof Y.XmlText ? (assoc === 0 ? pos >= at && pos < at + size : pos > at && pos <= at + size) : pos > at && pos < at + size;
			if (inside && child instanceof Y.XmlText) return Y.createRelativePositionFromTypeIndex(child, pos - at, assoc);
			if (inside && child instanceof Y.XmlElement) {
				parent = child;
				at += 1;
				continue descend;
			}
			at += size;
		}
		return null;
	}
}

function sizeOf(element: Y.XmlElement): number {
	if (LEAVES.has(element.nodeName)) return 1;
	let size = 2;
	for (const child of element.toArray()) size += child instanceof Y.XmlText ? child.length : sizeOf(child as Y.XmlElement);
	return size;
}

/** Where an anchor is now; `null` when it is detached: an end no longer resolves, or nothing lies between them. */
export function resolve(anchor: Anchor, doc: Y.Doc, index: Index): Range | null {
	const from = placeOf(anchor.start, doc, index);
	const to = placeOf(anchor.end, doc, index);
	return from === null || to === null || from >= to ? null : { from, to };
}

/** Where a relative position (in its JSON form) is now; `null` when it is nowhere in this body. */
export function placeOf(position: Record<string, unknown>, doc: Y.Doc, index: Index): number | null {
	try {
		const absolute = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(position), doc);
		const start = absolute ? index.get(absolute.type as Y.AbstractType<unknown>) : undefined;
		if (!absolute || start === undefined) return null;
		if (absolute.type instanceof Y.XmlText) return start + absolute.index;
		// Between two elements: after those that stand before it.
		let at = start;
		for (const child of (absolute.type as Parent).toArray().slice(0, absolute.index)) {
			at += child instanceof Y.XmlText ? child.length : sizeOf(child as Y.XmlElement);
		}
		return at;
	} catch {
		// Not a position at all, or one of another document.
		return null;
	}
}
