import { whenIdle } from '$lib/ui/later';
import { getLive } from '$lib/live/report.svelte';
import { roleOf } from '$lib/review/rights';
import { getToasts } from '$lib/ui/toasts.svelte';
import { getWords } from '$lib/words/words.svelte';

type Parts = typeof import('./tools');

/** The coordinators' tools of outline and stages: for whom, and loaded when they are first asked for. */
export class Tools {
	parts = $state.raw<Parts | null>(null);
	readonly #live = getLive();
	readonly #toasts = getToasts();
	readonly #words = getWords();
	/** Whether the reader coordinates this report. */
	readonly mine = $derived(roleOf(this.#live.you, this.#live.review?.participants.get(this.#live.you)) === 'coordinator');

	constructor() {
		$effect(() => {
			if (this.mine) whenIdle(() => import('./tools'));
		});
	}

	/** Runs `then` once they are there. */
	async open(then: () => void): Promise<void> {
		try {
			this.parts ??= await import('./tools');
			then();
		} catch {
			this.#toasts.show(this.#words.t('trouble-offline'), { icon: 'alert' });
		}
	}
}
