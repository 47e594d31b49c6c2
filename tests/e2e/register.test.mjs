// From proposal to publication, by a coordinator and a reviewer in two browsers; and the register by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, WIDE } from "./support/browser.mjs";
import { until } from "./support/people.mjs";
import { newSection, personOf, stage } from "./support/scene.mjs";
import { ADMIN, Person } from "./support/server.mjs";

const stand = stage(before, after);
const TEXT = ["Each district keeps a register of tenants.", "Landlords answer within ten days."];

/** The record in a window. */
function recordOf(window) {
  const panel = window.page.locator(".detail");
  return {
    panel,
    says: (text) => panel.getByText(text).first().waitFor(),
    status: (key) => panel.locator("header .tag", { hasText: window.t(key) }).waitFor(),
    do: (key) => panel.getByRole("button", { name: window.t(key), exact: true }).click(),
    bar: (text) => panel.locator(`.posbar[aria-label*="${text}"]`).first().waitFor(),
  };
}

async function open(window, id) {
  await window.visit(`/reports/${window.report}/register?r=${id}`);
  const record = recordOf(window);
  await record.panel.locator("h2").waitFor();
  return record;
}

/** The dialog that is open. */
const dialog = (window) => window.page.getByRole("dialog");
const press = (window, key) => dialog(window).getByRole("button", { name: window.t(key), exact: true }).click();

