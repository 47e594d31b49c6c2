import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { keyOf, type Keep, type Kept } from './keep';
import { Unsent } from './unsent';

class Memory implements Keep {
	readonly kept = new Map<string, Uint8Array>();
	load = (document: string): Promise<Kept[]> =>
		Promise.resolve([...this.kept].filter(([key]) => key.startsWith(keyOf(document, ''))).map(([key, update]) => ({ key, update })));
	save = ({ key, update }: Kept) => Promise.resolve(void this.kept.set(key, update));
	drop = (keys: readonly string[]) => Promise.resolve(keys.forEach((key) => this.kept.delete(key)));
}

const NAME = 'report/section/ana';
/** A window's document, with what the server has. */
function window(server: Y.Doc) {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
	return doc;
}
const text = (doc: Y.Doc) => doc.getText('t').toString();

describe('Unsent', () => {
	let server: Y.Doc;
	let keep: Memory;
	beforeEach(() => {
		vi.useFakeTimers();
		server = new Y.Doc();
		server.getText('t').insert(0, 'Server. ');
		keep = new Memory();
	});
	afterEach(() => vi.useRealTimers());

	async function type(words: string, name = 'w1') {
		const doc = window(server);
		const unsent = new Unsent(keep, doc, NAME, name);
		doc.getText('t').insert(8, words);
		unsent.changed();
		await vi.advanceTimersByTimeAsync(300);
		return { doc, unsent };
	}

	it('is found by the next window, and sent once', async () => {
		await type('Left behind. ');
		const next = window(server);
		const taken = new Unsent(keep, next, NAME, 'w2');
		expect(await taken.takeOver()).toBe(true);
		expect(text(next)).toBe('Server. Left behind. ');
		Y.applyUpdate(server, Y.encodeStateAsUpdate(next, Y.encodeStateVector(server)));
		await taken.settled();
		expect(keep.kept.size).toBe(0);
	});

	it('brings nothing when the server has it already, and is forgotten', async () => {
		const { doc } = await type('Sent after all. ');
		Y.applyUpdate(server, Y.encodeStateAsUpdate(doc));
		const next = new Unsent(keep, window(server), NAME, 'w2');
		expect(await next.takeOver()).toBe(false);
		expect(keep.kept.size).toBe(0);
	});

	it('takes over what several windows left', async () => {
		await type('One. ', 'w1');
		await type('Two. ', 'w2');
		const next = window(server);
		await new Unsent(keep, next, NAME, 'w3').takeOver();
		expect(text(next)).toContain('One. ');
		expect(text(next)).toContain('Two. ');
	});

	it('is not found by another person, nor in another section', async () => {
		await type('Mine. ');
		for (const name of ['report/section/bo', 'report/other/ana']) {
			expect(await new Unsent(keep, window(server), name, 'w2').takeOver()).toBe(false);
		}
		expect(keep.kept.size).toBe(1);
	});

	it('is kept at the latest after a second and a half of steady typing', async () => {
		const doc = window(server);
		const unsent = new Unsent(keep, doc, NAME, 'w1');
		for (let i = 0; i < 9; i++) {
			doc.getText('t').insert(0, 'x');
			unsent.changed();
			await vi.advanceTimersByTimeAsync(200);
		}
		expect(keep.kept.size).toBe(1);
	});

	it('drops what it can’t read', async () => {
		keep.kept.set(keyOf(NAME, 'w0'), new Uint8Array([255, 255, 255]));
		expect(await new Unsent(keep, window(server), NAME, 'w1').takeOver()).toBe(false);
		expect(keep.kept.size).toBe(0);
	});
});
