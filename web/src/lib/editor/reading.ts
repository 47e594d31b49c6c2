import { Extension } from '@tiptap/core';
import { Plugin, PluginKey, type EditorState } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';

const key = new PluginKey<boolean>('reading');

/** Whether the text is only read here. */
export function isReading(state: EditorState): boolean {
	return key.getState(state) === true;
}

/** Turns reading on or off. */
export function setReading(view: EditorView, reading: boolean): void {
	if (isReading(view.state) !== reading) view.dispatch(view.state.tr.setMeta(key, reading));
}

/**
 * Reading without writing. The text stays a textbox with a cursor, since whoever may only comment must be able to
 * select words with the keyboard too; what would write is stopped before it reaches the page (`Guard` stops the rest).
 */
export const Reading = Extension.create<{ reading: boolean }>({
	name: 'reading',
	priority: 2000,
	addOptions: () => ({ reading: false }),

	addProseMirrorPlugins() {
		return [
			new Plugin<boolean>({
				key,
				state: {
					init: () => this.options.reading,
					apply: (tr, reading) => (tr.getMeta(key) as boolean | undefined) ?? reading
				},
				props: {
					// `inputmode` keeps a phone's keyboard down.
					attributes: (state): Record<string, string> => (isReading(state) ? { 'aria-readonly': 'true', inputmode: 'none' } : {}),
					handlePaste: (view) => isReading(view.state),
					handleDrop: (view) => isReading(view.state),
					handleTextInput: (view) => isReading(view.state),
					handleKeyDown: (view, event) => isReading(view.state) && undoes(event),
					handleDOMEvents: {
						beforeinput: (view, event) => {
							if (!isReading(view.state)) return false;
							event.preventDefault();
							return true;
						}
					}
				}
			})
		];
	}
});

/** Undo and redo change the document past the editor. */
function undoes(event: KeyboardEvent): boolean {
	return (event.ctrlKey || event.metaKey) && !event.altKey && (event.code === 'KeyZ' || event.code === 'KeyY');
}
