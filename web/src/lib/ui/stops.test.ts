import { expect, it } from 'vitest';
import { nextInRing } from './stops';

it('goes round in both directions and enters at the near end', () => {
	expect(nextInRing(-1, 4, true)).toBe(0);
	expect(nextInRing(-1, 4, false)).toBe(3);
	expect(nextInRing(3, 4, true)).toBe(0);
	expect(nextInRing(0, 4, false)).toBe(3);
	expect(nextInRing(-1, 0, true)).toBe(-1);
});
