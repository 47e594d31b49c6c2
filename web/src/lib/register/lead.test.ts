import { expect, it } from 'vitest';
import { leadOf } from './lead';

it('finds an organization by code or name, and nobody for other texts', () => {
	const moi = { id: 'o', name: 'Ministry of the Interior', code: 'MOI', kind: 'government', hue: 2 } as const;
	expect(leadOf('moi', [moi])).toBe(moi);
	expect(leadOf(' Ministry of the interior ', [moi])).toBe(moi);
	expect(leadOf('Ministries', [moi])).toBeUndefined();
	expect(leadOf(null, [moi])).toBeUndefined();
});
