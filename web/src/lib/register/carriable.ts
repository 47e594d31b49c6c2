import type { Id, Progress, Recommendation } from '$lib/api/types';

/** What of an earlier report can be followed up: agreed or published, neither done nor dropped, and not here yet. */
export function carriable(all: readonly Recommendation[], progress: readonly Progress[], here: ReadonlySet<Id>): Recommendation[] {
	const last = new Map<Id, Progress>();
	for (const one of progress) if ((last.get(one.recommendation)?.n ?? 0) < one.n) last.set(one.recommendation, one);
	return all
		.filter(({ id, status }) => {
			const state = last.get(id)?.state;
			return (status === 'agreed' || status === 'published') && state !== 'done' && state !== 'dropped' && !here.has(id);
		})
		.sort((a, b) => a.number - b.number);
}
