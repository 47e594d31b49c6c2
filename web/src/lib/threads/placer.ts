import type { EditorView } from '@tiptap/pm/view';
import type { Id } from '$lib/api/types';
import type { Range } from '../editor/anchors';
import { place } from './placement';

/** A card (or bundle, or composer) and the passage it wants to stand beside; `null` is the section's title. */
export interface Standing {
	key: string;
	range: Range | null;
	/** The mark in the text. */
	mark: Id | null;
}

export interface Placed {
	/** Tops within the list of cards, by key. */
	tops: Map<string, number>;
	/** Its height. */
	height: number;
	/** From the passage to the held card, as an SVG path within the scroller; empty when none is held. */
	lead: string;
	/** Those that are near the view. */
	near: Set<string>;
	/** Where passages are in the whole scroller, 0 to 1, by key. */
	ticks: Map<string, number>;
}

/** A card that is not on the page is taken to be this high. */
const HEIGHT_GUESS = 96;

/** Reads where everything is, and solves where cards should be. Nothing is written here. */
export function measure(cards: HTMLElement, work: HTMLElement, view: EditorView, standings: readonly Standing[], held: string | null): Placed {
	const top = cards.getBoundingClientRect().top;
	const frame = work.getBoundingClientRect();
	const title = document.getElementById('section-title')?.getBoundingClientRect().top ?? top;
	const blocks = blocksOf(view);
	const marks = marksOf(view);
	const ordered = standings
		.map((standing) => {
			const element = document.getElementById(`card-${standing.key}`);
			const at = standing.range ? passageTop(marks, blocks, standing, frame) : title;
			return { standing, element, at, want: at - top - 6, height: element?.offsetHeight ?? HEIGHT_GUESS };
		})
		.sort((a, b) => a.want - b.want);
	const heldAt = ordered.findIndex(({ standing }) => standing.key === held);
	const places = place(ordered, heldAt);
	const { scrollTop } = work;
	const whole = Math.max(1, work.scrollHeight);
	const placed: Placed = { tops: new Map(), height: 0, lead: '', near: new Set(), ticks: new Map() };
	ordered.forEach(({ standing, at, height }, i) => {
		const y = places[i] ?? 0;
		placed.tops.set(standing.key, y);
		placed.height = Math.max(placed.height, y + height);
		placed.ticks.set(standing.key, (at - frame.top + scrollTop) / whole);
		// One screen above and below: scrolling finds its cards there.
		if (top + y + height > frame.top - frame.height && top + y < frame.bottom + frame.height) placed.near.add(standing.key);
	});
	const on = heldAt >= 0 ? ordered[heldAt] : undefined;
	if (on?.standing.mark) placed.lead = lead(view, work, cards, on.standing.mark, top + (places[heldAt] ?? 0));
	return placed;
}

/** A block of the text and where it is on the page. */
interface Block {
	from: number;
	size: number;
	top: number;
	height: number;
}

/** Where the blocks are, each asked once; not what is in them: what is out of view is not laid out, and asking would force it. */
function blocksOf(view: EditorView): Block[] {
	const blocks: Block[] = [];
	view.state.doc.forEach((node, offset) => {
		const element = view.nodeDOM(offset);
		if (!(element instanceof HTMLElement)) return;
		const { top, height } = element.getBoundingClientRect();
		blocks.push({ from: offset, size: node.nodeSize, top, height });
	});
	return blocks;
}

/** The block that a place is in (by halves: there may be hundreds of cards and blocks). */
function blockAt(blocks: readonly Block[], pos: number): Block | undefined {
	let low = 0;
	let high = blocks.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((blocks[middle]?.from ?? 0) <= pos) low = middle;
		else high = middle - 1;
	}
	return blocks[low];
}

/** The first part of each mark, found in one pass: there may be hundreds in view. */
function marksOf(view: EditorView): Map<Id, Element> {
	const marks = new Map<Id, Element>();
	for (const part of view.dom.querySelectorAll<HTMLElement>('mark[data-mark]')) {
		const id = part.dataset['mark'];
		if (id !== undefined && !marks.has(id)) marks.set(id, part);
	}
	return marks;
}

function passageTop(marks: ReadonlyMap<Id, Element>, blocks: readonly Block[], standing: Standing, frame: DOMRect): number {
	const from = standing.range?.from ?? 0;
	const block = blockAt(blocks, from);
	if (!block) return frame.top;
	const inView = block.top + block.height > frame.top - frame.height / 2 && block.top < frame.bottom + frame.height / 2;
	const mark = inView && standing.mark ? marks.get(standing.mark) : undefined;
	return mark?.getClientRects()[0]?.top ?? block.top + block.height * ((from - block.from) / block.size);
}

function lead(view: EditorView, work: HTMLElement, cards: HTMLElement, mark: Id, cardTop: number): string {
	const parts = view.dom.querySelectorAll(`mark[data-mark="${mark}"]`);
	const rects = parts[parts.length - 1]?.getClientRects();
	const end = rects?.[rects.length - 1];
	const sheet = view.dom.closest('.sheet')?.getBoundingClientRect();
	if (!end || !sheet) return '';
	const frame = work.getBoundingClientRect();
	const rail = cards.getBoundingClientRect();
	const rtl = getComputedStyle(work).direction === 'rtl';
	const x = (at: number) => Math.round(at - frame.left);
	const y = (at: number) => Math.round(at - frame.top + work.scrollTop);
	return `M${x(rtl ? end.left : end.right)} ${y(end.bottom - 1)}H${x(rtl ? sheet.left : sheet.right)}L${x(rtl ? rail.right - 2 : rail.left + 2)} ${y(cardTop + 22)}`;
}
