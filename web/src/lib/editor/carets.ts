import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view';
import { absolutePositionToRelativePosition, ySyncPluginKey, type ProsemirrorBinding } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import { userOf } from '$lib/live/here';
import type { Presence } from '$lib/api/types';
import type { Places } from './places';
import { isReading } from './reading';
import { heed } from './heed';

/** Cursors go out at most so often. */
const SEND_EVERY_MS = 100;
/** After a move the label shows code and name for so long, then the code, then only the stem stays. */
const NAME_MS = 3_000;
const CODE_MS = 30_000;

const key = new PluginKey<DecorationSet>('carets');

/** Somebody's place in the text. */
interface Caret {
	client: number;
	user: Presence;
	anchor: number;
	head: number;
}

/** Others' places, as they are in the awareness now. */
export function caretsOf(states: Map<number, unknown>, self: number, places: Places, text: Node): Caret[] {
	const carets: Caret[] = [];
	const size = text.content.size;
	for (const [client, state] of states) {
		const user = client === self ? null : userOf(state);
		const cursor = user && (state as { cursor?: { anchor?: unknown; head?: unknown } | null }).cursor;
		if (!user || !cursor) continue;
		const anchor = places.at(cursor.anchor, text);
		const head = places.at(cursor.head, text);
		if (anchor !== null && head !== null && anchor <= size && head <= size) carets.push({ client, user, anchor, head });
	}
	return carets;
}

/** The stems and labels on the page: one element a window, kept while it moves, so that its label can rest. */
class Stems {
	#stems = new Map<number, { element: HTMLElement; at: number; timers: ReturnType<typeof setTimeout>[] }>();

	/** The element for a caret; when it has moved, its label is shown again. */
	show({ client, user, head }: Caret): HTMLElement {
		let stem = this.#stems.get(client);
		if (!stem) {
			stem = { element: build(user), at: -1, timers: [] };
			this.#stems.set(client, stem);
		}
		if (stem.at !== head) {
			stem.at = head;
			stem.timers.forEach(clearTimeout);
			const { classList } = stem.element;
			classList.remove('code', 'stem');
			stem.timers = [setTimeout(() => classList.add('code'), NAME_MS), setTimeout(() => classList.add('stem'), CODE_MS)];
		}
		return stem.element;
	}

	/** Forgets windows that are gone. */
	keep(carets: readonly Caret[]) {
		const here = new Set(carets.map((caret) => caret.client));
		for (const [client, stem] of this.#stems) {
			if (here.has(client)) continue;
			stem.timers.forEach(clearTimeout);
			this.#stems.delete(client);
		}
	}

	/** Turns labels that would leave the sheet to the other side. Reads all, then writes all. */
	turn(sheet: Element) {
		const edge = sheet.getBoundingClientRect();
		const rtl = getComputedStyle(sheet).direction === 'rtl';
		const turns = [...this.#stems.values()].map(({ element }) => {
			const stem = element.getBoundingClientRect();
			const label = element.firstElementChild?.getBoundingClientRect().width ?? 0;
			return { element, end: rtl ? stem.left - label < edge.left : stem.left + label > edge.right };
		});
		for (const { element, end } of turns) element.classList.toggle('end', end);
	}
}

function build(user: Presence): HTMLElement {
	const element = document.createElement('span');
	element.className = `caret p${user.hue}`;
	const label = document.createElement('span');
	const name = document.createElement('i');
	name.textContent = ` · ${user.name}`;
	label.append(user.code, name);
	label.setAttribute('aria-hidden', 'true');
	element.append(label);
	return element;
}

/** Shows where others write, and tells them where this window does. */
export function caretPlugin(awareness: Awareness, places: Places): Plugin<DecorationSet> {
	const stems = new Stems();
	return new Plugin<DecorationSet>({
		key,
		state: {
			init: () => DecorationSet.empty,
			apply(tr, old) {
				const fresh = tr.getMeta(key) as DecorationSet | undefined;
				return fresh ?? (tr.docChanged ? old.map(tr.mapping, tr.doc) : old);
			}
		},
		props: { decorations: (state) => key.getState(state) },
		view: (view) => {
			let frame = 0;
			const draw = () => {
				frame = 0;
				if (view.isDestroyed) return;
				heed(view);
				const carets = caretsOf(awareness.getStates(), awareness.clientID, places, view.state.doc);
				stems.keep(carets);
				const decorations = DecorationSet.create(view.state.doc, carets.flatMap((caret) => drawn(caret, stems)));
				view.dispatch(view.state.tr.setMeta(key, decorations).setMeta('addToHistory', false));
				if (carets.length > 0) stems.turn(view.dom.closest('.sheet') ?? view.dom);
			};
			// Joined per frame: ten people who move make one transaction.
			const later = () => (frame ||= requestAnimationFrame(draw));
			awareness.on('change', later);
			later();
			const sender = new Sender(view, awareness);
			return {
				update(_view, before) {
					if (before.doc !== view.state.doc || !before.selection.eq(view.state.selection)) sender.soon();
				},
				destroy() {
					cancelAnimationFrame(frame);
					awareness.off('change', later);
					stems.keep([]);
					sender.stop();
				}
			};
		}
	});
}

function drawn(caret: Caret, stems: Stems): Decoration[] {
	const { client, user, anchor, head } = caret;
	const element = stems.show(caret);
	const decorations = [Decoration.widget(head, () => element, { key: `caret-${client}`, side: 10, ignoreSelection: true })];
	if (anchor !== head) {
		decorations.push(Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), { class: `theirs p${user.hue}` }));
	}
	return decorations;
}

/** Tells others where this window's cursor is, ten times a second at most; nowhere while the text has no focus. */
class Sender {
	#timer: ReturnType<typeof setTimeout> | undefined;
	#sent = 'null';
	#focus = () => this.soon();

	constructor(
		private readonly view: EditorView,
		private readonly awareness: Awareness
	) {
		view.dom.addEventListener('focusin', this.#focus);
		view.dom.addEventListener('focusout', this.#focus);
	}

	soon() {
		this.#timer ??= setTimeout(() => {
			this.#timer = undefined;
			this.#send();
		}, SEND_EVERY_MS);
	}

	#send() {
		const cursor = this.#cursor();
		const text = JSON.stringify(cursor);
		if (text === this.#sent) return;
		this.#sent = text;
		this.awareness.setLocalStateField('cursor', cursor);
	}

	#cursor(): { anchor: unknown; head: unknown } | null {
		const { view } = this;
		const sync = ySyncPluginKey.getState(view.state) as { type: unknown; binding: ProsemirrorBinding } | undefined;
		if (!sync || !view.hasFocus() || isReading(view.state)) return null;
		const at = (pos: number): unknown => absolutePositionToRelativePosition(pos, sync.binding.type, sync.binding.mapping);
		return { anchor: at(view.state.selection.anchor), head: at(view.state.selection.head) };
	}

	stop() {
		clearTimeout(this.#timer);
		this.view.dom.removeEventListener('focusin', this.#focus);
		this.view.dom.removeEventListener('focusout', this.#focus);
		if (this.#sent !== 'null') this.awareness.setLocalStateField('cursor', null);
	}
}
