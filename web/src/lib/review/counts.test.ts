import { describe, expect, it } from 'vitest';
import type { Recommendation, Reply, Thread } from '$lib/api/types';
import { countsOf, repliesOf } from './counts';

const thread = (section: string, state: Thread['state'], recommendation: string | null = null) => ({ section, state, recommendation }) as Thread;
const reply = (id: string, of: string, created_at: string) => ({ id, thread: of, created_at }) as Reply;

describe('countsOf', () => {
	it('counts open threads and recommendations by section', () => {
		const counts = countsOf([thread('a', 'open'), thread('a', 'resolved'), thread('b', 'open'), thread('b', 'open', 'r')], [{ section: 'a' } as Recommendation]);
		expect(Object.fromEntries(counts)).toEqual({ a: { openThreads: 1, recommendations: 1 }, b: { openThreads: 1, recommendations: 0 } });
	});
});

describe('repliesOf', () => {
	it('gives each thread its replies, oldest first, equal times by id', () => {
		const replies = repliesOf([reply('3', 't', '2026-06-02'), reply('2', 't', '2026-06-01'), reply('1', 't', '2026-06-01'), reply('4', 'u', '2026-06-01')]);
		expect(replies.get('t')?.map((r) => r.id)).toEqual(['1', '2', '3']);
		expect(replies.get('u')).toHaveLength(1);
	});
});
