import { Extension } from '@tiptap/core';
import { Plugin, type Transaction } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { isReading } from './reading';

/** Whether a transaction brings what Yjs has (others' changes, undo, the first showing), and so writes nothing. */
export function isRemote(tr: Transaction): boolean {
	const meta = tr.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined;
	return meta?.isChangeOrigin === true;
}

/**
 * Lets nothing write that nobody here did: no repair of a table, no rule of an extension, answers a change that came
 * from others (every client would write it at once), and nothing at all is written in a text that is only read.
 */
export const Guard = Extension.create({
	name: 'guard',

	addProseMirrorPlugins() {
		return [
			new Plugin({
				filterTransaction: (tr, state) => {
					if (!tr.docChanged || isRemote(tr)) return true;
					const root = tr.getMeta('appendedTransaction') as Transaction | undefined;
					return !isReading(state) && !(root && isRemote(root));
				}
			})
		];
	}
});