for (const { language, size } of [{ language: "en", size: WIDE }, { language: "ru", size: PHONE }]) {
  const name = `${language}, ${size.width} px`;
  test(`a recommendation is proposed, discussed, decided and published, live for both (${name})`, () => stand.scene(async (sit) => {
    const section = await newSection(stand.server, `Path ${name}`, TEXT);
    const coordinator = await sit("coordinator", { language });
    const reviewer = await sit("reviewer", { language, size });
    const admin = new Person(stand.server.base, coordinator.report, ADMIN);
    const us = await personOf(stand.server, "reviewer");
    const drafter = await personOf(stand.server, "drafter");

    // Proposed from a selection, in two clicks; the coordinator's register has it at once.
    await coordinator.visit(`/reports/${coordinator.report}/register`);
    await coordinator.page.locator(".r-t").first().waitFor();
    await reviewer.openSection(section);
    await reviewer.select("keeps a register");
    await reviewer.button("tool-recommend", reviewer.page.locator(".bubble")).click();
    const title = `Fund the registers of districts, ${name}`;
    await reviewer.page.locator(".composer textarea").first().fill(title);
    await reviewer.page.keyboard.press("Control+Enter");
    await coordinator.page.locator("a.r-t", { hasText: title }).click();
    const theirs = recordOf(coordinator);
    await theirs.panel.locator("h2", { hasText: title }).waitFor();
    const id = new URL(coordinator.page.url()).searchParams.get("r");
    const mine = await open(reviewer, id);
    await coordinator.shot(`record-proposed-${language}`);

    // Discussed: seen by the other without a reload.
    await theirs.do("next-discuss");
    await press(coordinator, "do-discuss");
    await mine.status("status-under_discussion");

    // A position with changes says which; both see it.
    await mine.panel.locator("#mine").getByRole("button", { name: reviewer.t("position-support_with_changes"), exact: true }).click();
    await mine.do("position-record");
    await mine.says(reviewer.t("position-changes-missing"));
    await mine.panel.getByLabel(reviewer.t("position-changes")).fill("With money for two years.");
    await mine.panel.getByLabel(reviewer.t("position-statement")).fill("Districts have asked for it.");
    await reviewer.shot(`position-form-${language}-${size.width}`);
    await mine.do("position-record");
    await theirs.says("Districts have asked for it.");
    await theirs.says("With money for two years.");

    // Recorded for another organization, whose people are asked to confirm it.
    await theirs.do("behalf");
    const { organizations } = await drafter.get("organizations");
    await theirs.panel.getByLabel(coordinator.t("behalf-whose")).selectOption(organizations.find((one) => one.code === drafter.code).id);
    await theirs.panel.locator(".position-form").getByRole("radio").nth(2).check();
    await theirs.panel.locator(".behalf button[type=submit]").click();
    await mine.panel.locator(".plist .plates", { hasText: drafter.code }).first().waitFor();

    // Fields in place: one writes, the other reads; two at once see both words.
    await mine.panel.locator(".fact", { hasText: reviewer.t("no-date") }).locator(".edit-it").click();
    await mine.panel.getByLabel(reviewer.t("form-timeframe")).fill("December 2027");
    await admin.patch(`recommendations/${id}`, { timeframe: "June 2028" });
    await mine.says(reviewer.t("edit-overtaken"));
    await mine.says("June 2028");
    await mine.do("save");
    await theirs.says("December 2027");

    // The proposing organization is asked, and accepts.
    await theirs.do("next-propose_disposition");
    await press(coordinator, "do-propose_disposition");
    await mine.do("do-accept");
    await press(reviewer, "do-accept");
    await theirs.panel.locator(".trail li", { hasText: coordinator.t("step-disposition_accepted", { status: "" }).trim() }).waitFor();

    // Somebody is faster: nothing is recorded, and what was typed is kept.
    await theirs.do("next-decide");
    await dialog(coordinator).getByRole("radio", { name: coordinator.t("status-not_agreed") }).click();
    await dialog(coordinator).locator("textarea").fill("Too dear.");
    coordinator.expect(/409/);
    const seen = (await us.get(`recommendations/${id}`)).steps;
    await admin.post(`recommendations/${id}/steps`, { seen, step: "decide", status: "agreed" });
    await press(coordinator, "do-not_agreed");
    await dialog(coordinator).getByText(coordinator.t("conflict-title")).waitFor();
    assert.match(await dialog(coordinator).locator("p[role=alert]").innerText(), new RegExp(coordinator.t("status-agreed")));
    await dialog(coordinator).locator("blockquote", { hasText: "Too dear." }).waitFor();
    await coordinator.shot(`conflict-${language}`);
    await dialog(coordinator).locator(".acts button").click();
    await theirs.status("status-agreed");
    await mine.says(reviewer.t("mine-closed"));

    // Reopened only with a reason.
    await theirs.do("next-reopen");
    await press(coordinator, "do-reopen");
    await dialog(coordinator).getByText(coordinator.t("ask-reason-missing")).waitFor();
    await dialog(coordinator).locator("textarea").fill("New figures.");
    await press(coordinator, "do-reopen");
    await mine.status("status-under_discussion");

    // Decided with a reason, published: closed for both, and progress begins.
    await theirs.do("next-decide");
    await dialog(coordinator).getByRole("radio", { name: coordinator.t("status-agreed"), exact: true }).click();
    await dialog(coordinator).locator("textarea").fill("All agree.");
    await press(coordinator, "do-agreed");
    await theirs.status("status-agreed");
    await theirs.do("next-publish");
    await dialog(coordinator).getByText(coordinator.t("means-publish")).waitFor();
    await press(coordinator, "do-publish");
    await mine.status("status-published");
    await theirs.do("progress-report");
    // Escape leaves the form alone: the record stays, and its button has the focus.
    await coordinator.page.keyboard.press("Escape");
    await coordinator.page.waitForFunction((text) => document.activeElement.textContent.trim() === text, coordinator.t("progress-report"));
    await theirs.do("progress-report");
    await theirs.panel.getByLabel(coordinator.t("progress-state")).selectOption("under_way");
    await theirs.panel.getByLabel(coordinator.t("progress-note")).fill("Money is in the budget.");
    await theirs.do("progress-send");
    await mine.says("Money is in the budget.");
    assert.equal(await mine.panel.locator(".edit-it").count(), 0, "nothing of it is edited any more");
    await reviewer.shot(`published-${language}-${size.width}`);
  }));
}

