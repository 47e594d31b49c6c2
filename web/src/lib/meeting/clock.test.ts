import { describe, expect, it } from 'vitest';
import { face, left, pause, runs, set, start, toggle } from './clock';

const NOON = Date.parse('2026-06-09T12:00:00Z');
const after = (seconds: number) => NOON + seconds * 1000;

describe('a clock', () => {
	it('runs down from what it was set to, the same for whoever reads it', () => {
		const clock = start(set(300, NOON), after(10));
		expect(clock).toEqual({ ends_at: '2026-06-09T12:05:10.000Z', paused_seconds: null });
		expect([10, 10.4, 11, 309, 310, 322, 9.6].map((seconds) => left(clock, after(seconds)))).toEqual([300, 300, 299, 1, 0, -12, 300]);
	});
	it('keeps what is left while it is stopped, and goes on from there', () => {
		const stopped = pause(start(set(300, NOON), NOON), after(100));
		expect(stopped.paused_seconds).toBe(200);
		expect(left(stopped, after(5000))).toBe(200);
		expect(start(stopped, after(5000)).ends_at).toBe('2026-06-09T13:26:40.000Z');
	});
	it('that is over is stopped at nothing, and starts anew', () => {
		const over = start(set(60, NOON), NOON);
		expect(pause(over, after(90)).paused_seconds).toBe(0);
		expect(left(start(pause(over, after(90)), after(100), 120), after(100))).toBe(120);
	});
	it('starts and stops by the same key', () => {
		const first = toggle(null, NOON, 180);
		expect([runs(null), runs(first), left(first, NOON)]).toEqual([false, true, 180]);
		const second = toggle(first, after(30));
		expect([runs(second), left(second, after(99))]).toEqual([false, 150]);
		expect(runs(toggle(second, after(99)))).toBe(true);
	});
});

it('says what is left as a face does', () => {
	expect([371, 60, 9, 0, -12, -75, 3600].map(face)).toEqual(['6:11', '1:00', '0:09', '0:00', '−0:12', '−1:15', '60:00']);
});
