import { getSchema, type AnyExtension, type Extensions } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Bold } from '@tiptap/extension-bold';
import { Document } from '@tiptap/extension-document';
import { HardBreak } from '@tiptap/extension-hard-break';
import { Heading } from '@tiptap/extension-heading';
import { Italic } from '@tiptap/extension-italic';
import { Link } from '@tiptap/extension-link';
import { BulletList, ListItem, OrderedList } from '@tiptap/extension-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Strike } from '@tiptap/extension-strike';
import { Table, TableCell, TableHeader, TableRow } from '@tiptap/extension-table';
import { Text } from '@tiptap/extension-text';
import { Underline } from '@tiptap/extension-underline';
import type { Schema } from '@tiptap/pm/model';
import { BlockIds } from './blockids';
import { Footnote } from './footnote';
import { safeHref } from './href';

/** Headings inside a section: its title is the first level. */
const LEVELS = [2, 3, 4] as const;
type Level = (typeof LEVELS)[number];
const NUMBERINGS = ['1', 'a', 'A', 'i', 'I'];
const ALIGNMENTS = ['left', 'center', 'right'];

/** A whole number within bounds; `fallback` for anything else that was pasted. */
function whole(value: unknown, low: number, high: number, fallback: number): number {
	const number = Number(value);
	return Number.isInteger(number) && number >= low && number <= high ? number : fallback;
}

const SectionHeading = Heading.extend({
	addAttributes() {
		return { level: { default: 2, rendered: false } };
	},
	parseHTML() {
		// A pasted h1 becomes the first level there is, h5 and h6 the last.
		const level: Record<string, Level> = { h1: 2, h2: 2, h3: 3, h4: 4, h5: 4, h6: 4 };
		return Object.entries(level).map(([tag, level]) => ({ tag, attrs: { level } }));
	}
}).configure({ levels: [...LEVELS] });

const SafeLink = Link.extend({
	addAttributes() {
		return { href: { default: null, parseHTML: (element) => safeHref(element.getAttribute('href')) } };
	},
	parseHTML() {
		return [{ tag: 'a[href]', getAttrs: (element) => (safeHref(element.getAttribute('href')) === null ? false : null) }];
	},
	renderHTML({ HTMLAttributes }) {
		const href = safeHref(String(HTMLAttributes['href'] ?? ''));
		return ['a', { ...(href === null ? {} : { href }), rel: 'noopener noreferrer', target: '_blank' }, 0];
	}
}).configure({
	autolink: false,
	// Pasting an address over a selection makes a link of it; one that is no safe address stays text.
	linkOnPaste: true,
	openOnClick: false,
	isAllowedUri: (url) => safeHref(url) !== null
});

const NumberedList = OrderedList.extend({
	addAttributes() {
		return {
			start: { default: 1, parseHTML: (element) => whole(element.getAttribute('start') ?? 1, 0, 100_000, 1) },
			type: {
				default: null,
				parseHTML: (element) => {
					const type = element.getAttribute('type');
					return type !== null && NUMBERINGS.includes(type) ? type : null;
				}
			}
		};
	}
});

function cell(extension: typeof TableCell): typeof TableCell {
	return extension.extend({
		addAttributes() {
			return {
				colspan: { default: 1, parseHTML: (element) => whole(element.getAttribute('colspan') ?? 1, 1, 100, 1) },
				rowspan: { default: 1, parseHTML: (element) => whole(element.getAttribute('rowspan') ?? 1, 1, 1000, 1) },
				// Columns share the width; what another client set is kept, and not taken from pasted tables.
				colwidth: { default: null, parseHTML: () => null, renderHTML: () => ({}) },
				align: {
					default: null,
					parseHTML: (element) => {
						const align = element.style.textAlign || element.getAttribute('align');
						return align !== null && ALIGNMENTS.includes(align) ? align : null;
					},
					renderHTML: ({ align }) => (align ? { 'data-align': String(align) } : {})
				}
			};
		}
	});
}

const BoxedTable = Table.extend({
	renderHTML() {
		return ['div', { class: 'tblbox' }, ['table', ['tbody', 0]]];
	}
}).configure({ resizable: false, allowTableNodeSelection: false });

/** Everything that makes the schema, and nothing else; `tests/fixtures/body-schema.json` says the same to the server. */
export const schemaExtensions: Extensions = [
	Document,
	Paragraph,
	Text,
	SectionHeading,
	BulletList,
	NumberedList,
	ListItem,
	Blockquote,
	BoxedTable,
	TableRow,
	cell(TableCell),
	cell(TableHeader as typeof TableCell),
	HardBreak,
	Footnote,
	Bold,
	Italic,
	Underline,
	Strike,
	SafeLink,
	BlockIds
] satisfies AnyExtension[];

/** The schema alone, for what needs no editor. */
export function bodySchema(): Schema {
	return getSchema(schemaExtensions);
}
