import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const HERE = join(import.meta.dirname, '.');
const read = (name: string) => readFileSync(join(HERE, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The declarations between the braces that follow `selector`, one a line. */
function declarations(css: string, selector: string): string[] {
	const from = css.indexOf('{', css.indexOf(selector)) + 1;
	return css
		.slice(from, css.indexOf('}', from))
		.split(';')
		.map((line) => line.trim().replace(/\s+/g, ' '))
		.filter(Boolean);
}

describe('tokens', () => {
	it('are the same in the dark by choice and in the dark of the system', () => {
		const css = read('tokens.css');
		const chosen = declarations(css, ':root[data-theme="dark"]');
		expect(chosen.length).toBeGreaterThan(20);
		expect(declarations(css, ':root:not([data-theme])')).toEqual(chosen);
	});

	it('that sheets use are there', () => {
		const tokens = read('tokens.css');
		for (const name of readdirSync(HERE).filter((file) => file.endsWith('.css'))) {
			const css = read(name);
			for (const [, token] of css.matchAll(/var\((--[a-z0-9-]+)\)/g)) {
				const made = `${token}:`;
				expect(tokens.includes(made) || css.includes(made) || read('plate.css').includes(made), `${name}: ${token}`).toBe(true);
			}
		}
	});
});

describe('sheets', () => {
	const PHYSICAL = /(?:^|[;{\s])((?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|min-width|max-width|min-height|max-height|text-align:\s*(?:left|right)|float:\s*(?:left|right))\s*:/;
	for (const name of readdirSync(HERE).filter((file) => file.endsWith('.css'))) {
		it(`${name} has logical properties only`, () => {
			const lines = read(name)
				.replace(/@media[^{]*/g, '')
				.replace(/@container[^{]*/g, '')
				.split('\n');
			expect(lines.filter((line) => PHYSICAL.test(line))).toEqual([]);
		});
	}
});

it('every sheet is in app.css', () => {
	const app = read('app.css');
	for (const name of readdirSync(HERE)) {
		if (name.endsWith('.css') && name !== 'app.css') expect(app).toContain(`'./${name}'`);
	}
});
