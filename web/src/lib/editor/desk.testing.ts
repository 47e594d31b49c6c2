import type { Node, Schema } from '@tiptap/pm/model';
import { EditorState, type Plugin, type Transaction } from '@tiptap/pm/state';
import { ySyncPlugin, yXmlFragmentToProseMirrorRootNode } from '@tiptap/y-tiptap';
import * as Y from 'yjs';
import { bodySchema } from './schema';

/** Chance that a test can repeat: the same seed gives the same numbers (mulberry32). */
export function seeded(seed: number): (below: number) => number {
	let state = seed >>> 0;
	return (below) => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
	};
}

export const schema: Schema = bodySchema();

/** A paragraph of the schema. */
export function p(...content: (string | Node)[]): Node {
	return schema.node('paragraph', null, content.filter((part) => part !== '').map((part) => (typeof part === 'string' ? schema.text(part) : part)));
}

/** An editor without a page: the state, the binding and a Yjs document, as the editor has them. */
export class Desk {
	readonly doc = new Y.Doc();
	readonly fragment = this.doc.getXmlFragment('body');
	state: EditorState;
	/** Transactions that were dispatched, for what maps through them. */
	readonly seen: Transaction[] = [];
	#update: (() => void) | undefined;

	constructor(client: number, plugins: Plugin[] = [], start?: Uint8Array) {
		this.doc.clientID = client;
		if (start) Y.applyUpdate(this.doc, start);
		const sync = ySyncPlugin(this.fragment) as Plugin;
		this.state = EditorState.create({ schema, plugins: [sync, ...plugins] });
		// The plugin asks of a view only its state, its dispatch and whether it has the focus.
		const view = sync.spec.view?.(this as never);
		this.#update = view?.update as (() => void) | undefined;
	}

	dispatch(tr: Transaction) {
		this.state = this.state.applyTransaction(tr).state;
		this.seen.push(tr);
		this.#update?.();
	}

	hasFocus() {
		return false;
	}

	/** What Yjs says the text is. */
	get truth(): Node {
		return yXmlFragmentToProseMirrorRootNode(this.fragment, schema);
	}
}

/** Gives each desk what the other has. */
export function exchange(a: Desk, b: Desk) {
	const forB = Y.encodeStateAsUpdate(a.doc, Y.encodeStateVector(b.doc));
	const forA = Y.encodeStateAsUpdate(b.doc, Y.encodeStateVector(a.doc));
	Y.applyUpdate(a.doc, forA, 'remote');
	Y.applyUpdate(b.doc, forB, 'remote');
}
