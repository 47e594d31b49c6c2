import { Extension } from '@tiptap/core';
import type { EditorState } from '@tiptap/pm/state';
import { redo, undo, ySyncPlugin, yUndoPlugin, yUndoPluginKey } from '@tiptap/y-tiptap';
import type * as Y from 'yjs';
import { patchBinding } from './binding';

declare module '@tiptap/core' {
	interface Commands<ReturnType> {
		sync: {
			/** Undoes the last change made in this window; others' changes stay. */
			undo: () => ReturnType;
			redo: () => ReturnType;
		};
	}
}

/** What can be undone and redone here. */
export function undoable(state: EditorState): { undo: boolean; redo: boolean } {
	const manager = (yUndoPluginKey.getState(state) as { undoManager: Y.UndoManager } | undefined)?.undoManager;
	return { undo: (manager?.undoStack.length ?? 0) > 0, redo: (manager?.redoStack.length ?? 0) > 0 };
}

/** Keeps the text in step with a Yjs fragment, both ways, and undoes only what was done here. */
export const Sync = Extension.create<{ fragment: Y.XmlFragment | null }>({
	name: 'sync',
	priority: 1000,

	addOptions() {
		return { fragment: null };
	},

	addCommands() {
		return {
			undo:
				() =>
				({ tr, state, dispatch }) => {
					// The undo manager dispatches by itself, through Yjs.
					tr.setMeta('preventDispatch', true);
					if (!undoable(state).undo) return false;
					return dispatch ? (undo(state) ?? false) : true;
				},
			redo:
				() =>
				({ tr, state, dispatch }) => {
					tr.setMeta('preventDispatch', true);
					if (!undoable(state).redo) return false;
					return dispatch ? (redo(state) ?? false) : true;
				}
		};
	},

	addKeyboardShortcuts() {
		return {
			'Mod-z': () => this.editor.commands.undo(),
			'Mod-y': () => this.editor.commands.redo(),
			'Shift-Mod-z': () => this.editor.commands.redo()
		};
	},

	addProseMirrorPlugins() {
		if (!this.options.fragment) throw new Error('Sync needs the fragment it keeps in step with');
		patchBinding();
		return [ySyncPlugin(this.options.fragment), yUndoPlugin()];
	}
});
