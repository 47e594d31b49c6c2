import { describe, expect, it } from 'vitest';
import type { Invitation, Session } from '$lib/api/bodies';
import { alreadyIn, tokenOf } from './join';

describe('tokenOf', () => {
	it('takes the token out of the fragment', () => {
		expect(tokenOf('#abc_DEF-1')).toBe('abc_DEF-1');
		expect(tokenOf('#abc%20')).toBe('abc');
	});
	it('knows a link without one', () => {
		expect(tokenOf('')).toBeNull();
		expect(tokenOf('#')).toBeNull();
	});
});

describe('alreadyIn', () => {
	const organization = { id: 'o', name: 'Legal Aid Centre', code: 'LAC', kind: 'civil_society', hue: 6, head: null } as const;
	const participant = { id: 'p', name: 'Daria S.', organization: 'o', role: 'reviewer', joined_at: null } as const;
	const report = { id: 'r', title: 'Valdora' };
	const invitation = (joined: boolean): Invitation => ({ report, participant, organization, joined });
	const session = (id: string): Session => ({
		administrator: false,
		seats: [{ report, participant: { ...participant, id }, organization, role: 'reviewer' }]
	});

	it('goes straight in with a session on the same seat', () => {
		expect(alreadyIn(invitation(true), session('p'))).toBe(true);
	});
	it('asks when nobody has entered yet, when signed out, and on the seat of another', () => {
		expect(alreadyIn(invitation(false), session('p'))).toBe(false);
		expect(alreadyIn(invitation(true), null)).toBe(false);
		expect(alreadyIn(invitation(true), session('q'))).toBe(false);
	});
});
