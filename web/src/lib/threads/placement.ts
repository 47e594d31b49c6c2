/** A card that wants to stand beside its passage. Pixels. */
export interface Wish {
	/** Where its passage is. */
	want: number;
	height: number;
}

/** Between two cards. */
export const GAP = 8;

/**
 * Where each card stands: order kept, none over another, and the sum of their distances from their passages the least
 * there can be (pool adjacent violators). The held card gets its place exactly; those above and below give way.
 * `wishes` go from above to below by `want`; `held` is -1 when there is none.
 */
export function place(wishes: readonly Wish[], held: number): number[] {
	// How far down each would stand if all were stacked from 0; a wish without that is one that only order bounds.
	let stacked = 0;
	const before = wishes.map((wish) => {
		const at = stacked;
		stacked += wish.height + GAP;
		return at;
	});
	const free = wishes.map((wish, i) => wish.want - (before[i] ?? 0));
	const anchor = held >= 0 ? free[held] : undefined;
	const solved =
		anchor === undefined
			? pool(free)
			: [
					...pool(free.slice(0, held)).map((at) => Math.min(at, anchor)),
					anchor,
					...pool(free.slice(held + 1)).map((at) => Math.max(at, anchor))
				];
	return solved.map((at, i) => Math.round(Math.max(at, 0) + (before[i] ?? 0)));
}

/** The nearest sequence that never falls. */
function pool(values: readonly number[]): number[] {
	const pools: { sum: number; count: number }[] = [];
	for (const value of values) {
		let last = { sum: value, count: 1 };
		for (let above = pools.at(-1); above && above.sum / above.count > last.sum / last.count; above = pools.at(-1)) {
			pools.pop();
			last = { sum: above.sum + last.sum, count: above.count + last.count };
		}
		pools.push(last);
	}
	return pools.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
}
