// Whether an anchor still stands on words: yrs on the server against Yjs in the client, over 1,000 edits.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as Y from "yjs";
import { AddressedClient, body, chance, edit, until } from "./support/people.mjs";
import { Server, consultation } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.end());

function anchorIn(doc, dice) {
  for (;;) {
    const run = body(doc).get(dice.below(body(doc).length)).get(0);
    if (run.length < 4) continue;
    const from = dice.below(run.length - 2);
    const to = from + 1 + dice.below(Math.min(6, run.length - from - 1));
    const at = (index, assoc) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(run, index, assoc));
    return { start: at(from, 0), end: at(to, -1), quote: run.toString().slice(from, to).toWellFormed().trim() || "x" };
  }
}

/** Detached: an end does not resolve, or both resolve to the same place. */
function detached(doc, anchor) {
  const at = (json) => Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(json), doc);
  const [start, end] = [at(anchor.start), at(anchor.end)];
  if (!start || !end) return true;
  const gone = (type) => type._item?.deleted || (type.parent && type !== type.doc?.getXmlFragment("body") && gone(type.parent));
  if (gone(start.type) || gone(end.type)) return true;
  return start.type === end.type && start.index >= end.index;
}

test("after 1,000 edits the server and the client agree on every anchor, at ten points on the way", async () => {
  const c = await consultation(server, ["Housing"]);
  const ana = await c.invite("Ana", "Ministry", "drafter");
  const client = new AddressedClient(server, c.report, c.sections[0], ana.token);
  await until(() => client.synced);
  const dice = chance(2026);
  for (let n = 0; n < 400; n++) edit(client.doc, dice);
  await until(() => client.saved, () => "the start text was not saved");
  const placed = new Map();
  for (let n = 0; n < 60; n++) {
    const anchor = anchorIn(client.doc, dice);
    const thread = await ana.post("threads", { section: c.sections[0], anchor, text: `Comment ${n}` });
    placed.set(thread.id, anchor);
  }
  const gone = [];
  for (let round = 0; round < 10; round++) {
    for (let n = 0; n < 100; n++) edit(client.doc, dice);
    await until(() => client.saved, () => "not saved");
    const { threads } = await ana.get("threads");
    assert.equal(threads.length, placed.size);
    for (const thread of threads) {
      const expected = detached(client.doc, placed.get(thread.id));
      assert.equal(thread.detached, expected, `round ${round}: ${JSON.stringify(thread.anchor)}`);
    }
    gone.push(threads.filter((thread) => thread.detached).length);
  }
  const mixed = gone.filter((count) => count > 3 && count < placed.size - 3);
  assert.ok(mixed.length >= 3, `the plan detaches some and leaves some: ${gone} of ${placed.size}`);
  client.end();
});
