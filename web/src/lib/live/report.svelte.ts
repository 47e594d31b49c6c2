import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { Id } from '$lib/api/types';
import { ReviewDocument } from '$lib/review/review.svelte';
import { freshId } from '$lib/api/client';
import { LiveDocument, type Device } from './document.svelte';
import { deviceKeep } from './keep';
import { Presence } from './presence.svelte';
import { restless, savedOf, type Saved, type Standing } from './saved';
import { Socket, syncUrl } from './socket.svelte';

/** How often the bar looks again while something waits. */
const LOOK_EVERY_MS = 200;

/**
 * A report that is open in this window: its socket, its review document, the bodies that are shown. The layout of
 * the report makes one and hands it down; pages ask for the body they show and give it back.
 */
export class LiveReport {
	readonly id: Id;
	/** The participant that this window acts as. */
	readonly you: Id;
	readonly socket: Socket;
	/** The review document's live side; `reviewDocument.trouble` says why there is none. */
	readonly reviewDocument: LiveDocument;
	#bodies = new SvelteMap<Id, LiveDocument>();
	#now = $state(Date.now());
	#review: ReviewDocument | null = $derived.by(() => {
		const generation = this.reviewDocument.generation;
		return generation && new ReviewDocument(generation.doc);
	});
	#presence: Presence | null = $derived.by(() => {
		const generation = this.reviewDocument.generation;
		return generation && new Presence(generation.awareness);
	});
	#stop: () => void;
	#device: Device;

	constructor(id: Id, you: Id, url: string = syncUrl(window.location, id)) {
		this.id = id;
		this.you = you;
		this.#device = { keep: deviceKeep(), owner: you, window: freshId() };
		this.socket = new Socket(url);
		this.reviewDocument = new LiveDocument(this.socket, id, 'review', null);
		void this.reviewDocument.open();
		const warn = (event: BeforeUnloadEvent) => {
			if (this.unsent > 0) event.preventDefault();
		};
		const look = () => {
			this.presence?.look(document.hidden);
			if (document.hidden) for (const body of this.#bodies.values()) body.keep();
		};
		window.addEventListener('beforeunload', warn);
		document.addEventListener('visibilitychange', look);
		const timer = setInterval(() => {
			if (restless(this.#standing())) this.#now = Date.now();
		}, LOOK_EVERY_MS);
		this.#stop = () => {
			clearInterval(timer);
			window.removeEventListener('beforeunload', warn);
			document.removeEventListener('visibilitychange', look);
		};
	}

	/** The review document as runes read it; `null` until it has come. */
	get review(): ReviewDocument | null {
		return this.#review;
	}

	/** Who is on the report and in which section. */
	get presence(): Presence | null {
		return this.#presence;
	}

	/** Opens a section's body, or gives the one that is open. */
	body(section: Id): LiveDocument {
		const open = this.#bodies.get(section);
		if (open) return open;
		const body = new LiveDocument(this.socket, this.id, section, this.#device);
		this.#bodies.set(section, body);
		void body.open();
		return body;
	}

	/** A page shows this body no longer. It is closed once the server has all of it. */
	release(section: Id) {
		const body = this.#bodies.get(section);
		if (!body) return;
		const close = () => {
			if (this.#bodies.get(section) !== body) return;
			this.#bodies.delete(section);
			body.close();
		};
		if (body.unsent === 0) return close();
		body.generation?.provider.on('unsyncedChanges', ({ number }: { number: number }) => {
			if (number === 0) close();
		});
	}

	/** Changes on all bodies that the server has not called durable. */
	get unsent(): number {
		let unsent = 0;
		for (const body of this.#bodies.values()) unsent += body.unsent;
		return unsent;
	}

	#standing(): Standing {
		let unsentSince: number | null = null;
		let refused = 0;
		for (const body of this.#bodies.values()) {
			refused += body.refused.length;
			if (body.unsentSince !== null) unsentSince = Math.min(unsentSince ?? body.unsentSince, body.unsentSince);
		}
		return { unsent: this.unsent, unsentSince, lostSince: this.socket.lostSince, lastHeard: this.socket.lastHeard, refused };
	}

	/** The truth about durability. */
	get saved(): Saved {
		return savedOf(this.#standing(), this.#now);
	}

	close() {
		this.#stop();
		for (const body of this.#bodies.values()) body.close();
		this.#bodies.clear();
		this.reviewDocument.close();
		this.socket.close();
	}
}

/** The open report, for everything inside its layout. */
export const [getLive, setLive] = createContext<LiveReport>();

