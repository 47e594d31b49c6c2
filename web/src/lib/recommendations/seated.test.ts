import { expect, it } from 'vitest';
import type { Organization } from '$lib/api/types';
import { seated } from './seated';

const organization = (code: string, kind: Organization['kind'], id = code): Organization => ({ id, name: code, code, kind, hue: 1, head: null });

it('organizations sit by kind, then code as people count, then id', () => {
	const all = [
		organization('VMN', 'civil_society'),
		organization('R10', 'government'),
		organization('IOM', 'un_system', 'b'),
		organization('IOM', 'un_system', 'a'),
		organization('R9', 'government')
	];
	expect(seated(all).map(({ code, id }) => `${code} ${id}`)).toEqual(['R9 R9', 'R10 R10', 'IOM a', 'IOM b', 'VMN VMN']);
});
