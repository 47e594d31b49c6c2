import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, fill } from './call';

afterEach(() => void vi.unstubAllGlobals());

const answers = (answer: () => Response | Promise<Response>) => {
	const fetch = vi.fn<typeof globalThis.fetch>(async () => answer());
	vi.stubGlobal('fetch', fetch);
	return fetch;
};

it('fills places in, escaped', () => {
	expect(fill('/api/reports/{report}/threads/{thread}', { report: 'ab', thread: 'c/d' })).toBe('/api/reports/ab/threads/c%2Fd');
});

describe('call', () => {
	it('sends JSON and gives the answer', async () => {
		const fetch = answers(() => Response.json({ id: 't' }, { status: 201 }));
		const answer = await call('post', '/api/reports/{report}/threads', { at: { report: 'ab' }, body: { section: 's', text: 'x' } });
		expect(answer.id).toBe('t');
		expect(fetch.mock.calls[0]?.[0]).toBe('/api/reports/ab/threads');
		expect(fetch.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"section":"s","text":"x"}' });
	});

	it('gives null for an answer without a body', async () => {
		answers(() => new Response(null, { status: 204 }));
		expect(await call('delete', '/api/session', {})).toBeNull();
	});

	it('rejects with what the problem says', async () => {
		answers(() => Response.json({ type: 'conflict', detail: 'Look again.' }, { status: 409, headers: { 'content-type': 'application/problem+json' } }));
		await expect(call('get', '/api/reports', {})).rejects.toMatchObject({ kind: 'conflict', detail: 'Look again.' });
	});

	it('rejects as offline when no answer comes', async () => {
		answers(() => Promise.reject(new TypeError('Failed to fetch')));
		await expect(call('get', '/api/reports', {})).rejects.toMatchObject({ kind: 'offline' });
	});
});
