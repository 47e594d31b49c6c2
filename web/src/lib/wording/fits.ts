import { TEXT_CHARS_MAX, TITLE_CHARS_MAX } from '$lib/api/limits';

/** Whether a wording fits the record of its recommendation, which keeps what it has until it does. */
export type Misfit = 'title-empty' | 'title-long' | 'text-empty' | 'text-long';

/** What does not fit, the title first. Characters are counted as the server does. */
export function misfitOf(title: string, text: string): Misfit | null {
	if (title.trim() === '') return 'title-empty';
	if (count(title.trim().split(/\s+/u).join(' ')) > TITLE_CHARS_MAX) return 'title-long';
	if (text.trim() === '') return 'text-empty';
	return count(text) > TEXT_CHARS_MAX ? 'text-long' : null;
}

const count = (text: string): number => [...text].length;
