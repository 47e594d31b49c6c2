/** The reference lists with what the report added, in the interface's language. */
import type { Dimension, Reference, Term } from '$lib/api/types';

export interface Entry {
	/** As recommendations name it. */
	code: string;
	title: string;
	/** Of a theme. */
	dimension: Dimension | null;
	/** Added for this report. */
	own: boolean;
}
export type ListName = 'themes' | 'gcm_objectives' | 'sdg_targets';

export class Lists {
	readonly themes: readonly Entry[];
	readonly gcm_objectives: readonly Entry[];
	readonly sdg_targets: readonly Entry[];
	readonly #titles = new Map<string, string>();

	/** `reference` is null until it has come; codes then stand for themselves. */
	constructor(reference: Reference | null, own: readonly Term[], language: string) {
		const say = (title: { en: string; ru: string }) => (language === 'ru' ? title.ru : title.en);
		const ours = (list: Term['list']) =>
			own.filter((term) => term.list === list).map(({ code, title, dimension }): Entry => ({ code, title, dimension, own: true }));
		const byCode = (a: Entry, b: Entry) => a.code.localeCompare(b.code, undefined, { numeric: true });
		this.themes = [
			...(reference?.dimensions ?? []).flatMap((one) =>
				one.themes.map(({ code, title }): Entry => ({ code, title: say(title), dimension: one.code, own: false }))
			),
			...ours('themes')
		].sort(byCode);
		this.gcm_objectives = (reference?.gcm_objectives ?? []).map(({ number, title }) => ({ code: String(number), title: say(title), dimension: null, own: false }));
		this.sdg_targets = [
			...(reference?.sdg_targets ?? []).map(({ code, title }): Entry => ({ code, title: say(title), dimension: null, own: false })),
			...ours('sdg_targets')
		].sort(byCode);
		for (const list of ['themes', 'gcm_objectives', 'sdg_targets'] as const) {
			for (const { code, title } of this[list]) this.#titles.set(`${list}/${code}`, title);
		}
	}

	/** `5. Regular pathways`; the code alone when it is not in the list. */
	say(list: ListName, code: string | number): string {
		const title = this.#titles.get(`${list}/${code}`);
		return title === undefined ? String(code) : `${code}. ${title}`;
	}
}
