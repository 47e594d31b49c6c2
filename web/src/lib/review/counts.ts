import type { Id, Recommendation, Reply, Thread } from '$lib/api/types';

/** What waits in a section. */
export interface SectionCounts {
	openThreads: number;
	recommendations: number;
}

/** Open threads on the text and recommendations by section; a section without any is not in it. */
export function countsOf(threads: readonly Thread[], recommendations: readonly Recommendation[]): Map<Id, SectionCounts> {
	const counts = new Map<Id, SectionCounts>();
	const at = (section: Id) => {
		let entry = counts.get(section);
		if (!entry) counts.set(section, (entry = { openThreads: 0, recommendations: 0 }));
		return entry;
	};
	for (const thread of threads) if (thread.state === 'open' && thread.recommendation === null) at(thread.section).openThreads += 1;
	for (const recommendation of recommendations) at(recommendation.section).recommendations += 1;
	return counts;
}

/** Replies by thread, oldest first. */
export function repliesOf(replies: readonly Reply[]): Map<Id, Reply[]> {
	const byThread = new Map<Id, Reply[]>();
	for (const reply of replies) {
		const list = byThread.get(reply.thread);
		if (list) list.push(reply);
		else byThread.set(reply.thread, [reply]);
	}
	for (const list of byThread.values()) list.sort(byTime);
	return byThread;
}

/** Older first; then by id, so that two people see one order. */
export function byTime(a: { created_at: string; id: Id }, b: { created_at: string; id: Id }): number {
	if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
	return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
