import { describe, expect, it } from 'vitest';
import { Trouble } from './trouble';

describe('Trouble', () => {
	it('takes the problem type before the status', () => {
		const trouble = Trouble.fromAnswer(403, { type: 'invalid-invitation', detail: 'Ask for a new link.' });
		expect(trouble.kind).toBe('invalid-invitation');
		expect(trouble.detail).toBe('Ask for a new link.');
	});

	it('reads a type that is a whole address', () => {
		expect(Trouble.fromAnswer(409, { type: 'https://plenary.example/problems/conflict' }).kind).toBe('conflict');
	});

	it('goes by the status when the body says nothing', () => {
		expect(Trouble.fromAnswer(502, '<html>').kind).toBe('unavailable');
		expect(Trouble.fromAnswer(404, null).kind).toBe('not-found');
		expect(Trouble.fromAnswer(500, {}).kind).toBe('fault');
	});

	it('takes no answer for being offline', () => {
		expect(Trouble.from(new TypeError('Failed to fetch')).kind).toBe('offline');
		expect(Trouble.from(new DOMException('', 'TimeoutError')).kind).toBe('offline');
		expect(Trouble.from(new Error('x')).kind).toBe('fault');
	});
});
