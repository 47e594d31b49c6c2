import { expect, it } from 'vitest';
import { offsetOf, type Sample } from './serverTime';

/** What a server that is `ahead` ms says when it is asked at `asked` and the answer takes `ms`. */
const sample = (ahead: number, asked: number, ms = 20): Sample => ({
	asked,
	came: asked + ms,
	said: Math.floor((asked + ms / 2 + ahead) / 1000) * 1000
});

it('is nothing when nobody answered', () => expect(offsetOf([])).toBe(0));

it('is right to half a second after one answer', () => {
	for (const ahead of [0, 400, -90_300, 61_999]) expect(Math.abs(offsetOf([sample(ahead, 5_123)]) - ahead)).toBeLessThan(520);
});

it('is right to a fifth of a second after a few', () => {
	for (const ahead of [0, 137, -90_300, 61_999]) {
		const samples = [0, 1, 2, 3, 4].map((n) => sample(ahead, 5_000 + n * 1210));
		expect(Math.abs(offsetOf(samples) - ahead)).toBeLessThan(200);
	}
});

it('begins again when a clock was set meanwhile', () => {
	const before = [sample(0, 1_000), sample(0, 1_300)];
	expect(Math.abs(offsetOf([...before, sample(60_000, 2_000)]) - 60_000)).toBeLessThan(520);
});
