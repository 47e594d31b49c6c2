import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ICONS } from './icons';

it('names exactly the icons of the sprite', () => {
	const sprite = readFileSync(join(import.meta.dirname, 'Sprite.svelte'), 'utf8');
	const drawn = [...sprite.matchAll(/<symbol id="i-([a-z0-9]+)"/g)].map(([, name]) => name);
	expect([...drawn].sort()).toEqual([...ICONS].sort());
});
