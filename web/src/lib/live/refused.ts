import * as Y from 'yjs';

/** A change that the server did not take, kept for its author. */
export interface Refused {
	/** The paragraphs as they were with the change; empty when no words were lost (a format, a deletion). */
	text: string;
	/** The server's reason, in plain words. */
	detail: string;
	/** When (ms since 1970). */
	at: number;
}

/** The text of each block of a body, from above to below; blocks without words are left out. */
export function linesOf(fragment: Y.XmlFragment): string[] {
	const lines: string[] = [];
	const walk = (parent: Y.XmlFragment) => {
		let line = '';
		const flush = () => {
			if (line.trim()) lines.push(line);
			line = '';
		};
		for (const child of parent.toArray()) {
			if (child instanceof Y.XmlText) line += textOf(child);
			else if (child instanceof Y.XmlElement && child.nodeName === 'footnote') continue;
			else if (child instanceof Y.XmlElement && child.nodeName === 'hardBreak') line += ' ';
			else if (child instanceof Y.XmlElement) {
				flush();
				walk(child);
			}
		}
		flush();
	};
	walk(fragment);
	return lines;
}

function textOf(text: Y.XmlText): string {
	let words = '';
	for (const part of text.toDelta() as { insert?: unknown }[]) if (typeof part.insert === 'string') words += part.insert;
	return words;
}

/** The lines of mine that the server doesn't have. A line that stands twice in mine must stand twice in theirs. */
export function lostLines(mine: readonly string[], theirs: readonly string[]): string[] {
	const there = new Map<string, number>();
	for (const line of theirs) there.set(line, (there.get(line) ?? 0) + 1);
	return mine.filter((line) => {
		const left = there.get(line) ?? 0;
		if (left > 0) there.set(line, left - 1);
		return left === 0;
	});
}

/** The `{"refused": {type, detail}}` of a stateless message; `null` for any other. */
export function refusalOf(payload: string): { type: string; detail: string } | null {
	let message: unknown;
	try {
		message = JSON.parse(payload);
	} catch {
		return null;
	}
	if (typeof message !== 'object' || message === null || !('refused' in message)) return null;
	const refused = message.refused;
	if (typeof refused !== 'object' || refused === null) return { type: 'refused', detail: '' };
	const field = (key: string) => {
		const value = (refused as Record<string, unknown>)[key];
		return typeof value === 'string' ? value : '';
	};
	return { type: field('type') || 'refused', detail: field('detail') };
}

/** What was refused survives a reload of the tab. */
export class RefusedShelf {
	constructor(
		private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null,
		private readonly name: string
	) {}

	get #key() {
		return `plenary:refused:${this.name}`;
	}

	load(): Refused[] {
		try {
			const kept: unknown = JSON.parse(this.storage?.getItem(this.#key) ?? '[]');
			return Array.isArray(kept) ? kept.filter(isRefused) : [];
		} catch {
			return [];
		}
	}

	save(list: readonly Refused[]) {
		try {
			if (list.length > 0) this.storage?.setItem(this.#key, JSON.stringify(list));
			else this.storage?.removeItem(this.#key);
		} catch {
			// A full or forbidden storage keeps nothing; the banner still shows the text.
		}
	}
}

function isRefused(value: unknown): value is Refused {
	if (typeof value !== 'object' || value === null) return false;
	const one = value as Record<string, unknown>;
	return typeof one['text'] === 'string' && typeof one['detail'] === 'string' && typeof one['at'] === 'number';
}
