/** How the register is looked at: filters, order, what is open; as a value that the address can hold. */
import type { Dimension, Id, Priority, Recommendation } from '$lib/api/types';
import { DIMENSIONS, PRIORITIES } from '$lib/api/types';

export type SortBy = 'number' | 'by' | 'priority';
export type Shape = 'table' | 'cards';

export interface View {
	search: string;
	dimension: Dimension | null;
	/** A lead institution, as it is written. */
	lead: string | null;
	priority: Priority | null;
	/** Only those without lead or date. */
	incomplete: boolean;
	/** Only the reader's own. */
	mine: boolean;
	sort: SortBy;
	down: boolean;
	shape: Shape;
	/** The open record. */
	open: Id | null;
}

export const EVERYTHING: View = {
	search: '',
	dimension: null,
	lead: null,
	priority: null,
	incomplete: false,
	mine: false,
	sort: 'number',
	down: false,
	shape: 'table',
	open: null
};

const oneOf = <T extends string>(value: string | null, all: readonly T[]): T | null => all.find((one) => one === value) ?? null;

/** The view that an address asks for; what it does not know is left out. */
export function viewOf(query: URLSearchParams): View {
	return {
		search: query.get('q') ?? '',
		dimension: oneOf(query.get('dimension'), DIMENSIONS),
		lead: query.get('lead'),
		priority: oneOf(query.get('priority'), PRIORITIES),
		incomplete: query.has('incomplete'),
		mine: query.has('mine'),
		sort: oneOf(query.get('sort'), ['number', 'by', 'priority']) ?? 'number',
		down: query.has('down'),
		shape: oneOf(query.get('as'), ['table', 'cards']) ?? 'table',
		open: query.get('r')
	};
}

/** The query of an address for a view; nothing for what is as usual. */
export function queryOf(view: View): string {
	const query = new URLSearchParams();
	if (view.search) query.set('q', view.search);
	if (view.dimension) query.set('dimension', view.dimension);
	if (view.lead) query.set('lead', view.lead);
	if (view.priority) query.set('priority', view.priority);
	if (view.incomplete) query.set('incomplete', '');
	if (view.mine) query.set('mine', '');
	if (view.sort !== 'number') query.set('sort', view.sort);
	if (view.down) query.set('down', '');
	if (view.shape !== 'table') query.set('as', view.shape);
	if (view.open) query.set('r', view.open);
	const text = query.toString().replace(/=(?=&|$)/g, '');
	return text && `?${text}`;
}

/** Whether a view hides anything. */
export function filters(view: View): boolean {
	return view.search.trim() !== '' || view.dimension !== null || view.lead !== null || view.priority !== null || view.incomplete || view.mine;
}

/** Whether a recommendation fits the search and filters of `view`. `you`: the reader's participant id. */
export function fits(one: Recommendation, view: View, you: Id): boolean {
	if (view.dimension && one.dimension !== view.dimension) return false;
	if (view.lead && one.lead_institution !== view.lead) return false;
	if (view.priority && one.priority !== view.priority) return false;
	if (view.incomplete && one.lead_institution && one.timeframe) return false;
	if (view.mine && one.author !== you) return false;
	const words = view.search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
	const text = [`r${one.number}`, one.title, one.text, one.rationale, one.lead_institution, one.timeframe]
		.join('\n')
		.toLocaleLowerCase();
	return words.every((word) => text.includes(word));
}

const RANK: Record<Priority, number> = { high: 0, medium: 1, low: 2 };

/** How a month's name begins in English and Russian, January first. */
const MONTHS = ['jan|янв', 'feb|фев', 'mar|мар', 'apr|апр', 'may|ма[йя]', 'jun|июн', 'jul|июл', 'aug|авг', 'sep|сен', 'oct|окт', 'nov|ноя', 'dec|дек'].map(
	(names) => new RegExp(`(?<!\\p{L})(${names})`, 'iu')
);

/**
 * What to sort a timeframe by, in months: the date it names (a year alone is its end), else the span it names counted
 * from `since` (RFC 3339). Other words come after all dates, and nothing at all comes last.
 */
export function timeOf(timeframe: string | null, since: string): number {
	if (!timeframe) return Number.POSITIVE_INFINITY;
	const year = /\b(20\d\d)\b/.exec(timeframe)?.[1];
	if (year) {
		const month = MONTHS.findIndex((name) => name.test(timeframe));
		return Number(year) * 12 + (month < 0 ? 11 : month);
	}
	const number = /\d+/.exec(timeframe)?.[0];
	if (number === undefined) return Number.MAX_SAFE_INTEGER;
	const start = new Date(since);
	const years = /year|год|лет/i.test(timeframe);
	return start.getUTCFullYear() * 12 + start.getUTCMonth() + Number(number) * (years ? 12 : 1);
}

function compare(a: Recommendation, b: Recommendation, view: View): number {
	const key = (one: Recommendation) => {
		if (view.sort === 'by') return timeOf(one.timeframe, one.created_at);
		if (view.sort === 'priority') return one.priority ? RANK[one.priority] : 3;
		return one.number;
	};
	const [first, second] = [key(a), key(b)];
	if (first === second) return a.number - b.number;
	return (first < second ? -1 : 1) * (view.down ? -1 : 1);
}

export interface Group {
	dimension: Dimension | null;
	rows: { one: Recommendation; fits: boolean }[];
}

/**
 * The recommendations by dimension, in order. The open one stays though it does not fit (any more), marked so: it must
 * not vanish under somebody's hands.
 */
export function arrange(all: readonly Recommendation[], view: View, you: Id): Group[] {
	const rows = all
		.map((one) => ({ one, fits: fits(one, view, you) }))
		.filter((row) => row.fits || row.one.id === view.open)
		.sort((a, b) => compare(a.one, b.one, view));
	const groups = [...DIMENSIONS, null].map((dimension) => ({
		dimension,
		rows: rows.filter((row) => row.one.dimension === dimension)
	}));
	return groups.filter((group) => group.rows.length > 0);
}

/** The lead institutions there are, in order of the alphabet. */
export function leadsOf(all: readonly Recommendation[], language: string): string[] {
	const leads = new Set(all.flatMap((one) => one.lead_institution ?? []));
	return [...leads].sort(new Intl.Collator(language).compare);
}
