import { expect, it } from 'vitest';
import { deedOf } from './keys';
import { sizeOf } from './size';

const press = (code: string, more = {}) => ({ key: '', code, ctrlKey: false, altKey: false, metaKey: false, defaultPrevented: false, repeat: false, ...more });
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
	for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { defaultPrevented: true }]) {
		expect(deedOf(press('KeyF', more), null, false)).toBeNull();
	}
	expect(deedOf(press('ArrowLeft'), inside('textarea'), false)).toBeNull();
	expect(deedOf(press('KeyW'), inside('dialog'), false)).toBeNull();
	expect(deedOf(press('Space'), inside('button'), false)).toBeNull();
	expect(deedOf(press('ArrowLeft'), inside('button'), false)).toBe('previous');
});

it('the more there is to read, the smaller it is', () => {
	const sizes = [100, 500, 1000, 3000].map((length) => sizeOf('Let workers change employer', 'x'.repeat(length), null));
	expect(sizes).toEqual(['xl', 'l', 'm', 's']);
	expect(sizeOf('Title', 'x'.repeat(200), [])).toBe('l');
	expect(sizeOf('Title', 'x'.repeat(400), ['y'.repeat(400), 'z'.repeat(400)])).toBe('s');
});
