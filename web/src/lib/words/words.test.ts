import { describe, expect, it } from 'vitest';
import { compareWords, keysFile, readWords, unusedWords } from '../../../scripts/words.mjs';
import { chooseLanguage } from './words.svelte';

const read = (language: string, text: string) => readWords(language, text);
const PLURAL = 'threads = { NUMBER($count) ->\n    [one] { $count } thread\n   *[other] { $count } threads\n}\n';

describe('chooseLanguage', () => {
	it('takes the first preference there are words for, by its language alone', () => {
		expect(chooseLanguage([null, 'de-AT', 'ru-BY', 'en']).tag).toBe('ru');
	});
	it('falls back to English', () => {
		expect(chooseLanguage(['de']).tag).toBe('en');
	});
});

describe('the words tool', () => {
	it('types the variables of a message', () => {
		const { messages } = read('en', `${PLURAL}hello = Hello { $name }\nplain = Plain\nday = { DATETIME($at) }`);
		const file = keysFile(messages);
		expect(file).toContain("'threads': { count: number };");
		expect(file).toContain("'hello': { name: string | number };");
		expect(file).toContain("'plain': null;");
		expect(file).toContain("'day': { at: Date };");
	});

	it('asks for every plural category of the language', () => {
		expect(read('en', PLURAL).faults).toEqual([]);
		expect(read('ru', PLURAL).faults).toEqual([
			'ru: threads lacks the plural category few',
			'ru: threads lacks the plural category many'
		]);
	});

	it('finds what a language lacks, has too many, and what it calls otherwise', () => {
		const en = read('en', 'a = A\nb = B { $name }').messages;
		const ru = read('ru', 'b = Б { $nom }\nc = Ц').messages;
		expect(compareWords(en, ru, 'ru')).toEqual([
			'ru: a is missing',
			'ru: b uses $nom, which English does not have',
			'ru: c is not in English'
		]);
	});

	it('finds messages that nothing names', () => {
		expect(unusedWords(['a-one', 'role-drafter', 'lost'], ["t('a-one')", 't(`role-${role}`)'])).toEqual(['lost']);
		const said = ['said-asked-yes', 'said-by-chair', 'said-yes-title'];
		expect(unusedWords(said, ['t(`said-asked-${answer}`)', 't(`said-${what}-title`)'])).toEqual(['said-by-chair']);
	});

	it('reports what is not Fluent', () => {
		expect(read('en', 'a = { $b').faults).toHaveLength(1);
	});
});
