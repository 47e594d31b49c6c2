import { Extension } from '@tiptap/core';
import { Fragment, Slice, type Node } from '@tiptap/pm/model';
import { Plugin, type EditorState, type Transaction } from '@tiptap/pm/state';
import { isRemote } from './guard';
import { isReading } from './reading';

/** Nodes that carry a stable id. */
export const IDENTIFIED = [
	'paragraph',
	'heading',
	'bulletList',
	'orderedList',
	'listItem',
	'blockquote',
	'table',
	'tableRow',
	'tableCell',
	'tableHeader',
	'footnote'
];

/** 16 of 36 signs: two people never choose the same. */
export function freshBlockId(): string {
	const signs = 'abcdefghijklmnopqrstuvwxyz0123456789';
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => signs[byte % 36]).join('');
}

/**
 * Gives each block a stable id that it keeps. Only what somebody does here leads to one: a change of others, a first
 * look and a read-only text write nothing. Of two blocks with one id (a paragraph that was split), the one with words
 * keeps it, else the first.
 */
export const BlockIds = Extension.create({
	name: 'blockIds',
	priority: 10_000,

	addGlobalAttributes() {
		return [
			{
				types: IDENTIFIED,
				attributes: {
					id: {
						default: null,
						// A split gives both halves the same attributes; `missing` sorts it out.
						parseHTML: (element) => element.getAttribute('data-id'),
						renderHTML: ({ id }) => (typeof id === 'string' ? { 'data-id': id } : {})
					}
				}
			}
		];
	},

	addProseMirrorPlugins() {
		return [tidyPlugin(() => !isReading(this.editor.state))];
	}
});

/** Tidies up after what somebody does here; never after others. */
export function tidyPlugin(editable: () => boolean): Plugin {
	return new Plugin({
		appendTransaction: (transactions, _old, state) => {
			const mine = transactions.some((tr) => tr.docChanged && !isRemote(tr));
			return mine && editable() ? tidy(state) : null;
		},
		props: { transformPasted: (slice) => new Slice(withoutIds(slice.content), slice.openStart, slice.openEnd) }
	});
}

/**
 * Gives ids where they are missing or double, and takes marks off what is no text: Yjs keeps formats of text only, so
 * a bold footnote would be bold in this window alone. `null` when all is well.
 */
export function tidy(state: EditorState): Transaction | null {
	const { tr } = state;
	for (const pos of missing(state.doc)) tr.setNodeAttribute(pos, 'id', freshBlockId());
	state.doc.descendants((node, pos) => {
		if (node.isInline && !node.isText) for (const mark of node.marks) tr.removeNodeMark(pos, mark);
		return node.type.name !== 'footnote';
	});
	if (tr.steps.length === 0) return null;
	tr.setStoredMarks(state.storedMarks);
	return tr;
}

/** Where a new id is needed. */
export function missing(doc: Node): number[] {
	const places: number[] = [];
	const keepers = new Map<string, { pos: number; empty: boolean }>();
	doc.descendants((node, pos) => {
		if (!IDENTIFIED.includes(node.type.name)) return true;
		const id: unknown = node.attrs['id'];
		const known = typeof id === 'string' ? keepers.get(id) : undefined;
		const empty = node.content.size === 0;
		if (typeof id !== 'string') places.push(pos);
		else if (known && (!known.empty || empty)) places.push(pos);
		else {
			if (known) places.push(known.pos);
			keepers.set(id, { pos, empty });
		}
		return node.type.name !== 'footnote';
	});
	return places;
}

function withoutIds(fragment: Fragment): Fragment {
	const nodes: Node[] = [];
	fragment.forEach((node) => {
		const content = withoutIds(node.content);
		nodes.push('id' in node.attrs ? node.type.create({ ...node.attrs, id: null }, content, node.marks) : node.isText ? node : node.copy(content));
	});
	return Fragment.from(nodes);
}
