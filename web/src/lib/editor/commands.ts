import type { Editor } from '@tiptap/core';
import { undoable } from './sync';
import { tableCommands } from './table';

export type Style = 'paragraph' | 'h2' | 'h3' | 'h4' | 'quote';
export type Toggle = 'bold' | 'italic' | 'underline' | 'strike' | 'bulletList' | 'orderedList';

/** What holds where the cursor is, for the buttons. */
export interface Standing {
	style: Style;
	on: ReadonlySet<Toggle>;
	link: string | null;
	table: boolean;
	undo: boolean;
	redo: boolean;
}

const TOGGLES: readonly Toggle[] = ['bold', 'italic', 'underline', 'strike', 'bulletList', 'orderedList'];

export function standingOf(editor: Editor): Standing {
	const level = ([2, 3, 4] as const).find((one) => editor.isActive('heading', { level: one }));
	const href: unknown = editor.getAttributes('link')['href'];
	return {
		style: level ? `h${level}` : editor.isActive('blockquote') ? 'quote' : 'paragraph',
		on: new Set(TOGGLES.filter((name) => editor.isActive(name))),
		link: typeof href === 'string' ? href : null,
		table: editor.isActive('table'),
		...undoable(editor.state)
	};
}

export function toggle(editor: Editor, what: Toggle): void {
	const chain = editor.chain().focus();
	const toggles: Record<Toggle, () => typeof chain> = {
		bold: () => chain.toggleBold(),
		italic: () => chain.toggleItalic(),
		underline: () => chain.toggleUnderline(),
		strike: () => chain.toggleStrike(),
		bulletList: () => chain.toggleBulletList(),
		orderedList: () => chain.toggleOrderedList()
	};
	toggles[what]().run();
}

export function setStyle(editor: Editor, style: Style): void {
	const chain = editor.chain().focus();
	if (style === 'quote') {
		if (!editor.isActive('blockquote')) chain.setParagraph().setBlockquote().run();
		return;
	}
	if (editor.isActive('blockquote')) chain.unsetBlockquote();
	if (style === 'paragraph') chain.setParagraph().run();
	else chain.setHeading({ level: Number(style.slice(1)) as 2 | 3 | 4 }).run();
}

/** Links the selection, or takes the link off (`null`). Without a selection the address itself is put in. */
export function setLink(editor: Editor, href: string | null): void {
	const chain = editor.chain().focus();
	if (href === null) chain.extendMarkRange('link').unsetLink().run();
	else if (editor.state.selection.empty && !editor.isActive('link')) {
		chain.insertContent([{ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] }]).run();
	} else chain.extendMarkRange('link').setLink({ href }).run();
}

/** Does something with a table, and goes on writing. */
export function onTable(editor: Editor, what: keyof typeof tableCommands): void {
	tableCommands[what](editor.state, editor.view.dispatch);
	editor.view.focus();
}

/** Puts an empty footnote after the selection; answers where. */
export function addNote(editor: Editor): number {
	const { to } = editor.state.selection;
	editor.view.dispatch(editor.state.tr.insert(to, editor.schema.node('footnote')).scrollIntoView());
	return to;
}

/** Changes a footnote's words; without any it is taken out. */
export function setNote(editor: Editor, pos: number, text: string): void {
	const node = editor.state.doc.nodeAt(pos);
	if (node?.type.name !== 'footnote') return;
	const words = text.replace(/\s+/g, ' ').trim();
	if (words === node.textContent && words !== '') return;
	const { tr } = editor.state;
	if (words === '') tr.delete(pos, pos + node.nodeSize);
	else tr.replaceWith(pos + 1, pos + 1 + node.content.size, editor.schema.text(words));
	editor.view.dispatch(tr);
}
