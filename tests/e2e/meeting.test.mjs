// A meeting in three browsers: the projector shows what the chair chooses, and what participants say, as they say it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { PHONE, WIDE } from "./support/browser.mjs";
import { until } from "./support/people.mjs";
import { personOf, stage } from "./support/scene.mjs";

const stand = stage(before, after);
const BEAMER = { width: 1280, height: 720 };
const FULL_HD = { width: 1920, height: 1080 };

const seat = (window, code) => window.page.locator(`.seat[data-organization="${code}"]`);
const title = (window) => window.page.locator(".m-words h1");
const face = async (window) => window.page.locator("[data-face]").first().innerText();
/** What a clock's face says, in seconds. */
const seconds = async (window) => {
  const [minutes, rest] = (await face(window)).split(":").map(Number);
  return minutes * 60 + rest;
};
/** Words without the marks that hold names inside text of another direction. */
const plain = (text) => text.replace(/[\u2068\u2069]/g, "");
/** What screen readers hear. */
const heard = async (window) => plain((await window.page.locator("[aria-live]").allInnerTexts()).join(" "));

async function put(coordinator, fields) {
  const section = coordinator.outline.find((one) => one.kind === "dimension");
  return coordinator.post("recommendations", { section: section.id, title: fields.title, text: "Amend the law within a year.", ...fields });
}
const says = (person, one, position, more = {}) => person.post(`recommendations/${one.id}/positions`, { position, ...more });
/** Ends the meeting that an earlier test may have left. */
const clear = (coordinator) => coordinator.call("DELETE", `/api/reports/${coordinator.report}/meeting`);

