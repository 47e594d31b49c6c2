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

const server = process.env['PLENARY_SERVER'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
	plugins: [announcerWithoutStyle(), sveltekit()],
	build: { manifest: true, assetsInlineLimit: 0 },
	server: { proxy: { '/api': server, '/sync': { target: server, ws: true } } },
	test: { include: ['src/**/*.test.ts'], environment: 'node' }
});
