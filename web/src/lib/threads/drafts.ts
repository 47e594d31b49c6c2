import type { Anchor, Id } from '$lib/api/types';

/** What somebody has begun to write. */
export interface Draft {
	/** The id it will have: sent twice, it is made once. */
	id: Id;
	text: string;
	anchor: Anchor | null;
	/** The sentence of a recommendation. */
	title?: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Begun comments, replies and recommendations of a section, kept on this device until they are sent. */
export class Drafts {
	constructor(
		private readonly store: Store | null,
		private readonly report: Id,
		private readonly section: Id
	) {}

	#key(what: string): string {
		return `plenary:draft:${this.report}/${this.section}:${what}`;
	}

	/** `what`: `comment`, `recommendation`, `reply:…`, `edit:…`. */
	load(what: string): Draft | null {
		try {
			const kept: unknown = JSON.parse(this.store?.getItem(this.#key(what)) ?? 'null');
			return isDraft(kept) ? kept : null;
		} catch {
			return null;
		}
	}

	/** A draft without a word is none. */
	save(what: string, draft: Draft): void {
		try {
			if (draft.text.trim() || draft.title?.trim()) this.store?.setItem(this.#key(what), JSON.stringify(draft));
			else this.store?.removeItem(this.#key(what));
		} catch {
			// A full or forbidden storage keeps nothing; the text is still in its field.
		}
	}

	drop(what: string): void {
		try {
			this.store?.removeItem(this.#key(what));
		} catch {
			// As above.
		}
	}
}

function isDraft(value: unknown): value is Draft {
	if (typeof value !== 'object' || value === null) return false;
	const draft = value as Record<string, unknown>;
	const { anchor } = draft;
	const anchored = anchor === null || (typeof anchor === 'object' && typeof (anchor as Anchor).quote === 'string');
	return typeof draft['id'] === 'string' && typeof draft['text'] === 'string' && anchored;
}

/** The browser's storage, when it allows one. */
export function deviceStorage(): Store | null {
	try {
		return window.localStorage;
	} catch {
		return null;
	}
}
