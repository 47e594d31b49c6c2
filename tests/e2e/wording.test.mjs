// Title and text of a recommendation, written together in the register's record.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "./support/people.mjs";
import { CASES, personOf, stage } from "./support/scene.mjs";

const stand = stage(before, after);

/** A new recommendation of the coordinator, so that each test has its own. */
async function proposed(title) {
  const coordinator = await personOf(stand.server, "coordinator");
  const section = coordinator.outline.find((one) => one.kind === "dimension").id;
  return coordinator.post("recommendations", { section, title, text: "Near work.\nBefore winter." });
}

async function openRecord(window, one) {
  await window.visit(`/reports/${window.report}/register?r=${one.id}`);
  await window.page.locator(".wording .ProseMirror").waitFor();
  await window.saved("saved");
}

/** Puts the caret into the title, where these keys lead. */
async function goTo(window, ...keys) {
  await window.text.locator("p").first().click();
  for (const key of keys) await window.page.keyboard.press(key);
}

const type = (window, words) => window.page.keyboard.type(words, { delay: 15 });

const titleOf = async (window) => (await window.words())[0];

for (const { language, size, name } of CASES) {
  test(`two write one title at once, and both registers show it (${name})`, () => stand.scene(async (sit) => {
    const one = await proposed(`homes (${name})`);
    const [left, right] = [await sit("coordinator", { language, size }), await sit("drafter", { language, size })];
    for (const window of [left, right]) await openRecord(window, one);
    // Each in a place of their own: letters that two type into one place at once may stand between each other.
    // Both stand there before anybody types: a jump in the very frame of another's letter may be lost.
    await goTo(left, "Control+Home");
    await goTo(right, "Control+Home", "End");
    await Promise.all([type(left, "Build "), type(right, " now")]);
    const both = (title) => title.startsWith("Build ") && title.includes(" now");
    let seen = [];
    await until(async () => {
      seen = await Promise.all([left, right].map(titleOf));
      return both(seen[0]) && seen[0] === seen[1];
    }, () => `the two do not see one title: ${JSON.stringify(seen)}`);
    const title = await titleOf(left);
    // The caret of the other says whose it is.
    await left.page.locator(".wording .caret").first().waitFor({ state: "attached" });
    await left.shot(`wording-${language}-${size.width}`);
    const inRegister = (window) => window.page.locator(`a[href*="r=${one.id}"]`, { hasText: title }).first().waitFor({ state: "attached" });
    await Promise.all([left, right].map(inRegister));
    const record = await (await personOf(stand.server, "observer")).get(`recommendations/${one.id}`);
    assert.deepEqual([record.title, record.text], [title, one.text]);
    assert.ok(record.wording > 1);
  }));

  test(`a comment stands on words of the wording and is answered and resolved (${name})`, () => stand.scene(async (sit) => {
    const one = await proposed(`Build homes (${name})`);
    const [drafter, reviewer] = [await sit("drafter", { language, size }), await sit("reviewer", { language, size })];
    for (const window of [drafter, reviewer]) await openRecord(window, one);
    // Another organization proposed it: a reviewer reads, is told why, and comments.
    await reviewer.page.getByText(reviewer.t("wording-why-others")).waitFor();
    await reviewer.select("Before winter");
    await reviewer.button("wording-comment-words").click();
    const field = reviewer.page.locator(".wording .composer textarea");
    await field.fill("Of which year?");
    await reviewer.page.keyboard.press("Control+Enter");
    const card = (window) => window.page.locator(".talk article.card", { hasText: "Of which year?" });
    await card(reviewer).waitFor();
    await card(drafter).locator("blockquote", { hasText: "Before winter" }).waitFor();
    const id = (await card(drafter).getAttribute("id")).replace("card-", "");
    assert.equal(await drafter.marked(id), "Before winter");
    await card(drafter).click({ position: { x: 8, y: 8 } });
    await drafter.shot(`wording-comment-${language}-${size.width}`);
    await card(drafter).getByRole("textbox", { name: drafter.t("card-reply") }).fill("Of 2027.");
    await drafter.page.keyboard.press("Control+Enter");
    await card(reviewer).getByText("Of 2027.").waitFor();
    await drafter.button("card-resolve", card(drafter)).click();
    await card(reviewer).locator(".foot").first().waitFor();
    await reviewer.shot(`wording-read-${language}-${size.width}`);
  }));
}

test("what is decided is read, with the reason, by all but the coordinator, while they are there", () => stand.scene(async (sit) => {
  const one = await proposed("Agree on homes");
  const drafter = await sit("drafter");
  await openRecord(drafter, one);
  await goTo(drafter, "Control+Home");
  await type(drafter, "Let us ");
  const coordinator = await personOf(stand.server, "coordinator");
  await until(async () => (await coordinator.get(`recommendations/${one.id}`)).title.startsWith("Let us "), () => "it is not noted");
  const { steps } = await coordinator.get(`recommendations/${one.id}`);
  await coordinator.post(`recommendations/${one.id}/steps`, { seen: steps, step: "decide", status: "agreed", reason: "All agree." });
  await drafter.page.locator(".wording .why", { hasText: drafter.t("wording-why-decided") }).waitFor();
  await goTo(drafter, "Control+Home");
  await type(drafter, "not ");
  assert.equal(await titleOf(drafter), "Let us Agree on homes");
}));

test("what does not fit a record is said, and the register keeps what it had", () => stand.scene(async (sit) => {
  const one = await proposed("Short enough");
  const coordinator = await sit("coordinator");
  await openRecord(coordinator, one);
  await coordinator.text.locator("p").first().click();
  await coordinator.page.keyboard.press("Control+Home");
  await coordinator.page.keyboard.insertText("long ".repeat(70));
  await coordinator.page.locator(".wording .hint", { hasText: coordinator.t("wording-title-long") }).waitFor();
  await coordinator.saved("saved");
  await coordinator.page.keyboard.press("Control+z");
  await coordinator.page.locator(".wording .hint").waitFor({ state: "detached" });
  assert.equal((await (await personOf(stand.server, "observer")).get(`recommendations/${one.id}`)).title, "Short enough");
}));
