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
 * Reads what is pasted. Our content security policy blocks style attributes even in a document that is never shown,
 * so bold from Word or Google Docs would be lost: the attribute's text is still there, and is set through the DOM.
 */
export class PasteParser extends DOMParser {
	constructor(schema: Schema) {
		super(schema, DOMParser.fromSchema(schema).rules);
	}

	override parseSlice(dom: globalThis.Node, options?: ParseOptions): Slice {
		if (dom instanceof Element || dom instanceof DocumentFragment) {
			for (const element of dom.querySelectorAll<HTMLElement>('[style]')) {
				for (const [property, value] of keptStyles(element.getAttribute('style') ?? '')) element.style.setProperty(property, value);
			}
		}
		return super.parseSlice(dom, options);
	}
}
