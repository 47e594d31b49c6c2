/** The keys of a meeting. Letters by their place, so that a Cyrillic layout has them too. */
export type Deed = 'previous' | 'next' | 'clock' | 'wording' | 'full';

interface Pressed {
	key: string;
	code: string;
	ctrlKey: boolean;
	shiftKey: boolean;
	altKey: boolean;
	metaKey: boolean;
	defaultPrevented: boolean;
	repeat: boolean;
	isComposing: boolean;
}

/** Where keys mean something else: in fields, dialogs, and what has arrows of its own. */
const ELSEWHERE = [
	...['input', 'textarea', 'select', '[contenteditable]', 'dialog', '[role="dialog"]', '[role="alertdialog"]', '[popover]'],
	...['radiogroup', 'menu', 'listbox', 'tablist', 'slider', 'toolbar'].map((role) => `[role="${role}"]`)
].join(', ');
/** What Space presses. */
const PRESSED_BY_SPACE = 'button, a, summary, [role="button"]';
/** What must be answered first; a click beside its fields leaves the focus nowhere. */
export const IN_THE_WAY = 'dialog[open], [role="menu"]';

/** What a key does; `target` is where it was pressed. */
export function deedOf(event: Pressed, target: { closest(selector: string): unknown } | null, rtl: boolean): Deed | null {
	if (event.defaultPrevented || event.isComposing || target?.closest(ELSEWHERE)) return null;
	if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return null;
	switch (event.code) {
		case 'ArrowLeft':
			return rtl ? 'next' : 'previous';
		case 'ArrowRight':
			return rtl ? 'previous' : 'next';
	}
	// Held down, these would go to and fro.
	if (event.repeat) return null;
	switch (event.code) {
		case 'Space':
			return target?.closest(PRESSED_BY_SPACE) ? null : 'clock';
		case 'KeyW':
			return 'wording';
		case 'KeyF':
			return 'full';
	}
	return null;
}
