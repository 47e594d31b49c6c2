import { expect, it } from 'vitest';
import type { Reference } from '$lib/api/types';
import { Lists } from './lists';

const reference = {
	dimensions: [{ code: '1', title: { en: 'Rights' }, themes: [{ code: '1.3', title: { en: 'Right to work', ru: 'Право на труд' } }] }],
	gcm_objectives: [{ number: 5, title: { en: 'Regular pathways', ru: 'Пути' } }],
	sdg_targets: [{ code: '10.7', title: { en: 'Orderly migration', ru: 'Миграция' } }]
} as unknown as Reference;

it('says entries in the language, own ones as they were added, in order of their codes', () => {
	const lists = new Lists(reference, [{ list: 'themes', code: '1.10', title: 'Remittances', dimension: '1' }, { list: 'themes', code: '1.2', title: 'Families', dimension: '1' }], 'ru');
	expect(lists.themes.map(({ code, title, own }) => [code, title, own])).toEqual([['1.2', 'Families', true], ['1.3', 'Право на труд', false], ['1.10', 'Remittances', true]]);
	expect([lists.say('gcm_objectives', 5), lists.say('sdg_targets', '10.7'), lists.say('themes', '9.9')]).toEqual(['5. Пути', '10.7. Миграция', '9.9']);
});
it('says codes until the lists have come', () => expect(new Lists(null, [], 'en').say('themes', '1.3')).toBe('1.3'));
