import { describe, expect, it } from 'vitest';
import type { Position, Recommendation, Step } from '$lib/api/types';
import { position, recommendation, step } from '$lib/recommendations/record.testing';
import { Positions } from '$lib/recommendations/tally';
import { agendaOf, waysFrom } from './agenda';

function agenda(all: Recommendation[], positions: Position[] = [], steps: Step[] = [], asked = 2) {
	const find = (id: string) => all.find((one) => one.id === id);
	const last = (one: Recommendation) => steps.filter((it) => it.recommendation === one.id).at(-1);
	return agendaOf(all, asked, new Positions(positions), find, last);
}
const told = (items: ReturnType<typeof agenda>) => items.map((item) => `R${item.recommendation.number} ${item.why} ${item.count}`);
const on = (number: number, organization: string, fields: Partial<Position> = {}) =>
	position(organization, { recommendation: `id-${number}`, ...fields });
const changes = { position: 'support_with_changes', changes: 'Later' } as const;

describe('the order of the day', () => {
	it('begins with objections and conditions, then changes, then what must be renewed; silence is no reason to go first', () => {
		const all = [1, 2, 3, 4, 5, 6, 7].map((number) => recommendation(number, number === 6 ? { renew_from: 2 } : {}));
		const items = agenda(
			all,
			[
				...['a', 'b'].map((who) => on(1, who)),
				on(2, 'a', changes),
				on(3, 'a', { condition: 'id-1' }),
				on(4, 'a', { position: 'object' }),
				on(6, 'a')
			],
			[step(3, 'disposition_declined', 'agreed', { recommendation: 'id-5' })]
		);
		expect(told(items)).toEqual([
			'R4 objection 1',
			'R3 condition 1',
			'R5 disposition 1',
			'R2 changes 1',
			'R6 renew 1',
			'R1 none 0',
			'R7 silence 2'
		]);
	});

	it('counts what is said now, not what was said before', () => {
		const items = agenda([recommendation(1)], [on(1, 'a', { position: 'object' }), on(1, 'a', { n: 2 }), on(1, 'b')]);
		expect(told(items)).toEqual(['R1 none 0']);
	});

	it('counts an objection whose condition lapsed as a condition', () => {
		const items = agenda([recommendation(1), recommendation(2, { status: 'withdrawn' })], [on(1, 'a', { position: 'object', condition: 'id-2' })]);
		expect(told(items)).toEqual(['R1 condition 1']);
	});

	it('ends with what is settled, and leaves out what is gone', () => {
		const statuses = ['agreed', 'merged', 'proposed', 'withdrawn', 'not_agreed', 'published'] as const;
		const all = statuses.map((status, n) => recommendation(n + 1, { status }));
		expect(told(agenda(all, [on(1, 'a', { position: 'object' })]))).toEqual(['R3 silence 2', 'R1 settled 0', 'R5 settled 0']);
	});
});

describe('the ways', () => {
	const all = [recommendation(1), recommendation(2), recommendation(3, { status: 'agreed' }), recommendation(4)];
	const items = agenda(all, [on(2, 'a', { position: 'object' }), on(4, 'a', changes)]);
	const ways = (current: string | null) => {
		const { previous, next, contested } = waysFrom(items, current);
		return [previous, next, contested].map((item) => item?.recommendation.number);
	};
	it('go through the order of the day (2, 4, 1, 3)', () => {
		expect(items.map((item) => item.recommendation.number)).toEqual([2, 4, 1, 3]);
		expect(ways('id-2')).toEqual([undefined, 4, 4]);
		expect(ways('id-4')).toEqual([2, 1, 2]);
		expect(ways('id-1')).toEqual([4, 3, 2]);
	});
	it('lead from what was just settled to what is to be settled first', () => expect(ways('id-3')).toEqual([1, 2, 2]));
	it('begin at the first when nothing is on the table, or it is gone', () => {
		expect(ways(null)).toEqual([undefined, 2, 2]);
		expect(ways('gone')).toEqual([undefined, 2, 2]);
	});
	it('end where nothing is contested', () => {
		const { contested } = waysFrom(agenda([recommendation(1)], [on(1, 'a'), on(1, 'b')]), 'id-1');
		expect(contested).toBeUndefined();
	});
});
