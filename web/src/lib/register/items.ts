/** The rows of a list as they are drawn: groups' titles among them. */
import type { Group, Row } from './arrange';

export type Item = { key: string; group: Group } | { key: string; row: Row };

/** Groups and their rows in one line; a recommendation in several groups is there several times. */
export function itemsOf(groups: readonly Group[]): Item[] {
	return groups.flatMap((group): Item[] => {
		const name = group.value ?? '';
		const rows = group.rows.map((row): Item => ({ key: `${name}/${row.one.id}`, row }));
		return group.by === 'none' ? rows : [{ key: `group/${name}`, group }, ...rows];
	});
}

export type Line = { key: string; group: Group } | { key: string; rows: readonly Row[]; first: number };

/** The same in lines of several cards. `first`: how many cards stand before a line. */
export function linesOf(groups: readonly Group[], columns: number): Line[] {
	let first = 0;
	return groups.flatMap((group): Line[] => {
		const name = group.value ?? '';
		const lines: Line[] = group.by === 'none' ? [] : [{ key: `group/${name}`, group }];
		for (let at = 0; at < group.rows.length; at += columns) {
			const rows = group.rows.slice(at, at + columns);
			lines.push({ key: `${name}/${columns}/${rows[0]?.one.id}`, rows, first });
			first += rows.length;
		}
		return lines;
	});
}

/** The index of the next row (that is no title) from `at`; -1 when there is none. */
export function nextRow(items: readonly Item[], at: number, forward: boolean): number {
	for (let next = at + (forward ? 1 : -1); next >= 0 && next < items.length; next += forward ? 1 : -1) {
		if ('row' in (items[next] as Item)) return next;
	}
	return -1;
}
