import { Slice, type Fragment, type Node } from '@tiptap/pm/model';
import type { Transaction } from '@tiptap/pm/state';
import { ReplaceStep } from '@tiptap/pm/transform';

/** Blocks `[from, to)` of the old document that become blocks `[newFrom, newTo)` of the new one. */
interface Gap {
	from: number;
	to: number;
	newFrom: number;
	newTo: number;
}

/**
 * Changes the document into `next` with one small step for each changed block, where the binding would replace it
 * whole: highlights, carets and the selection then map through, and the view compares only what changed. Unchanged
 * blocks must be the same objects. Answers false, with the transaction as it was, when the steps don't give `next`.
 */
export function narrowReplace(tr: Transaction, next: Fragment): boolean {
	const before = tr.steps.length;
	const old = tr.doc;
	// From the end, so that the places of what is still to do stay right.
	for (const gap of gapsOf(old.content, next).reverse()) {
		if (!replaceGap(tr, old, next, gap)) return tr.steps.length === before && tr.doc.content.eq(next);
	}
	return tr.doc.content.eq(next);
}

/** Where the two differ. Blocks that are the same object, in the same order, are the fixed points between. */
function gapsOf(old: Fragment, next: Fragment): Gap[] {
	const places = new Map<Node, number>();
	old.forEach((node, _offset, index) => places.set(node, index));
	const gaps: Gap[] = [];
	let from = 0;
	let newFrom = 0;
	const close = (to: number, newTo: number) => {
		if (from < to || newFrom < newTo) gaps.push(...paired({ from, to, newFrom, newTo }));
		from = to + 1;
		newFrom = newTo + 1;
	};
	next.forEach((node, _offset, index) => {
		const place = places.get(node);
		// A block that was moved up is no fixed point; it is taken out there and put in here.
		if (place !== undefined && place >= from) close(place, index);
	});
	close(old.childCount, next.childCount);
	return gaps;
}

/** As many blocks before as after: each is compared with its own successor, so that each keeps its highlights. */
function paired(gap: Gap): Gap[] {
	if (gap.to - gap.from !== gap.newTo - gap.newFrom) return [gap];
	return Array.from({ length: gap.to - gap.from }, (_, i) => ({
		from: gap.from + i,
		to: gap.from + i + 1,
		newFrom: gap.newFrom + i,
		newTo: gap.newFrom + i + 1
	}));
}

function replaceGap(tr: Transaction, old: Node, next: Fragment, gap: Gap): boolean {
	const start = offsetOf(old.content, gap.from);
	const was = between(old.content, gap.from, gap.to);
	const becomes = between(next, gap.newFrom, gap.newTo);
	const first = was.findDiffStart(becomes);
	if (first === null) return true;
	const last = was.findDiffEnd(becomes);
	if (!last) return true;
	let { a: endWas, b: endBecomes } = last;
	// What repeats itself ("aa" to "aaa") is found from both sides.
	const overlap = first - Math.min(endWas, endBecomes);
	if (overlap > 0) {
		endWas += overlap;
		endBecomes += overlap;
	}
	const holder = old.type.create(null, becomes);
	const slice = holder.slice(first, endBecomes);
	if (fits(tr, start + first, start + endWas, slice)) return true;
	// The places lie at different depths: the blocks of this gap are replaced whole.
	return fits(tr, start, start + was.size, new Slice(becomes, 0, 0));
}

function fits(tr: Transaction, from: number, to: number, slice: Slice): boolean {
	return tr.maybeStep(new ReplaceStep(from, to, slice)).failed === null;
}

function offsetOf(fragment: Fragment, index: number): number {
	let offset = 0;
	for (let i = 0; i < index; i++) offset += fragment.child(i).nodeSize;
	return offset;
}

function between(fragment: Fragment, from: number, to: number): Fragment {
	return fragment.cut(offsetOf(fragment, from), offsetOf(fragment, to));
}
