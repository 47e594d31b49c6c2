import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** Names the build by what it is made of, so that the same sources give the same files. */
function sourceHash() {
	const hash = createHash('sha256');
	for (const root of ['src', 'words', 'static']) {
		for (const file of readdirSync(root, { recursive: true, withFileTypes: true })) {
			if (file.isFile()) hash.update(file.name).update(readFileSync(join(file.parentPath, file.name)));
		}
	}
	return hash.update(readFileSync('package-lock.json')).digest('hex').slice(0, 12);
}

/** @type {import('@sveltejs/kit').Config} */
export default {
	preprocess: vitePreprocess(),
	compilerOptions: { runes: ({ filename }) => (filename.includes('node_modules') ? undefined : true) },
	kit: {
		adapter: adapter({ pages: 'build', assets: 'build', fallback: 'index.html', precompress: false, strict: true }),
		paths: { relative: false },
		version: { name: sourceHash() }
	}
};
