// Unmodified clients from npm, in Node, with a random editor's hands.
import { HocuspocusProvider, HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

/** mulberry32: the same plan from the same seed. */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)] };
}

/** Waits until `holds()`; fails after `ms` with what `told()` says. */
export async function until(holds, told = () => "", ms = 20_000) {
  const end = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${told()}`);
    await new Promise((next) => setTimeout(next, 10));
  }
}

export class PlainClient {
  constructor(server, report, section, token) {
    this.doc = new Y.Doc();
    this.provider = new WebsocketProvider(`${server.sockets}/sync/${report}`, section, this.doc, {
      WebSocketPolyfill: WebSocket,
      params: { token },
      disableBc: true,
      maxBackoffTime: 200,
    });
  }
  get awareness() {
    return this.provider.awareness;
  }
  get synced() {
    return this.provider.synced;
  }
  drop() {
    this.provider.disconnect();
  }
  back() {
    this.provider.connect();
  }
  end() {
    this.provider.destroy();
    this.doc.destroy();
  }
}

export class AddressedClient {
  constructor(server, report, section, token) {
    this.doc = new Y.Doc();
    this.refusals = [];
    this.denied = [];
    this.socket = new HocuspocusProviderWebsocket({
      url: `${server.sockets}/sync`,
      WebSocketPolyfill: WebSocket,
      delay: 50,
      minDelay: 50,
      maxDelay: 200,
    });
    this.provider = new HocuspocusProvider({
      websocketProvider: this.socket,
      name: `${report}/${section}`,
      document: this.doc,
      token,
      onStateless: ({ payload }) => this.refusals.push(JSON.parse(payload)),
      onAuthenticationFailed: ({ reason }) => this.denied.push(reason),
    });
    this.provider.attach();
  }
  get awareness() {
    return this.provider.awareness;
  }
  get synced() {
    return this.provider.isSynced;
  }
  get saved() {
    return !this.provider.hasUnsyncedChanges;
  }
  /** Resolves once the socket is closed: the provider ignores a `connect` that comes before. */
  async drop() {
    const closed = new Promise((seen) => this.socket.webSocket?.addEventListener("close", seen));
    this.socket.disconnect();
    await closed;
  }
  back() {
    this.socket.connect();
  }
  end() {
    this.provider.destroy();
    this.socket.destroy();
    this.doc.destroy();
  }
}

const words = ["дом ", "хата ", "house ", "і ", "ў", "🏠", "👩‍👩‍👧", "migration ", "право ", "é", "2026 ", "—"];

export const body = (doc) => doc.getXmlFragment("body");

function paragraph(text) {
  const block = new Y.XmlElement("paragraph");
  const run = new Y.XmlText();
  run.insert(0, text);
  block.insert(0, [run]);
  return block;
}

/** A new first paragraph. */
export const write = (doc, text) => body(doc).insert(0, [paragraph(text)]);

/** The nearest place that does not stand inside a surrogate pair: no editor edits half a character. */
function whole(run, at) {
  // Not `toString`, which writes formats as tags.
  const text = run.toDelta().map((piece) => piece.insert).join("");
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** One random edit, as an editor would make it: type, delete, format, split off, remove a paragraph. */
export function edit(doc, dice) {
  const fragment = body(doc);
  doc.transact(() => {
    const run = fragment.length ? fragment.get(dice.below(fragment.length)).get(0) : null;
    const kind = dice.next();
    if (!run || kind < 0.12) fragment.insert(dice.below(fragment.length + 1), [paragraph(dice.pick(words))]);
    else if (kind < 0.7) run.insert(whole(run, dice.below(run.length + 1)), dice.pick(words));
    else if (kind < 0.95 && run.length > 2) {
      const from = whole(run, dice.below(run.length - 1));
      const to = whole(run, Math.min(from + 2 + dice.below(3), run.length));
      if (kind < 0.85) run.delete(from, to - from);
      else run.format(from, to - from, { [dice.pick(["bold", "italic", "strike"])]: dice.pick([{}, null]) });
    } else if (fragment.length > 3) fragment.delete(dice.below(fragment.length), 1);
  });
}

export const shown = (doc) => JSON.stringify(body(doc).toArray().map((block) => [block.nodeName, block.get(0)?.toDelta()]));
