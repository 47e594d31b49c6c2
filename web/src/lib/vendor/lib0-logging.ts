/**
 * In the place of `lib0/logging` (vite.config.ts): Yjs prints some warnings with it, for which it would bring coloured
 * output, a DOM toolkit and a schema validator along. These are the names that Yjs uses.
 */
export const ORANGE = Symbol('orange');
export const RED = Symbol('red');
export const BOLD = Symbol('bold');
export const UNBOLD = Symbol('unbold');

export const print = (...parts: unknown[]): void => console.warn(...parts.filter((part) => typeof part !== 'symbol'));
export const warn = print;
