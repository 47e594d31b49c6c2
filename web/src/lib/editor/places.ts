import type { Node } from '@tiptap/pm/model';
import * as Y from 'yjs';
import { indexOf, placeOf, type Index } from './anchors';

/**
 * Places of a body, for what is anchored in it. The walk over the body is made once for each state of the text and
 * shared by highlights and carets. Ask only when text and Yjs are in step: never while a transaction is applied.
 */
export class Places {
	#index: Index | null = null;
	#for: Node | null = null;

	constructor(
		readonly fragment: Y.XmlFragment,
		readonly doc: Y.Doc
	) {}

	index(text: Node): Index {
		if (this.#index === null || this.#for !== text) {
			this.#index = indexOf(this.fragment);
			this.#for = text;
		}
		return this.#index;
	}

	/** Where a relative position (in its JSON form) is in the text. */
	at(position: unknown, text: Node): number | null {
		return typeof position === 'object' && position !== null
			? placeOf(position as Record<string, unknown>, this.doc, this.index(text))
			: null;
	}
}
