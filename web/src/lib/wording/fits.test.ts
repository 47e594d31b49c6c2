import { describe, expect, it } from 'vitest';
import { misfitOf } from './fits';

describe('misfitOf', () => {
	it('finds what a record does not take, the title first', () => {
		expect(misfitOf('Build homes', 'Near work.')).toBeNull();
		expect(misfitOf(' ', '')).toBe('title-empty');
		expect(misfitOf('Build homes', '\n ')).toBe('text-empty');
		expect(misfitOf('x'.repeat(301), 'Near work.')).toBe('title-long');
		expect(misfitOf('Build homes', 'x'.repeat(20_001))).toBe('text-long');
	});

	it('counts characters, not halves of them, and spaces once', () => {
		expect(misfitOf('🏠'.repeat(300), 'Near work.')).toBeNull();
		expect(misfitOf(`a${' '.repeat(400)}b`, 'Near work.')).toBeNull();
	});
});
