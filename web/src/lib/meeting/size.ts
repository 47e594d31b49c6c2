/** How large the words of a recommendation may be, so that it fits a projector's sheet whole. */
export type Size = 's' | 'm' | 'l' | 'xl';

const STEPS: readonly (readonly [number, Size])[] = [
	[420, 'xl'],
	[700, 'l'],
	[1300, 'm']
];

/** What a line of its own weighs, in letters. */
const LINE = 60;

/**
 * By how much there is to read; a title counts more, being larger, and so does each line of its own. `asks`: what
 * organizations ask to change, under a title of its own; `null` when that is not shown.
 */
export function sizeOf(title: string, text: string, asks: readonly string[] | null): Size {
	const lines = [text, ...(asks ?? [])].reduce((sum, one) => sum + one.length + LINE * (one.split('\n').length - 1), 0);
	const weight = title.length * 2 + lines + (asks ? (asks.length + 4) * LINE : 0);
	return STEPS.find(([most]) => weight <= most)?.[1] ?? 's';
}
