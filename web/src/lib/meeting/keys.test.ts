import { expect, it } from 'vitest';
import { deedOf } from './keys';
import { sizeOf } from './size';

const press = (code: string, more = {}) => ({
	...{ key: '', code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false },
	...{ defaultPrevented: false, repeat: false, isComposing: false },
	...more
});
/** Something that `closest` finds when it is asked for this tag. */
const inside = (tag: string) => ({ closest: (selector: string) => (selector.split(', ').includes(tag) ? {} : null) });

it('the arrows lead where they point, in both directions of writing', () => {
	expect([deedOf(press('ArrowLeft'), null, false), deedOf(press('ArrowRight'), null, false)]).toEqual(['previous', 'next']);
	expect([deedOf(press('ArrowLeft'), null, true), deedOf(press('ArrowRight'), null, true)]).toEqual(['next', 'previous']);
});

it('Space, W and F act once, in any layout', () => {
	expect(['Space', 'KeyW', 'KeyF', 'KeyA'].map((code) => deedOf(press(code, { key: 'ц' }), null, false))).toEqual(['clock', 'wording', 'full', null]);
	expect(deedOf(press('Space', { repeat: true }), null, false)).toBeNull();
});

it('keys that are meant for something else do nothing', () => {
	const KEYS = ['ArrowLeft', 'ArrowRight', 'Space', 'KeyW', 'KeyF'];
	for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { shiftKey: true }, { defaultPrevented: true }, { isComposing: true }]) {
		expect(KEYS.map((code) => deedOf(press(code, more), null, false))).toEqual(KEYS.map(() => null));
	}
	for (const tag of ['input', 'textarea', 'select', '[contenteditable]', 'dialog', '[role="dialog"]', '[popover]', '[role="radiogroup"]', '[role="menu"]']) {
		expect(KEYS.map((code) => deedOf(press(code), inside(tag), false))).toEqual(KEYS.map(() => null));
	}
});

it('Space presses the button that has the focus; the other keys lead on from there', () => {
	for (const tag of ['button', 'a', 'summary']) expect(deedOf(press('Space'), inside(tag), false)).toBeNull();
	expect(['ArrowLeft', 'KeyW', 'KeyF'].map((code) => deedOf(press(code), inside('button'), false))).toEqual(['previous', 'wording', 'full']);
});

it('the more there is to read, the smaller it is', () => {
	const sizes = [100, 500, 1000, 3000].map((length) => sizeOf('Let workers change employer', 'x'.repeat(length), null));
	expect(sizes).toEqual(['xl', 'l', 'm', 's']);
	expect(sizeOf('Title', 'x'.repeat(200), [])).toBe('l');
	expect(sizeOf('Title', 'x'.repeat(400), ['y'.repeat(400), 'z'.repeat(400)])).toBe('s');
});
