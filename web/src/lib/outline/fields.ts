import type { Hands } from './change';

/** The organizations that may draft a section, by name, after none of them. */
export function drafterChoices({ live, words }: Pick<Hands, 'live' | 'words'>): (readonly [string, string])[] {
	const names = (live.review?.organizations.all ?? []).map((one) => [one.id, one.name] as const);
	return [['', words.t('form-not-set')], ...names.sort(([, a], [, b]) => a.localeCompare(b, words.language.tag))];
}
