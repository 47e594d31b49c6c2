/** The interface's language: which it is, and the words of it. */
import { FluentBundle, type FluentResource, type FluentVariable } from '@fluent/bundle';
import { createContext } from 'svelte';
import type { Words as Catalogue } from './keys';

export type Key = keyof Catalogue;
type Args<K extends Key> = Catalogue[K] extends null ? [] : [args: Catalogue[K]];

export interface Language {
	tag: string;
	/** In its own words. */
	name: string;
	dir: 'ltr' | 'rtl';
	/** How dates are written, when the tag alone says it wrongly. */
	dates?: string;
}

/** The languages there are words for, in the order they are offered. */
export const LANGUAGES: readonly Language[] = [
	{ tag: 'en', name: 'English', dir: 'ltr', dates: 'en-GB' },
	{ tag: 'ru', name: 'Русский', dir: 'ltr' }
];

const STORED = 'plenary.language';
/** Parsed when building (vite.config.ts): every page's words, and the parts that only some pages need. */
const files = import.meta.glob<FluentResource['body']>(['/words/*.ftl', '/words/*/*.ftl'], { import: 'default' });

/** Words of pages that are opened now and then: `words/PART/LANGUAGE.ftl`. */
export type Part = 'meeting' | 'register';

/** The best of our languages for what someone prefers, first choice first. */
export function chooseLanguage(preferred: readonly (string | null)[]): Language {
	for (const tag of preferred) {
		const base = tag?.toLowerCase().split('-')[0];
		const found = LANGUAGES.find((language) => language.tag === base);
		if (found) return found;
	}
	return LANGUAGES[0] as Language;
}

/** What the person chose earlier, then what their browser asks for. */
export function preferredLanguages(): (string | null)[] {
	return [stored(), ...navigator.languages];
}

function stored(): string | null {
	try {
		return localStorage.getItem(STORED);
	} catch {
		return null; // Storage may be refused; the choice then lasts for this page.
	}
}

/** One language with its bundle loaded. */
export class Words {
	#language = $state.raw() as Language;
	#bundle = $state.raw() as FluentBundle;
	/** Languages that were shown before. */
	readonly #loaded = new Map<string, FluentBundle>();
	/** What pages have asked for beside what all need. */
	readonly #parts = new Set<Part>();

	private constructor(language: Language, bundle: FluentBundle) {
		this.#language = language;
		this.#bundle = bundle;
	}

	/** Loads the language that suits, and tells the document. */
	static async open(language: Language = chooseLanguage(preferredLanguages())): Promise<Words> {
		const words = new Words(language, await load(language));
		words.#show();
		return words;
	}

	get language(): Language {
		return this.#language;
	}

	/** Changes the language, at once and for the next visits. */
	async change(tag: string): Promise<void> {
		const language = chooseLanguage([tag]);
		const bundle = this.#loaded.get(language.tag) ?? (await load(language));
		this.#loaded.set(language.tag, bundle);
		for (const part of this.#parts) await addPart(bundle, language, part);
		this.#bundle = bundle;
		this.#language = language;
		try {
			localStorage.setItem(STORED, language.tag);
		} catch {
			// The choice lasts for this page.
		}
		this.#show();
	}

	/** Brings a part of the catalogue; a page that needs it awaits it in its `load`. */
	async need(part: Part): Promise<void> {
		this.#parts.add(part);
		await addPart(this.#bundle, this.#language, part);
	}

	/** The words of a message. */
	t = <K extends Key>(key: K, ...args: Args<K>): string => {
		const message = this.#bundle.getMessage(key);
		if (!message?.value) return key;
		return this.#bundle.formatPattern(message.value, (args[0] ?? null) as Record<string, FluentVariable> | null);
	};

	/** A day, with the year. */
	day = (time: string): string => this.#date(time, { day: 'numeric', month: 'long', year: 'numeric' });

	/** A moment in full, with its zone. */
	moment = (time: string): string =>
		this.#date(time, { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });

	/** Short, for cards: the time of today, else the day. */
	short = (time: string, now: Date = new Date()): string => {
		const then = new Date(time);
		if (then.toDateString() === now.toDateString()) return this.#date(time, { hour: '2-digit', minute: '2-digit' });
		const year = then.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
		return this.#date(time, { day: 'numeric', month: 'short', ...year });
	};

	#date(time: string, options: Intl.DateTimeFormatOptions): string {
		return new Intl.DateTimeFormat(this.#language.dates ?? this.#language.tag, options).format(new Date(time));
	}

	#show() {
		document.documentElement.lang = this.#language.tag;
		document.documentElement.dir = this.#language.dir;
	}
}

async function load(language: Language): Promise<FluentBundle> {
	const bundle = new FluentBundle(language.tag);
	await add(bundle, `/words/${language.tag}.ftl`);
	return bundle;
}

/** Once more changes nothing. */
const addPart = (bundle: FluentBundle, language: Language, part: Part) => add(bundle, `/words/${part}/${language.tag}.ftl`);

async function add(bundle: FluentBundle, path: string): Promise<void> {
	const file = files[path];
	if (!file) throw new Error(`no words at ${path}`);
	bundle.addResource({ body: await file() }, { allowOverrides: true });
}

/** The page's words, handed down from the root layout. */
export const [getWords, setWords] = createContext<Words>();
