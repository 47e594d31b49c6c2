/** Which recommendations a view shows, in what order and groups. */
import type { Id, Priority, Recommendation } from '$lib/api/types';
import { DIMENSIONS, PRIORITIES, STATUSES } from '$lib/api/types';
import { nameOf } from '$lib/recommendations/institutions';
import { positionsOpen } from '$lib/recommendations/may';
import type { Shelf } from './shelf';
import { timeOf, yearOf } from './time';
import { NONE, POSITION_FILTERS, queryOf, type GroupBy, type View } from './view';

/** Whether a list of values is what is asked for. */
const has = (asked: string | null, values: readonly (string | number)[]) =>
	asked === null || (asked === NONE ? values.length === 0 : values.some((value) => String(value) === asked));

/** Whether a recommendation fits the search and filters of a view. */
export function fits(one: Recommendation, view: View, shelf: Shelf): boolean {
	if (!view.merged && one.status === 'merged' && view.status !== 'merged') return false;
	if (view.status !== null && (view.status === 'open' ? !positionsOpen(one) : one.status !== view.status)) return false;
	if (view.section !== null && one.section !== view.section) return false;
	if (view.dimension !== null && (one.dimension ?? NONE) !== view.dimension) return false;
	if (view.priority !== null && (one.priority ?? NONE) !== view.priority) return false;
	if (view.lead !== null && (shelf.lead(one) ?? NONE) !== view.lead) return false;
	if (view.by !== null && yearOf(one.timeframe, one.created_at) !== view.by) return false;
	if (!has(view.theme, one.themes) || !has(view.gcm, one.gcm_objectives) || !has(view.sdg, one.sdg_targets)) return false;
	if (view.incomplete && one.lead_institution !== null && one.timeframe) return false;
	if (view.mine && one.author !== shelf.you) return false;
	if (view.position !== null && view.organization !== null) {
		const { organization, position } = view;
		if (position === 'renew' ? !shelf.renew(one, organization) : shelf.counted(one, organization) !== position) return false;
	}
	const words = view.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
	if (words.length === 0) return true;
	const text = shelf.text(one);
	return words.every((word) => text.includes(word));
}

/**
 * Remembers which rows a view has shown. One that stops fitting, by its own change or another's, stays until the reader
 * moves on to another view or record: it must not vanish under somebody's hands.
 */
export class Holding {
	#at = '';
	#shown = new Set<Id>();

