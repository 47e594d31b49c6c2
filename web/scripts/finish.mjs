/**
 * What a strict content security policy and a slow line ask of the built client:
 * SvelteKit's inline start script becomes a file of its own, which also names the report page's modules early;
 * everything is compressed ahead; and the script of a first view of the report page keeps to its budget.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const BUILD = join(ROOT, 'build');
// What the page weighs (202 KB; the editor is a file apart, which the register brings for wordings, too) and 2 %: names
// with other hashes compress a little differently from build to build.
const BUDGET_BYTES = 206 * 1024;
const REPORT_ROUTE = '/reports/[report]/[section]';
const COMPRESSED = /\.(js|css|html|json|svg|txt|webmanifest)$/;

const brotli = (bytes) =>
	brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

/** Loaded when the page is at rest, so no part of a first view. */
const ON_DEMAND = /src\/lib\/(frame\/Keys\.svelte|outline\/tools\.ts|threads\/(dialogs|advise)\.ts)$/;

/** Files of a first view of the report page: what its layouts, its page and the start import, statically or not. */
function reportFiles() {
	const manifest = JSON.parse(readFileSync(join(ROOT, '.svelte-kit/output/client/.vite/manifest.json'), 'utf8'));
	const app = readFileSync(join(ROOT, '.svelte-kit/generated/client-optimized/app.js'), 'utf8');
	const route = new RegExp(`"${REPORT_ROUTE.replace(/[[\]/]/g, '\\$&')}": \\[([^\\]]*)\\]?`).exec(app);
	const nodes = new Set([0]);
	if (!route) throw new Error(`no route ${REPORT_ROUTE} in the client`);
	for (const [digits] of route[1].matchAll(/\d+/g)) nodes.add(Number(digits));

	const entries = Object.keys(manifest).filter((key) => {
		const node = /generated\/client-optimized\/nodes\/(\d+)\.js$/.exec(key);
		return node ? nodes.has(Number(node[1])) : manifest[key].isEntry;
	});
	const isNode = (key) => /generated\/client-optimized\/nodes\/\d+\.js$/.test(key);
	const isLater = (key) => isNode(key) || isWords(key) || isPart(key) || ON_DEMAND.test(key);
	const isWords = (key) => /words\/\w+\.ftl/.test(key);
	const isPart = (key) => /words\/\w+\/\w+\.ftl/.test(key);
	const seen = new Set();
	const follow = (key) => {
		if (seen.has(key)) return;
		seen.add(key);
		for (const next of manifest[key].imports ?? []) follow(next);
		for (const next of manifest[key].dynamicImports ?? []) if (!isLater(next)) follow(next);
	};
	entries.forEach(follow);
	const words = Object.keys(manifest).filter(isWords).map((key) => manifest[key].file);
	return { files: [...new Set([...seen].map((key) => manifest[key].file))].filter((file) => file.endsWith('.js')), words };
}

/** Writes a script under its hash and gives its name. */
function writeScript(kind, code) {
	const name = `_app/immutable/${kind}-${createHash('sha256').update(code).digest('base64url').slice(0, 8)}.js`;
	writeFileSync(join(BUILD, name), code);
	return name;
}

/**
 * What must not wait for style sheets and modules: the chosen colours (dark must not flash light first), and what the
 * report page will ask for, asked for at once.
 */
function earlyScript(files) {
	return String.raw`try{const t=localStorage.getItem('plenary.theme');if(t==='dark'||t==='light')document.documentElement.dataset.theme=t}catch{}
{const m=/^\/reports\/([0-9a-f]{32})(?:\/([0-9a-f]{32}))?/.exec(location.pathname);if(m){const add=(rel,href,as)=>{const l=document.createElement('link');l.rel=rel;l.href=href;if(as){l.as=as;l.crossOrigin='anonymous'}document.head.append(l)};const r='/api/reports/'+m[1];add('preload',r,'fetch');if(m[2])add('preload',r+'/documents/'+m[2],'fetch');add('preload',r+'/documents/review','fetch');for(const f of ${JSON.stringify(files)})add('modulepreload','/'+f)}}
`;
}

/** Takes the start script out of the page, in place: a classic script, as it asks for `document.currentScript`. */
function moveScripts(files) {
	const page = join(BUILD, 'index.html');
	const html = readFileSync(page, 'utf8');
	const scripts = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
	if (scripts.length !== 1) throw new Error(`index.html has ${scripts.length} inline scripts, not one`);
	const start = writeScript('start', scripts[0][1].trim().replace(/^\s+/gm, '') + '\n');
	const early = writeScript('early', earlyScript(files));
	const done = html
		.replace(scripts[0][0], () => `<script src="/${start}"></script>`)
		.replace(/<head>/, () => `<head>\n\t\t<script src="/${early}"></script>`);
	if (/\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)/.test(done)) {
		throw new Error('index.html still has an inline style or script');
	}
	writeFileSync(page, done);
	return [early, start];
}

function compressAll() {
	const sizes = new Map();
	for (const entry of readdirSync(BUILD, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile() || !COMPRESSED.test(entry.name)) continue;
		const path = join(entry.parentPath, entry.name);
		const bytes = readFileSync(path);
		const small = brotli(bytes);
		writeFileSync(`${path}.br`, small);
		writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
		sizes.set(path.slice(BUILD.length + 1), { raw: bytes.length, brotli: small.length });
	}
	return sizes;
}

const { files, words } = reportFiles();
const moved = moveScripts(files);
const sizes = compressAll();
const size = (file) => sizes.get(file)?.brotli ?? 0;
const counted = [...moved, ...files, words.toSorted((a, b) => size(b) - size(a))[0]].filter(Boolean);
const total = counted.reduce((sum, file) => sum + size(file), 0);
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
for (const file of counted.toSorted((a, b) => size(b) - size(a)).slice(0, 8)) console.log(`  ${kb(size(file)).padStart(9)}  ${file}`);
console.log(`script of a first view of the report page: ${kb(total)} brotli in ${counted.length} files (budget ${kb(BUDGET_BYTES)})`);
if (total > BUDGET_BYTES) {
	console.error('over budget');
	process.exit(1);
}
