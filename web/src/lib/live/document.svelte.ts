import type { HocuspocusProvider } from '@hocuspocus/provider';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Id } from '$lib/api/types';
import { FrameProvider } from './frames';
import { linesOf, lostLines, refusalOf, RefusedShelf, type Refused } from './refused';
import type { Keep } from './keep';
import type { Socket } from './socket.svelte';
import { Unsent } from './unsent';

/** Origin of what came by HTTP, so that nobody takes it for a change made here. */
export const SNAPSHOT = Symbol('snapshot');

/** After so many refusals in `REFUSALS_WITHIN_MS` the text is only read, until the page is opened anew. */
const REFUSALS_MAX = 3;
const REFUSALS_WITHIN_MS = 60_000;

/** Why a document can't be shown. */
export type Trouble = 'not-found' | 'signed-out' | 'forbidden' | 'unreachable';

/** Where a window keeps its unsent changes: whose they are, and which window's. */
export interface Device {
	keep: Keep;
	owner: Id;
	window: string;
}

/** One generation of a document: a Y.Doc and what keeps it in step. A refusal starts a new one. */
export interface Generation {
	readonly doc: Y.Doc;
	readonly provider: HocuspocusProvider;
	readonly awareness: Awareness;
}

/**
 * A live document: `{report}/{section}` or `{report}/review`. Its text comes by HTTP first and shows before the
 * socket is up; then the provider joins by difference. What the server refuses is kept aside for its author, and the
 * document is built anew from the server's.
 */
export class LiveDocument {
	readonly name: string;
	/** `null` until the text is here. */
	generation = $state.raw<Generation | null>(null);
	/** Whether the text is here: from the server by HTTP, or by the socket. */
	ready = $state(false);
	/** Whether the server's state has been merged since the socket last opened. */
	synced = $state(false);
	/** Changes made here that the server has not called durable. */
	unsent = $state(0);
	/** Since when there has been one (ms since 1970). */
	unsentSince = $state<number | null>(null);
	/** What the server refused and its author has not yet put away. */
	refused = $state.raw<readonly Refused[]>([]);
	/** Why there is nothing to show. */
	trouble = $state<Trouble | null>(null);
	/** Refused too often: it is only read from now on. */
	held = $state(false);

	#socket: Socket;
	#url: string;
	#shelf: RefusedShelf;
	#device: Device | null;
	#unsent: Unsent | null = null;
	#closed = false;
	#rebuilding = false;
	#refusals: number[] = [];

	/** `device`: where unsent changes are kept; `null` for a document that nobody writes here. */
	constructor(socket: Socket, report: Id, part: string, device: Device | null) {
		this.name = `${report}/${part}`;
		this.#socket = socket;
		this.#url = `/api/reports/${report}/documents/${part}`;
		this.#device = device;
		this.#shelf = new RefusedShelf(typeof sessionStorage === 'undefined' ? null : sessionStorage, this.name);
		this.refused = this.#shelf.load();
	}

