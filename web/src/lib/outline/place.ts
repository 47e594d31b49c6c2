import type { SectionChange } from '$lib/api/bodies';
import type { Id, Section, SectionKind } from '$lib/api/types';
import type { OutlineRow } from '$lib/review/outline';

/** The sections that share a section's parent, it among them, from above to below. */
function siblingsOf(rows: readonly OutlineRow[], section: Section): Section[] {
	return rows.map((row) => row.section).filter((one) => one.parent === section.parent);
}

/** The sibling that a section stands behind; `null` when it is the first. */
export function before(rows: readonly OutlineRow[], section: Section): Id | null {
	const siblings = siblingsOf(rows, section);
	return siblings[siblings.findIndex((one) => one.id === section.id) - 1]?.id ?? null;
}

/** What moves a section one place among its siblings; `null` when it is the first (or last) already. */
export function moved(rows: readonly OutlineRow[], section: Section, way: 'up' | 'down'): SectionChange | null {
	const siblings = siblingsOf(rows, section);
	const at = siblings.findIndex((one) => one.id === section.id);
	const to = way === 'up' ? at - 1 : at + 1;
	if (at < 0 || !siblings[to]) return null;
	// Behind the one it passes, or behind the one before that; before all others there is none.
	return { after: (way === 'up' ? siblings[at - 2]?.id : siblings[to].id) ?? null };
}

/** What takes a change back: each thing that it touches, as it is now. */
export function wayBack(rows: readonly OutlineRow[], section: Section, change: SectionChange): SectionChange {
	const back: SectionChange = {};
	if (change.title !== undefined) back.title = section.title;
	if (change.stage !== undefined) back.stage = section.stage;
	if (change.drafted_by !== undefined) back.drafted_by = section.drafted_by;
	if (change.after !== undefined) back.after = before(rows, section);
	return back;
}

/** Whether nobody has changed since what a change made of a section, so that it may be taken back. */
export function untouched(made: Section, now: Section | undefined, change: SectionChange): boolean {
	if (!now) return false;
	return (
		(change.title === undefined || now.title === made.title) &&
		(change.stage === undefined || now.stage === made.stage) &&
		(change.drafted_by === undefined || now.drafted_by === made.drafted_by) &&
		(change.after === undefined || (now.parent === made.parent && now.rank === made.rank))
	);
}

/**
 * The section that an earlier try made although its answer never came: one like it that was not there before.
 * Sent again it would be there twice.
 */
export function arrived(
	sections: readonly Section[],
	known: ReadonlySet<Id>,
	wanted: { title: string; kind: SectionKind }
): Id | undefined {
	return sections.find((one) => !known.has(one.id) && one.title === wanted.title && one.kind === wanted.kind)?.id;
}

/** Before all others, where a new section is asked to stand. */
export const AT_START = '';

/** Where a new section may stand: `[id to stand after, number and title]`; a section's siblings share its parent. */
export function placesOf(rows: readonly OutlineRow[], atStart: string): (readonly [string, string])[] {
	const named = rows.map(({ section, number }) => [section.id, `${number} ${section.title}`.trim()] as const);
	return [[AT_START, atStart], ...named];
}

/** The last section at the top, which a new one stands after unless somebody says otherwise. */
export function lastAtTop(rows: readonly OutlineRow[]): string {
	return rows.findLast((row) => row.depth === 0)?.section.id ?? AT_START;
}