test("a record that changes under its reader stays where they read it; its fields and drafts keep what was typed", () => stand.scene(async (sit) => {
  const us = await personOf(stand.server, "drafter");
  const chair = await personOf(stand.server, "coordinator");
  const made = await us.post("recommendations", { section: us.outline[0].id, title: "Mark the crossings", text: "With lamps.", timeframe: "2027" });
  const drafter = await sit("drafter", { size: { width: 1440, height: 500 } });
  const mine = await open(drafter, made.id);
  const { panel } = mine;
  const fact = panel.locator(".fact", { hasText: drafter.t("register-by") }).first();

  // A step by somebody else leaves the scrolling and the focus alone.
  await fact.locator(".edit-it").focus();
  await panel.evaluate((it) => (it.scrollTop = 120));
  await chair.post(`recommendations/${made.id}/steps`, { seen: made.steps, step: "discuss" });
  await mine.status("status-under_discussion");
  await drafter.settled();
  assert.equal(await panel.evaluate((it) => it.scrollTop), 120);
  assert.ok(await fact.locator(".edit-it").evaluate((it) => it === document.activeElement), "the focus is where it was");

  // What somebody else wrote while the field was left is noticed when it is opened again.
  await fact.locator(".edit-it").click();
  await panel.getByLabel(drafter.t("form-timeframe")).fill("2028");
  await drafter.page.keyboard.press("Escape");
  await chair.patch(`recommendations/${made.id}`, { timeframe: "2030" });
  await fact.getByText("2030").waitFor();
  await fact.locator(".edit-it").click();
  await mine.says(drafter.t("edit-overtaken"));
  assert.equal(await panel.getByLabel(drafter.t("form-timeframe")).inputValue(), "2028");
  await mine.do("cancel");

  // An institution that was typed is saved without “Add” too.
  const supporting = panel.locator(".fact", { hasText: drafter.t("record-supporting") }).first();
  await supporting.locator(".edit-it").click();
  await supporting.getByLabel(drafter.t("record-supporting-add")).fill("Border Guard");
  await drafter.button("institution-add", supporting).click();
  await supporting.getByLabel(drafter.t("record-supporting-add")).fill("City of Dorn");
  await drafter.button("save", supporting).click();
  await supporting.locator(".value", { hasText: "City of Dorn" }).waitFor();
  assert.equal((await us.get(`recommendations/${made.id}`)).supporting_institutions.length, 2);

  // A position: opening the form keeps nothing; what was chosen and typed comes back, with the wording that was seen.
  const drafts = () => drafter.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes(".position-")));
  const support = panel.locator("#mine").getByRole("button", { name: drafter.t("position-support"), exact: true });
  await support.click();
  await drafter.page.keyboard.press("Escape");
  assert.deepEqual(await drafts(), []);
  await support.click();
  await panel.getByRole("radio", { name: drafter.t("position-object"), exact: true }).check();
  await panel.getByLabel(drafter.t("position-statement")).fill("Lamps are dear.");
  await drafter.page.keyboard.press("Escape");
  assert.equal((await drafts()).length, 1);
  assert.ok(await panel.locator("#mine").evaluate((it) => it.contains(document.activeElement)), "the focus is given back");
  await chair.patch(`recommendations/${made.id}`, { text: "With reflectors." });
  await drafter.page.reload();
  await panel.getByText("With reflectors.").first().waitFor();
  await panel.locator("#mine").getByRole("button", { name: drafter.t("position-object"), exact: true }).click();
  assert.equal(await panel.getByLabel(drafter.t("position-statement")).inputValue(), "Lamps are dear.");
  await mine.says(drafter.t("position-reworded"));
}));

test("two become one, and organizations are asked to renew", () => stand.scene(async (sit) => {
  const us = await personOf(stand.server, "reviewer");
  const section = us.outline[0].id;
  const make = (title) => us.post("recommendations", { section, title, text: `${title} in full.` });
  const [source, target] = [await make("Open an office in Zelva"), await make("Open offices in five cities")];
  await us.post(`recommendations/${target.id}/positions`, { position: "support" });
  const coordinator = await sit("coordinator");
  const reviewer = await sit("reviewer");
  const theirs = await open(coordinator, source.id);
  const mine = await open(reviewer, target.id);
  await theirs.do("next-merge");
  await dialog(coordinator).getByLabel(coordinator.t("merge-into")).selectOption(target.id);
  await dialog(coordinator).getByText("Open an office in Zelva in full.").waitFor();
  await dialog(coordinator).getByText("Open offices in five cities in full.").waitFor();
  await dialog(coordinator).locator("textarea").fill("The same idea.");
  await coordinator.shot("merge");
  await press(coordinator, "do-merge");
  await coordinator.page.waitForURL((url) => url.searchParams.get("r") === target.id);
  await mine.says(reviewer.t("mine-renew"));
  await mine.do("mine-renew-as-is");
  await until(async () => (await mine.panel.getByText(reviewer.t("mine-renew")).count()) === 0, () => "the position is not renewed");
  // What was merged is out of the way, but not gone.
  await reviewer.visit(`/reports/${reviewer.report}/register?q=Zelva`);
  await reviewer.page.getByText(reviewer.t("register-no-fit-title")).waitFor();
  await reviewer.visit(`/reports/${reviewer.report}/register?q=Zelva&merged`);
  await reviewer.page.locator("a.r-t", { hasText: "Open an office in Zelva" }).waitFor();
}));

