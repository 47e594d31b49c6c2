import { getSchema, type AnyExtension, type Extensions } from '@tiptap/core';
import { Blockquote } from '@tiptap/extension-blockquote';
import { Bold } from '@tiptap/extension-bold';
import { Document } from '@tiptap/extension-document';
import { HardBreak } from '@tiptap/extension-hard-break';
import { Heading } from '@tiptap/extension-heading';
import { Italic } from '@tiptap/extension-italic';
import { BulletList } from '@tiptap/extension-list/bullet-list';
import { ListItem } from '@tiptap/extension-list/item';
import { OrderedList } from '@tiptap/extension-list/ordered-list';
import { Paragraph } from '@tiptap/extension-paragraph';
import { Strike } from '@tiptap/extension-strike';
import { Text } from '@tiptap/extension-text';
import { Underline } from '@tiptap/extension-underline';
import type { Schema } from '@tiptap/pm/model';
import { BlockIds } from './blockids';
import { Footnote } from './footnote';
import { Link } from './link';
import { Table, TableCell, TableHeader, TableRow, whole } from './table';

/** Headings inside a section: its title is the first level. */
const LEVELS = [2, 3, 4] as const;
type Level = (typeof LEVELS)[number];
const NUMBERINGS = ['1', 'a', 'A', 'i', 'I'];

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
	Table,
	TableRow,
	TableCell,
	TableHeader,
	HardBreak,
	Footnote,
	Bold,
	Italic,
	Underline,
	Strike,
	Link,
	BlockIds
] satisfies AnyExtension[];

/** The schema alone, for what needs no editor. */
export function bodySchema(): Schema {
	return getSchema(schemaExtensions);
}
