/** In the place of `lib0/dom` (vite.config.ts): what y-tiptap uses of it. */
export const doc = typeof document === 'undefined' ? ({} as Document) : document;
