/** How the register is looked at: filters, order, groups, what is open; as a value that the address can hold. */
import type { Dimension, Id, Priority, RecommendationStatus } from '$lib/api/types';
import { DIMENSIONS, PRIORITIES, STANCES, STATUSES } from '$lib/api/types';
import type { Counted } from '$lib/recommendations/tally';

export const SORTS = ['number', 'title', 'section', 'dimension', 'theme', 'lead', 'by', 'priority', 'gcm', 'sdg', 'status', 'positions', 'position'] as const;
export type SortBy = (typeof SORTS)[number];
export const GROUPS = ['dimension', 'none', 'status', 'section', 'theme', 'lead', 'by', 'priority', 'gcm', 'sdg', 'position'] as const;
export type GroupBy = (typeof GROUPS)[number];
export const SHAPES = ['table', 'cards', 'positions', 'who'] as const;
export type Shape = (typeof SHAPES)[number];

/** `open`: still talked about. */
export type StatusFilter = RecommendationStatus | 'open';
export const STATUS_FILTERS: readonly StatusFilter[] = ['open', ...STATUSES];

/** What an organization says, as one can ask for it. */
export type PositionFilter = Counted | 'none' | 'renew';
export const POSITION_FILTERS: readonly PositionFilter[] = [...STANCES, 'waiting', 'lapsed', 'renew', 'none'];

/** Asks for what has no value. */
export const NONE = 'none';

export interface View {
	search: string;
	status: StatusFilter | null;
	section: Id | null;
	dimension: Dimension | typeof NONE | null;
	theme: string | null;
	/** An organization's id, or a name as it is written. */
	lead: string | null;
	priority: Priority | typeof NONE | null;
	/** The year in which it is to be done. */
	by: string | null;
	/** An objective's number. */
	gcm: string | null;
	sdg: string | null;
	/** Whose position `position` asks for (and groups and sorts by). */
	organization: Id | null;
	position: PositionFilter | null;
	/** Only those without lead or date. */
	incomplete: boolean;
	/** Only the reader's own. */
	mine: boolean;
	/** With those that went into another one. */
	merged: boolean;
	sort: SortBy;
	down: boolean;
	group: GroupBy;
	shape: Shape;
	/** The open record. */
	open: Id | null;
}

export const EVERYTHING: View = {
	search: '',
	status: null,
	section: null,
	dimension: null,
	theme: null,
	lead: null,
	priority: null,
	by: null,
	gcm: null,
	sdg: null,
	organization: null,
	position: null,
	incomplete: false,
	mine: false,
	merged: false,
	sort: 'number',
	down: false,
	group: 'dimension',
	shape: 'table',
	open: null
};

const oneOf = <T extends string>(value: string | null, all: readonly T[]): T | null => all.find((one) => one === value) ?? null;

/** The view that an address asks for; what it does not know is left out. */
export function viewOf(query: URLSearchParams): View {
	return {
		search: query.get('q') ?? '',
		status: oneOf(query.get('status'), STATUS_FILTERS),
		section: query.get('section'),
		dimension: oneOf(query.get('dimension'), [...DIMENSIONS, NONE]),
		theme: query.get('theme'),
		lead: query.get('lead'),
		priority: oneOf(query.get('priority'), [...PRIORITIES, NONE]),
		by: query.get('by'),
		gcm: query.get('gcm'),
		sdg: query.get('sdg'),
		organization: query.get('org'),
		position: oneOf(query.get('position'), POSITION_FILTERS),
		incomplete: query.has('incomplete'),
		mine: query.has('mine'),
		merged: query.has('merged'),
		sort: oneOf(query.get('sort'), SORTS) ?? EVERYTHING.sort,
		down: query.has('down'),
		group: oneOf(query.get('group'), GROUPS) ?? EVERYTHING.group,
		shape: oneOf(query.get('as'), SHAPES) ?? EVERYTHING.shape,
		open: query.get('r')
	};
}

const NAMES: Partial<Record<keyof View, string>> = { search: 'q', organization: 'org', shape: 'as', open: 'r' };

/** The query of an address for a view; nothing for what is as usual. */
export function queryOf(view: View): string {
	const query = new URLSearchParams();
	for (const key of Object.keys(EVERYTHING) as (keyof View)[]) {
		const value = view[key];
		if (value === EVERYTHING[key]) continue;
		query.set(NAMES[key] ?? key, value === true ? '' : String(value));
	}
	const text = query.toString().replace(/=(?=&|$)/g, '');
	return text && `?${text}`;
}

/** The fields that each hide what has another value. */
export const CHOICES = ['status', 'dimension', 'lead', 'section', 'theme', 'priority', 'by', 'gcm', 'sdg'] as const satisfies readonly (keyof View)[];
export type ChoiceName = (typeof CHOICES)[number];

/** Whether a view hides anything beside what went into other recommendations. */
export function filters(view: View): boolean {
	return view.search.trim() !== '' || CHOICES.some((name) => view[name] !== null) || view.position !== null || view.incomplete || view.mine;
}

/** A view without its filters; how it is shown stays. */
export function unfiltered(view: View): View {
	const { shape, sort, down, group, open, merged, organization } = view;
	return { ...EVERYTHING, shape, sort, down, group, open, merged, organization: group === 'position' || sort === 'position' ? organization : null };
}
