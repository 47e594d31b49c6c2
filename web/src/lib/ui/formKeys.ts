/** The keys of a form: Ctrl or ⌘ with Enter sends, Escape leaves, if that is a key's to do; neither while an input method composes a word. */
export function formKeys(send: () => unknown, leave?: () => unknown): (event: KeyboardEvent) => void {
	return (event) => {
		if (event.isComposing) return;
		if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			send();
		} else if (event.key === 'Escape' && leave) {
			event.preventDefault();
			// It is used up: what the form stands in does not leave too.
			event.stopPropagation();
			leave();
		}
	};
}
