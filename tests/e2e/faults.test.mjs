// What goes wrong, and what people see of it: a killed server, a locked section, a reload, a reader that stalls.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AddressedClient, PlainClient, shown, until, write } from "./support/people.mjs";
import { newSection, personOf, stage } from "./support/scene.mjs";

const stand = stage(before, after);
const TEXT = ["Each district keeps a register of tenants.", "Landlords answer within ten days.", "A refusal is given in writing."];
/** What a browser says of its own when the server is away. */
const AWAY = [/WebSocket connection to .* failed/, /ERR_CONNECTION_REFUSED/, /ERR_CONNECTION_RESET/, /ERR_EMPTY_RESPONSE/, /ERR_SOCKET_NOT_CONNECTED/];

test("a server killed in the middle: work goes on, everything comes back, nothing is lost", () => stand.scene(async (sit) => {
  const section = await newSection(stand.server, "Killed", TEXT);
  const [one, two] = [await sit("drafter"), await sit("coordinator", { language: "ru" })];
  for (const window of [one, two]) {
    window.expect(...AWAY);
    await window.openSection(section);
  }
  await one.cursor("Landlords");
  await one.page.keyboard.type("Private ");
  await two.says("Private Landlords");
  await one.saved("saved");
  await stand.server.kill();
  // Both write on while it is away.
  await one.page.keyboard.type("and public ");
  await two.cursor("in writing.", true);
  await two.page.keyboard.type(" Without delay.");
  for (const window of [one, two]) {
    await window.saved("offline");
    await window.shot(`offline-${window.language}`);
  }
  const kept = await one.page.locator(".saved").textContent();
  assert.match(kept, /[1-9]/, "it tells how many changes are kept");
  assert.ok(!(await two.words()).some((line) => line.includes("public")));
  await stand.server.restart();
  await one.saved("saved");
  await two.saved("saved");
  await two.says("Private and public Landlords");
  await one.says("in writing. Without delay.");
  assert.deepEqual(await one.words(), await two.words());
  // A fresh page has it from the disk.
  await one.page.reload();
  await one.ready();
  await one.says("Private and public Landlords");
}));

test("what was shown as saved survives the kill, even when nobody comes back", () => stand.scene(async (sit) => {
  const section = await newSection(stand.server, "Kept", TEXT);
  const window = await sit("drafter");
  window.expect(...AWAY);
  await window.openSection(section);
  await window.cursor("Landlords");
  for (let n = 0; n < 5; n++) {
    await window.page.keyboard.type(`[${n}]`);
    await window.saved("saved");
  }
  const client = new AddressedClient(stand.server, window.report, section, (await personOf(stand.server, "reviewer")).token);
  await until(() => shown(client.doc).includes("[4]"), () => "another does not see it");
  client.end();
  await window.context.setOffline(true);
  await stand.server.kill();
  await stand.server.restart();
  const later = new AddressedClient(stand.server, window.report, section, (await personOf(stand.server, "reviewer")).token);
  await until(() => later.synced, () => "it does not open again");
  assert.ok(shown(later.doc).includes("[0][1][2][3][4]"), "what somebody had seen is on the disk");
  later.end();
}));

test("a section is locked under the drafter's hands: the words are offered to copy", () => stand.scene(async (sit) => {
  const section = await newSection(stand.server, "Locked", TEXT);
  const window = await sit("drafter");
  await window.openSection(section);
  await window.cursor("Landlords");
  await window.page.keyboard.type("Private ");
  await window.saved("saved");
  // What is typed while the line is down meets a locked section when it is up again.
  window.expect(...AWAY, /ERR_INTERNET_DISCONNECTED/);
  await stand.server.kill();
  await window.page.keyboard.type("and public ");
  await stand.server.restart({ elsewhere: true });
  const coordinator = await personOf(stand.server, "coordinator");
  await coordinator.patch(`sections/${section}`, { stage: "locked" });
  await stand.server.kill();
  await stand.server.restart();
  const banner = window.page.locator(".banner", { hasText: window.t("refused-title") });
  await banner.waitFor();
  await banner.getByText("and public").waitFor();
  await window.shot("locked");
  await window.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await window.button("refused-copy", banner).click();
  assert.match(await window.page.evaluate(() => navigator.clipboard.readText()), /Private and public Landlords/);
  await until(async () => (await window.text.getAttribute("aria-readonly")) === "true", () => "it can still be typed in");
  await window.page.reload();
  await window.page.locator(".banner", { hasText: "and public" }).waitFor();
  await window.button("refused-put-away").click();
  await window.page.locator(".banner", { hasText: "and public" }).waitFor({ state: "detached" });
  assert.ok((await window.words()).some((line) => line.includes("Private Landlords")));
}));

test("a reload keeps a comment that was begun", () => stand.scene(async (sit) => {
  const section = await newSection(stand.server, "Reload", TEXT);
  const window = await sit("reviewer");
  await window.openSection(section);
  await window.select("ten days");
  await window.button("tool-comment", window.page.locator(".bubble")).click();
  await window.page.locator(".composer textarea").fill("Is it ten working da");
  await window.page.reload();
  await window.ready();
  await window.button("tool-comment", window.page.locator(".tools")).click();
  const field = window.page.locator(".composer textarea");
  await field.waitFor();
  assert.equal(await field.inputValue(), "Is it ten working da");
  assert.ok(await window.page.locator(".composer blockquote", { hasText: "ten days" }).isVisible(), "its passage is kept, too");
  await field.press("End");
  await window.page.keyboard.type("ys?");
  await window.page.keyboard.press("Control+Enter");
  const id = (await window.cardWith("Is it ten working days?").getAttribute("id")).replace("card-", "");
  await until(async () => (await window.marked(id)) === "ten days", () => "the passage is not marked");
}));

test("a reader that stalls holds nobody up, and gets the difference when it reads on", async () => {
  const { server } = stand;
  const section = await newSection(server, "Stalled", TEXT);
  const [writer, watcher, slow] = [await personOf(server, "drafter"), await personOf(server, "reviewer"), await personOf(server, "observer")];
  const hand = new AddressedClient(server, writer.report, section, writer.token);
  const eye = new PlainClient(server, writer.report, section, watcher.token);
  const stalled = new PlainClient(server, writer.report, section, slow.token);
  await until(() => hand.synced && eye.synced && stalled.synced, () => "they do not sync");
  let heard = 0;
  stalled.provider.ws._socket.on("data", (bytes) => (heard += bytes.length));
  stalled.provider.ws.pause();
  const page = "A long paragraph that fills the line to a reader who does not read. ".repeat(400);
  let sent = 0;
  // Far more than sockets hold, and than the server keeps for a reader.
  for (; sent < 1500; sent++) {
    write(hand.doc, page);
    hand.doc.getXmlFragment("body").delete(1, 1);
    if (sent % 20 === 0) await until(() => hand.saved, () => `the writer waits after ${sent}`);
  }
  await until(() => hand.saved, () => "the writer is not served");
  await until(() => shown(eye.doc) === shown(hand.doc), () => "the other reader lags behind");
  // Within 15 s it gets the difference; after that it was cut, and gets it when it is back.
  stalled.provider.ws.resume();
  await until(() => shown(stalled.doc) === shown(hand.doc), () => "it does not catch up");
  assert.ok(heard < (sent * page.length) / 2, `it did not have to read all: ${heard} bytes`);
  write(hand.doc, "And on.");
  await until(() => shown(stalled.doc).includes("And on."), () => "it hears nothing more");
  for (const one of [hand, eye, stalled]) one.end();
});
