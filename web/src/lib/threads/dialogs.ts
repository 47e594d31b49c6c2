/** The dialogs of the text, loaded after it. */
export { default as LinkDialog } from './LinkDialog.svelte';
export { default as NoteDialog } from './NoteDialog.svelte';
