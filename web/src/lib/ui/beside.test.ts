import { describe, expect, it } from 'vitest';
import { beside } from './beside';

const room = { width: 400, height: 600 };
const menu = { width: 200, height: 150 };
const button = (left: number, top: number) => ({ left, right: left + 30, top, bottom: top + 30 });

describe('beside', () => {
	it('stands under its opener, in line with its start', () => {
		expect(beside(button(50, 100), menu, room, false)).toEqual({ left: 50, top: 134 });
		expect(beside(button(300, 100), menu, room, true)).toEqual({ left: 130, top: 134 });
	});
	it('moves aside at the edge', () => {
		expect(beside(button(360, 100), menu, room, false).left).toBe(192);
		expect(beside(button(10, 100), menu, room, true).left).toBe(8);
	});
	it('stands above where there is no room below', () => {
		expect(beside(button(50, 500), menu, room, false).top).toBe(346);
	});
	it('begins inside a window that is too small for it', () => {
		expect(beside(button(10, 50), { width: 500, height: 700 }, room, false)).toEqual({ left: 8, top: 8 });
	});
});
