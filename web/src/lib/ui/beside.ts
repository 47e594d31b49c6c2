/** Where a menu stands, in CSS pixels of the window. */

interface Box {
	left: number;
	right: number;
	top: number;
	bottom: number;
}
interface Size {
	width: number;
	height: number;
}

const GAP = 4;
const EDGE = 8;

/** Under its opener and in line with its start; above it, or moved aside, where there is no room. */
export function beside(opener: Box, menu: Size, room: Size, rtl: boolean): { left: number; top: number } {
	const wanted = rtl ? opener.right - menu.width : opener.left;
	const left = Math.max(EDGE, Math.min(wanted, room.width - menu.width - EDGE));
	const under = opener.bottom + GAP;
	const fits = under + menu.height <= room.height - EDGE;
	return { left, top: fits ? under : Math.max(EDGE, opener.top - GAP - menu.height) };
}