	/** Fetches the text, shows it, joins. Safe to call once. */
	async open(): Promise<void> {
		const doc = new Y.Doc();
		const snapshot = await this.#snapshot();
		if (this.#closed) return;
		if (snapshot instanceof Uint8Array) Y.applyUpdate(doc, snapshot, SNAPSHOT);
		else if (snapshot !== 'unreachable') {
			this.trouble = snapshot;
			return;
		}
		this.#unsent = this.#keeper(doc);
		const left = (await this.#unsent?.takeOver()) ?? false;
		if (this.#closed) return;
		this.ready = snapshot instanceof Uint8Array;
		this.#join(doc, left);
	}

	#keeper(doc: Y.Doc): Unsent | null {
		const device = this.#device;
		return device && new Unsent(device.keep, doc, `${this.name}/${device.owner}`, device.window);
	}

	async #snapshot(): Promise<Uint8Array | Trouble> {
		try {
			const answer = await fetch(this.#url, { headers: { accept: 'application/octet-stream' } });
			if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
			if (answer.status === 401) return 'signed-out';
			if (answer.status === 403) return 'forbidden';
			return answer.status === 404 ? 'not-found' : 'unreachable';
		} catch {
			return 'unreachable';
		}
	}

	/** `left`: the document holds changes that an earlier window left behind. */
	#join(doc: Y.Doc, left: boolean) {
		const provider = new FrameProvider({ websocketProvider: this.#socket.provider, name: this.name, document: doc, token: '' });
		/** Whether anything was written into this generation here. */
		let written = left;
		if (left) {
			this.unsent = 1;
			this.unsentSince = Date.now();
		}
		doc.on('update', (_update: Uint8Array, origin: unknown) => {
			if (origin === provider || origin === SNAPSHOT) return;
			written = true;
			this.unsent += 1;
			this.unsentSince ??= Date.now();
			this.#unsent?.changed();
		});
		provider.on('unsyncedChanges', ({ number }: { number: number }) => {
			if (number > 0 || !this.#current(provider)) return;
			if (this.unsent > 0) void this.#unsent?.settled();
			this.unsent = 0;
			this.unsentSince = null;
		});
		provider.on('synced', () => {
			this.synced = true;
			this.ready = true;
			this.trouble = null;
		});
		provider.on('close', () => (this.synced = false));
		provider.on('stateless', ({ payload }: { payload: string }) => {
			// Several changes may have been on their way at the first refusal; the answers to the others come here, to a
			// generation that has written nothing.
			const refusal = written && this.#current(provider) ? refusalOf(payload) : null;
			if (refusal) void this.#refuse(refusal.detail);
		});
		provider.on('authenticationFailed', () => (this.trouble = 'forbidden'));
		const awareness = provider.awareness;
		if (!awareness) throw new Error('a provider that was given no `awareness` makes one');
		this.generation = { doc, provider, awareness };
		provider.attach();
	}

	#current(provider: HocuspocusProvider): boolean {
		return this.generation?.provider === provider;
	}

	/** Keeps the refused words aside and starts again from the server's document. */
	async #refuse(detail: string) {
		if (this.#rebuilding || !this.generation) return;
		this.#rebuilding = true;
		const now = Date.now();
		this.#refusals = [...this.#refusals.filter((at) => now - at < REFUSALS_WITHIN_MS), now];
		if (this.#refusals.length >= REFUSALS_MAX) this.held = true;
		const old = this.generation;
		void this.#unsent?.forget();
		const mine = linesOf(old.doc.getXmlFragment('body'));
		const snapshot = await this.#snapshot();
		this.#rebuilding = false;
		if (this.#closed) return;
		const doc = new Y.Doc();
		if (snapshot instanceof Uint8Array) Y.applyUpdate(doc, snapshot, SNAPSHOT);
		const theirs = linesOf(doc.getXmlFragment('body'));
		// Without the server's text nothing tells what was lost, so everything is offered.
		this.#keep({ text: lostLines(mine, theirs).join('\n\n'), detail, at: now });
		this.unsent = 0;
		this.unsentSince = null;
		this.synced = false;
		this.ready = snapshot instanceof Uint8Array;
		leave(old);
		this.#unsent = this.#keeper(doc);
		this.#join(doc, false);
	}

	#keep(refused: Refused) {
		this.refused = [...this.refused, refused];
		this.#shelf.save(this.refused);
	}

	/** The author has seen (copied, sent otherwise) what was refused. */
	putAway(refused: Refused) {
		this.refused = this.refused.filter((one) => one !== refused);
		this.#shelf.save(this.refused);
	}

	/** Writes what is unsent to the device now: the window may be going. */
	keep() {
		void this.#unsent?.save();
	}

	close() {
		this.#closed = true;
		this.keep();
		if (this.generation) leave(this.generation);
		this.generation = null;
	}
}

function leave(generation: Generation) {
	generation.provider.destroy();
	generation.doc.destroy();
}
