/**
 * Changes that the server has not called durable, on this device: they outlive a closed window, and nothing else is
 * kept. Each window writes its own; whoever opens the document next sends them all (the same change twice is one).
 */

const DATABASE = 'plenary';
const STORE = 'unsent';
const ANSWER_MAX_MS = 1_000;

/** One window's unsent changes to a document, as one Yjs update. */
export interface Kept {
	key: string;
	update: Uint8Array;
}

/** Where unsent changes are kept. */
export interface Keep {
	/** Everything that was kept for a document, from whichever window. */
	load(document: string): Promise<Kept[]>;
	save(kept: Kept): Promise<void>;
	drop(keys: readonly string[]): Promise<void>;
}

/** The key of a window's changes to a document. `document` says whose they are, too: nobody sends another's. */
export function keyOf(document: string, window: string): string {
	return `${document}|${window}`;
}

/** This device's keep. A browser that keeps nothing has an empty one: the window then warns before it is closed. */
export function deviceKeep(): Keep {
	let opened: Promise<IDBDatabase | null> | undefined;
	const database = () => (opened ??= open());
	const run = async <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T> | void): Promise<T | undefined> => {
		try {
			const db = await database();
			if (!db) return undefined;
			return await new Promise<T | undefined>((resolve, reject) => {
				const transaction = db.transaction(STORE, mode);
				const request = act(transaction.objectStore(STORE));
				transaction.oncomplete = () => resolve(request?.result);
				transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('the keep failed'));
			});
		} catch {
			// Full, or forbidden since: what is on the page is still sent when the server is back.
			return undefined;
		}
	};
	return {
		load: async (document) => {
			const mine = IDBKeyRange.bound(keyOf(document, ''), keyOf(document, '\uffff'));
			const keys = (await run<IDBValidKey[]>('readonly', (store) => store.getAllKeys(mine))) ?? [];
			const updates = (await run<unknown[]>('readonly', (store) => store.getAll(mine))) ?? [];
			return keys.flatMap((key, i): Kept[] => {
				const update = updates[i];
				return typeof key === 'string' && update instanceof Uint8Array ? [{ key, update }] : [];
			});
		},
		save: async ({ key, update }) => void (await run('readwrite', (store) => store.put(update, key))),
		drop: async (keys) => void (await run<undefined>('readwrite', (store) => keys.forEach((key) => store.delete(key))))
	};
}

function open(): Promise<IDBDatabase | null> {
	return new Promise((resolve) => {
		try {
			const request = indexedDB.open(DATABASE, 1);
			request.onupgradeneeded = () => request.result.createObjectStore(STORE);
			request.onsuccess = () => resolve(request.result);
			request.onerror = request.onblocked = () => resolve(null);
			// The text doesn't wait for a browser that never answers.
			setTimeout(() => resolve(null), ANSWER_MAX_MS);
		} catch {
			resolve(null);
		}
	});
}
