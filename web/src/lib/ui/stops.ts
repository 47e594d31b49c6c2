/** The parts of a page that F6 goes round: outline, text, review, bar. */
const STOPS = ['.outline', '#main', '.rail, .detail', '.bar'];
const FOCUSABLE = 'a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]';

/** The next index in a ring of `length`, from `at` (-1: from before the first). */
export function nextInRing(at: number, length: number, forward: boolean): number {
	if (length === 0) return -1;
	if (at < 0) return forward ? 0 : length - 1;
	return (at + (forward ? 1 : -1) + length) % length;
}

/** Gives focus to the next part: to the text itself, else to the part's current or first item. */
export function goToNextStop(forward: boolean): void {
	const parts = STOPS.flatMap((selector) => {
		const part = document.querySelector<HTMLElement>(selector);
		return part && part.offsetParent !== null ? [part] : [];
	});
	const at = parts.findIndex((part) => part.contains(document.activeElement));
	const part = parts[nextInRing(at, parts.length, forward)];
	if (!part) return;
	const inside =
		part.querySelector<HTMLElement>('.ProseMirror') ??
		part.querySelector<HTMLElement>('[aria-current]') ??
		part.querySelector<HTMLElement>(FOCUSABLE);
	(part.id === 'main' && !part.querySelector('.ProseMirror') ? part : (inside ?? part)).focus();
}
