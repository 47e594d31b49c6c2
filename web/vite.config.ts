import { fileURLToPath } from 'node:url';
import { FluentResource } from '@fluent/bundle';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';

/**
 * SvelteKit's page announcer carries a static `style`, which our content security policy reports once a page load.
 * The same rules are in `base.css` under its id.
 */
function announcerWithoutStyle(): Plugin {
	return {
		name: 'plenary:announcer',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('/generated/root.svelte')) return null;
			const plain = code.replace(/(<div id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1');
			if (plain === code) this.error('the page announcer is not where it was: look at root.svelte again');
			return { code: plain, map: null };
		}
	};
}

/** Reads Fluent files when building, so that browsers need no parser: each is the list of its messages. */
function fluentMessages(): Plugin {
	return {
		name: 'plenary:fluent',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('.ftl')) return null;
			const messages = new FluentResource(code).body.map(({ id, value }) => ({ id, value }));
			return { code: `export default ${JSON.stringify(messages)}`, map: null };
		}
	};
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = process.env['PLENARY_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
	// What Yjs and its binding import of lib0 and hardly use: 3 KB compressed.
	resolve: { alias: { 'lib0/logging': here('src/lib/vendor/lib0-logging.ts'), 'lib0/dom': here('src/lib/vendor/lib0-dom.ts') } },
	plugins: [announcerWithoutStyle(), fluentMessages(), sveltekit()],
	build: {
		manifest: true,
		assetsInlineLimit: 0,
		rolldownOptions: {
			output: {
				// Few files: on a slow line each costs a round trip. What every page needs is one of them.
				codeSplitting: {
					groups: [{ name: 'base', test: /node_modules\/(svelte|@sveltejs|devalue|clsx|esm-env|@fluent)\/|src\/lib\/(ui\/(?!Dialog|Field)|words|api)/ }]
				}
			}
		}
	},
	server: { proxy: { '/api': server, '/sync': { target: server, ws: true } } },
	test: { include: ['src/**/*.test.ts'], environment: 'node' }
});
