import type { Anchor, Id, Recommendation, Thread } from '$lib/api/types';
import type { Range } from '../editor/anchors';

/** A thread or a recommendation, as the rail shows it. */
export type Item = { id: Id; anchor: Anchor | null; section: Id; author: Id } & (
	| { kind: 'thread'; thread: Thread }
	| { kind: 'recommendation'; recommendation: Recommendation }
);

export type Tab = 'all' | 'comments' | 'recommendations';

export interface Filter {
	tab: Tab;
	/** Only what still waits: open threads; recommendations always do. */
	open: boolean;
	/** Only what I began or answered. */
	mine: boolean;
}

export function itemsOf(threads: readonly Thread[], recommendations: readonly Recommendation[]): Item[] {
	return [
		...threads.map((thread): Item => ({ kind: 'thread', id: thread.id, anchor: thread.anchor, section: thread.section, author: thread.author, thread })),
		...recommendations.map((recommendation): Item => ({
			kind: 'recommendation',
			id: recommendation.id,
			anchor: recommendation.anchor,
			section: recommendation.section,
			author: recommendation.author,
			recommendation
		}))
	];
}

export const isOpen = (item: Item): boolean => item.kind === 'recommendation' || item.thread.state === 'open';

/** What the filter lets through. `answered` tells whether I replied; `keep` stays whatever the filter says. */
export function fits(item: Item, filter: Filter, me: Id, answered: (thread: Id) => boolean, keep: Id | null): boolean {
	if (item.id === keep) return true;
	if (filter.tab !== 'all' && (filter.tab === 'comments') !== (item.kind === 'thread')) return false;
	if (filter.open && !isOpen(item)) return false;
	return !filter.mine || item.author === me || (item.kind === 'thread' && answered(item.id));
}

/** Cards beside the text, bundles among them, and those whose passage is gone. */
export interface Arranged {
	/** From above to below. */
	beside: Slot[];
	detached: Item[];
}

/** One place in the rail: a card, or a bundle of those that are about one passage. */
export interface Slot {
	/** The first item's id. */
	key: Id;
	items: Item[];
	/** `null`: the whole section, which stands at its title. */
	range: Range | null;
}

/** So many on one passage become a bundle. */
const BUNDLE_MIN = 3;

/** Sorts items by place. Several on one passage are bundled, but for the one that is `apart` (active, or opened). */
export function arrange(items: readonly Item[], places: ReadonlyMap<Id, Range>, apart: (key: Id) => boolean): Arranged {
	const detached: Item[] = [];
	const groups = new Map<string, { range: Range | null; items: Item[] }>();
	for (const item of items) {
		const range = item.anchor ? places.get(item.id) : null;
		if (range === undefined) {
			detached.push(item);
			continue;
		}
		const name = range ? `${range.from}-${range.to}` : 'section';
		const group = groups.get(name);
		if (group) group.items.push(item);
		else groups.set(name, { range, items: [item] });
	}
	const beside = [...groups.values()]
		.sort((a, b) => (a.range?.from ?? -1) - (b.range?.from ?? -1) || (a.range?.to ?? -1) - (b.range?.to ?? -1))
		.flatMap(({ range, items }): Slot[] => {
			const open = items.length < BUNDLE_MIN || items.some((item) => apart(item.id));
			return open ? items.map((item) => ({ key: item.id, items: [item], range })) : [{ key: (items[0] as Item).id, items, range }];
		});
	return { beside, detached };
}
