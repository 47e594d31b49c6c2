import { describe, expect, it } from 'vitest';
import { keptStyles } from './paste';

describe('keptStyles', () => {
	it('keeps what the schema can read, from Word or Google Docs', () =>
		expect(keptStyles('font-weight:700;color:#f00; font-style: italic;mso-list:l0;text-decoration:underline')).toEqual([
			['font-weight', '700'],
			['font-style', 'italic'],
			['text-decoration', 'underline']
		]));
	it('takes nothing from what is no style', () => {
		expect(keptStyles('')).toEqual([]);
		expect(keptStyles('background:url(x);font-weight')).toEqual([]);
	});
});
