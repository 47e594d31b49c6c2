import { expect, it } from 'vitest';
import { hasVerb, lacksOf } from './advice';
import { recommendation } from './record.testing';

it('names what is missing, and nothing more', () => {
	expect(lacksOf(recommendation(1, { title: 'Sixty days for a new employer' }))).toEqual(['verb', 'lead', 'timeframe']);
	expect(lacksOf(recommendation(1, { title: 'Give workers sixty days', lead_institution: { organization: 'a' }, timeframe: '2027' }))).toEqual([]);
});

it.each([
	'Publish disaggregated data every year',
	'By 2028, recognize foreign diplomas',
	'Обеспечить доступ к медицинской помощи',
	'Не допускать задержания детей',
	'Предоставлять сведения о правах',
	'Ввести единый реестр',
	'Стварыць адзіны рэестр',
	'Забяспечваць доступ да паслуг',
	'Забяспечыць доступ да паслуг',
	'Créer un registre unique',
	'Établir un registre',
	'Crear un registro único',
	'إنشاء سجل موحد'
])('sees what is to be done: %s', (title) => expect(hasVerb(title)).toBe(true));

it.each([
	'Better data on migration',
	'A single register of residence permits',
	'Доступ к медицинской помощи',
	'Сеть приютов и возможность обжалования',
	'Занятость и деятельность объединений',
	'Дзейнасць грамадскіх арганізацый',
	'Un registre unique',
	'Un registro único'
])('sees that nothing is said to be done: %s', (title) => expect(hasVerb(title)).toBe(false));
