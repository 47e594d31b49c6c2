/** The clock of the item on the table: what is left, and what starting, stopping and setting make of it. */
import type { Time } from '$lib/api/types';

/** As the report's record holds it. */
export interface Clock {
	/** When it is over, if it runs. */
	ends_at: Time;
	/** What was left when it was stopped; `null` while it runs. */
	paused_seconds: number | null;
}

/** Minutes that a chair gives, and what a clock starts with when nobody said. */
export const MINUTES = [1, 2, 3, 5, 10, 15] as const;
export const USUAL_SECONDS = 5 * 60;

/**
 * What is left at `now`, in whole seconds; below zero once it is over. Rounded, so that machines whose idea of the
 * server's time differs by some tenths of a second say the same when it starts.
 */
export function left(clock: Clock, now: number): number {
	if (clock.paused_seconds !== null) return clock.paused_seconds;
	return Math.round((Date.parse(clock.ends_at) - now) / 1000);
}

export const runs = (clock: Clock | null): boolean => clock !== null && clock.paused_seconds === null;

const at = (time: number): Time => new Date(time).toISOString();

/** Set to so many seconds, not running. */
export const set = (seconds: number, now: number): Clock => ({ ends_at: at(now + seconds * 1000), paused_seconds: seconds });

/** Stopped with what is left; one that is over has nothing left. */
export const pause = (clock: Clock, now: number): Clock => ({ ...clock, paused_seconds: Math.max(0, left(clock, now)) });

/** Runs on from where it was stopped; without one, or when nothing is left, from `usual`. */
export function start(clock: Clock | null, now: number, usual: number = USUAL_SECONDS): Clock {
	const seconds = clock && left(clock, now) > 0 ? left(clock, now) : usual;
	return { ends_at: at(now + seconds * 1000), paused_seconds: null };
}

/** What Space does. */
export function toggle(clock: Clock | null, now: number, usual: number = USUAL_SECONDS): Clock {
	return clock && runs(clock) ? pause(clock, now) : start(clock, now, usual);
}

/** As a clock's face says it: 6:11, and −0:12 once it is over. */
export function face(seconds: number): string {
	const whole = Math.abs(seconds);
	const minutes = Math.floor(whole / 60);
	return `${seconds < 0 ? '−' : ''}${minutes}:${String(whole % 60).padStart(2, '0')}`;
}
