// Published clients, unchanged, in both dialects at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AddressedClient, PlainClient, body, chance, edit, shown, until, write } from "./support/people.mjs";
import { Server, consultation } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.end());

for (const seed of [1, 2, 3]) {
  test(`y-websocket and Hocuspocus clients converge under random edits, drops and returns (seed ${seed})`, async () => {
    const c = await consultation(server, ["Housing"]);
    const dice = chance(seed);
    const clients = [];
    for (let n = 0; n < 6; n++) {
      const person = await c.invite(`Person ${n}`, `Organization ${n % 3}`, "drafter");
      const Kind = n % 2 ? PlainClient : AddressedClient;
      clients.push(new Kind(server, c.report, c.sections[0], person.token));
    }
    await until(() => clients.every((one) => one.synced), () => "nobody synced");
    const away = new Set();
    for (let step = 0; step < 600; step++) {
      const one = dice.pick(clients);
      edit(one.doc, dice);
      if (dice.next() < 0.02) {
        if (away.has(one)) one.back();
        else await one.drop();
        away.has(one) ? away.delete(one) : away.add(one);
      }
      if (step % 20 === 0) await new Promise((next) => setImmediate(next));
    }
    for (const one of away) one.back();
    const fresh = new AddressedClient(server, c.report, c.sections[0], c.admin.token);
    clients.push(fresh);
    const texts = () => new Set(clients.map((one) => shown(one.doc)));
    await until(() => fresh.synced && texts().size === 1, () => `${texts().size} different texts`);
    assert.ok(body(fresh.doc).length > 0, "there is a text");
    assert.ok(clients.every((one) => one.doc.store.pendingStructs === null), "nothing is pending anywhere");
    await until(() => clients.every((one) => one.saved ?? true), () => "not everything is confirmed");
    for (const one of clients) one.end();
  });
}

test("presence is seen both ways, and its names are the server's", async () => {
  const c = await consultation(server, ["Housing"]);
  const ana = await c.invite("Ana", "Ministry of Housing", "drafter");
  const bo = await c.invite("Bo", "Tenants' Union", "reviewer");
  const left = new PlainClient(server, c.report, c.sections[0], ana.token);
  const right = new AddressedClient(server, c.report, c.sections[0], bo.token);
  left.awareness.setLocalStateField("user", { name: "Somebody else", color: "#123456" });
  right.awareness.setLocalStateField("user", { name: "Ana", organization: "Ministry of Housing" });
  const sees = (one, other) => one.awareness.getStates().get(other.doc.clientID)?.user;
  await until(() => sees(left, right) && sees(right, left), () => "they do not see each other");
  assert.equal(sees(right, left).name, "Ana");
  assert.equal(sees(right, left).organization, "Ministry of Housing");
  assert.equal(sees(right, left).color, "#123456");
  assert.equal(sees(left, right).name, "Bo");
  assert.equal(sees(left, right).organization, "Tenants' Union");
  right.end();
  await until(() => !sees(left, right), () => "the one who left is still shown");
  left.end();
});

test("the review document comes over the same socket, and no client writes it", async () => {
  const c = await consultation(server, ["Housing"]);
  const bo = await c.invite("Bo", "Tenants' Union", "reviewer");
  const client = new AddressedClient(server, c.report, "review", bo.token);
  await until(() => client.synced);
  const thread = await bo.post("threads", { section: c.sections[0], text: "Source?" });
  await until(() => client.doc.getMap("threads").get(thread.id), () => "the thread did not come");
  assert.equal(client.doc.getMap("threads").get(thread.id).text, "Source?");
  assert.equal(client.doc.getMap("report").get("report").title, "A consultation");
  client.doc.getMap("threads").set(thread.id, { ...thread, author: "0".repeat(32) });
  await until(() => client.refusals.length > 0, () => "the forged write was not refused");
  assert.ok(client.refusals[0].refused.detail.length > 10, "the reason says something");
  const other = new PlainClient(server, c.report, "review", c.admin.token);
  await until(() => other.synced);
  assert.equal(other.doc.getMap("threads").get(thread.id).author, bo.id);
  client.end();
  other.end();
});

test("a refused write is said once in each dialect and never asked for again", async () => {
  const c = await consultation(server, ["Housing"]);
  const olaf = await c.invite("Olaf", "Embassy", "observer");
  const ana = await c.invite("Ana", "Ministry", "drafter");
  const reader = new AddressedClient(server, c.report, c.sections[0], olaf.token);
  const writer = new PlainClient(server, c.report, c.sections[0], ana.token);
  await until(() => reader.synced && writer.synced);
  const dice = chance(9);
  write(reader.doc, "Not mine to write.");
  await until(() => reader.refusals.length === 1, () => "not refused");
  for (let n = 0; n < 20; n++) edit(writer.doc, dice);
  const fresh = new AddressedClient(server, c.report, c.sections[0], ana.token);
  await until(() => fresh.synced && shown(fresh.doc) === shown(writer.doc));
  assert.equal(reader.refusals.length, 1);
  const plain = new PlainClient(server, c.report, c.sections[0], olaf.token);
  const closed = new Promise((seen) => plain.provider.on("connection-close", (event) => event && seen(event)));
  await until(() => plain.synced);
  write(plain.doc, "Not mine either.");
  const event = await closed;
  assert.equal(event.code, 4403);
  assert.ok(String(event.reason).length > 5);
  for (const one of [reader, writer, fresh, plain]) one.end();
});

test("a bad token is denied in both dialects", async () => {
  const c = await consultation(server, ["Housing"]);
  const addressed = new AddressedClient(server, c.report, c.sections[0], "not-a-token");
  await until(() => addressed.denied.length > 0, () => "not denied");
  const plain = new PlainClient(server, c.report, c.sections[0], "not-a-token");
  const event = await new Promise((seen) => plain.provider.on("connection-close", (event) => event && seen(event)));
  assert.equal(event.code, 4401);
  addressed.end();
  plain.end();
});
