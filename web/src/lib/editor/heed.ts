import type { EditorView } from '@tiptap/pm/view';

/**
 * Reads what the person has just selected. A browser tells of a new selection by the next frame only, and whatever
 * redraws the view before that would put the old one back: a key press that moved the caret would be lost.
 */
export function heed(view: EditorView): void {
	// Not part of the typed view; without it the view works as published.
	(view as unknown as { domObserver?: { flush?(): void } }).domObserver?.flush?.();
}
