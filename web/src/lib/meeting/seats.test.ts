import { describe, expect, it } from 'vitest';
import type { Organization, Position } from '$lib/api/types';
import { position, recommendation } from '$lib/recommendations/record.testing';
import { Positions } from '$lib/recommendations/tally';
import { countsOf, quoteOf, seatsOf } from './seats';

const organization = (code: string, kind: Organization['kind']): Organization => ({ id: code, name: code, code, kind, hue: 1, head: null });
const all = [organization('VMN', 'civil_society'), organization('MOI', 'government'), organization('IOM', 'un_system'), organization('MFA', 'government')];
const one = recommendation(1, { wording: 3, renew_from: 2 });
const seats = (...positions: Position[]) => seatsOf(one, all, new Positions(positions), (id) => (id === 'id-3' ? recommendation(3) : undefined));

describe('seats', () => {
	it('stand in their order, whatever anybody says', () => {
		const spoken = seats(position('VMN', { position: 'object' }));
		expect(spoken.map((seat) => `${seat.organization.code} ${seat.says}`)).toEqual(['MFA none', 'MOI none', 'IOM none', 'VMN object']);
	});
	it('show conditions as they count, and what must be renewed', () => {
		const [mfa, moi] = seats(position('MFA', { condition: 'id-3', wording: 3 }), position('MOI', { wording: 1 }));
		expect([mfa?.says, mfa?.renew]).toEqual(['waiting', false]);
		expect([moi?.says, moi?.renew]).toEqual(['support', true]);
	});
	it('are counted in a fixed order', () => {
		const four = seats(position('VMN', { position: 'object' }), position('MOI'));
		expect(countsOf(four)).toEqual([['support', 1], ['object', 1], ['none', 2]]);
		expect(countsOf(four, ['abstain'])).toEqual([['support', 1], ['object', 1], ['abstain', 0], ['none', 2]]);
	});
});

it('quotes the changes, else the statement', () => {
	expect(quoteOf(position('a', { changes: 'Sixty', statement: 'We agree' }))).toBe('Sixty');
	expect(quoteOf(position('a', { statement: 'We agree' }))).toBe('We agree');
	expect(quoteOf(position('a'))).toBeNull();
});
