import { expect, it } from 'vitest';
import { addressOf, sameValue, tidy } from './editable';

it('tidies what is sent', () => {
	expect(tidy('title', '  Give ')).toBe('Give');
	expect(tidy('timeframe', ' ')).toBeNull();
	expect(tidy('timeframe', ' 2027 ')).toBe('2027');
	expect(tidy('evidence_links', [{ claim: ' a ', source: ' ' }, { claim: '', source: '' }])).toEqual([{ claim: 'a', source: null }]);
	expect(tidy('themes', ['1.1'])).toEqual(['1.1']);
});
it('opens web addresses only', () => {
	expect(addressOf('https://iom.int/a')).toBe('https://iom.int/a');
	for (const source of ['javascript:alert(1)', 'Labour survey, 2025', 'ftp://x', null]) expect(addressOf(source)).toBeNull();
});
it('compares by value', () => expect(sameValue([{ claim: 'a', source: null }], [{ claim: 'a', source: null }])).toBe(true));
