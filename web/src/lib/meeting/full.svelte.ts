import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
	document.addEventListener('fullscreenchange', update);
	return () => document.removeEventListener('fullscreenchange', update);
});

/** Whether the page fills the screen. */
export function isFull(): boolean {
	subscribe();
	return document.fullscreenElement !== null;
}

/** Fills the screen, or gives it back. A browser that refuses leaves things as they are. */
export async function toggleFull(): Promise<void> {
	try {
		if (document.fullscreenElement) await document.exitFullscreen();
		else await document.documentElement.requestFullscreen();
	} catch {
		// Refused, or not known (some phones): the page is shown as it is.
	}
}

/** Keeps a projector's machine from going dark; answers what lets it. Where the browser refuses, nothing happens. */
export function stayAwake(): () => void {
	let lock: WakeLockSentinel | undefined;
	let over = false;
	const ask = async () => {
		if (document.hidden || !('wakeLock' in navigator)) return;
		try {
			const given = await navigator.wakeLock.request('screen');
			if (over) await given.release();
			else lock = given;
		} catch {
			// Low battery or a policy: the machine's own settings hold.
		}
	};
	void ask();
	// The browser takes it away from a page that is not looked at.
	document.addEventListener('visibilitychange', ask);
	return () => {
		over = true;
		document.removeEventListener('visibilitychange', ask);
		void lock?.release();
	};
}
