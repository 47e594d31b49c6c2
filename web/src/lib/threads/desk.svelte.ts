import type { Editor } from '@tiptap/core';
import { createContext } from 'svelte';
import type { Anchor, Id } from '$lib/api/types';
import { anchorOf, resolve, type Range } from '../editor/anchors';
import { neighbour, placesOf, setActive, setDraft } from '../editor/highlights';
import type { Places } from '../editor/places';
import type { LiveDocument } from '$lib/live/document.svelte';
import type { LiveReport } from '$lib/live/report.svelte';
import { rightsOf, roleOf, wordingRightsOf, type NoWording, type Rights } from '$lib/review/rights';
import type { ReviewDocument } from '$lib/review/review.svelte';
import { deviceStorage, Drafts } from './drafts';
import { arrange, fits, itemsOf, type Arranged, type Filter, type Item, type Tab } from './items';

export type Writing = 'comment' | 'recommendation';

/** What somebody writes here about a passage or the whole section. */
export interface Composing {
	what: Writing;
	anchor: Anchor | null;
	range: Range | null;
}

/** Every key moves the passages after it. With thousands of them, to arrange the cards anew for each would hold up typing. */
const LOCATE_EVERY_MS = 400;

/** What one text has in hand, of a section or of a recommendation: which cards, which is active, what is being written. */
export class Desk {
	readonly live: LiveReport;
	readonly review: ReviewDocument;
	readonly body: LiveDocument;
	/** The section, or that of the recommendation. */
	readonly section: Id;
	/** The recommendation, when this is its wording. */
	readonly wording: Id | null;
	readonly drafts: Drafts;
	tab = $state<Tab>('all');
	open = $state(true);
	mine = $state(false);
	/** Only read, though it might be written. */
	viewing = $state(false);
	active = $state<Id | null>(null);
	/** Where each passage is, as the cards know it: a moment behind the text while that is typed in (`placesOf` is exact). */
	places = $state.raw<ReadonlyMap<Id, Range>>(new Map());
	composing = $state.raw<Composing | null>(null);
	/** The detached item that waits for new words. */
	placing = $state.raw<Item | null>(null);
	/** Whether words are selected in the text. */
	selection = $state.raw<Range | null>(null);
	/** Bundles that were opened, by their first item. */
	unfolded = $state.raw<ReadonlySet<Id>>(new Set());
	/** Counts the editor's transactions, so that buttons look again. */
	revision = $state(0);
	/** `null` until it is shown. */
	editor = $state.raw<Editor | null>(null);
	positions = $state.raw<Places | null>(null);
	/** Whether `places` have been found; before that nothing is known to be detached. */
	located = $state(false);
	/** Where the mark is that was stepped to, which Enter opens. */
	#steppedTo: number | null = null;
	#telling = false;
	/** Runs from one telling of `places` until the next may come. */
	#locating: ReturnType<typeof setTimeout> | undefined;

	constructor(live: LiveReport, review: ReviewDocument, body: LiveDocument, section: Id, wording: Id | null = null) {
		this.live = live;
		this.review = review;
		this.body = body;
		this.section = section;
		this.wording = wording;
		this.drafts = new Drafts(deviceStorage(), live.id, wording ?? section);
	}

