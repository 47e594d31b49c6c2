import { expect, it } from 'vitest';
import type { Progress } from '$lib/api/types';
import { recommendation } from '$lib/recommendations/record.testing';
import { carriable } from './carriable';

it('offers what is agreed or published and still to be done, once', () => {
	const report = (number: number, n: number, state: Progress['state']) => ({ recommendation: `id-${number}`, n, state }) as Progress;
	const all = [
		recommendation(6, { status: 'published' }),
		recommendation(1, { status: 'agreed' }),
		recommendation(2, { status: 'published' }),
		recommendation(3, { status: 'published' }),
		recommendation(4, { status: 'not_agreed' }),
		recommendation(5, { status: 'agreed' })
	];
	const progress = [report(2, 2, 'done'), report(2, 1, 'under_way'), report(3, 1, 'done'), report(3, 2, 'under_way')];
	expect(carriable(all, progress, new Set(['id-5'])).map((one) => one.number)).toEqual([1, 3, 6]);
});
