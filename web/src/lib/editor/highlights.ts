import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, type EditorState, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import type { Anchor, Id } from '$lib/api/types';
import { resolve, type Range } from './anchors';
import type { Places } from './places';
import { heed } from './heed';

export type MarkKind = 'comment' | 'recommendation';

/** A passage that something is about. */
export interface Mark {
	id: Id;
	kind: MarkKind;
	anchor: Anchor;
	/** What its flag says (`R7`) and what is spoken for it; comments have no flag. */
	flag?: { text: string; spoken: string };
}

/** A passage that is being written about. */
export interface Draft extends Range {
	kind: MarkKind;
}

/** What is drawn. */
interface Highlights {
	marks: readonly Mark[];
	/** Where each passage is; a mark that is not in it is detached. */
	places: ReadonlyMap<Id, Range>;
	active: Id | null;
	/** The passage that somebody here is writing about. */
	draft: Draft | null;
	decorations: DecorationSet;
}

type Change = Partial<Pick<Highlights, 'marks' | 'places' | 'active' | 'draft'>>;

const key = new PluginKey<Highlights>('highlights');
const NOTHING: Highlights = { marks: [], places: new Map(), active: null, draft: null, decorations: DecorationSet.empty };

/** Resolving everything again waits until typing pauses for this long. */
const IDLE_MS = 150;

export interface HighlightEvents {
	/** Somebody chose a passage: the innermost under the pointer, then the next. */
	onselect: (id: Id) => void;
}

/** Which mark a click chooses: the innermost, or what comes after the one that is active. `under` goes from inside out. */
export function chosen(under: readonly Id[], active: Id | null): Id | null {
	if (under.length === 0) return null;
	const at = active === null ? -1 : under.indexOf(active);
	return under[(at + 1) % under.length] ?? null;
}

/** Whether two sets of places are the same. */
export function samePlaces(a: ReadonlyMap<Id, Range>, b: ReadonlyMap<Id, Range>): boolean {
	if (a.size !== b.size) return false;
	for (const [id, range] of a) {
		const other = b.get(id);
		if (!other || other.from !== range.from || other.to !== range.to) return false;
	}
	return true;
}

/** Moves places with a change of the text; a passage of which nothing is left is dropped. */
export function mapPlaces(places: ReadonlyMap<Id, Range>, mapping: Transaction['mapping']): Map<Id, Range> {
	const moved = new Map<Id, Range>();
	for (const [id, range] of places) {
		const next = mapRange(range, mapping);
		if (next) moved.set(id, next);
	}
	return moved;
}

function mapRange(range: Range, mapping: Transaction['mapping']): Range | null {
	const from = mapping.map(range.from, 1);
	const to = mapping.map(range.to, -1);
	return from < to ? { from, to } : null;
}

const looksOf = (kind: MarkKind) => (kind === 'comment' ? 'c' : 'r');

function mapDraft(draft: Draft, mapping: Transaction['mapping']): Draft | null {
	const range = mapRange(draft, mapping);
	return range && { ...draft, ...range };
}

function draw(doc: Node, state: Omit<Highlights, 'decorations'>): DecorationSet {
	const decorations: Decoration[] = [];
	const flags = new Map<number, { mark: Mark; on: boolean }[]>();
	for (const mark of state.marks) {
		const range = state.places.get(mark.id);
		if (!range || range.to > doc.content.size) continue;
		const on = mark.id === state.active;
		const looks = `${looksOf(mark.kind)}${on ? ' on' : ''}`;
		decorations.push(
			Decoration.inline(range.from, range.to, { nodeName: 'mark', class: looks, 'data-mark': mark.id, 'aria-details': `card-${mark.id}` })
		);
		if (!mark.flag) continue;
		const block = doc.resolve(range.from).start();
		const there = flags.get(block);
		if (there) there.push({ mark, on });
		else flags.set(block, [{ mark, on }]);
	}
	for (const there of flags.values()) {
		const first = state.places.get((there[0] as { mark: Mark }).mark.id) as Range;
		const name = there.map(({ mark, on }) => `${mark.id}${on ? '+' : ''}`).join(' ');
		decorations.push(Decoration.widget(first.from, () => flagElement(there), { side: -1, ignoreSelection: true, key: name, stopEvent: () => true }));
	}
	if (state.draft && state.draft.to <= doc.content.size) {
		decorations.push(Decoration.inline(state.draft.from, state.draft.to, { nodeName: 'mark', class: `${looksOf(state.draft.kind)} on draft` }));
	}
	return DecorationSet.create(doc, decorations);
}

