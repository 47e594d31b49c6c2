import { Trouble } from '$lib/api/trouble';

/** Something on its way to the server. What was typed stays where it is until it has arrived. */
export class Sending {
	busy = $state(false);
	/** Why it did not arrive. */
	trouble = $state.raw<Trouble | null>(null);

	/** Runs one call at a time; `undefined` when it failed or another is on its way. */
	async run<T>(call: () => Promise<T>): Promise<T | undefined> {
		if (this.busy) return undefined;
		this.busy = true;
		this.trouble = null;
		try {
			return await call();
		} catch (thrown) {
			this.trouble = Trouble.from(thrown);
			return undefined;
		} finally {
			this.busy = false;
		}
	}
}
