import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveReport } from '$lib/live/report.svelte';
import * as calls from './calls';
import type { Meeting } from './calls';
import { Hall } from './hall.svelte';

vi.mock('./calls', () => ({ show: vi.fn(), end: vi.fn() }));

/** What was asked of the server, in order, and how each is answered. */
let asked: string[];
let answers: (() => void)[];

function waits(name: string): Promise<never> {
	asked.push(name);
	return new Promise((resolve) => answers.push(() => resolve(undefined as never)));
}
const answer = async () => {
	answers.shift()?.();
	await new Promise((done) => setTimeout(done));
};

beforeEach(() => {
	asked = [];
	answers = [];
	vi.mocked(calls.show).mockImplementation((_, meeting) => waits(`show ${meeting.recommendation ?? 'nothing'}`));
	vi.mocked(calls.end).mockImplementation(() => waits('end'));
});

function hallOf() {
	const report: { meeting: Meeting | null } = { meeting: null };
	const all = new Map(['a', 'b', 'c'].map((id) => [id, { id }]));
	const review = {
		report,
		recommendations: { all: [], get: (id: string) => all.get(id) },
		asked: [],
		participants: new Map([['me', { id: 'me', role: 'coordinator' }]])
	};
	const hall = new Hall({ id: 'report', you: 'me', review, presence: null } as unknown as LiveReport);
	const record = (recommendation: string | null) => {
		report.meeting = recommendation === null ? null : { recommendation, clock: null, wording: false };
	};
	return { hall, record };
}

describe('what a window shows', () => {
	it('is its own again when the meeting that it began is ended elsewhere', async () => {
		const { hall, record } = hallOf();
		hall.put('a');
		hall.begin();
		await answer();
		record('a');
		record(null);
		hall.put('b');
		expect(hall.shown.recommendation).toBe('b');
		expect(asked).toEqual(['show a']);
	});

	it('follows a choice that was made while the meeting was beginning', async () => {
		const { hall } = hallOf();
		hall.put('a');
		hall.begin();
		hall.put('b');
		expect(hall.shown.recommendation).toBe('b');
		await answer();
		expect(asked).toEqual(['show a', 'show b']);
	});

	it('ends after what is on its way, and nothing opens the meeting again', async () => {
		const { hall, record } = hallOf();
		record('a');
		hall.put('b');
		hall.put('c');
		const ended = hall.finish();
		hall.put('a');
		expect(asked).toEqual(['show b']);
		await answer();
		expect(asked).toEqual(['show b', 'end']);
		record(null);
		await answer();
		await ended;
		expect(asked).toEqual(['show b', 'end']);
		expect(hall.shown.recommendation).toBe('a');
	});

	it('says why a meeting did not end, and shows it', async () => {
		const { hall, record } = hallOf();
		record('a');
		vi.mocked(calls.end).mockRejectedValueOnce(new TypeError('no network'));
		await hall.finish();
		expect(hall.trouble).not.toBeNull();
		expect(hall.shown.recommendation).toBe('a');
	});
});
