import { describe, expect, it } from 'vitest';
import { hideStyles, keptStyles } from './paste';

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

describe('hideStyles', () => {
	it('takes the style of each element out of the policy’s sight, and leaves words alone', () => {
		expect(hideStyles('<p class="a" style="color:red">a style="b"<SPAN STYLE = "x">c</SPAN></p>')).toBe(
			'<p class="a" data-style="color:red">a style="b"<SPAN data-style = "x">c</SPAN></p>'
		);
	});
});
