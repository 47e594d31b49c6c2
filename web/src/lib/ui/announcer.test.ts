import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Announcer } from './announcer.svelte';

describe('Announcer', () => {
	beforeEach(() => void vi.useFakeTimers());
	afterEach(() => void vi.useRealTimers());

	it('says the first message at once, and what follows together, five seconds later', () => {
		const announcer = new Announcer();
		announcer.say('1 new comment');
		vi.advanceTimersByTime(0);
		expect(announcer.polite).toBe('1 new comment');
		announcer.say('Section 5 is agreed.');
		announcer.say('R7 was changed.');
		announcer.say('R7 was changed.');
		vi.advanceTimersByTime(4_999);
		expect(announcer.polite).toBe('1 new comment');
		vi.advanceTimersByTime(1);
		expect(announcer.polite).toBe('Section 5 is agreed. R7 was changed.');
	});
});
