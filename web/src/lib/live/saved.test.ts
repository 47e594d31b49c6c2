import { describe, expect, it } from 'vitest';
import { restless, savedOf, type Standing } from './saved';

const now = 1_000_000;
const standing = (more: Partial<Standing> = {}): Standing => ({ unsent: 0, unsentSince: null, lostSince: null, lastHeard: now, refused: 0, ...more });

describe('savedOf', () => {
	it('is saved when nothing waits', () => expect(savedOf(standing(), now)).toEqual({ state: 'saved' }));
	it('stays quiet for 400 ms, then says that it saves', () => {
		expect(savedOf(standing({ unsent: 1, unsentSince: now - 399 }), now).state).toBe('saved');
		expect(savedOf(standing({ unsent: 1, unsentSince: now - 400 }), now).state).toBe('saving');
	});
	it('is offline 5 s after the socket went, with what waits', () => {
		expect(savedOf(standing({ lostSince: now - 4999 }), now).state).toBe('saved');
		expect(savedOf(standing({ unsent: 14, unsentSince: now - 9000, lostSince: now - 5000 }), now)).toEqual({ state: 'offline', unsent: 14 });
	});
	it('is offline when the line is dead though the socket looks open', () =>
		expect(savedOf(standing({ unsent: 1, unsentSince: now - 5000, lastHeard: now - 6000 }), now).state).toBe('offline'));
	it('only saves slowly while the server is heard', () =>
		expect(savedOf(standing({ unsent: 1, unsentSince: now - 9000, lastHeard: now - 100 }), now).state).toBe('saving'));
	it('puts what was refused first', () => expect(savedOf(standing({ refused: 1, lostSince: now - 9000 }), now)).toEqual({ state: 'refused', count: 1 }));
});

describe('restless', () => {
	it('asks for another look only while something waits', () => {
		expect(restless(standing())).toBe(false);
		expect(restless(standing({ unsentSince: now }))).toBe(true);
		expect(restless(standing({ lostSince: now }))).toBe(true);
	});
});
