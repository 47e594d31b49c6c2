// The way in: an invitation link, in a real browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CASES, stage } from "./support/scene.mjs";

const stand = stage(before, after);

for (const { language, size, name } of CASES) {
  test(`a link names its person, leaves the address at once, and opens the report (${name})`, () => stand.scene(async (_sit, look) => {
    const window = await look({ language, size });
    const { page, t } = window;
    window.expect(/401 .*\/api\/session\)/);
    const asked = [];
    page.on("request", (request) => asked.push(request.url(), request.headers().referer ?? ""));
    await page.goto(stand.server.links.reviewer);
    const enter = page.getByRole("button", { name: t("join-enter") });
    await enter.waitFor();
    const token = stand.server.links.reviewer.split("#")[1];
    assert.equal(new URL(page.url()).hash, "", "the token has left the address");
    assert.ok(await page.getByText(t("join-lead-reviewer")).isVisible());
    const shown = await page.getByLabel(t("join-name")).inputValue();
    assert.ok(shown.length > 2, "the invited name is filled in");
    await window.shot(`join-${language}-${size.width}`);
    await page.getByLabel(t("join-name")).fill("Rosa Q.");
    await enter.click();
    await page.waitForURL(/\/reports\/[0-9a-f]{32}/);
    await window.text.waitFor();
    assert.ok(!page.url().includes(token));
    assert.ok(!asked.some((url) => url.includes(token)), "no address or referrer of a request held the token");
    assert.ok(!JSON.stringify(await page.evaluate(() => history.state)).includes(token));
    await page.locator(".plate-btn").click();
    await page.getByRole("heading", { name: "Rosa Q." }).waitFor();
    await page.keyboard.press("Escape");
    await page.goto(stand.server.links.reviewer);
    await page.waitForURL(/\/reports\/[0-9a-f]{32}/);
    await window.text.waitFor();
  }));
}

test("a link that is wrong, or cut off, says so in plain words", () => stand.scene(async (_sit, look) => {
  const window = await look();
  const { page, t } = window;
  window.expect(/401 .*\/api\/session\)/, /40[0-9] .*\/api\/(invitation|reports\/)/);
  await page.goto(`${stand.server.base}/join#${"x".repeat(43)}`);
  await page.getByRole("heading", { name: t("join-expired-title") }).waitFor();
  await window.shot("join-expired");
  await page.goto(`${stand.server.base}/join`);
  await page.getByRole("heading", { name: t("join-no-link-title") }).waitFor();
  await page.goto(`${stand.server.base}/reports/${"0".repeat(32)}`);
  await page.locator("main h1").waitFor();
  await window.shot("lost");
}));
