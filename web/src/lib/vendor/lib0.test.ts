import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as dom from './lib0-dom';
import * as logging from './lib0-logging';

const CASES: [string, object, string, RegExp][] = [
	['lib0/logging for Yjs', logging, 'yjs/dist/yjs.mjs', /(?<![.\w])logging\.([A-Za-z]+)/g],
	['lib0/dom for y-tiptap', dom, '@tiptap/y-tiptap/dist/y-tiptap.js', /(?<![.\w])dom\.([A-Za-z]+)/g]
];

it.each(CASES)('%s has every name that is used', (_, stand, path, use) => {
	const source = readFileSync(join(import.meta.dirname, '../../../node_modules', path), 'utf8');
	const used = new Set([...source.matchAll(use)].map(([, name]) => String(name)));
	expect(used.size).toBeGreaterThan(0);
	expect([...used].filter((name) => !(name in stand))).toEqual([]);
});
