// The whole way by keyboard alone: no test here touches the mouse.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "./support/people.mjs";
import { newSection, stage } from "./support/scene.mjs";

const stand = stage(before, after);
const TEXT = ["Each district keeps a register of tenants.", "Landlords answer within ten days.", "A refusal is given in writing."];

/** Presses Tab until `holds` is true of the focused element; fails after a round of the page. */
async function tabTo(page, holds, ...args) {
  for (let n = 0; n < 80; n++) {
    if (await page.evaluate(holds, ...args)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail("Tab does not lead there");
}
/** To the start of the text. Pressed in the very frame of the last letter the browser's jump may be undone: then again. */
async function toStart(window) {
  const { page } = window;
  const at = () => page.evaluate(() => {
    const { anchorNode, anchorOffset, isCollapsed } = getSelection();
    const range = document.createRange();
    range.setStart(document.querySelector(".ProseMirror"), 0);
    range.setEnd(anchorNode, anchorOffset);
    return isCollapsed && range.toString() === "";
  });
  await until(async () => {
    await page.keyboard.press("Control+Home");
    await window.settled();
    return at();
  }, () => "Control+Home does not lead to the start of the text");
}
const focused = (page) => page.evaluate(() => ({ tag: document.activeElement.tagName, cls: document.activeElement.className, text: document.activeElement.textContent.trim() }));

for (const language of ["en", "ru"]) {
  test(`skip link, outline, text, comment, panes, card and back, by keyboard (${language})`, () => stand.scene(async (sit) => {
    const title = `Keyboard ${language}`;
    await newSection(stand.server, title, TEXT);
    const window = await sit("drafter", { language });
    const { page, t } = window;
    const { keyboard } = page;
    await window.ready();
    await page.evaluate(() => document.activeElement.blur());
    await keyboard.press("Tab");
    assert.equal((await focused(page)).text, t("skip-to-main"), "the first stop is the skip link");
    await window.shot(`keyboard-skip-${language}`);
    await keyboard.press("Enter");
    await until(() => page.evaluate(() => document.activeElement.id === "main"), () => "the skip link leads to the text");
    // The outline, by F6 and Tab, opens the section.
    await keyboard.press("F6");
    for (let n = 0; n < 4 && !(await page.evaluate(() => document.activeElement.closest(".outline"))); n++) await keyboard.press("F6");
    await tabTo(page, (title) => document.activeElement.closest(".outline") && document.activeElement.textContent.includes(title), title);
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: title }).waitFor();
    await window.ready();
    for (let n = 0; n < 5 && !(await page.evaluate(() => document.activeElement.closest(".ProseMirror"))); n++) await keyboard.press("F6");
    assert.ok((await focused(page)).cls.includes("ProseMirror"), "F6 reaches the text");
    // Write, then select five characters and comment.
    await toStart(window);
    await keyboard.type("Today ");
    await window.says("Today Each district");
    await window.settled();
    await toStart(window);
    for (let n = 1; n <= 5; n++) {
      await keyboard.press("Shift+ArrowRight");
      await page.waitForFunction((n) => getSelection().toString().length === n, n);
    }
    await window.settled();
    await keyboard.press("Control+Alt+M");
    await page.locator(".composer blockquote", { hasText: "Today" }).waitFor();
    assert.equal((await focused(page)).tag, "TEXTAREA", "the field has the focus");
    await keyboard.type("Which day?");
    await window.shot(`keyboard-composer-${language}`);
    await keyboard.press("Control+Enter");
    const card = window.cardWith("Which day?");
    await card.waitFor();
    const id = (await card.getAttribute("id")).replace("card-", "");
    await until(async () => (await window.marked(id)) === "Today", () => "the passage is not marked");
    await until(() => page.evaluate(() => document.activeElement !== document.body), () => "the focus was lost after sending");
    // To the next mark from the text, Enter opens its card, Escape goes back to its words.
    for (let n = 0; n < 5 && !(await page.evaluate(() => document.activeElement.closest(".ProseMirror"))); n++) await keyboard.press("F6");
    await keyboard.press("Control+End");
    await keyboard.press("Control+Alt+N");
    await keyboard.press("Enter");
    await until(() => page.evaluate((id) => document.activeElement.closest(`#card-${id}`) !== null, id), () => "Enter did not lead to the card");
    await tabTo(page, (reply) => document.activeElement.placeholder === reply, t("card-reply"));
    await keyboard.type("Monday.");
    await keyboard.press("Control+Enter");
    await card.getByText("Monday.").waitFor();
    await keyboard.press("Escape");
    await until(() => page.evaluate(() => document.activeElement.closest(".ProseMirror") !== null), () => "Escape does not lead back to the text");
    assert.ok(!(await window.words()).some((line) => line.includes("\n")), "Enter wrote nothing");
    assert.equal((await window.words()).length, TEXT.length);
    // A card is opened by Enter from the rail, too.
    for (let n = 0; n < 5 && !(await page.evaluate(() => document.activeElement.closest(".rail"))); n++) await keyboard.press("F6");
    await tabTo(page, (id) => document.activeElement.id === `card-${id}`, id);
    await keyboard.press("Enter");
    await tabTo(page, (name) => document.activeElement.textContent.trim() === name, t("card-resolve"));
    await keyboard.press("Enter");
    await card.locator(".foot").waitFor();
    // The keys are listed, and the list gives the focus back.
    await keyboard.press("Control+Slash");
    await page.getByRole("dialog", { name: t("keys-title") }).waitFor();
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }));
}
