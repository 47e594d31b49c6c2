import type { Id, Section } from '$lib/api/types';

/** A section in its place. */
export interface OutlineRow {
	section: Section;
	/** `5`, `5.1`; empty for what is not numbered. */
	number: string;
	/** 0 at the top. */
	depth: number;
}

/** Siblings stand in order of rank, then id. */
function inOrder(a: Section, b: Section): number {
	return a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * The outline from above to below, with printed numbers: top-level sections that are not `front` count 1, 2, 3 …,
 * children `5.1`, `5.2` …. A section whose parent is not there (or that is its own ancestor) stands at the top.
 */
export function outlineOf(sections: readonly Section[]): OutlineRow[] {
	const known = new Map(sections.map((section) => [section.id, section]));
	const children = new Map<Id | null, Section[]>();
	for (const section of sections) {
		const parent = section.parent !== null && rooted(section, known) ? section.parent : null;
		const siblings = children.get(parent);
		if (siblings) siblings.push(section);
		else children.set(parent, [section]);
	}
	const rows: OutlineRow[] = [];
	const place = (parent: Id | null, prefix: string, depth: number) => {
		let count = 0;
		for (const section of (children.get(parent) ?? []).sort(inOrder)) {
			const counts = section.kind !== 'front' && (depth === 0 || prefix !== '');
			if (counts) count += 1;
			const number = counts ? `${prefix}${count}` : '';
			rows.push({ section, number, depth });
			place(section.id, number && `${number}.`, depth + 1);
		}
	};
	place(null, '', 0);
	return rows;
}

/** Whether a section's chain of parents ends at the top. */
function rooted(section: Section, known: Map<Id, Section>): boolean {
	const seen = new Set([section.id]);
	let parent = section.parent;
	while (parent !== null) {
		if (seen.has(parent)) return false;
		seen.add(parent);
		const above = known.get(parent);
		if (!above) return false;
		parent = above.parent;
	}
	return true;
}