test("a form that cannot be sent goes to what it lacks, and keeps what was typed", () => stand.scene(async (sit) => {
  const reviewer = await sit("reviewer", { language: "ru", size: PHONE });
  const { page, t } = reviewer;
  const focused = (key) => page.waitForFunction((label) => document.activeElement?.labels?.[0]?.textContent === label, t(key));
  const begin = () => page.getByRole("button", { name: t("register-new") }).first().click();
  await reviewer.visit(`/reports/${reviewer.report}/register`);
  await begin();
  await press(reviewer, "form-save-new");
  await focused("form-title");
  await page.keyboard.type("Open an office in each district");
  await press(reviewer, "form-save-new");
  await focused("form-text");
  assert.equal(await page.evaluate(() => document.activeElement.ariaInvalid), "true");
  const inView = ({ top, bottom }) => top >= 0 && bottom <= PHONE.height;
  assert.ok(inView(await page.evaluate(() => document.activeElement.getBoundingClientRect().toJSON())), "it is in view");
  await reviewer.shot("form-lacks-ru-360");
  await page.keyboard.press("Escape");
  await begin();
  assert.equal(await dialog(reviewer).getByLabel(t("form-title")).inputValue(), "Open an office in each district");
}));

test("the register is worked by keyboard, and a view is its link", () => stand.scene(async (sit) => {
  const drafter = await sit("drafter");
  const { page } = drafter;
  await drafter.visit(`/reports/${drafter.report}/register?status=open&sort=title&group=none`);
  const titles = page.locator("a.r-t");
  await titles.first().focus();
  await page.keyboard.press("ArrowDown");
  const second = await titles.nth(1).innerText();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), second);
  await page.keyboard.press("Enter");
  await page.locator(".detail h2", { hasText: second }).waitFor();
  assert.ok(await page.locator(".detail").evaluate((panel) => panel.contains(document.activeElement)), "the record has the focus");
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
  await page.waitForFunction((text) => document.activeElement.textContent === text, second);
  // Positions: arrows go from cell to cell, Enter opens, Escape comes back to the cell.
  await drafter.visit(`/reports/${drafter.report}/register?as=positions`);
  await page.locator(".mx th a[tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  const cell = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(cell, /: /);
  await page.keyboard.press("Enter");
  await page.locator(".detail h2").waitFor();
  await page.keyboard.press("Escape");
  await page.waitForFunction((label) => document.activeElement.getAttribute("aria-label") === label, cell);
  // A view of one's own is kept, and goes as a link.
  await drafter.visit(`/reports/${drafter.report}/register?q=migration&group=status`);
  await drafter.button("view-save").click();
  await page.getByLabel(drafter.t("view-name")).fill("Migration");
  await press(drafter, "save");
  await page.reload();
  const link = page.locator(".views a", { hasText: "Migration" });
  await link.waitFor();
  assert.match(await link.getAttribute("href"), /\?q=migration&group=status$/);
}));

test("a row that stops fitting stays, dimmed, until one moves on", () => stand.scene(async (sit) => {
  const drafter = await sit("drafter");
  const us = await personOf(stand.server, "drafter");
  const made = await us.post("recommendations", { section: us.outline[0].id, title: "Plant trees along the border road", text: "Birches.", priority: "low" });
  await drafter.visit(`/reports/${drafter.report}/register?priority=low&group=none`);
  const row = drafter.page.locator("tr", { hasText: made.title });
  await row.waitFor();
  await us.patch(`recommendations/${made.id}`, { priority: "high" });
  await drafter.page.locator("tr.dim", { hasText: made.title }).waitFor();
  await drafter.page.locator("thead button").nth(1).click();
  await drafter.page.locator("tr.dim", { hasText: made.title }).waitFor();
  await drafter.page.locator("input[type=search]").first().fill("a");
  await row.waitFor({ state: "detached" });
}));

