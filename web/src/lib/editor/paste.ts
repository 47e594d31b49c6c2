import { DOMParser, type ParseOptions, type Schema, type Slice } from '@tiptap/pm/model';

/** What the schema can read off a style. */
const KEPT = new Set(['font-weight', 'font-style', 'text-decoration', 'text-decoration-line', 'text-align']);

/** The declarations of a style that mean something here. */
export function keptStyles(style: string): [property: string, value: string][] {
	return style.split(';').flatMap((declaration): [string, string][] => {
		const colon = declaration.indexOf(':');
		const property = declaration.slice(0, colon).trim().toLowerCase();
		const value = declaration.slice(colon + 1).trim();
		return colon > 0 && KEPT.has(property) && value !== '' ? [[property, value]] : [];
	});
}

/**
 * Our content security policy blocks style attributes even in a document that is never shown, and says so each time:
 * bold from Word or Google Docs would be lost. So they are read as `data-style`, and set through the DOM.
 */
export function hideStyles(html: string): string {
	return html.replace(/(<[a-z][^<>]*?\s)style(\s*=)/gi, '$1data-style$2');
}

/** Reads what is pasted, styles included that stand for something the schema has. */
export class PasteParser extends DOMParser {
	constructor(schema: Schema) {
		super(schema, DOMParser.fromSchema(schema).rules);
	}

	override parseSlice(dom: globalThis.Node, options?: ParseOptions): Slice {
		if (dom instanceof Element || dom instanceof DocumentFragment) {
			for (const element of dom.querySelectorAll<HTMLElement>('[data-style]')) {
				for (const [property, value] of keptStyles(element.getAttribute('data-style') ?? '')) element.style.setProperty(property, value);
			}
		}
		return super.parseSlice(dom, options);
	}
}
