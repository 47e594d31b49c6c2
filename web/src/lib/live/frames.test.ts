import { MessageType, type HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { createEncoder, toUint8Array, writeVarInt, writeVarString, writeVarUint, writeVarUint8Array, type Encoder } from 'lib0/encoding';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { FrameProvider, type Soon } from './frames';

const NAME = 'report/section';
const quiet = () => undefined;
const socket = { on: quiet, off: quiet, attach: quiet, detach: quiet, send: quiet } as unknown as HocuspocusProviderWebsocket;

function message(type: MessageType, write: (encoder: Encoder) => void): MessageEvent<ArrayBuffer> {
	const encoder = createEncoder();
	writeVarString(encoder, NAME);
	writeVarUint(encoder, type);
	write(encoder);
	return { data: toUint8Array(encoder).slice().buffer } as MessageEvent<ArrayBuffer>;
}
const change = (update: Uint8Array) => message(MessageType.Sync, (encoder) => writeUpdate(encoder, update));
const broken = () => message(MessageType.Stateless, quiet);
const durable = () => message(MessageType.SyncStatus, (encoder) => writeVarInt(encoder, 1));
const stateless = (payload: string) => message(MessageType.Stateless, (encoder) => writeVarString(encoder, payload));
const people = () => message(MessageType.Awareness, (encoder) => writeVarUint8Array(encoder, new Uint8Array([0])));

/** A provider whose frames come when `frame` is called, and somebody else's document of the same text. */
function open() {
	let due: (() => void) | null = null;
	const soon: Soon = (run) => {
		due = run;
		return () => (due = null);
	};
	const doc = new Y.Doc();
	const provider = new FrameProvider({ websocketProvider: socket, name: NAME, document: doc, token: '' }, soon);
	provider.attach();
	const theirs = new Y.Doc();
	const updates: Uint8Array[] = [];
	theirs.on('update', (update: Uint8Array) => updates.push(update));
	const log: string[] = [];
	const text = () => doc.getText('t').toString();
	doc.on('update', (_update: Uint8Array, origin: unknown) => log.push(`${origin === provider ? 'theirs' : 'ours'}: ${text()}`));
	provider.on('unsyncedChanges', ({ number }: { number: number }) => log.push(`unsynced ${number}`));
	provider.on('stateless', ({ payload }: { payload: string }) => log.push(payload));
	return {
		...{ doc, provider, log, text },
		frame: () => due?.(),
		waits: () => due !== null,
		/** The messages of somebody who types these letters, one change each. */
		typed: (letters: string) =>
			[...letters].map((letter) => {
				theirs.getText('t').insert(theirs.getText('t').length, letter);
				return change(updates.at(-1) ?? new Uint8Array());
			})
	};
}

describe('what arrives within a frame', () => {
	afterEach(() => vi.unstubAllGlobals());

	it('is one transaction of theirs', () => {
		const { provider, typed, frame, log } = open();
		for (const one of typed('abc')) provider.onMessage(one);
		expect(log).toEqual([]);
		frame();
		expect(log).toEqual(['theirs: abc']);
	});

	it('is taken in its order: saved is heard after the changes before it', () => {
		const { doc, provider, typed, frame, log } = open();
		doc.getText('o').insert(0, 'x');
		const [a, b, c] = typed('abc') as [MessageEvent<ArrayBuffer>, MessageEvent<ArrayBuffer>, MessageEvent<ArrayBuffer>];
		for (const one of [a, b, durable(), people(), stateless('refused'), c]) provider.onMessage(one);
		expect(log).toEqual(['unsynced 1', 'ours: ']);
		frame();
		expect(log.slice(2)).toEqual(['theirs: ab', 'unsynced 0', 'refused', 'theirs: abc']);
	});

	it('leaves the next to the next frame', () => {
		const { provider, typed, frame, waits, text } = open();
		const [a, b] = typed('ab') as [MessageEvent<ArrayBuffer>, MessageEvent<ArrayBuffer>];
		provider.onMessage(a);
		frame();
		expect([text(), waits()]).toEqual(['a', false]);
		provider.onMessage(b);
		expect([text(), waits()]).toEqual(['a', true]);
		frame();
		expect(text()).toBe('ab');
	});

	it('is taken before the connection is said to be lost', () => {
		const { provider, typed, waits, text } = open();
		for (const one of typed('ab')) provider.onMessage(one);
		provider.onClose();
		expect([text(), waits()]).toEqual(['ab', false]);
	});

	it('is let go with the document', () => {
		const { provider, typed, waits, text } = open();
		for (const one of typed('ab')) provider.onMessage(one);
		provider.destroy();
		expect([text(), waits()]).toEqual(['', false]);
	});

	it('is taken though one of it breaks', () => {
		const reported = vi.fn();
		vi.stubGlobal('reportError', reported);
		const { provider, typed, frame, text } = open();
		const [a, b] = typed('ab') as [MessageEvent<ArrayBuffer>, MessageEvent<ArrayBuffer>];
		for (const one of [a, broken(), b, durable()]) provider.onMessage(one);
		frame();
		expect(text()).toBe('ab');
		expect(reported).toHaveBeenCalledOnce();
	});
});

it('in a window that nobody sees, nothing waits', () => {
	vi.stubGlobal('document', { hidden: true });
	const { typed } = open();
	const doc = new Y.Doc();
	const provider = new FrameProvider({ websocketProvider: socket, name: NAME, document: doc, token: '' });
	provider.attach();
	for (const one of typed('ab')) provider.onMessage(one);
	expect(doc.getText('t').toString()).toBe('ab');
	vi.unstubAllGlobals();
});
