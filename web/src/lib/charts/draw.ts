/** Where things stand in the pictures: lengths in px, without any DOM. */
import type { RecommendationStatus } from '$lib/api/types';
import { SIGNS } from '$lib/recommendations/signs';

/** What a picture tells apart: by its place in the legend, a colour and pattern, and a sign. */
export interface Kind {
	key: string;
	label: string;
	/** The class of its fill. */
	tone: string;
	/** A path in a box of 24. */
	sign: string;
}

/** From the ground up: what is settled, what is open, what fell out. */
export const STACK: readonly RecommendationStatus[] = ['published', 'agreed', 'under_discussion', 'proposed', 'not_agreed', 'withdrawn', 'merged'];

export const STATUS_SIGNS: Record<RecommendationStatus, string> = {
	published: 'm3 12.5 4.5 4.5L17 7.5M12 17l9-9.5',
	agreed: SIGNS.support,
	under_discussion: 'M5 5h14v10h-8l-4 4v-4H5z',
	proposed: 'M6 21V4M6 5h11l-2.5 3.75L17 12.5H6',
	not_agreed: SIGNS.object,
	withdrawn: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
	merged: 'M6 4v4c0 4 6 4 6 8v4M18 4v4c0 4-6 4-6 8'
};

/** How wide a letter is at 12 px, about; measured text would need the page. Letters beyond Latin are wider. */
const letterOf = (letter: string): number => (letter > '\u02ff' ? 6.9 : 6.1);
export function widthOf(text: string): number {
	let width = 0;
	for (const letter of text) width += letterOf(letter);
	return width;
}

export interface Placed<T> {
	item: T;
	x: number;
	y: number;
}

/** A legend's items in rows of this width. */
export function legendRows<T extends { label: string }>(items: readonly T[], width: number, row = 22): { placed: Placed<T>[]; height: number } {
	const BOX = 22;
	const GAP = 16;
	let x = 0;
	let y = 0;
	const placed: Placed<T>[] = [];
	for (const item of items) {
		const wide = BOX + widthOf(item.label);
		if (x > 0 && x + wide > width) [x, y] = [0, y + row];
		placed.push({ item, x, y });
		x += wide + GAP;
	}
	return { placed, height: items.length > 0 ? y + row : 0 };
}

/** A label that fits: cut with an ellipsis, the whole is in the table. */
export function fitted(text: string, width: number): string {
	if (widthOf(text) <= width) return text;
	let [kept, wide] = ['', letterOf('…')];
	for (const letter of text) {
		wide += letterOf(letter);
		if (wide > width) break;
		kept += letter;
	}
	return `${kept.trimEnd()}…`;
}

export interface Segment<K> {
	kind: K;
	count: number;
	x: number;
	width: number;
}

/** The segments of a bar, end to end. */
export function segmentsOf<K extends { key: string }>(kinds: readonly K[], counts: Record<string, number>, scale: (value: number) => number): Segment<K>[] {
	let sum = 0;
	return kinds.flatMap((kind) => {
		const count = counts[kind.key] ?? 0;
		if (count === 0) return [];
		const x = scale(sum);
		sum += count;
		return [{ kind, count, x, width: scale(sum) - x }];
	});
}
