import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { expect, it } from 'vitest';

/** The folders of `lib`; each imports only from those that stand before it. */
const ORDER = [
	'vendor',
	'styles',
	'api',
	'words',
	'ui',
	'recommendations',
	'review',
	'live',
	'outline',
	'frame',
	'people',
	'taking',
	'editor',
	'threads',
	'wording',
	'charts',
	'meeting',
	'register'
];
const LIB = import.meta.dirname;
const IMPORT = /(?:\bfrom|\bimport\(|\bimport)\s*'([^']+)'/g;

function* imports(): Generator<{ file: string; to: string }> {
	for (const folder of ORDER) {
		for (const name of readdirSync(join(LIB, folder), { recursive: true, encoding: 'utf8' })) {
			if (!/\.(ts|svelte)$/.test(name)) continue;
			const file = join(folder, name);
			for (const [, path = ''] of readFileSync(join(LIB, file), 'utf8').matchAll(IMPORT)) {
				if (path.startsWith('$lib/')) yield { file, to: path.slice('$lib/'.length) };
				else if (path.startsWith('.')) yield { file, to: relative(LIB, normalize(join(LIB, file, '..', path))) };
			}
		}
	}
}
const folderOf = (path: string) => path.split('/')[0] ?? '';

it('every folder has its place', () => {
	const folders = readdirSync(LIB, { withFileTypes: true }).filter((entry) => entry.isDirectory());
	expect(folders.map(({ name }) => name).sort()).toEqual([...ORDER].sort());
});

it('nothing imports from a folder that stands after its own', () => {
	const all = [...imports()].filter(({ to }) => ORDER.includes(folderOf(to)));
	expect(all.length).toBeGreaterThan(500);
	const upwards = all.filter(({ file, to }) => ORDER.indexOf(folderOf(to)) > ORDER.indexOf(folderOf(file)));
	expect(upwards.map(({ file, to }) => `${file} imports ${to}`)).toEqual([]);
});
