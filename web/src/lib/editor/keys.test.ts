import { describe, expect, it } from 'vitest';
import { wanted } from './keys';

const press = (code: string, more: Record<string, unknown> = {}) =>
	wanted({ code, key: '', ctrlKey: true, altKey: true, metaKey: false, shiftKey: false, getModifierState: () => false, ...more });

describe('wanted', () => {
	it('reads keys by their place, in every alphabet', () => {
		expect(press('KeyM', { key: 'ь' })).toBe('comment');
		expect(press('KeyR')).toBe('recommend');
		expect(press('KeyN')).toBe('step');
		expect(press('KeyP')).toBe('back');
		expect(press('KeyK', { altKey: false })).toBe('link');
	});
	it('leaves AltGr letters and other keys alone', () => {
		expect(press('KeyM', { getModifierState: (name: string) => name === 'AltGraph' })).toBeNull();
		expect(press('KeyM', { shiftKey: true })).toBeNull();
		expect(press('KeyM', { ctrlKey: false })).toBeNull();
	});
	it('asks to open a card only for a plain Enter', () => {
		expect(press('Enter', { key: 'Enter', ctrlKey: false, altKey: false })).toBe('open');
		expect(press('Enter', { key: 'Enter', altKey: false })).toBeNull();
	});
});
