import { expect, it } from 'vitest';
import { recommendation } from '$lib/recommendations/record.testing';
import { wholeRecommendation } from './whole';

it('leaves a whole record as it is, and completes an older one once', () => {
	const now = recommendation(1, { wording: 3 });
	expect(wholeRecommendation(now)).toBe(now);
	const { themes: _themes, renew_from: _renew, steps: _steps, ...older } = now;
	const whole = wholeRecommendation(older as typeof now);
	expect(whole).toMatchObject({ title: now.title, themes: [], wording: 3, renew_from: 1, steps: 0 });
	expect(wholeRecommendation(older as typeof now)).not.toBe(older);
	expect(wholeRecommendation(older as typeof now)).not.toBe(wholeRecommendation({ ...older } as typeof now));
});

it('gives the same object each time', () => {
	const { renew_from: _renew, ...older } = recommendation(2);
	const stored = older as ReturnType<typeof recommendation>;
	expect(wholeRecommendation(stored)).toBe(wholeRecommendation(stored));
});
