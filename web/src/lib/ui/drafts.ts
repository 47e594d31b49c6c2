/** What somebody typed and did not send yet survives a reload. */

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** One draft under one name, in this browser. A storage that refuses keeps nothing, and says nothing. */
export class Draft<T extends object> {
	readonly #key: string;
	readonly #store: Store | null;

	constructor(name: string, store: Store | null = typeof localStorage === 'undefined' ? null : localStorage) {
		this.#key = `plenary.draft.${name}`;
		this.#store = store;
	}

	load(): Partial<T> | null {
		try {
			const value: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? 'null');
			return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Partial<T>) : null;
		} catch {
			return null;
		}
	}

	save(value: T): void {
		try {
			this.#store?.setItem(this.#key, JSON.stringify(value));
		} catch {
			// Full or forbidden: the words are still in the form.
		}
	}

	drop(): void {
		try {
			this.#store?.removeItem(this.#key);
		} catch {
			// As above.
		}
	}
}
