/**
 * Reads `words/LANGUAGE.ftl` and `words/PART/LANGUAGE.ftl`, together one catalogue a language, and makes
 * `src/lib/words/keys.ts`: every message with the types of its variables.
 * English is the measure. Fails on a message that another language lacks or has too many, on variables that differ,
 * on a missing plural category, on what the client does not use, and (with --check) on a stale `keys.ts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from '@fluent/syntax';

const SOURCE = 'en';

/** One language's messages: key → { variables: name → type, faults: text[] }. */
export function readWords(language, text) {
	const faults = [];
	const messages = new Map();
	for (const entry of parse(text, {}).body) {
		if (entry.type === 'Junk') faults.push(`${language}: not Fluent: ${entry.content.trim().split('\n')[0]}`);
		if (entry.type !== 'Message') continue;
		const key = entry.id.name;
		if (messages.has(key)) faults.push(`${language}: ${key} is there twice`);
		if (entry.attributes.length > 0) faults.push(`${language}: ${key} has attributes; use a message of its own`);
		const variables = new Map();
		walk(entry.value, (node) => note(node, { language, key, variables, faults }));
		messages.set(key, variables);
	}
	return { messages, faults };
}

function walk(node, visit) {
	if (node === null || typeof node !== 'object') return;
	if (Array.isArray(node)) return node.forEach((child) => walk(child, visit));
	if (typeof node.type === 'string') visit(node);
	for (const [name, child] of Object.entries(node)) if (name !== 'span') walk(child, visit);
}

const PLURAL = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);

function note(node, { language, key, variables, faults }) {
	if (node.type === 'VariableReference') {
		if (!variables.has(node.id.name)) variables.set(node.id.name, 'text');
	} else if (node.type === 'FunctionReference') {
		const variable = node.arguments.positional[0]?.id?.name;
		const type = { NUMBER: 'number', DATETIME: 'date' }[node.id.name];
		if (!type) faults.push(`${language}: ${key} calls ${node.id.name}, which there is not`);
		else if (variable) variables.set(variable, type);
	} else if (node.type === 'SelectExpression') {
		const names = node.variants.map((variant) => variant.key.name ?? variant.key.value);
		const words = names.filter((name) => !/^\d+$/.test(name));
		if (!words.every((name) => PLURAL.has(name))) return;
		const selector = node.selector;
		const variable = selector.type === 'FunctionReference' ? selector.arguments.positional[0]?.id?.name : selector.id?.name;
		if (variable) variables.set(variable, 'number');
		for (const category of new Intl.PluralRules(language).resolvedOptions().pluralCategories) {
			if (!words.includes(category)) faults.push(`${language}: ${key} lacks the plural category ${category}`);
		}
	}
}

/** What differs between English and another language. */
export function compareWords(source, other, language) {
	const faults = [];
	for (const [key, variables] of source) {
		const theirs = other.get(key);
		if (!theirs) {
			faults.push(`${language}: ${key} is missing`);
			continue;
		}
		for (const name of theirs.keys()) {
			if (!variables.has(name)) faults.push(`${language}: ${key} uses $${name}, which English does not have`);
		}
	}
	for (const key of other.keys()) if (!source.has(key)) faults.push(`${language}: ${key} is not in English`);
	return faults;
}

/** Messages that no source file names, whole or by the fixed beginning of a template. */
export function unusedWords(keys, sources) {
	const whole = new Set();
	const beginnings = [];
	for (const text of sources) {
		for (const [, key] of text.matchAll(/['"`]([a-z][a-z0-9_-]*)['"`]/g)) whole.add(key);
		for (const [, start] of text.matchAll(/`([a-z][a-z0-9_-]*-)\$\{/g)) beginnings.push(start);
	}
	return [...keys].filter((key) => !whole.has(key) && !beginnings.some((start) => key.startsWith(start)));
}

const TYPES = { text: 'string | number', number: 'number', date: 'Date' };

/** The text of `keys.ts`. */
export function keysFile(messages) {
	const lines = [...messages].map(([key, variables]) => {
		const fields = [...variables].map(([name, type]) => `${name}: ${TYPES[type]}`).join('; ');
		return `\t'${key}': ${fields ? `{ ${fields} }` : 'null'};`;
	});
	return `// Made by scripts/words.mjs from the words of ${SOURCE}. Do not edit.\n\nexport interface Words {\n${lines.join('\n')}\n}\n`;
}

function main() {
	const root = join(dirname(fileURLToPath(import.meta.url)), '..');
	const texts = new Map();
	for (const name of readdirSync(join(root, 'words'), { recursive: true }).filter((name) => name.endsWith('.ftl')).sort()) {
		const language = basename(name, '.ftl');
		texts.set(language, `${texts.get(language) ?? ''}\n${readFileSync(join(root, 'words', name), 'utf8')}`);
	}
	const all = new Map([...texts].map(([language, text]) => [language, readWords(language, text)]));
	const source = all.get(SOURCE);
	const faults = [...all.values()].flatMap(({ faults }) => faults);
	for (const [language, { messages }] of all) {
		if (language !== SOURCE) faults.push(...compareWords(source.messages, messages, language));
	}
	const sources = readdirSync(join(root, 'src'), { recursive: true })
		.filter((name) => /\.(svelte|ts)$/.test(name) && !name.endsWith('words/keys.ts'))
		.map((name) => readFileSync(join(root, 'src', name), 'utf8'));
	const unused = unusedWords(source.messages.keys(), sources).map((key) => `${SOURCE}: nothing uses ${key}`);
	if (process.argv.includes('--check')) faults.push(...unused);
	else if (unused.length > 0) console.warn(`words: ${unused.length} are not used (npm run check names them)`);

	const target = join(root, 'src/lib/words/keys.ts');
	const made = keysFile(source.messages);
	let there = '';
	try {
		there = readFileSync(target, 'utf8');
	} catch {
		// The first run makes it.
	}
	if (there !== made) {
		if (process.argv.includes('--check')) faults.push('src/lib/words/keys.ts is stale: npm run words');
		else writeFileSync(target, made);
	}
	for (const fault of faults) console.error(`words: ${fault}`);
	if (faults.length > 0) process.exit(1);
	console.log(`words: ${source.messages.size} messages in ${[...all.keys()].join(', ')}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) main();
