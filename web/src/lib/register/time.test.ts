import { expect, it } from 'vitest';
import { timeOf, yearOf } from './time';

it('sorts dates and spans on one line of time, other words after them, nothing last', () => {
	const order = ['6 months', 'мая 2027', 'June 2027 (12 months)', '2027', '2 years', 'декабрь 2028', 'soon', null];
	const times = order.map((timeframe) => timeOf(timeframe, '2026-06-01T00:00:00Z'));
	expect(times).toEqual([...times].sort((a, b) => a - b));
	expect(new Set(times).size).toBe(order.length);
});

it('knows the year in which it ends', () => {
	expect(['December 2027', '18 months', 'soon', null].map((timeframe) => yearOf(timeframe, '2026-06-01T00:00:00Z'))).toEqual(['2027', '2027', 'other', 'none']);
});
