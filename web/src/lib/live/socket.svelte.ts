import type { Id } from '$lib/api/types';
import { HocuspocusProviderWebsocket } from '@hocuspocus/provider';

/** Close codes after which trying again can't help until the person acts. */
const ENDS: Record<number, 'signed-out' | 'forbidden'> = { 4401: 'signed-out', 4403: 'forbidden' };

/**
 * The report's one socket, which its documents share. It comes back by itself, at first after a second, then slower,
 * at most every 15 s; `ended` says why it doesn't.
 */
export class Socket {
	readonly provider: HocuspocusProviderWebsocket;
	/** Whether the server answers on it. */
	open = $state(false);
	/** Since when it doesn't (ms since 1970); `null` while it does. */
	lostSince = $state<number | null>(Date.now());
	/** Why it is not opened again. */
	ended = $state<'signed-out' | 'forbidden' | null>(null);
	/** The last close code, for who wonders about a lost socket. */
	lastCode: number | null = null;
	/** When the server last said anything (ms since 1970). Not reactive: it changes with every keystroke. */
	lastHeard = 0;
	#wake = () => void this.provider.connect();

	/** `url` is where `/sync` is served, as `wss://…/sync`. */
	constructor(url: string) {
		this.provider = new HocuspocusProviderWebsocket({
			url,
			// The provider refuses to connect when `delay` is below `minDelay`.
			delay: 1000,
			minDelay: 1000,
			maxDelay: 15_000,
			factor: 1.6,
			jitter: true,
			messageReconnectTimeout: 45_000
		});
		this.provider.on('open', () => {
			// What waited is sent by difference in the handshake. Sent as well one by one, the answers to these would be
			// taken for the answer to that, and "Saved" be said too early.
			(this.provider as unknown as { messageQueue: unknown[] }).messageQueue = [];
		});
		this.provider.on('connect', () => {
			this.open = true;
			this.lostSince = null;
		});
		this.provider.on('message', () => {
			this.lastHeard = Date.now();
		});
		this.provider.on('close', ({ event }: { event?: { code?: number } }) => this.#closed(event?.code ?? null));
		this.provider.on('maxAttemptsFailed', () => this.#closed(null));
		// A laptop that wakes, or finds its network again, shouldn't wait for the next try.
		window.addEventListener('online', this.#wake);
	}

	#closed(code: number | null) {
		this.lastCode = code;
		this.open = false;
		this.lostSince ??= Date.now();
		const ended = code === null ? undefined : ENDS[code];
		if (ended) {
			this.ended = ended;
			this.provider.disconnect();
		}
	}

	close() {
		window.removeEventListener('online', this.#wake);
		this.provider.destroy();
	}
}

/** Where `/sync` is, seen from a page. The server serves the socket beside the report that it is for. */
export function syncUrl(location: Pick<Location, 'protocol' | 'host'>, report: Id): string {
	return `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/sync?report=${report}`;
}
