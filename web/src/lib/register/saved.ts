/** Views that somebody named, in this browser. The view itself is its address, so that it can be sent as a link. */
import type { Id } from '$lib/api/types';

export interface SavedView {
	name: string;
	/** As in the address, without what is open. */
	query: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem'>;

export class SavedViews {
	readonly #key: string;
	readonly #store: Store | null;

	constructor(report: Id, store: Store | null = typeof localStorage === 'undefined' ? null : localStorage) {
		this.#key = `plenary.views.${report}`;
		this.#store = store;
	}

	load(): SavedView[] {
		try {
			const kept: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? '[]');
			return Array.isArray(kept) ? kept.filter(isView) : [];
		} catch {
			return [];
		}
	}

	/** Answers what is kept now; the same name again replaces. */
	save(view: SavedView): SavedView[] {
		return this.#write([...this.load().filter(({ name }) => name !== view.name), view]);
	}

	drop(name: string): SavedView[] {
		return this.#write(this.load().filter((view) => view.name !== name));
	}

	#write(views: SavedView[]): SavedView[] {
		try {
			this.#store?.setItem(this.#key, JSON.stringify(views));
		} catch {
			// A full or forbidden storage keeps nothing; the link still holds the view.
		}
		return views;
	}
}

function isView(value: unknown): value is SavedView {
	const view = value as SavedView | null;
	return typeof view === 'object' && view !== null && typeof view.name === 'string' && typeof view.query === 'string';
}
