// Review on passages: comments, replies, recommendations, and what becomes of them when the text changes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "./support/people.mjs";
import { CASES, newSection, personOf, stage } from "./support/scene.mjs";

const stand = stage(before, after);
const TEXT = ["Each district keeps a register of tenants.", "Landlords answer within ten days.", "A refusal is given in writing."];

/** Selects words, chooses a button of the bubble, and waits for the field. */
async function begin(window, quote, key) {
  await window.select(quote);
  await window.button(key, window.page.locator(".bubble")).click();
  const field = window.page.locator(".composer textarea, .composer input").first();
  await field.waitFor();
  return field;
}

async function open(window, text) {
  await window.pane("review");
  const card = window.cardWith(text);
  await card.waitFor();
  if (!(await card.evaluate((one) => one.classList.contains("on")))) await card.click({ position: { x: 8, y: 8 } });
  return card;
}

for (const { language, size, name } of CASES) {
  test(`a comment is made, answered, resolved and opened again (${name})`, () => stand.scene(async (sit) => {
    const section = await newSection(stand.server, `Comments ${name}`, TEXT);
    const [drafter, reviewer] = [await sit("drafter", { language, size }), await sit("reviewer", { language, size })];
    await drafter.openSection(section);
    await reviewer.openSection(section);
    const field = await begin(reviewer, "within ten days", "tool-comment");
    assert.ok(await reviewer.page.locator(".composer blockquote", { hasText: "within ten days" }).isVisible());
    await field.fill("Working days?");
    await reviewer.page.keyboard.press("Control+Enter");
    await reviewer.cardWith("Working days?").waitFor();
    const mine = await open(drafter, "Working days?");
    const id = (await mine.getAttribute("id")).replace("card-", "");
    await drafter.shot(`comment-${language}-${size.width}`);
    await mine.getByRole("textbox", { name: drafter.t("card-reply") }).fill("Calendar days.");
    await drafter.page.keyboard.press("Control+Enter");
    const theirs = await open(reviewer, "Working days?");
    await theirs.getByText("Calendar days.").waitFor();
    await reviewer.button("card-resolve", theirs).click();
    await drafter.page.locator(`#card-${id} .foot`).waitFor();
    // A resolved comment that is not open any more leaves the text; opened again it is back.
    await drafter.page.keyboard.press("Escape");
    await drafter.page.reload();
    await drafter.ready();
    assert.equal(await drafter.marked(id), "");
    await reviewer.button("card-reopen", theirs).click();
    await until(async () => (await drafter.marked(id)) === "within ten days", () => "the mark is not back");
  }));

  test(`a recommendation stands at its passage, in the rail and in the register, with the next number (${name})`, () => stand.scene(async (sit) => {
    const section = await newSection(stand.server, `Recommendations ${name}`, TEXT);
    const drafter = await sit("drafter", { language, size });
    const reviewer = await sit("reviewer", { language, size });
    await reviewer.openSection(section);
    await drafter.openSection(section);
    const { recommendations } = await (await personOf(stand.server, "observer")).get("recommendations");
    const number = Math.max(...recommendations.map((one) => one.number)) + 1;
    const field = await begin(drafter, "keeps a register", "tool-recommend");
    await field.fill(`Fund the registers of districts (${name}).`);
    await drafter.page.keyboard.press("Control+Enter");
    const card = await open(reviewer, `Fund the registers of districts (${name}).`);
    const id = (await card.getAttribute("id")).replace("card-", "");
    await card.getByText(`R${number}`, { exact: true }).waitFor();
    await drafter.pane("text");
    await drafter.text.locator(`[data-flag="${id}"]`, { hasText: `R${number}` }).waitFor();
    await drafter.shot(`recommendation-${language}-${size.width}`);
    // It moves with words that are typed before it.
    await drafter.cursor("Each");
    await drafter.page.keyboard.type("By law, ");
    await reviewer.pane("text");
    await reviewer.says("By law, Each");
    for (const window of [drafter, reviewer]) {
      await until(async () => (await window.marked(id)) === "keeps a register", () => "the mark is not on its words");
    }
    // Its words are deleted: it stays, with what it was about.
    await drafter.select("keeps a register");
    await drafter.page.keyboard.press("Delete");
    await reviewer.pane("review");
    const lost = reviewer.rail.locator(".detached article", { hasText: "Fund the registers" });
    await lost.locator("blockquote", { hasText: "keeps a register" }).waitFor();
    await reviewer.shot(`detached-${language}-${size.width}`);
    const answer = await (await personOf(stand.server, "observer")).get("recommendations");
    assert.equal(answer.recommendations.find((one) => one.id === id).number, number);
    await reviewer.visit(`/reports/${reviewer.report}/register`);
    await reviewer.page.locator("main a", { hasText: `Fund the registers of districts (${name}).` }).click();
    await reviewer.page.locator(".detail", { hasText: "keeps a register" }).waitFor();
    await reviewer.shot(`register-${language}-${size.width}`);
  }));
}
