import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';

/** A footnote as it is listed under the text. */
export interface Note {
	/** 1, 2, 3 … in the section. */
	number: number;
	/** Where its sign stands. */
	pos: number;
	text: string;
}

interface Notes {
	list: readonly Note[];
	decorations: DecorationSet;
}

const key = new PluginKey<Notes>('notes');

/** The footnotes of a text, in order. */
export function notesIn(doc: Node): Note[] {
	const list: Note[] = [];
	doc.descendants((node, pos) => {
		if (node.type.name !== 'footnote') return true;
		list.push({ number: list.length + 1, pos, text: node.textContent });
		return false;
	});
	return list;
}

function draw(doc: Node): Notes {
	const list = notesIn(doc);
	const decorations = list.map(({ number, pos }) =>
		Decoration.node(pos, pos + (doc.nodeAt(pos)?.nodeSize ?? 1), { 'data-number': String(number), id: `fnref-${number}` })
	);
	return { list, decorations: DecorationSet.create(doc, decorations) };
}

export function notesOf(state: EditorState): readonly Note[] {
	return key.getState(state)?.list ?? [];
}

/**
 * Numbers footnotes by their place. A CSS counter can't: blocks are drawn only when in view, and such a block keeps
 * its counters to itself.
 */
export function notesPlugin(onopen: (pos: number) => void): Plugin<Notes> {
	return new Plugin<Notes>({
		key,
		state: {
			init: (_config, state) => draw(state.doc),
			apply: (tr, old) => (tr.docChanged ? draw(tr.doc) : old)
		},
		props: {
			decorations: (state) => key.getState(state)?.decorations,
			handleClickOn: (_view, _pos, node, nodePos) => {
				if (node.type.name !== 'footnote') return false;
				onopen(nodePos);
				return true;
			},
			handleKeyDown: (view, event) => {
				const { selection } = view.state;
				const note = 'node' in selection && (selection.node as Node).type.name === 'footnote';
				if (!note || event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey) return false;
				onopen(selection.from);
				return true;
			}
		}
	});
}
