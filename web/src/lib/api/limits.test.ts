import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as limits from './limits';

it('every bound is the one of the server', () => {
	const source = readFileSync(new URL('../../../../server/src/limits.rs', import.meta.url), 'utf8');
	const served = new Map([...source.matchAll(/pub const (\w+): usize = ([\d_]+);/g)].map(([, name, value]) => [name, Number(value?.replaceAll('_', ''))]));
	for (const [name, value] of Object.entries(limits)) expect([name, served.get(name)]).toEqual([name, value]);
});
