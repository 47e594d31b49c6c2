import { createContext } from 'svelte';
import { Trouble } from '$lib/api/trouble';
import type { Id, Position, Recommendation } from '$lib/api/types';
import type { LiveReport } from '$lib/live/report.svelte';
import { roleOf } from '$lib/review/rights';
import { agendaOf, waysFrom, type Item, type Ways } from './agenda';
import * as calls from './calls';
import type { Meeting } from './calls';
import { left, set, toggle, USUAL_SECONDS } from './clock';
import { seatsOf, type Seat } from './seats';
import { ask, offsetOf, type Sample } from './serverTime';

const TICK_MS = 200;
/** When the server is asked for its time, after a window opens. Times that fall differently in the second say more. */
const ASK_AFTER_MS = [0, 1_300, 2_600, 4_100];

/**
 * A meeting as one window sees it. What is on the table is the report's `meeting` record, so that all machines agree;
 * while there is none, each window has a table of its own.
 */
export class Hall {
	readonly #live: LiveReport;
	/** The table of this window alone. */
	#own = $state.raw<Meeting>({ recommendation: null, clock: null, wording: false });
	/** What was asked for and has not come back yet, and the record that it will replace. */
	#wanted = $state.raw<{ meeting: Meeting; over: Meeting | null } | null>(null);
	#busy = $state(false);
	/** The wishes on their way; never rejects. */
	#flight: Promise<void> = Promise.resolve();
	/** While the meeting is being ended, this window's table is its own already. */
	#ending = $state(false);
	#now = $state(Date.now());
	#offset = $state(0);
	/** What the clock is set to when it starts anew. */
	seconds = $state(USUAL_SECONDS);
	/** Why the last wish did not reach the server. */
	trouble = $state.raw<Trouble | null>(null);

	#agenda = $derived.by(() => {
		const review = this.#live.review;
		if (!review) return [];
		return agendaOf(review.recommendations.all, review.asked.length, review.taken, review.find, (one) => review.lastStep(one));
	});
	#seats = $derived.by(() => {
		const { review } = this.#live;
		const one = this.one;
		return review && one ? seatsOf(one, review.asked, review.taken, review.find) : [];
	});

	constructor(live: LiveReport) {
		this.#live = live;
	}

	/** Keeps the clock going; answers what stops it. */
	run(): () => void {
		const samples: Sample[] = [];
		const sample = async () => {
			const answer = await ask();
			if (!answer) return;
			samples.push(answer);
			this.#offset = offsetOf(samples);
		};
		const asks = ASK_AFTER_MS.map((ms) => setTimeout(() => void sample(), ms));
		const tick = setInterval(() => (this.#now = Date.now()), TICK_MS);
		return () => {
			clearInterval(tick);
			asks.forEach(clearTimeout);
		};
	}

	/** The report's record; `null` outside of meetings. */
	get record(): Meeting | null {
		return this.#live.review?.report?.meeting ?? null;
	}

	/** What is on the table. */
	get shown(): Meeting {
		if (this.#ending) return this.#own;
		const wanted = this.#wanted;
		if (wanted && (this.#busy || wanted.over === this.record)) return wanted.meeting;
		return this.record ?? this.#own;
	}

	/** The recommendation on the table; the first of the order of the day when nobody chose. */
	get one(): Recommendation | undefined {
		const { recommendation } = this.shown;
		const chosen = recommendation === null ? undefined : this.#live.review?.recommendations.get(recommendation);
		return chosen ?? (this.record ? undefined : this.agenda[0]?.recommendation);
	}

	get agenda(): Item[] {
		return this.#agenda;
	}
	/** What the meeting still has to settle. */
	get open(): Item[] {
		return this.#agenda.filter((item) => item.why !== 'settled');
	}
	get ways(): Ways {
		return waysFrom(this.#agenda, this.one?.id ?? null);
	}
	get seats(): Seat[] {
		return this.#seats;
	}
	/** The newest position on what is on the table. */
	get newest(): Position | undefined {
		const { review } = this.#live;
		return this.one && review ? review.taken.newest(this.one.id) : undefined;
	}

	get coordinates(): boolean {
		const { review, you } = this.#live;
		return review !== null && roleOf(you, review.participants.get(you)) === 'coordinator';
	}
	/** Whether this window may move what it shows. */
	get steers(): boolean {
		return this.record === null || this.coordinates;
	}
	/** Whether somebody holds the chair's screen. */
	get chaired(): boolean {
		return this.#live.presence?.chaired ?? false;
	}

	/** What is left on the clock; `null` when it was never set. */
	get left(): number | null {
		const { clock } = this.shown;
		return clock && left(clock, this.#time());
	}
	#time(): number {
		return this.#now + this.#offset;
	}
	/** Not the time of the last tick: a clock that starts must not say more than it was given. */
	#timeNow(): number {
		this.#now = Date.now();
		return this.#time();
	}

	put(recommendation: Id) {
		this.#change({ recommendation });
	}
	toggleClock() {
		this.#change({ clock: toggle(this.shown.clock, this.#timeNow(), this.seconds) });
	}
	setClock(seconds: number) {
		this.seconds = seconds;
		this.#change({ clock: set(seconds, this.#timeNow()) });
	}
	toggleWording() {
		this.#change({ wording: !this.shown.wording });
	}

	/** From now on all machines show what this one does. */
	begin() {
		this.#send({ ...this.shown, recommendation: this.one?.id ?? null });
	}
	/** Each window has its own table again. */
	async finish() {
		if (this.#ending) return;
		this.#own = this.shown;
		this.#ending = true;
		// No wish may follow the end, or overtake it: that would open the meeting again.
		this.#wanted = null;
		try {
			await this.#flight;
			this.trouble = null;
			await calls.end(this.#live.id);
		} catch (thrown) {
			this.trouble = Trouble.from(thrown);
		} finally {
			this.#ending = false;
		}
	}

	#change(change: Partial<Meeting>) {
		if (!this.steers) return;
		const meeting = { ...this.shown, recommendation: this.one?.id ?? null, ...change };
		// A meeting that is just beginning has no record yet.
		if (!this.#ending && (this.record || this.#busy)) this.#send(meeting);
		else {
			// What was wished for belongs to a meeting that has ended.
			this.#wanted = null;
			this.#own = meeting;
		}
	}

	/** The newest wish wins: while one is on its way, only the last of the others follows. */
	#send(meeting: Meeting) {
		this.#wanted = { meeting, over: this.record };
		if (!this.#busy) this.#flight = this.#sendWanted();
	}
	async #sendWanted() {
		this.#busy = true;
		this.trouble = null;
		try {
			for (let sent: Meeting | undefined; this.#wanted && this.#wanted.meeting !== sent; ) {
				sent = this.#wanted.meeting;
				await calls.show(this.#live.id, sent);
			}
		} catch (thrown) {
			this.#wanted = null;
			this.trouble = Trouble.from(thrown);
		} finally {
			this.#busy = false;
		}
	}
}

export const [getHall, setHall] = createContext<Hall>();
