import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hrefOf, safeHref } from './href';
import { bodySchema } from './schema';

interface Fixture {
	groups: Record<string, string[]>;
	nodes: Record<string, { content: string; attrs: Record<string, unknown>; inline?: boolean; atom?: boolean }>;
	marks: Record<string, Record<string, unknown>>;
}
const fixture = JSON.parse(readFileSync(new URL('../../../../tests/fixtures/body-schema.json', import.meta.url), 'utf8')) as Fixture;
const schema = bodySchema();

describe('the schema, held to tests/fixtures/body-schema.json', () => {
	it('has the same nodes', () => {
		expect(Object.keys(schema.nodes).filter((name) => name !== 'text').sort()).toEqual(Object.keys(fixture.nodes).sort());
	});
	it.each(Object.entries(fixture.nodes))('%s has the same content and attributes', (name, wanted) => {
		const type = schema.nodes[name];
		expect(type?.spec.content ?? '').toBe(wanted.content);
		expect(Object.keys(type?.spec.attrs ?? {}).sort()).toEqual(Object.keys(wanted.attrs).sort());
		if (wanted.inline !== undefined) expect(type?.isInline).toBe(wanted.inline);
		if (wanted.atom !== undefined) expect(type?.isAtom).toBe(wanted.atom);
	});
	it('has the same marks with the same attributes', () => {
		const marks = Object.fromEntries(Object.values(schema.marks).map((mark) => [mark.name, Object.keys(mark.spec.attrs ?? {})]));
		expect(marks).toEqual(Object.fromEntries(Object.entries(fixture.marks).map(([name, attrs]) => [name, Object.keys(attrs)])));
	});
	it.each(Object.entries(fixture.groups))('the group %s has the same members', (group, members) => {
		const named = Object.values(schema.nodes).filter((type) => type.isInGroup(group) || (group === 'inline' && type.name === 'text'));
		expect(named.map((type) => type.name).sort()).toEqual([...members].sort());
	});
	it('has headings of the fixture’s levels only', () => {
		const level = fixture.nodes['heading']?.attrs['level'] as { integer: [number, number] };
		expect(level.integer).toEqual([2, 4]);
		expect(schema.nodes['heading']?.createAndFill()?.attrs['level']).toBe(2);
	});
});

describe('safeHref', () => {
	it.each(['https://iom.int/a?b=c', 'http://x.org', 'mailto:a@b.org'])('takes %s', (href) => expect(safeHref(href)).toBe(href));
	it.each(['javascript:alert(1)', '/relative', 'data:text/html,x', 'https://a b.org', 'ftp://x.org', '', `https://x.org/${'a'.repeat(2000)}`, 'java\nscript:x'])(
		'refuses %s',
		(href) => expect(safeHref(href)).toBeNull()
	);
});

describe('hrefOf', () => {
	it('completes what people type', () => {
		expect(hrefOf('iom.int/report')).toBe('https://iom.int/report');
		expect(hrefOf('a@iom.int')).toBe('mailto:a@iom.int');
		expect(hrefOf(' https://iom.int ')).toBe('https://iom.int');
		for (const typed of ['nothing', 'javascript:x', 'two words.org']) expect(hrefOf(typed)).toBeNull();
	});
});
