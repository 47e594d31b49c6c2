import { describe, expect, it } from 'vitest';
import { CHAIR, isChaired, peopleOf, userOf } from './here';

const user = (participant: string, code: string) => ({ participant, name: `Name ${participant}`, organization: 'Org', code, hue: 1, role: 'reviewer' });

describe('userOf', () => {
	it('reads what the server set, and nothing from a state without it', () => {
		expect(userOf({ user: user('a', 'MOI') })).toMatchObject({ participant: 'a', code: 'MOI' });
		for (const state of [null, {}, { user: null }, { user: { name: 'only' } }]) expect(userOf(state)).toBeNull();
	});
});

describe('peopleOf', () => {
	it('names each other person once, by code, where they look', () => {
		const people = peopleOf(
			new Map<number, unknown>([
				[1, { user: user('me', 'X') }],
				[2, { user: user('b', 'MOI'), section: 's1', away: true }],
				[3, { user: user('b', 'MOI'), section: 's2' }],
				[4, { user: user('c', 'LAC') }]
			]),
			1
		);
		expect(people.map((here) => [here.code, here.section, here.away])).toEqual([
			['LAC', null, false],
			['MOI', 's2', false]
		]);
	});
});

it('knows whether another window, of anybody who coordinates, is the chair’s screen', () => {
	const coordinator = { ...user('me', 'IOM'), role: 'coordinator' };
	const chaired = (state: object) => isChaired(new Map<number, unknown>([[1, { user: coordinator, section: CHAIR }], [2, state]]), 1);
	expect(chaired({ user: coordinator, section: 's1' })).toBe(false);
	expect(chaired({ user: coordinator, section: CHAIR })).toBe(true);
	expect(chaired({ user: user('b', 'MOI'), section: CHAIR })).toBe(false);
});
