import { HocuspocusProvider, MessageType, type HocuspocusProviderConfiguration } from '@hocuspocus/provider';
import { createDecoder, readVarString, readVarUint } from 'lib0/decoding';
import { messageYjsUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';

/** Runs something soon, unless what it answers is called before. */
export type Soon = (run: () => void) => () => void;

/** A window that is shown but not drawn must not fall behind for longer. */
const LATEST_MS = 100;

/** With the next frame; at once in a window that nobody sees, which has none. */
const withFrame: Soon = (run) => {
	if (document.hidden) {
		run();
		return () => undefined;
	}
	const frame = requestAnimationFrame(run);
	const timer = setTimeout(run, LATEST_MS);
	return () => {
		cancelAnimationFrame(frame);
		clearTimeout(timer);
	};
};

interface Waiting {
	event: MessageEvent;
	/** Of the document; all else is an answer, or about people. */
	change: boolean;
}

/**
 * A provider that takes what the server says once a frame. Changes that follow one another become one transaction, so
 * that the editor and the pages work once for all of them. Everything stands in one line: what is said to be saved is
 * never heard before the change that came before it, and Yjs never runs ahead of what the editor shows, since typing
 * would take back what is not shown.
 */
export class FrameProvider extends HocuspocusProvider {
	#waiting: Waiting[] = [];
	#cancel: (() => void) | null = null;
	readonly #soon: Soon;

	constructor(configuration: HocuspocusProviderConfiguration, soon: Soon = withFrame) {
		super(configuration);
		this.#soon = soon;
	}

	override onMessage(event: MessageEvent<ArrayBuffer>) {
		this.#waiting.push({ event, change: isChange(event.data) });
		if (this.#waiting.length === 1) this.#cancel = this.#soon(() => this.#takeAll());
	}

	/** What came before the connection was lost was said while it stood. */
	override onClose() {
		this.#takeAll();
		super.onClose();
	}

	override destroy() {
		this.#cancel?.();
		this.#waiting = [];
		super.destroy();
	}

	#takeAll() {
		this.#cancel?.();
		this.#cancel = null;
		const line = this.#waiting;
		this.#waiting = [];
		for (let at = 0; at < line.length && this.isAttached; ) {
			let end = at + 1;
			if (line[at]?.change) while (line[end]?.change) end += 1;
			const run = line.slice(at, end);
			if (run.length === 1) this.#take(run);
			else Y.transact(this.document, () => this.#take(run), this, false);
			at = end;
		}
	}

	/** One that breaks does not hold up the others. */
	#take(run: readonly Waiting[]) {
		for (const { event } of run) {
			try {
				super.onMessage(event);
			} catch (thrown) {
				reportError(thrown);
			}
		}
	}
}

function isChange(data: ArrayBuffer): boolean {
	const decoder = createDecoder(new Uint8Array(data));
	readVarString(decoder);
	return readVarUint(decoder) === (MessageType.Sync as number) && readVarUint(decoder) === messageYjsUpdate;
}
