/** Loads what is seldom asked for once the page is at rest, so that it is there without a connection too. */
export function whenIdle(load: () => Promise<unknown>): void {
	const start = () => void load().catch(() => undefined); // Asked for in earnest, it is tried again.
	if ('requestIdleCallback' in window) requestIdleCallback(start, { timeout: 10_000 });
	else setTimeout(start, 3_000);
}
