import { Plugin } from '@tiptap/pm/state';

/** What keys ask for that is not the text's own. */
export interface KeyActions {
	comment: () => void;
	recommend: () => void;
	/** Next or previous mark in the text. */
	step: (forward: boolean) => void;
	/** Opens the card of the mark that was stepped to; false when there is none, so that Enter is Enter. */
	open: () => boolean;
	link: () => void;
}

type Pressed = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'getModifierState'>;

/** What a key asks for. Letters go by their place on the keyboard, so that they are the same in every alphabet. */
export function wanted(event: Pressed): keyof KeyActions | 'back' | null {
	// On some layouts AltGr is Ctrl and Alt, and makes a letter.
	if (event.getModifierState('AltGraph')) return null;
	const mod = event.ctrlKey || event.metaKey;
	if (mod && event.altKey && !event.shiftKey) {
		return ({ KeyM: 'comment', KeyR: 'recommend', KeyN: 'step', KeyP: 'back' } as const)[event.code] ?? null;
	}
	if (mod && !event.altKey && !event.shiftKey && event.code === 'KeyK') return 'link';
	if (event.key === 'Enter' && !mod && !event.altKey && !event.shiftKey) return 'open';
	return null;
}

export function keysPlugin(actions: KeyActions): Plugin {
	return new Plugin({
		props: {
			handleKeyDown: (_view, event) => {
				const what = wanted(event);
				if (what === null) return false;
				if (what === 'open') return actions.open();
				event.preventDefault();
				if (what === 'step' || what === 'back') actions.step(what === 'step');
				else actions[what]();
				return true;
			}
		}
	});
}
