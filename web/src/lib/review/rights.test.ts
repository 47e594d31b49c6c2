import { describe, expect, it } from 'vitest';
import { ADMINISTRATOR } from '$lib/api/types';
import { rightsOf, roleOf } from './rights';

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

describe('roleOf', () => {
	it('takes the holder of the admin token for a coordinator', () => expect(roleOf(ADMINISTRATOR, undefined)).toBe('coordinator'));
	it('knows no role of a stranger', () => expect(roleOf('a', undefined)).toBeNull());
});
