import { expect, test } from 'vitest';
import { formKeys } from './formKeys';

/** What a key did: what was called, and whether the browser's own deed was prevented. */
function pressed(key: string, more: Partial<KeyboardEvent> = {}): string[] {
	const done: string[] = [];
	const keys = formKeys(() => done.push('send'), () => done.push('leave'));
	keys({ key, ctrlKey: false, metaKey: false, isComposing: false, ...more, preventDefault: () => done.push('prevented'), stopPropagation: () => done.push('stopped') } as unknown as KeyboardEvent);
	return done;
}

test('Enter sends with Ctrl or the command key alone, and Escape leaves', () => {
	expect(pressed('Enter', { ctrlKey: true })).toEqual(['prevented', 'send']);
	expect(pressed('Enter', { metaKey: true })).toEqual(['prevented', 'send']);
	expect(pressed('Enter')).toEqual([]);
	expect(pressed('Escape')).toEqual(['prevented', 'stopped', 'leave']);
	expect(pressed('a', { ctrlKey: true })).toEqual([]);
});

test('Escape is left to others where a form has nothing to leave', () => {
	let prevented = false;
	formKeys(() => undefined)({ key: 'Escape', isComposing: false, preventDefault: () => (prevented = true) } as unknown as KeyboardEvent);
	expect(prevented).toBe(false);
});

test('keys that an input method needs do nothing', () => {
	expect(pressed('Escape', { isComposing: true })).toEqual([]);
	expect(pressed('Enter', { isComposing: true, ctrlKey: true })).toEqual([]);
});
