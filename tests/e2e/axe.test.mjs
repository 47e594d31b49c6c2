// No page breaks a rule that axe-core knows, in any language, width, theme or shape.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, WIDE } from "./support/browser.mjs";
import { personOf, stage } from "./support/scene.mjs";

const stand = stage(before, after);
/** The smallest tablet's drawer, too. */
const TABLET = { width: 1000, height: 760 };
const LOOKS = [{ size: WIDE }, { size: PHONE }, { size: WIDE, dark: true }, { size: PHONE, dark: true }, { size: TABLET }];

for (const language of ["en", "ru"]) {
  for (const { size, dark = false } of LOOKS) {
    const name = `${language}-${size.width}${dark ? "-dark" : ""}`;
    test(`join, list, report, register and people are free of axe's findings (${name})`, () => stand.scene(async (_sit, look) => {
      const window = await look({ language, size, dark });
      const { page } = window;
      window.expect(/401 .*\/api\/session\)/);
      const found = [];
      const check = async (what) => {
        await window.shot(`${what}-${name}`);
        for (const line of await window.axe()) found.push(`${what}: ${line}`);
      };
      await page.goto(stand.server.links.drafter);
      await page.getByRole("button", { name: window.t("join-enter") }).waitFor();
      await check("join");
      const report = await window.join(stand.server.links.drafter);
      await window.ready();
      const drafter = await personOf(stand.server, "drafter");
      const rights = drafter.outline.find((one) => one.kind === "dimension");
      await window.openSection(rights.id);
      await window.pane("review");
      await page.locator("article.card").first().waitFor();
      await check("report-review");
      await window.pane("outline");
      await check("report-outline");
      await window.pane("text");
      await check("report");
      await window.pane("review");
      await page.locator("article.card").nth(1).click({ position: { x: 8, y: 8 } });
      await page.locator(".card.on textarea").waitFor();
      await check("card");
      await window.visit(`/reports/${report}/register`);
      await page.getByRole("heading", { name: window.t("register-title"), exact: true }).first().waitFor();
      await page.locator(".r-t, .rcard h3 a").first().waitFor();
      await check("register");
      await page.locator(".r-t, .rcard h3 a").first().click();
      await page.locator(".detail h2").waitFor();
      await check("register-detail");
      await window.visit(`/reports/${report}/register?as=cards`);
      await page.locator(".r-t, .rcard h3 a").first().waitFor();
      await check("register-cards");
      await window.visit(`/reports/${report}/register?as=positions`);
      await page.locator(".mx td .sq").first().waitFor();
      await check("register-positions");
      await window.visit(`/reports/${report}/register?as=who`);
      await page.locator(".who-t tbody tr").first().waitFor();
      await check("register-who");
      await page.locator(".filters .pop-wrap > button").click();
      await check("register-filters");
      await page.keyboard.press("Escape");
      await window.button("register-new").click();
      await page.getByRole("dialog").waitFor();
      await check("recommendation-form");
      await window.visit(`/reports/${report}/people`);
      await page.locator("main h2").first().waitFor();
      await check("people");
      await window.visit(`/`);
      await page.locator(".rcard").first().waitFor();
      await check("list");
      assert.deepEqual(found, []);
    }));
  }
}