	/** Of a wording: what may be done with it, and why it is not written. */
	#wordingRights = $derived.by((): Rights & { why: NoWording | null } => {
		const one = this.wording === null ? undefined : this.review.recommendations.get(this.wording);
		const me = this.review.participants.get(this.live.you);
		const author = one && this.review.participants.get(one.author);
		return wordingRightsOf(roleOf(this.live.you, me), one?.status ?? 'withdrawn', !!me && me.organization === author?.organization);
	});

	/** Why a wording is only read; `null` when it is written. */
	get why(): NoWording | null {
		return this.wording === null ? null : this.#wordingRights.why;
	}

	/** What a comment here is about, as the server takes it. */
	get about(): { section: Id } | { recommendation: Id } {
		return this.wording === null ? { section: this.section } : { recommendation: this.wording };
	}

	rights: Rights = $derived.by(() => {
		if (this.wording !== null) return this.#wordingRights;
		const me = this.live.you;
		const stage = this.review.sections.get(this.section)?.stage ?? 'locked';
		return rightsOf(roleOf(me, this.review.participants.get(me)), stage);
	});

	/** Whether the text takes what is typed. */
	editable = $derived.by(() => this.rights.write && !this.viewing && !this.body.held);

	all: Item[] = $derived.by(() =>
		this.wording === null
			? itemsOf(this.review.threadsOf(this.section), this.review.recommendationsOf(this.section))
			: itemsOf(this.review.wordingThreadsOf(this.wording), [])
	);

	shown: Item[] = $derived.by(() => {
		const filter: Filter = { tab: this.tab, open: this.open, mine: this.mine };
		const answered = (thread: Id) => this.review.repliesOf(thread).some((reply) => reply.author === this.live.you);
		return this.all.filter((item) => fits(item, filter, this.live.you, answered, this.active));
	});

	arranged: Arranged = $derived.by(() => {
		const items = this.located ? this.shown : this.shown.filter((item) => item.anchor === null);
		return arrange(items, this.places, (id) => id === this.active || this.unfolded.has(id));
	});

	/** The editor is on the page (`null`: gone again). */
	attach(editor: Editor | null, positions: Places | null) {
		this.editor = editor;
		this.positions = positions;
		clearTimeout(this.#locating);
		this.#locating = undefined;
		if (editor) this.changed();
		else this.located = false;
	}

	/**
	 * Text, selection or passages changed. Told a moment later, and once for all that happens meanwhile: the editor also
	 * speaks up while the page is being drawn (a button that had the focus goes, and the text notices), when nothing may
	 * be changed.
	 */
	changed() {
		if (this.#telling) return;
		this.#telling = true;
		queueMicrotask(() => {
			this.#telling = false;
			const { editor } = this;
			if (!editor || editor.isDestroyed) return;
			this.revision += 1;
			const { from, to } = editor.state.selection;
			if (this.selection?.from !== from || this.selection.to !== to) this.selection = from < to ? { from, to } : null;
			if (from !== this.#steppedTo) this.#steppedTo = null;
			this.#locate();
		});
	}

	/**
	 * Other passages are marked now: tells at once where they are. A new comment that waited for it would count as
	 * detached meanwhile, and its card would be made anew, without the focus, when its place is known.
	 */
	relocate() {
		clearTimeout(this.#locating);
		this.#locating = undefined;
		this.#locate();
	}

	/** Tells where the passages are: at once after a pause, else once in a while, with what holds then. */
	#locate() {
		if (this.#locating !== undefined) return;
		const { editor } = this;
		if (!editor || editor.isDestroyed) return;
		const places = placesOf(editor.state);
		if (places === this.places) return;
		this.places = places;
		this.located = true;
		this.#locating = setTimeout(() => {
			this.#locating = undefined;
			this.#locate();
		}, LOCATE_EVERY_MS);
	}

	activate(id: Id | null) {
		this.active = id;
		if (this.editor) setActive(this.editor.view, id);
	}

	unfold(key: Id, items: readonly Item[]) {
		this.unfolded = new Set([...this.unfolded, ...items.map((item) => item.id)]);
		this.activate(key);
	}

	/** Closes an opened bundle again. */
	fold() {
		this.unfolded = new Set();
	}

	/** Begins to write about the selected words, or goes on with what was begun. False: no words are selected. */
	compose(what: Writing): boolean {
		const anchored = this.#anchor();
		const kept = this.drafts.load(what);
		if (!anchored && !kept) return false;
		const anchor = anchored?.anchor ?? kept?.anchor ?? null;
		this.#show({ what, anchor, range: anchored?.range ?? this.#find(anchor) });
		return true;
	}

	/** Where an anchor's words are now. */
	#find(anchor: Anchor | null): Range | null {
		const { editor, positions } = this;
		return anchor && editor && positions ? resolve(anchor, positions.doc, positions.index(editor.state.doc)) : null;
	}

	/** Begins to write about the whole section. */
	composeOnSection(what: Writing) {
		this.#show({ what, anchor: null, range: null });
	}

	#show(composing: Composing) {
		this.composing = composing;
		this.activate(null);
		if (this.editor) setDraft(this.editor.view, composing.range && { ...composing.range, kind: composing.what });
	}

	/** What was written is sent, or left for now. */
	composed(made: Id | null) {
		const { editor, composing } = this;
		this.composing = null;
		if (editor) {
			setDraft(editor.view, null);
			// The words are no longer what something is to be done with.
			if (made && composing?.range) editor.commands.setTextSelection(editor.state.selection.to);
		}
		if (made) this.activate(made);
	}

	/** The selected words as an anchor. */
	#anchor(): { anchor: Anchor; range: Range } | null {
		if (!this.editor || !this.positions) return null;
		const { from, to } = this.editor.state.selection;
		const range = { from, to };
		const anchor = anchorOf(this.editor.state.doc, this.positions.fragment, range);
		return anchor && { anchor, range };
	}

	/** The selected words, for what is to be placed again. */
	newAnchor(): Anchor | null {
		return this.#anchor()?.anchor ?? null;
	}

	/** Goes to the next (previous) mark: selects where it begins, and makes it active. */
	step(forward: boolean) {
		const { editor } = this;
		const found = editor && neighbour(placesOf(editor.state), editor.state.selection.from, forward);
		if (!editor || !found) return;
		editor.commands.setTextSelection(found.range.from);
		editor.commands.scrollIntoView();
		this.activate(found.id);
		this.#steppedTo = found.range.from;
	}

	/** Whether Enter should open a card now. */
	takeStep(): Id | null {
		const id = this.#steppedTo !== null ? this.active : null;
		this.#steppedTo = null;
		return id;
	}

	/** The printed number of the paragraph that a place is in, or after; `null` before the first, and where none is printed. */
	paragraph(pos: number): number | null {
		void this.revision;
		const doc = this.editor?.state.doc;
		if (!doc || this.wording !== null) return null;
		let count = 0;
		doc.forEach((node, offset) => {
			if (offset <= pos && node.type.name === 'paragraph') count += 1;
		});
		return count || null;
	}

	/** Back to the words: where the card's passage is. */
	focusText() {
		if (!this.editor) return;
		const range = this.active ? placesOf(this.editor.state).get(this.active) : undefined;
		if (range) this.editor.commands.setTextSelection(range.from);
		this.editor.view.focus();
	}
}

/** The page's desk, for its toolbar, sheet and rail. */
export const [getDesk, setDesk] = createContext<Desk>();