for (const { language, size } of [{ language: "en", size: FULL_HD }, { language: "ru", size: BEAMER }]) {
  test(`projector, chair and a participant see one meeting (${language}, ${size.width} px)`, () => stand.scene(async (sit) => {
    const coordinator = await personOf(stand.server, "coordinator");
    const reviewer = await personOf(stand.server, "reviewer");
    const drafter = await personOf(stand.server, "drafter");
    await clear(coordinator);
    const calm = await put(coordinator, { title: `Publish the register (${language})` });
    const hot = await put(coordinator, { title: `Let workers change employer (${language})` });
    await says(drafter, hot, "object", { statement: "Not before 2028." });

    const chair = await sit("coordinator", { language, size: WIDE });
    const projector = await sit("observer", { language, size });
    await projector.visit(`/reports/${projector.report}/meeting`);
    await title(projector).waitFor();
    // Outside of meetings whoever looks may turn the pages: what is contested comes first.
    await projector.page.locator(".m-bot").waitFor();
    await chair.visit(`/reports/${chair.report}/meeting/chair`);
    await chair.button("chair-begin").click();
    await chair.button("chair-end").waitFor();
    await projector.page.locator(".m-bot").waitFor({ state: "detached" });

    // The order of the day: the one with the objection stands before the calm one.
    const agenda = await chair.page.locator(".ch-agenda button").allInnerTexts();
    const place = (one) => agenda.findIndex((line) => line.includes(one.title));
    assert.ok(place(hot) >= 0 && place(hot) < place(calm), agenda.join("\n"));
    await chair.page.locator(".ch-agenda button", { hasText: calm.title }).click();
    await title(projector).filter({ hasText: calm.title }).waitFor();
    await chair.page.locator(".ch-agenda button", { hasText: hot.title }).click();
    await title(projector).filter({ hasText: hot.title }).waitFor();
    assert.equal(await seat(projector, drafter.code).getAttribute("data-says"), "object");

    // A participant speaks: the seat fills in, in gold, with its words; nobody's seat moves.
    const order = () => projector.page.locator(".seat").evaluateAll((all) => all.map((one) => one.dataset.organization));
    const seated = await order();
    await says(reviewer, hot, "support_with_changes", { changes: "With notification on the day." });
    await seat(projector, reviewer.code).and(projector.page.locator('[data-says="support_with_changes"].just')).waitFor();
    await projector.page.locator(".m-last", { hasText: "With notification on the day." }).waitFor();
    assert.deepEqual(await order(), seated);
    const told = `${reviewer.code}: ${language === "en" ? "support with changes. 2 of" : "за с изменениями. 2 из"}`;
    await until(async () => (await heard(projector)).includes(told), () => `nobody was told “${told}”`);
    await projector.shot(`meeting-${language}-${size.width}`);

    // The wording, at the chair's wish.
    await chair.button("meet-wording-show").click();
    await projector.page.locator(".m-asks q", { hasText: "With notification on the day." }).waitFor();
    await projector.shot(`meeting-wording-${language}-${size.width}`);
    await chair.button("meet-wording-hide").click();
    await projector.page.locator(".m-asks").waitFor({ state: "detached" });

    // One clock: it stands where it was stopped, on both.
    await chair.page.locator("#minutes").selectOption("3");
    await until(async () => (await face(projector)) === "3:00", () => "the clock is not set on the projector");
    await chair.button("meet-clock-start").click();
    await until(async () => (await seconds(projector)) < 180, () => "the clock does not run");
    await until(async () => Math.abs((await seconds(projector)) - (await seconds(chair))) <= 1, () => "the clocks do not run alike");
    await chair.button("meet-clock-stop").click();
    await until(async () => (await face(projector)) === (await face(chair)), () => "the clocks do not stop alike");

    // The chair records what was said aloud, by an organization that has nobody at a keyboard.
    const silent = chair.page.locator(".ch-silent li").first();
    const code = await silent.locator(".plate").innerText();
    await silent.locator("button").click();
    await chair.page.getByRole("radio", { name: chair.t("position-abstain"), exact: true }).check();
    await chair.page.getByRole("dialog").locator("button[type=submit]").click();
    await seat(projector, code).and(projector.page.locator('[data-says="abstain"]')).waitFor();
    await chair.page.locator(".ch-said li", { hasText: chair.t("chair-on-behalf") }).first().waitFor();
    await chair.shot(`chair-${language}`);

    // What the meeting decides is seen by all.
    await chair.button("meet-agree").click();
    await chair.page.getByRole("dialog").waitFor();
    await chair.shot(`chair-record-${language}`);
    assert.deepEqual(await chair.axe(), []);
    await chair.button("do-agreed").click();
    await projector.page.locator(".m-no", { hasText: projector.t("status-agreed") }).waitFor();
    await chair.page.getByRole("dialog").waitFor({ state: "detached" });
    const { recommendations } = await reviewer.get("recommendations");
    assert.equal(recommendations.find((one) => one.id === hot.id).status, "agreed");
    for (const window of [projector, chair]) assert.deepEqual(await window.axe(), []);

    // The meeting ends: the projector's keys are its own again.
    await chair.button("chair-end").click();
    await chair.button("chair-begin").waitFor();
    await chair.visit(`/reports/${chair.report}/people`);
    await projector.page.locator(".m-bot").waitFor();
    await projector.page.keyboard.press("ArrowRight");
    await until(async () => !(await title(projector).innerText()).includes(hot.title), () => "the arrow does not lead on");
    await projector.page.keyboard.press("w");
    await projector.page.locator(".m-asks").waitFor();
    await projector.page.keyboard.press("Space");
    await projector.page.locator("[data-face]").waitFor();
    await projector.shot(`meeting-own-${language}-${size.width}`);
    assert.deepEqual(await projector.axe(), []);
  }));
}

