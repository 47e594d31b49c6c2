// Two people in one section: each sees the other's words and place at once, and whoever may not write is told why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser } from "./support/browser.mjs";
import { CASES, newSection, personOf, seat } from "./support/scene.mjs";
import { Server } from "./support/server.mjs";

let server;
let browser;
before(async () => {
  server = await Server.start({ sample: true });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await server?.end();
});

const TEXT = ["Each district keeps a register of tenants.", "Landlords answer within ten days.", "A refusal is given in writing."];

for (const { language, size, name } of CASES) {
  test(`two write in one section and see each other (${name})`, async () => {
    const section = await newSection(server, `Housing ${name}`, TEXT);
    const [one, two] = [await seat(server, browser, "drafter", { language, size }), await seat(server, browser, "coordinator", { language, size })];
    const people = [await personOf(server, "drafter"), await personOf(server, "coordinator")];
    await one.openSection(section);
    await two.openSection(section);
    await one.cursor("Landlords", false);
    await one.page.keyboard.type("Private ");
    await two.says("Private Landlords answer");
    await two.cursor("in writing.", true);
    await two.page.keyboard.type(" Without delay.");
    await one.says("in writing. Without delay.");
    // Both at once, in one paragraph.
    await two.cursor("Each", false);
    await Promise.all([one.page.keyboard.type("[abc]", { delay: 20 }), two.page.keyboard.type("[xyz]", { delay: 20 })]);
    await one.says("[xyz]Each");
    await two.says("[abc]Landlords");
    for (const [window, other] of [[one, people[1]], [two, people[0]]]) {
      const caret = window.text.locator(".caret");
      await caret.waitFor();
      assert.equal((await caret.textContent()).startsWith(other.code), true, "the cursor carries the other's plate");
      const outline = window.page.locator(".outline a[aria-current]");
      await window.pane("outline");
      await outline.locator(".plate", { hasText: other.code }).waitFor();
      await window.shot(`live-outline-${language}-${size.width}`);
      await window.pane("text");
    }
    if (!one.phone) await one.page.locator(".bar .plate", { hasText: people[1].code }).first().waitFor();
    await one.saved("saved");
    await two.saved("saved");
    await one.shot(`live-${language}-${size.width}`);
    assert.deepEqual(await one.words(), await two.words());
    one.calm();
    two.calm();
    await one.end();
    await two.end();
  });

  test(`a reviewer reads live, and is told why nothing can be typed (${name})`, async () => {
    const section = await newSection(server, `Rent ${name}`, TEXT);
    const [writer, reader] = [await seat(server, browser, "drafter", { language, size }), await seat(server, browser, "reviewer", { language, size })];
    await writer.openSection(section);
    await reader.openSection(section);
    await reader.page.getByText(reader.t("sheet-why-role")).first().waitFor();
    assert.equal(await reader.text.getAttribute("contenteditable"), "false");
    await reader.cursor("Landlords");
    await reader.page.keyboard.type("Not mine");
    await writer.cursor("Landlords");
    await writer.page.keyboard.type("Big ");
    await reader.says("Big Landlords");
    assert.ok(!(await reader.text.textContent()).includes("Not mine"));
    await reader.text.locator(".caret").waitFor();
    await reader.shot(`reader-${language}-${size.width}`);
    writer.calm();
    reader.calm();
    await writer.end();
    await reader.end();
  });
}
