/** Shorter waits stay quiet, so that a good line never flickers. */
export const SAVING_SHOWN_AFTER_MS = 400;
/** A lost socket is called offline after this; most come back sooner. */
export const OFFLINE_AFTER_MS = 5000;

/** What is known about the changes made here. Times in ms since 1970. */
export interface Standing {
	/** Changes that the server has not called durable. */
	unsent: number;
	/** Since when there has been one. */
	unsentSince: number | null;
	/** Since when the socket is away; `null` while it is open. */
	lostSince: number | null;
	/** When the server last said anything. */
	lastHeard: number;
	/** Changes it refused and that still wait for their author to look. */
	refused: number;
}

export type Saved = { state: 'saved' } | { state: 'saving' } | { state: 'offline'; unsent: number } | { state: 'refused'; count: number };

/** Whether the server has not been heard for so long that it counts as away. */
function away(standing: Standing, now: number): boolean {
	if (standing.lostSince !== null) return now - standing.lostSince >= OFFLINE_AFTER_MS;
	// The socket still looks open, but a change waits and nothing at all has been heard: a dead line.
	return standing.unsentSince !== null && now - Math.max(standing.unsentSince, standing.lastHeard) >= OFFLINE_AFTER_MS;
}

/** The truth about durability, as the bar says it. Refusals come first: they ask for something. */
export function savedOf(standing: Standing, now: number): Saved {
	if (standing.refused > 0) return { state: 'refused', count: standing.refused };
	if (away(standing, now)) return { state: 'offline', unsent: standing.unsent };
	if (standing.unsentSince !== null && now - standing.unsentSince >= SAVING_SHOWN_AFTER_MS) return { state: 'saving' };
	return { state: 'saved' };
}

/** Whether the answer will change by time alone, so that somebody must look again. */
export function restless(standing: Standing): boolean {
	return standing.unsentSince !== null || standing.lostSince !== null;
}