test("a coordinator without a chair’s screen steers every projector by keys; two choices at once are told apart", () => stand.scene(async (sit) => {
  const coordinator = await personOf(stand.server, "coordinator");
  await clear(coordinator);
  const one = await put(coordinator, { title: "Fund the shelters" });
  await coordinator.call("PUT", `/api/reports/${coordinator.report}/meeting`, { recommendation: one.id, clock: null, wording: false });
  const [desk, wall] = [await sit("coordinator", { size: WIDE }), await sit("coordinator", { size: BEAMER })];
  await desk.visit(`/reports/${desk.report}/meeting`);
  await wall.visit(`/reports/${wall.report}/meeting?screen`);
  await title(wall).filter({ hasText: one.title }).waitFor();
  assert.equal(await wall.page.locator(".m-bot").count(), 0);
  await desk.page.locator(".m-bot").waitFor();
  // Space presses the button that has the focus, and no clock starts.
  await desk.button("meet-agree").press("Space");
  await desk.page.getByRole("dialog").waitFor();
  // A click beside its fields leaves the focus nowhere: the meeting's keys are not meant then either.
  await desk.page.evaluate(() => document.activeElement.blur());
  for (const key of ["ArrowRight", "w", "Space"]) await desk.page.keyboard.press(key);
  assert.equal(await desk.page.locator(".m-asks, [data-face]").count(), 0, "neither wording nor clock is shown");
  assert.equal(await title(desk).innerText(), one.title);
  await coordinator.post(`recommendations/${one.id}/steps`, { seen: one.steps, step: "discuss" });
  await wall.page.locator(".m-no", { hasText: wall.t("status-under_discussion") }).waitFor();
  // Somebody was faster: the words say who, and nothing was recorded.
  await desk.page.getByRole("dialog").getByRole("textbox").fill("Nobody objects.");
  desk.expect(/409 .*\/steps\)/);
  await desk.button("do-agreed").click();
  await desk.page.getByRole("dialog").getByText(desk.t("conflict-title")).waitFor();
  await desk.page.getByRole("dialog").getByText("Nobody objects.").waitFor();
  assert.equal((await coordinator.get(`recommendations/${one.id}`)).status, "under_discussion");
  // Having read that, they record it, with the words they had.
  await desk.page.getByRole("dialog").getByRole("button").click();
  await desk.button("meet-agree").click();
  assert.equal(await desk.page.getByRole("dialog").getByRole("textbox").inputValue(), "Nobody objects.");
  await desk.button("do-agreed").click();
  await wall.page.locator(".m-no", { hasText: wall.t("status-agreed") }).waitFor();
  await desk.page.getByRole("dialog").waitFor({ state: "detached" });
  await desk.page.locator("body").press("ArrowRight");
  await until(async () => !(await title(wall).innerText()).includes(one.title), () => "the wall does not follow the arrow");
  await clear(coordinator);
}));

test("the chair’s screen fits a phone and both languages, in the dark too", () => stand.scene(async (sit) => {
  await clear(await personOf(stand.server, "coordinator"));
  for (const [language, dark] of [["en", true], ["ru", false]]) {
    const chair = await sit("coordinator", { language, size: PHONE, dark });
    await chair.visit(`/reports/${chair.report}/meeting/chair`);
    await chair.button("chair-begin").waitFor();
    await chair.page.locator(".ch-agenda button").first().waitFor();
    assert.deepEqual(await chair.axe(), []);
    assert.equal(await chair.overflow(), 0, "nothing goes over the edge");
    await chair.shot(`chair-${language}-360`);
  }
}));

test("pictures: each has its table and its file, in any width and theme", () => stand.scene(async (sit) => {
  const coordinator = await personOf(stand.server, "coordinator");
  const reviewer = await personOf(stand.server, "reviewer");
  const one = await put(coordinator, { title: "Count the shelters", dimension: "5", gcm_objectives: [3, 15] });
  await says(reviewer, one, "no_mandate");
  for (const [language, size, dark] of [["en", WIDE, false], ["ru", PHONE, false], ["ru", WIDE, true]]) {
    const window = await sit("observer", { language, size, dark });
    await window.visit(`/reports/${window.report}/overview`);
    await window.page.locator(".pic").nth(3).waitFor();
    for (const details of await window.page.locator(".picture summary").all()) await details.click();
    assert.deepEqual(await window.axe(), []);
    assert.equal(await window.overflow(), 0, "nothing goes over the edge");
    // The table says what the picture says.
    const row = window.page.locator("#organizations-h").locator("xpath=ancestor::figure").getByRole("row", { name: new RegExp(`^${reviewer.code} `) });
    const columns = await window.page.locator("figure").first().locator("thead th").allInnerTexts();
    const mandate = Number(await row.locator("td").nth(columns.indexOf(window.t("sum-no_mandate")) - 1).innerText());
    const drawn = plain(await window.page.locator("#pic-o-desc").textContent());
    assert.ok(mandate >= 1 && drawn.includes(`${window.t("sum-no_mandate")} ${mandate}`), drawn);
    await window.shot(`overview-${language}-${size.width}`);

    const coming = window.page.waitForEvent("download");
    await window.page.locator(".picture").first().getByRole("button").first().click();
    const file = readFileSync(await (await coming).path(), "utf8");
    assert.match(file, /^<\?xml/);
    assert.ok(!/class=|style=|var\(/.test(file), "the file needs no sheet of the page");
    assert.ok(file.includes(`>${window.t("pic-organizations")}</text>`) && file.includes(">VMN</text>") && file.includes("<desc"));
    // In the light colours, whatever the page has.
    assert.ok(file.includes('fill="rgb(11, 94, 81)"'), "the green of the light theme");
    assert.equal(await window.page.evaluate(() => document.documentElement.dataset.theme ?? ""), "");
  }
}));
