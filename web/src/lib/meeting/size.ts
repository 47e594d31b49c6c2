/** How large the words of a recommendation may be, so that it fits a projector's sheet whole. */
export type Size = 's' | 'm' | 'l' | 'xl';

const STEPS: readonly (readonly [number, Size])[] = [
	[420, 'xl'],
	[700, 'l'],
	[1300, 'm']
];

/** By how much there is to read; a title counts more, being larger, and so does each line of its own. */
export function sizeOf(title: string, text: string, asks: readonly string[] = []): Size {
	const lines = [text, ...asks].reduce((sum, one) => sum + one.length + 60 * (one.split('\n').length - 1), 0);
	const weight = title.length * 2 + lines + asks.length * 60;
	return STEPS.find(([most]) => weight <= most)?.[1] ?? 's';
}