test("what the coordinator recorded for an organization is confirmed by it, and its head alone speaks", () => stand.scene(async (sit) => {
  const us = await personOf(stand.server, "reviewer");
  const chair = await personOf(stand.server, "coordinator");
  const made = await us.post("recommendations", { section: us.outline[0].id, title: "Print the forms in four languages", text: "At the border." });
  const { organizations } = await us.get("organizations");
  const ours = organizations.find((one) => one.code === us.code);
  await chair.post(`recommendations/${made.id}/positions`, { organization: ours.id, position: "abstain" });
  const reviewer = await sit("reviewer");
  const mine = await open(reviewer, made.id);
  await mine.do("mine-confirm");
  await mine.panel.locator(".stm .tag").waitFor({ state: "detached" });
  assert.equal((await us.get(`recommendations/${made.id}/positions`)).positions.find((one) => one.current).on_behalf, false);
  // Somebody else of it is named its head: the reviewer reads why the buttons are gone.
  const colleague = await chair.post("participants", { name: "Head of the Centre", organization: ours.name, role: "reviewer" });
  const coordinator = await sit("coordinator");
  await coordinator.visit(`/reports/${coordinator.report}/register?as=who`);
  const row = coordinator.page.locator(".who-t tbody tr", { hasText: ours.name });
  await row.getByRole("button").click();
  await dialog(coordinator).getByText(coordinator.t("head-means")).waitFor();
  await dialog(coordinator).getByRole("combobox").selectOption(colleague.id);
  await press(coordinator, "save");
  await row.getByText("Head of the Centre").waitFor();
  await mine.panel.locator("#mine", { hasText: "Head of the Centre" }).waitFor();
  assert.equal(await mine.panel.locator("#mine button").count(), 0);
  await chair.patch(`organizations/${ours.id}`, { head: null });
}));

test("what is open in an earlier report is carried over, once", () => stand.scene(async (sit) => {
  const coordinator = await sit("coordinator");
  const { page } = coordinator;
  const admin = new Person(stand.server.base, "", ADMIN);
  const { title: earlier } = (await admin.call("GET", "/api/reports")).reports.find((one) => one.id === coordinator.report);
  const next = await admin.call("POST", "/api/reports", { title: "The year after", template: "blank", sections: [{ title: "Follow-up" }] });
  admin.report = next.id;
  const { link } = await admin.post("participants", { name: "Mira K.", organization: "IOM", role: "coordinator" });
  // Under the name by which this browser knows the server already: a session belongs to it.
  await coordinator.join(new URL(link.replace(/^https?:\/\/[^/]+/, ""), page.url()).href);
  await coordinator.visit(`/reports/${next.id}/register`);
  await coordinator.button("carry").click();
  await dialog(coordinator).getByLabel(coordinator.t("carry-from")).selectOption({ label: earlier });
  const boxes = dialog(coordinator).getByRole("checkbox");
  await boxes.first().waitFor();
  const count = await boxes.count();
  assert.ok(count >= 2, "the sample has open ones");
  await boxes.first().uncheck();
  await coordinator.shot("carry");
  await dialog(coordinator).locator(".acts .btn.main").click();
  await dialog(coordinator).waitFor({ state: "detached" });
  await until(async () => (await page.locator("a.r-t").count()) === count - 1, () => "not all that were chosen came");
  await page.locator("a.r-t").first().click();
  await page.locator(".detail .origins a").waitFor();
  assert.match(await page.locator(".detail .origins a").getAttribute("href"), /\/reports\/[0-9a-f]{32}\/register\?r=[0-9a-f]{32}$/);
  await page.keyboard.press("Escape");
  await coordinator.button("carry").click();
  await dialog(coordinator).getByLabel(coordinator.t("carry-from")).selectOption({ label: earlier });
  await boxes.first().waitFor();
  assert.equal(await boxes.count(), 1, "those that came are not offered again");
}));
