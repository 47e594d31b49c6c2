import { callOrReturn, getExtensionField, Node, type ParentConfig } from '@tiptap/core';
import type { Node as ProseMirrorNode, Schema } from '@tiptap/pm/model';
import { TextSelection, type Command } from '@tiptap/pm/state';
import { addColumnAfter, addRowAfter, CellSelection, deleteColumn, deleteRow, deleteTable, goToNextCell, tableEditing } from '@tiptap/pm/tables';

declare module '@tiptap/core' {
	// The parameters repeat those of Tiptap's own declaration.
	// eslint-disable-next-line @typescript-eslint/no-unused-vars
	interface NodeConfig<Options, Storage> {
		/** What prosemirror-tables takes the node for. */
		tableRole?: 'table' | 'row' | 'cell' | 'header_cell';
	}
}

const ALIGNMENTS = ['left', 'center', 'right'];

/** A whole number within bounds; `fallback` for anything else that was pasted. */
export function whole(value: unknown, low: number, high: number, fallback: number): number {
	const number = Number(value);
	return Number.isInteger(number) && number >= low && number <= high ? number : fallback;
}

/**
 * A table in a box of its own, which scrolls sideways. Columns share the width. `inherit` says to tools that check for
 * it that the cursor scrolls the box: it must not be a stop of its own, where the text would lose the focus.
 */
export const Table = Node.create({
	name: 'table',
	group: 'block',
	content: 'tableRow+',
	isolating: true,
	tableRole: 'table',

	parseHTML() {
		return [{ tag: 'table' }];
	},

	renderHTML() {
		return ['div', { class: 'tblbox', contenteditable: 'inherit' }, ['table', ['tbody', 0]]];
	},

	extendNodeSchema(extension) {
		const context = { name: extension.name, options: extension.options as unknown, storage: extension.storage as unknown };
		return { tableRole: callOrReturn(getExtensionField<ParentConfig<unknown> | undefined>(extension, 'tableRole', context)) };
	},

	addKeyboardShortcuts() {
		const run = (command: Command) => command(this.editor.state, this.editor.view.dispatch);
		const clear = () => allSelected(this.editor.state.selection) && run(deleteTable);
		return {
			// Behind the last cell there is a new row.
			Tab: () => run(goToNextCell(1)) || (run(addRowAfter) && run(goToNextCell(1))),
			'Shift-Tab': () => run(goToNextCell(-1)),
			Backspace: clear,
			Delete: clear
		};
	},

	addProseMirrorPlugins() {
		return [tableEditing()];
	}
});

export const TableRow = Node.create({
	name: 'tableRow',
	content: '(tableCell | tableHeader)*',
	tableRole: 'row',
	parseHTML() {
		return [{ tag: 'tr' }];
	},
	renderHTML({ HTMLAttributes }) {
		return ['tr', HTMLAttributes, 0];
	}
});

function cell(name: 'tableCell' | 'tableHeader', tag: 'td' | 'th') {
	return Node.create({
		name,
		content: 'block+',
		isolating: true,
		tableRole: name === 'tableCell' ? 'cell' : 'header_cell',
		addAttributes() {
			return {
				colspan: { default: 1, parseHTML: (element) => whole(element.getAttribute('colspan') ?? 1, 1, 100, 1) },
				rowspan: { default: 1, parseHTML: (element) => whole(element.getAttribute('rowspan') ?? 1, 1, 1000, 1) },
				// What another client set is kept, and not taken from pasted tables.
				colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) },
				align: {
					default: null,
					parseHTML: (element) => {
						const align = element.style.textAlign || element.getAttribute('align');
						return align !== null && ALIGNMENTS.includes(align) ? align : null;
					},
					renderHTML: ({ align }) => (align ? { 'data-align': String(align) } : {})
				}
			};
		},
		parseHTML() {
			return [{ tag }];
		},
		renderHTML({ HTMLAttributes }) {
			return [tag, HTMLAttributes, 0];
		}
	});
}

export const TableCell = cell('tableCell', 'td');
export const TableHeader = cell('tableHeader', 'th');

function allSelected(selection: unknown): boolean {
	return selection instanceof CellSelection && selection.isRowSelection() && selection.isColSelection();
}

/** A new table of three by three, its first row the heads. */
function fresh(schema: Schema): ProseMirrorNode {
	const row = (name: string) => schema.node('tableRow', null, Array.from({ length: 3 }, () => schema.node(name, null, [schema.node('paragraph')])));
	return schema.node('table', null, [row('tableHeader'), row('tableCell'), row('tableCell')]);
}

/** What can be done with tables. */
export const tableCommands = {
	insert: ((state, dispatch) => {
		const { tr } = state;
		const at = tr.selection.from + 1;
		dispatch?.(tr.replaceSelectionWith(fresh(state.schema)).setSelection(TextSelection.near(tr.doc.resolve(at))).scrollIntoView());
		return true;
	}) as Command,
	addRow: addRowAfter as Command,
	addColumn: addColumnAfter as Command,
	removeRow: deleteRow as Command,
	removeColumn: deleteColumn as Command,
	remove: deleteTable as Command
};
