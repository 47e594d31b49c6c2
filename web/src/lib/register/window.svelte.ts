/** A long list on the page: only the rows near the view exist, and the one with the focus. */
import { tick } from 'svelte';
import { Heights, OVERSCAN, piecesOf, sliceOf, type Piece } from './virtual';

export class ListWindow {
	#heights: Heights;
	#keys: () => readonly string[];
	/** Counts what was learnt of heights. */
	#learnt = $state(0);
	/** What of the list is in view, from its beginning. */
	#view = $state.raw({ top: 0, bottom: 1_000 });
	/** The row that has the focus. */
	#kept = $state<number | null>(null);
	#list: HTMLElement | null = null;
	#scroller: HTMLElement | null = null;
	#sizes: ResizeObserver | null = null;

	#overscan: number;

	/** `guess`: a row's height until it was measured. */
	constructor(keys: () => readonly string[], guess: (at: number) => number, overscan = OVERSCAN) {
		this.#keys = keys;
		this.#overscan = overscan;
		this.#heights = new Heights(guess);
	}

	#tops = $derived.by(() => {
		void this.#learnt;
		this.#heights.set(this.#keys());
		return this.#heights.tops;
	});
	#from = $derived.by(() => this.#slice().from);
	#to = $derived.by(() => this.#slice().to);

	#slice() {
		return sliceOf(this.#tops, this.#view.top, this.#view.bottom, this.#overscan);
	}

	/** What is drawn, from above to below: rows by their index, and the space of those between. */
	pieces: Piece[] = $derived.by(() => piecesOf(this.#tops, { from: this.#from, to: this.#to }, this.#kept));

	/** On the list: `scroller` is the box that scrolls, the list itself or around it. */
	attach = (scroller: string | null) => (list: HTMLElement) => {
		this.#list = list;
		this.#scroller = scroller ? list.closest<HTMLElement>(scroller) : list;
		const look = () => this.#look();
		const sizes = new ResizeObserver((entries) => {
			let news = false;
			for (const { target } of entries) {
				const key = target instanceof HTMLElement ? target.dataset['key'] : undefined;
				if (key === undefined) continue;
				// A row that was taken out has no height of its own.
				if (target.isConnected && this.#heights.learn(key, target.getBoundingClientRect().height)) news = true;
			}
			if (news) this.#learnt += 1;
			look();
		});
		this.#sizes = sizes;
		for (const row of list.querySelectorAll('[data-key]')) sizes.observe(row);
		if (this.#scroller) sizes.observe(this.#scroller);
		this.#scroller?.addEventListener('scroll', look, { passive: true });
		look();
		const onfocus = (event: Event) => this.#focused(event.target);
		const onblur = () => (this.#kept = null);
		list.addEventListener('focusin', onfocus);
		list.addEventListener('focusout', onblur);
		return () => {
			sizes.disconnect();
			this.#scroller?.removeEventListener('scroll', look);
			list.removeEventListener('focusin', onfocus);
			list.removeEventListener('focusout', onblur);
			this.#sizes = this.#scroller = this.#list = null;
		};
	};

	/** On each row, which says its key in `data-key` and its index in `data-at`. */
	row = (element: HTMLElement) => {
		this.#sizes?.observe(element);
		return () => this.#sizes?.unobserve(element);
	};

	#focused(target: EventTarget | null) {
		const at = target instanceof Element ? target.closest<HTMLElement>('[data-at]')?.dataset['at'] : undefined;
		this.#kept = at === undefined ? null : Number(at);
	}

	#look() {
		const [list, scroller] = [this.#list, this.#scroller];
		if (!list || !scroller) return;
		const top = list === scroller ? list.scrollTop : scroller.getBoundingClientRect().top - list.getBoundingClientRect().top;
		const bottom = top + scroller.clientHeight;
		if (Math.abs(top - this.#view.top) < 1 && Math.abs(bottom - this.#view.bottom) < 1) return;
		this.#view = { top, bottom };
	}

	/** Brings a row into being and view; answers its element. */
	async reveal(at: number): Promise<HTMLElement | null> {
		this.#kept = at;
		await tick();
		const row = this.#list?.querySelector<HTMLElement>(`[data-at="${at}"]`) ?? null;
		row?.scrollIntoView({ block: 'nearest' });
		return row;
	}
}

/** Gives an element a height. */
export const high = (height: number) => (element: HTMLElement) => {
	element.style.blockSize = `${height}px`;
};