	/** The rows of a view; `fits` is false for those that are only held. */
	rows(view: View, shelf: Shelf): Row[] {
		const at = queryOf({ ...view, sort: 'number', down: false, group: 'none', shape: 'table' });
		if (at !== this.#at) this.#shown = new Set();
		this.#at = at;
		const rows: Row[] = [];
		for (const one of shelf.all) {
			const now = fits(one, view, shelf);
			if (now) this.#shown.add(one.id);
			if (now || this.#shown.has(one.id) || one.id === view.open) rows.push({ one, fits: now });
		}
		return rows;
	}
}

export interface Row {
	one: Recommendation;
	fits: boolean;
}

const RANK: Record<Priority, number> = { high: 0, medium: 1, low: 2 };
const LAST = Number.MAX_VALUE;

/** What to sort by: numbers before words, each by its kind. */
function keyFor(view: View, shelf: Shelf, collator: Intl.Collator): (a: Recommendation, b: Recommendation) => number {
	const byNumber = (key: (one: Recommendation) => number) => (a: Recommendation, b: Recommendation) => Math.sign(key(a) - key(b)) || 0;
	const byWords = (key: (one: Recommendation) => string | undefined) => (a: Recommendation, b: Recommendation) => {
		const [first, second] = [key(a), key(b)];
		if (!first || !second) return (first ? 0 : 1) - (second ? 0 : 1);
		return collator.compare(first, second);
	};
	switch (view.sort) {
		case 'title':
			return byWords((one) => one.title);
		case 'section':
			return byNumber((one) => shelf.sections.get(one.section) ?? LAST);
		case 'dimension':
			return byNumber((one) => Number(one.dimension ?? 9));
		case 'theme':
			return byWords((one) => one.themes[0]);
		case 'lead':
			return byWords((one) => nameOf(one.lead_institution, shelf.organizations));
		case 'by':
			return (a, b) => {
				const [first, second] = [timeOf(a.timeframe, a.created_at), timeOf(b.timeframe, b.created_at)];
				return first === second ? 0 : first - second;
			};
		case 'priority':
			return byNumber((one) => (one.priority ? RANK[one.priority] : 3));
		case 'gcm':
			return byNumber((one) => one.gcm_objectives[0] ?? LAST);
		case 'sdg':
			return byWords((one) => one.sdg_targets[0]);
		case 'status':
			return byNumber((one) => STATUSES.indexOf(one.status));
		case 'positions':
			return byNumber((one) => {
				const { support, support_with_changes: changes, object } = shelf.sums(one);
				return object - support - changes / 2;
			});
		case 'position': {
			const organization = view.organization;
			return byNumber((one) => (organization ? POSITION_FILTERS.indexOf(shelf.counted(one, organization)) : 0));
		}
		default:
			return () => 0;
	}
}

export interface Group {
	by: GroupBy;
	/** What its rows have in common; `null`: that they have nothing there. */
	value: string | null;
	rows: Row[];
}

/** The values of a recommendation that put it into groups; several put it into several. */
function valuesOf(one: Recommendation, view: View, shelf: Shelf): readonly string[] {
	switch (view.group) {
		case 'dimension':
			return one.dimension ? [one.dimension] : [];
		case 'status':
			return [one.status];
		case 'section':
			return [one.section];
		case 'theme':
			return one.themes;
		case 'lead': {
			const lead = shelf.lead(one);
			return lead === null ? [] : [lead];
		}
		case 'by': {
			const year = yearOf(one.timeframe, one.created_at);
			return year === NONE ? [] : [year];
		}
		case 'priority':
			return one.priority ? [one.priority] : [];
		case 'gcm':
			return one.gcm_objectives.map(String);
		case 'sdg':
			return one.sdg_targets;
		case 'position':
			return view.organization ? [shelf.counted(one, view.organization)] : [];
		case 'none':
			return [];
	}
}

/** Groups in their own order: of the list they come from, else by their words. */
function orderOf(view: View, shelf: Shelf, collator: Intl.Collator): (a: string, b: string) => number {
	const inList = (list: readonly string[]) => (a: string, b: string) => list.indexOf(a) - list.indexOf(b);
	switch (view.group) {
		case 'dimension':
			return inList(DIMENSIONS);
		case 'status':
			return inList(STATUSES);
		case 'priority':
			return inList(PRIORITIES);
		case 'position':
			return inList(POSITION_FILTERS);
		case 'section':
			return (a, b) => (shelf.sections.get(a) ?? LAST) - (shelf.sections.get(b) ?? LAST);
		case 'lead': {
			const names = new Map(shelf.organizations.map(({ id, name }) => [id, name]));
			return (a, b) => collator.compare(names.get(a) ?? a, names.get(b) ?? b);
		}
		default:
			return (a, b) => collator.compare(a, b);
	}
}

/** The rows of a view, sorted and grouped; what has no value of the group comes last. */
export function arrange(rows: readonly Row[], view: View, shelf: Shelf, language: string): Group[] {
	const collator = new Intl.Collator(language, { numeric: true });
	const compare = keyFor(view, shelf, collator);
	const sign = view.down ? -1 : 1;
	const numbers = view.sort === 'number' ? sign : 1;
	const sorted = rows.toSorted((a, b) => sign * compare(a.one, b.one) || numbers * (a.one.number - b.one.number));
	const groups = new Map<string | null, Group>();
	for (const row of sorted) {
		const values = valuesOf(row.one, view, shelf);
		for (const value of values.length > 0 ? values : [null]) {
			const group = groups.get(value);
			if (group) group.rows.push(row);
			else groups.set(value, { by: view.group, value, rows: [row] });
		}
	}
	const order = orderOf(view, shelf, collator);
	return [...groups.values()].sort((a, b) => (a.value === null ? 1 : b.value === null ? -1 : order(a.value, b.value)));
}
