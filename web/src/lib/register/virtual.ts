/** Which rows of a long list exist: those in view, and some around. Rows may have different heights. */

/** Lists up to here are simply there. */
export const ALL_MAX = 60;
/** So many rows exist beyond each edge of the view. */
export const OVERSCAN = 8;

/** The heights of a list's rows: guessed until they were measured. */
export class Heights {
	readonly #guess: (at: number) => number;
	readonly #known = new Map<string, number>();
	#keys: readonly string[] = [];
	#tops: Float64Array = new Float64Array(1);
	#stale = true;

	constructor(guess: (at: number) => number) {
		this.#guess = guess;
	}

	/** The rows there are, by their keys. */
	set(keys: readonly string[]): void {
		if (keys === this.#keys) return;
		this.#keys = keys;
		this.#stale = true;
	}

	/** A row's height as it is drawn. True when that is news. */
	learn(key: string, height: number): boolean {
		if (Math.abs((this.#known.get(key) ?? -1) - height) < 0.5) return false;
		this.#known.set(key, height);
		this.#stale = true;
		return true;
	}

	/** Where each row begins; one more than there are rows: the last is the whole height. */
	get tops(): Float64Array {
		if (this.#stale) {
			const tops = new Float64Array(this.#keys.length + 1);
			this.#keys.forEach((key, at) => (tops[at + 1] = (tops[at] ?? 0) + (this.#known.get(key) ?? this.#guess(at))));
			this.#tops = tops;
			this.#stale = false;
		}
		return this.#tops;
	}
}

export interface Slice {
	from: number;
	/** After the last. */
	to: number;
}

/** The rows that exist for a view from `top` to `bottom` (relative to the list's beginning). */
export function sliceOf(tops: Float64Array, top: number, bottom: number, overscan = OVERSCAN): Slice {
	const count = tops.length - 1;
	if (count <= ALL_MAX) return { from: 0, to: count };
	const from = rowAt(tops, top);
	const to = rowAt(tops, bottom) + 1;
	return { from: Math.max(0, from - overscan), to: Math.min(count, to + overscan) };
}

/** The row that a height falls into. */
export function rowAt(tops: Float64Array, y: number): number {
	let [low, high] = [0, tops.length - 2];
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((tops[middle] ?? 0) <= y) low = middle;
		else high = middle - 1;
	}
	return Math.max(0, low);
}

/** A row by its index, or the height of rows that are not there. */
export type Piece = { at: number } | { key: string; space: number };

/** What is drawn of a list: the slice, the row that is kept wherever it stands, and spaces for the rest. */
export function piecesOf(tops: Float64Array, slice: Slice, kept: number | null): Piece[] {
	const count = tops.length - 1;
	const wanted: number[] = [];
	for (let at = slice.from; at < slice.to; at += 1) wanted.push(at);
	if (kept !== null && kept < slice.from && kept >= 0) wanted.unshift(kept);
	else if (kept !== null && kept >= slice.to && kept < count) wanted.push(kept);
	const pieces: Piece[] = [];
	let next = 0;
	const space = (to: number) => {
		if (to > next) pieces.push({ key: `space-${next}`, space: (tops[to] ?? 0) - (tops[next] ?? 0) });
	};
	for (const at of wanted) {
		space(at);
		pieces.push({ at });
		next = at + 1;
	}
	space(count);
	return pieces;
}
