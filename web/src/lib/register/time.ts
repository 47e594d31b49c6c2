/** Reading timeframes as people write them. */

/** How a month's name begins in English and Russian, January first. */
const MONTHS = ['jan|янв', 'feb|фев', 'mar|мар', 'apr|апр', 'may|ма[йя]', 'jun|июн', 'jul|июл', 'aug|авг', 'sep|сен', 'oct|окт', 'nov|ноя', 'dec|дек'].map(
	(names) => new RegExp(`(?<!\\p{L})(${names})`, 'iu')
);

/**
 * What to sort a timeframe by, in months: the date it names (a year alone is its end), else the span it names counted
 * from `since` (RFC 3339). Other words come after all dates, and nothing at all comes last.
 */
export function timeOf(timeframe: string | null, since: string): number {
	if (!timeframe) return Number.POSITIVE_INFINITY;
	const year = /\b(20\d\d)\b/.exec(timeframe)?.[1];
	if (year) {
		const month = MONTHS.findIndex((name) => name.test(timeframe));
		return Number(year) * 12 + (month < 0 ? 11 : month);
	}
	const number = /\d+/.exec(timeframe)?.[0];
	if (number === undefined) return Number.MAX_SAFE_INTEGER;
	const start = new Date(since);
	const years = /year|год|лет/i.test(timeframe);
	return start.getUTCFullYear() * 12 + start.getUTCMonth() + Number(number) * (years ? 12 : 1);
}

/** The year that a timeframe ends in; `other` for words without one, `none` for nothing. */
export function yearOf(timeframe: string | null, since: string): string {
	const time = timeOf(timeframe, since);
	if (time === Number.POSITIVE_INFINITY) return 'none';
	return time === Number.MAX_SAFE_INTEGER ? 'other' : String(Math.floor(time / 12));
}
