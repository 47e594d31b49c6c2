/** What a screen reader hears of others' doings: politely, merged, never more often than people can listen. */
import { createContext } from 'svelte';

const QUIET_MS = 5_000;

export class Announcer {
	polite = $state('');
	assertive = $state('');
	#waiting: string[] = [];
	#quietUntil = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	/** At most one message in five seconds; what comes in between is said together. */
	say(text: string): void {
		if (!this.#waiting.includes(text)) this.#waiting.push(text);
		if (this.#timer) return;
		this.#timer = setTimeout(() => this.#speak(), Math.max(0, this.#quietUntil - Date.now()));
	}

	/** At once: only for being offline and for what locks the text. */
	alarm(text: string): void {
		this.assertive = text;
	}

	#speak(): void {
		this.#timer = undefined;
		this.#quietUntil = Date.now() + QUIET_MS;
		this.polite = this.#waiting.join(' ');
		this.#waiting = [];
	}
}

export const [getAnnouncer, setAnnouncer] = createContext<Announcer>();
