import { describe, expect, it } from 'vitest';
import type { Organization, Participant, Recommendation, RecommendationStatus } from '$lib/api/types';
import { position, recommendation, step } from './record.testing';
import { asked, countedOf, maintainedObjections, mustBeRenewed, onEarlierWording, openDisposition, Positions, sumsOf } from './tally';

const among = (...all: Recommendation[]) => (id: string) => all.find((one) => one.id === id);

describe('countedOf', () => {
	const counted = (status: RecommendationStatus, ...others: Recommendation[]) =>
		countedOf(position('a', { condition: 'id-3' }), among(recommendation(3, { status, merged_into: status === 'merged' ? 'id-4' : null }), ...others));

	it('is the position without a condition', () => {
		expect(countedOf(position('a', { position: 'object' }), among())).toBe('object');
	});
	it('waits until the condition is agreed', () => {
		expect(counted('proposed')).toBe('waiting');
		expect(counted('under_discussion')).toBe('waiting');
		expect(counted('agreed')).toBe('support');
		expect(counted('published')).toBe('support');
	});
	it('lapses when the condition is given up', () => {
		expect(counted('not_agreed')).toBe('lapsed');
		expect(counted('withdrawn')).toBe('lapsed');
	});
	it('follows a condition that was merged, and again', () => {
		expect(counted('merged', recommendation(4, { status: 'agreed' }))).toBe('support');
		expect(counted('merged', recommendation(4, { status: 'merged', merged_into: 'id-5' }), recommendation(5, { status: 'withdrawn' }))).toBe('lapsed');
	});
	it('waits where merges lead in a circle or nowhere', () => {
		expect(counted('merged', recommendation(4, { status: 'merged', merged_into: 'id-3' }))).toBe('waiting');
		expect(counted('merged')).toBe('waiting');
		expect(countedOf(position('a', { condition: 'gone' }), among())).toBe('waiting');
	});
});

it('tells a position on an earlier wording from one that must be renewed', () => {
	const one = recommendation(1, { wording: 4, renew_from: 3 });
	const told = [2, 3, 4].map((wording) => position('a', { wording })).map((p) => [onEarlierWording(p, one), mustBeRenewed(p, one)]);
	expect(told).toEqual([[true, true], [true, false], [false, false]]);
});

describe('Positions', () => {
	const all = [
		position('a', { n: 2, position: 'object', at: '2026-06-03T00:00:00Z' }),
		position('a', { n: 1 }),
		position('b', { at: '2026-06-02T00:00:00Z' }),
		position('a', { recommendation: 'id-2', n: 3 })
	];
	const positions = new Positions(all);
	it('gives the greatest n of each organization, whatever the order', () => {
		expect([...positions.latest('id-1').values()].map((p) => [p.organization, p.n])).toEqual([['a', 2], ['b', 1]]);
		expect(positions.latest('id-9').size).toBe(0);
	});
	it('takes further ones, and leaves what others hold of it as it was', () => {
		void positions.latest('id-2');
		const more = positions.with([position('b', { n: 2, position: 'abstain' }), position('c', { recommendation: 'id-9' })]);
		expect([...more.latest('id-1').values()].map((p) => [p.organization, p.n])).toEqual([['a', 2], ['b', 2]]);
		expect(more.latest('id-2')).toBe(positions.latest('id-2'));
		expect([...more.spoken]).toEqual(['a', 'b', 'c']);
		expect(positions.latest('id-1').get('b')?.n).toBe(1);
		expect(positions.latest('id-9').size).toBe(0);
	});
	it('gives the trail of one organization, newest first', () => {
		expect(positions.trail('id-1', 'a').map((p) => p.n)).toEqual([2, 1]);
		expect(positions.newest('id-1')).toBe(all[0]);
	});
});

describe('sumsOf', () => {
	it('adds only what counts, and says who has not spoken', () => {
		const latest = new Positions([
			position('a'),
			position('b', { position: 'object' }),
			position('c', { condition: 'id-3' }),
			position('d', { condition: 'id-4' })
		]).latest('id-1');
		const find = among(recommendation(3), recommendation(4, { status: 'withdrawn' }));
		expect(sumsOf(latest, 6, find)).toEqual({
			support: 1,
			support_with_changes: 0,
			object: 1,
			abstain: 0,
			no_mandate: 0,
			waiting: 1,
			lapsed: 1,
			none: 2
		});
	});
});

it('asks organizations with somebody who may speak, and those that somebody spoke for', () => {
	const organizations = ['a', 'b', 'c', 'd'].map((id) => ({ id }) as Organization);
	const participants = [
		{ organization: 'a', role: 'reviewer' },
		{ organization: 'b', role: 'observer' },
		{ organization: 'c', role: null }
	] as Participant[];
	expect(asked(organizations, participants, new Set(['d'])).map((one) => one.id)).toEqual(['a', 'd']);
});

it('knows the disposition that is open after the last step', () => {
	expect(openDisposition(undefined)).toBeNull();
	expect(openDisposition(step(2, 'discussion', 'under_discussion'))).toBeNull();
	expect(openDisposition(step(3, 'disposition_proposed', 'not_agreed'))).toEqual({ status: 'not_agreed', answer: 'asked' });
	expect(openDisposition(step(4, 'disposition_accepted', 'agreed'))).toEqual({ status: 'agreed', answer: 'accepted' });
	expect(openDisposition(step(4, 'disposition_declined', 'agreed'))).toEqual({ status: 'agreed', answer: 'declined' });
	expect(openDisposition(step(5, 'decided', 'agreed'))).toBeNull();
});

it('lists the objections that are maintained once it is decided', () => {
	const latest = new Positions([position('a', { position: 'object' }), position('b'), position('c', { position: 'object', condition: 'id-3' })]).latest('id-1');
	const find = among(recommendation(3));
	expect(maintainedObjections(recommendation(1, { status: 'under_discussion' }), latest, find)).toEqual([]);
	for (const status of ['agreed', 'not_agreed', 'published'] as const) {
		expect(maintainedObjections(recommendation(1, { status }), latest, find).map((p) => p.organization)).toEqual(['a']);
	}
});
