/**
 * The server's time on this machine: clocks of projectors and tablets are minutes off, and all must show the same.
 * HTTP says the time in whole seconds; several answers together say it more exactly.
 */

/** One answer: when it was asked for and came (this machine's clock), and what it said, all in ms. */
export interface Sample {
	asked: number;
	came: number;
	said: number;
}

/** By how much the server's clock is ahead of this machine's, in ms. */
export function offsetOf(samples: readonly Sample[]): number {
	// The server wrote `said` between `asked` and `came`, and its true time then was in [said, said + 1000).
	let low = -Infinity;
	let high = Infinity;
	for (const { asked, came, said } of samples) {
		const from = said - came;
		const to = said + 1000 - asked;
		// A clock that was set in between contradicts what came before: begin again.
		if (from > high || to < low) [low, high] = [from, to];
		else [low, high] = [Math.max(low, from), Math.min(high, to)];
	}
	return samples.length === 0 ? 0 : (low + high) / 2;
}

/** Asks the server once; `null` when it gave no time. */
export async function ask(url = '/health', now: () => number = Date.now): Promise<Sample | null> {
	const asked = now();
	try {
		const answer = await fetch(url, { cache: 'no-store', credentials: 'omit' });
		const said = Date.parse(answer.headers.get('date') ?? '');
		return Number.isNaN(said) ? null : { asked, came: now(), said };
	} catch {
		return null; // Offline: this machine's own clock is the best there is.
	}
}
