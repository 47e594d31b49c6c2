/** The keys of a meeting. Letters by their place, so that a Cyrillic layout has them too. */
export type Deed = 'previous' | 'next' | 'clock' | 'wording' | 'full';

interface Pressed {
	key: string;
	code: string;
	ctrlKey: boolean;
	altKey: boolean;
	metaKey: boolean;
	defaultPrevented: boolean;
	repeat: boolean;
}

/** Where keys mean something else: in fields, dialogs, groups and menus that have arrows of their own. */
const ELSEWHERE = 'input, textarea, select, dialog, [contenteditable], [role="radiogroup"], [role="menu"], [role="listbox"]';
/** What Space presses. */
const PRESSED_BY_SPACE = 'button, a, summary, [role="button"]';

/** What a key does; `target` is where it was pressed. */
export function deedOf(event: Pressed, target: { closest(selector: string): unknown } | null, rtl: boolean): Deed | null {
	if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || target?.closest(ELSEWHERE)) return null;
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
