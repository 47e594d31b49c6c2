import { Editor, Extension } from '@tiptap/core';
import { Dropcursor } from '@tiptap/extensions/drop-cursor';
import { Gapcursor } from '@tiptap/extensions/gap-cursor';
import { Placeholder } from '@tiptap/extensions/placeholder';
import type { Generation } from '$lib/live/document.svelte';
import { caretPlugin } from './carets';
import { Guard } from './guard';
import { highlightPlugin, type HighlightEvents } from './highlights';
import { keysPlugin, type KeyActions } from './keys';
import { notesPlugin } from './notes';
import { hideStyles, PasteParser } from './paste';
import { Places } from './places';
import { isReading, Reading } from './reading';
import { schemaExtensions } from './schema';
import { Sync } from './sync';

export interface OpenOptions extends HighlightEvents {
	element: HTMLElement;
	generation: Generation;
	editable: boolean;
	/** The section's title: the text is announced as it. */
	label: string;
	/** BCP 47 tag of the text. */
	language: string;
	placeholder: string;
	keys: KeyActions;
	/** Somebody opened the footnote at a place. */
	onnote: (pos: number) => void;
	/** Anything about the text or the selection changed. */
	onchange: () => void;
}

export interface OpenEditor {
	editor: Editor;
	places: Places;
}

/** Shows a body in an element, live. The one way in; what it needs is loaded when it is first called. */
export function openEditor(options: OpenOptions): OpenEditor {
	const { doc, awareness } = options.generation;
	const fragment = doc.getXmlFragment('body');
	const places = new Places(fragment, doc);
	const extras = Extension.create({
		name: 'review',
		addProseMirrorPlugins: () => [
			keysPlugin(options.keys),
			highlightPlugin(places, options),
			notesPlugin(options.onnote),
			caretPlugin(awareness, places)
		]
	});
	const editor = new Editor({
		element: options.element,
		// Our policy blocks style elements; the few rules are in `editor.css`.
		injectCSS: false,
		extensions: [
			...schemaExtensions,
			Sync.configure({ fragment }),
			Guard,
			Reading.configure({ reading: !options.editable }),
			Gapcursor,
			Dropcursor.configure({ class: 'drop', color: false }),
			Placeholder.configure({ placeholder: ({ editor }) => (isReading(editor.state) ? '' : options.placeholder) }),
			extras
		],
		editorProps: {
			transformPastedHTML: hideStyles,
			attributes: () => ({
				class: 'read',
				role: 'textbox',
				'aria-multiline': 'true',
				'aria-label': options.label,
				lang: options.language,
				tabindex: '0',
				spellcheck: 'true'
			})
		},
		onTransaction: () => options.onchange()
	});
	editor.setOptions({ editorProps: { ...editor.options.editorProps, clipboardParser: new PasteParser(editor.schema) } });
	return { editor, places };
}
