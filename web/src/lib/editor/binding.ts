import type { Fragment, Node } from '@tiptap/pm/model';
import { TextSelection, type Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { ProsemirrorBinding, relativePositionToAbsolutePosition } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { narrowReplace } from './narrow';

/** The y-tiptap that this was written against; a test holds it to what is installed. */
export const BINDING_VERSION = '3.0.9';

type Mapping = Map<Y.AbstractType<unknown>, Node | Node[]>;

/** What is used here of the binding, whose insides its package doesn't type. */
interface Inside {
	doc: Y.Doc;
	type: Y.XmlFragment;
	mapping: Mapping;
	prosemirrorView: EditorView | null;
	beforeTransactionSelection: { type: string; anchor: unknown; head: unknown } | null;
	_typeChanged(events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction): void;
}

/** How often narrow steps did not give what Yjs says, so that the whole document was replaced. */
export const counts = { narrow: 0, whole: 0 };

let patched = false;

/**
 * Makes remote changes cheap. As published, the binding forgets every node on each remote change and replaces the
 * whole document: a second a keystroke at 10,000 words on a weak laptop. With this it forgets only what changed and
 * replaces only what changed, checks the result against Yjs, and falls back to the whole when they differ. It also
 * leaves the selection to Yjs: the published recovery, which compares texts, holds it still while others type before it.
 */
export function patchBinding(): void {
	if (patched) return;
	const proto = ProsemirrorBinding.prototype as unknown as Inside;
	const getter = Object.getOwnPropertyDescriptor(proto, '_tr')?.get;
	const typeChanged = proto._typeChanged;
	// Another version may lack these; the editor then works as published.
	if (!getter || typeof typeChanged !== 'function') return;
	patched = true;
	const narrowing = new WeakMap<object, Inside['beforeTransactionSelection']>();

	Object.defineProperty(proto, '_tr', {
		configurable: true,
		get(this: Inside) {
			const tr = getter.call(this) as Transaction;
			if (!narrowing.has(this)) return tr;
			// Only the first `replace` is ours: `tr.replace` is also what other methods of the transaction call.
			tr.replace = (_from, _to, slice) => {
				delete (tr as Partial<Transaction>).replace;
				apply(this, tr, slice?.content ?? tr.doc.content, narrowing.get(this) ?? null);
				return tr;
			};
			return tr;
		}
	});
	proto._typeChanged = function (this: Inside, events, transaction) {
		const byUndo = transaction.origin instanceof Y.UndoManager;
		const mapping = this.mapping;
		mapping.clear = () => undefined;
		// An undo puts the selection back by itself; otherwise the transaction is given it below.
		narrowing.set(this, byUndo ? null : this.beforeTransactionSelection);
		if (!byUndo) this.beforeTransactionSelection = null;
		try {
			typeChanged.call(this, events, transaction);
		} finally {
			narrowing.delete(this);
			delete (mapping as Partial<Mapping>).clear;
		}
	};
}

function apply(binding: Inside, tr: Transaction, next: Fragment, selection: Inside['beforeTransactionSelection']) {
	if (narrowReplace(tr, next)) counts.narrow += 1;
	else {
		counts.whole += 1;
		tr.replaceWith(0, tr.doc.content.size, next);
	}
	remember(binding, tr.doc);
	if (selection?.type === 'text') place(binding, tr, selection);
}

/** Blocks that were changed in place are new objects: the next change must find them unchanged. */
function remember(binding: Inside, doc: Node) {
	const elements = binding.type.toArray();
	if (elements.length !== doc.childCount) return;
	elements.forEach((element, index) => binding.mapping.set(element as Y.AbstractType<unknown>, doc.child(index)));
}

/** The caret stays between the same two characters. */
function place(binding: Inside, tr: Transaction, selection: { anchor: unknown; head: unknown }) {
	const at = (position: unknown) =>
		relativePositionToAbsolutePosition(binding.doc, binding.type, position as Y.RelativePosition, binding.mapping);
	const anchor = at(selection.anchor);
	const head = at(selection.head);
	if (anchor === null || head === null) return;
	const size = tr.doc.content.size;
	if (anchor > size || head > size) return;
	tr.setSelection(TextSelection.between(tr.doc.resolve(anchor), tr.doc.resolve(head)));
}
