// Two people in one section: each sees the other's words and place at once, and whoever may not write is told why.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CASES, newSection, personOf, stage } from "./support/scene.mjs";

const stand = stage(before, after);
const TEXT = ["Each district keeps a register of tenants.", "Landlords answer within ten days.", "A refusal is given in writing."];

for (const { language, size, name } of CASES) {
  test(`two write in one section and see each other (${name})`, () => stand.scene(async (sit) => {
    const section = await newSection(stand.server, `Housing ${name}`, TEXT);
    const [one, two] = [await sit("drafter", { language, size }), await sit("coordinator", { language, size })];
    const people = [await personOf(stand.server, "drafter"), await personOf(stand.server, "coordinator")];
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
      assert.ok((await caret.textContent()).startsWith(other.code), "the cursor carries the other's plate");
    }
    for (const [window, other] of [[one, people[1]], [two, people[0]]]) {
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
  }));

  test(`a reviewer reads live, and is told why nothing can be typed (${name})`, () => stand.scene(async (sit) => {
    const section = await newSection(stand.server, `Rent ${name}`, TEXT);
    const [writer, reader] = [await sit("drafter", { language, size }), await sit("reviewer", { language, size })];
    await writer.openSection(section);
    await reader.openSection(section);
    await reader.page.getByText(reader.t("sheet-why-role")).first().waitFor();
    assert.equal(await reader.text.getAttribute("aria-readonly"), "true");
    await reader.cursor("Landlords");
    await reader.page.keyboard.type("Not mine");
    await writer.cursor("Landlords");
    await writer.page.keyboard.type("Big ");
    await reader.says("Big Landlords");
    assert.ok(!(await reader.text.textContent()).includes("Not mine"));
    await reader.text.locator(".caret").waitFor();
    await reader.shot(`reader-${language}-${size.width}`);
  }));
}
