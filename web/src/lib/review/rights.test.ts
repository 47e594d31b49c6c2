import { describe, expect, it } from 'vitest';
import { ADMINISTRATOR } from '$lib/api/types';
import { rightsOf, roleOf, wordingRightsOf } from './rights';

describe('rightsOf', () => {
	it('lets drafters write until the section is agreed', () => {
		expect((['drafting', 'in_review', 'agreed', 'locked'] as const).map((stage) => rightsOf('drafter', stage).write)).toEqual([true, true, false, false]);
	});
	it('lets coordinators write until it is locked', () => {
		expect((['agreed', 'locked'] as const).map((stage) => rightsOf('coordinator', stage).write)).toEqual([true, false]);
	});
	it('lets reviewers comment and recommend, not write', () => {
		expect(rightsOf('reviewer', 'in_review')).toEqual({ write: false, comment: true, recommend: true, coordinate: false });
	});
	it('lets observers and those who were removed only read', () => {
		for (const role of ['observer', null] as const) expect(rightsOf(role, 'in_review')).toMatchObject({ write: false, comment: false, recommend: false });
	});
});

describe('wordingRightsOf', () => {
	const why = (role: Parameters<typeof wordingRightsOf>[0], status: Parameters<typeof wordingRightsOf>[1], ours = false) => wordingRightsOf(role, status, ours).why;

	it('lets coordinators, drafters and those who proposed it write until it is decided', () => {
		for (const status of ['proposed', 'under_discussion'] as const) {
			expect([why('coordinator', status), why('drafter', status), why('reviewer', status, true)]).toEqual([null, null, null]);
			expect([why('reviewer', status), why('observer', status, true), why(null, status)]).toEqual(['others', 'observer', 'observer']);
		}
	});
	it('leaves what is decided to the coordinator', () => {
		for (const status of ['agreed', 'not_agreed'] as const) {
			expect([why('coordinator', status), why('drafter', status), why('reviewer', status, true)]).toEqual([null, 'decided', 'decided']);
			expect(wordingRightsOf('reviewer', status, false)).toMatchObject({ write: false, comment: true });
		}
	});
	it('ends with the path', () => {
		for (const status of ['merged', 'withdrawn', 'published'] as const) {
			expect(wordingRightsOf('coordinator', status, true)).toMatchObject({ write: false, comment: false, why: status });
		}
	});
});

describe('roleOf', () => {
	it('takes the holder of the admin token for a coordinator', () => expect(roleOf(ADMINISTRATOR, undefined)).toBe('coordinator'));
	it('knows no role of a stranger', () => expect(roleOf('a', undefined)).toBeNull());
});