function flagElement(there: { mark: Mark; on: boolean }[]): HTMLElement {
	const box = document.createElement('span');
	box.className = 'flags';
	box.contentEditable = 'false';
	for (const { mark, on } of there) {
		const flag = document.createElement('a');
		flag.className = on ? 'flag on' : 'flag';
		flag.href = `#card-${mark.id}`;
		flag.dataset['flag'] = mark.id;
		const icon = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
		icon.setAttribute('aria-hidden', 'true');
		icon.setAttribute('viewBox', '0 0 24 24');
		const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
		use.setAttribute('href', '#i-flag');
		icon.append(use);
		const spoken = document.createElement('span');
		spoken.className = 'vh';
		spoken.textContent = `, ${mark.flag?.spoken ?? ''}`;
		flag.append(icon, mark.flag?.text ?? '', spoken);
		box.append(flag);
	}
	return box;
}

/** Draws passages. They move with every transaction at once, and are resolved from Yjs again when typing pauses. */
export function highlightPlugin(places: Places, events: HighlightEvents): Plugin<Highlights> {
	return new Plugin<Highlights>({
		key,
		state: {
			init: () => NOTHING,
			apply(tr, old) {
				const change = tr.getMeta(key) as Change | undefined;
				if (!change && !tr.docChanged) return old;
				const mapped = tr.docChanged ? mapPlaces(old.places, tr.mapping) : old.places;
				// What is typed after the last passage moves none: then nobody is told.
				const moved = samePlaces(mapped, old.places) ? old.places : mapped;
				const draft = tr.docChanged && old.draft ? mapDraft(old.draft, tr.mapping) : old.draft;
				const next = { marks: old.marks, places: moved, active: old.active, draft, ...change };
				const decorations = change ? draw(tr.doc, next) : old.decorations.map(tr.mapping, tr.doc);
				return { ...next, decorations };
			}
		},
		props: {
			decorations: (state) => key.getState(state)?.decorations,
			handleDOMEvents: {
				click: (view, event) => {
					const target = event.target instanceof Element ? event.target : null;
					const flag = target?.closest<HTMLElement>('[data-flag]')?.dataset['flag'];
					if (flag) {
						event.preventDefault();
						events.onselect(flag);
						return true;
					}
					const id = view.state.selection.empty ? chosen(under(target), key.getState(view.state)?.active ?? null) : null;
					if (id !== null) events.onselect(id);
					return false;
				}
			}
		},
		view: (view) => {
			let timer: ReturnType<typeof setTimeout> | undefined;
			return {
				update(_view, before) {
					if (before.doc === view.state.doc) return;
					clearTimeout(timer);
					timer = setTimeout(() => resolveAgain(view, places), IDLE_MS);
				},
				destroy: () => clearTimeout(timer)
			};
		}
	});
}

/** Ids of the marks around an element, from inside out. */
function under(target: Element | null): Id[] {
	const ids: Id[] = [];
	for (let mark = target?.closest<HTMLElement>('mark[data-mark]'); mark; mark = mark.parentElement?.closest<HTMLElement>('mark[data-mark]')) {
		const id = mark.dataset['mark'];
		if (id !== undefined) ids.push(id);
	}
	return ids;
}

function resolved(marks: readonly Mark[], text: Node, places: Places): Map<Id, Range> {
	const index = places.index(text);
	const found = new Map<Id, Range>();
	for (const mark of marks) {
		const range = resolve(mark.anchor, places.doc, index);
		if (range && range.to <= text.content.size) found.set(mark.id, range);
	}
	return found;
}

function resolveAgain(view: EditorView, places: Places) {
	if (view.isDestroyed) return;
	heed(view);
	const now = key.getState(view.state);
	if (!now) return;
	const found = resolved(now.marks, view.state.doc, places);
	if (!samePlaces(found, now.places)) change(view, { places: found });
}

function change(view: EditorView, what: Change) {
	view.dispatch(view.state.tr.setMeta(key, what).setMeta('addToHistory', false));
}

/** Shows these passages from now on. */
export function setMarks(view: EditorView, marks: readonly Mark[], places: Places) {
	heed(view);
	change(view, { marks, places: resolved(marks, view.state.doc, places) });
}

export function setActive(view: EditorView, active: Id | null) {
	heed(view);
	if (key.getState(view.state)?.active !== active) change(view, { active });
}

/** Marks the passage that somebody here writes about. */
export function setDraft(view: EditorView, draft: Draft | null) {
	heed(view);
	change(view, { draft });
}

/** Where each passage is; a mark that is not in it is detached. The same object until something moves. */
export function placesOf(state: EditorState): ReadonlyMap<Id, Range> {
	return key.getState(state)?.places ?? NOTHING.places;
}

/** The mark that begins after (before) a place, round the end; `null` when there is none. */
export function neighbour(places: ReadonlyMap<Id, Range>, from: number, forward: boolean): { id: Id; range: Range } | null {
	const all = [...places].map(([id, range]) => ({ id, range })).sort((a, b) => a.range.from - b.range.from || a.range.to - b.range.to);
	const found = forward ? all.find((mark) => mark.range.from > from) : all.findLast((mark) => mark.range.from < from);
	return found ?? (forward ? all[0] : all.at(-1)) ?? null;
}
