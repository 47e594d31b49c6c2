import type { Section } from '$lib/api/types';

/** What a coordinator asked of the outline: to change a section, by the button that opens its menu, or a new one. */
export type Asked = { section: Section; opener: HTMLElement } | 'add';
