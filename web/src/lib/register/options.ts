/** What each filter offers: the values that there are, in order. */
import type { Labels } from './labels';
import type { Shelf } from './shelf';
import { yearOf } from './time';
import { NONE, STATUS_FILTERS, type ChoiceName } from './view';
import { DIMENSIONS, PRIORITIES } from '$lib/api/types';

export type Option = readonly [value: string, label: string];

/** The options of each filter; a chosen value is offered though nothing has it any more. */
export function optionsOf(shelf: Shelf, labels: Labels, chosen: Partial<Record<ChoiceName, string | null>>, language: string): Record<ChoiceName, Option[]> {
	const found: Record<ChoiceName, Set<string>> = {
		status: new Set(STATUS_FILTERS),
		dimension: new Set(DIMENSIONS),
		priority: new Set(PRIORITIES),
		lead: new Set(),
		section: new Set(),
		theme: new Set(),
		by: new Set(),
		gcm: new Set(),
		sdg: new Set()
	};
	const empty = new Set<ChoiceName>();
	const note = (name: ChoiceName, values: readonly (string | number)[]) => {
		if (values.length === 0) empty.add(name);
		for (const value of values) found[name].add(String(value));
	};
	for (const one of shelf.all) {
		const lead = shelf.lead(one);
		note('lead', lead === null ? [] : [lead]);
		note('section', [one.section]);
		note('theme', one.themes);
		note('gcm', one.gcm_objectives);
		note('sdg', one.sdg_targets);
		note('dimension', one.dimension ? [one.dimension] : []);
		note('priority', one.priority ? [one.priority] : []);
		const year = yearOf(one.timeframe, one.created_at);
		note('by', year === NONE ? [] : [year]);
	}
	const collator = new Intl.Collator(language, { numeric: true });
	const fixed = new Set<ChoiceName>(['status', 'dimension', 'priority']);
	const options = {} as Record<ChoiceName, Option[]>;
	for (const name of Object.keys(found) as ChoiceName[]) {
		const value = chosen[name];
		if (value && value !== NONE) found[name].add(value);
		const list = [...found[name]].map((value): Option => [value, labels.of(name, value)]);
		if (name === 'section') list.sort((a, b) => (shelf.sections.get(a[0]) ?? 0) - (shelf.sections.get(b[0]) ?? 0));
		else if (!fixed.has(name)) list.sort((a, b) => collator.compare(a[1], b[1]));
		if (empty.has(name) || value === NONE) list.push([NONE, labels.of(name, NONE)]);
		options[name] = list;
	}
	return options;
}
