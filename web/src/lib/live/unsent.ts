import * as Y from 'yjs';
import { keyOf, type Keep } from './keep';

/** Origin of changes that an earlier window left behind. */
export const LEFT = Symbol('left behind');

/** The keep is written when typing pauses for this long, or at the latest after `SAVE_AT_LATEST_MS`. */
const SAVE_AFTER_MS = 300;
const SAVE_AT_LATEST_MS = 1_500;

/** Keeps one document's unsent changes on the device while there are any. */
export class Unsent {
	/** What the server had when it last had everything. */
	#base: Uint8Array;
	/** Keys that are to be dropped when the server has everything: this window's, and those it took over. */
	#keys: string[];
	#timer: ReturnType<typeof setTimeout> | undefined;
	#since: number | null = null;

	constructor(
		private readonly keep: Keep,
		private readonly doc: Y.Doc,
		private readonly document: string,
		private readonly window: string
	) {
		this.#base = Y.encodeStateVector(doc);
		this.#keys = [keyOf(document, window)];
	}

	/** Puts in what earlier windows left behind; true when that brought anything that the server didn't have. */
	async takeOver(): Promise<boolean> {
		const left = await this.keep.load(this.document);
		let brought = false;
		const note = () => (brought = true);
		this.doc.on('update', note);
		for (const { key, update } of left) {
			this.#keys.push(key);
			try {
				Y.applyUpdate(this.doc, update, LEFT);
			} catch {
				// Not an update: nothing can be made of it, and it goes with the rest.
			}
		}
		this.doc.off('update', note);
		if (!brought) await this.settled();
		return brought;
	}

	/** Something was changed here. */
	changed() {
		const now = Date.now();
		this.#since ??= now;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => void this.save(), Math.min(SAVE_AFTER_MS, Math.max(0, this.#since + SAVE_AT_LATEST_MS - now)));
	}

	async save(): Promise<void> {
		if (this.#since === null) return;
		clearTimeout(this.#timer);
		this.#since = null;
		await this.keep.save({ key: keyOf(this.document, this.window), update: Y.encodeStateAsUpdate(this.doc, this.#base) });
	}

	/** The server has everything. */
	async settled(): Promise<void> {
		this.#base = Y.encodeStateVector(this.doc);
		await this.forget();
	}

	/** Nothing of it is wanted any more. */
	async forget(): Promise<void> {
		clearTimeout(this.#timer);
		this.#since = null;
		const [own = '', ...others] = this.#keys;
		this.#keys = [own];
		await this.keep.drop([own, ...others]);
	}
}
