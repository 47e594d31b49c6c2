// What everyone may see: pages without a script, in a real browser, in both languages, wide, narrow, dark and on paper.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PHONE, WIDE } from "./support/browser.mjs";
import { PERSON, RECOMMENDATIONS, publish } from "./support/published.mjs";
import { stage } from "./support/scene.mjs";

const stand = stage(before, after);
let published;
/** Where the public page of a report is, which is made when it is first asked for. */
const address = async () => `${stand.server.base}/public/${(await (published ??= publish(stand.server))).report}`;

const LOOKS = ["en", "ru"].flatMap((language) =>
  [{ size: WIDE }, { size: PHONE }, { size: WIDE, dark: true }, { size: PHONE, dark: true }].map((look) => ({ language, ...look })));

for (const { language, size, dark = false } of LOOKS) {
  const name = `${language}-${size.width}${dark ? "-dark" : ""}`;
  test(`the public pages are whole, quiet and free of axe's findings (${name})`, () => stand.scene(async (_sit, look) => {
    const page = await address();
    const window = await look({ language, size, dark });
    for (const [what, path] of [["public", page], ["public-one", `${page}/recommendations/2`]]) {
      await window.page.goto(path);
      assert.equal(await window.page.getAttribute("html", "lang"), language);
      await window.shot(`${what}-${name}`);
      // Who stands where is read by axe too.
      for (const summary of await window.page.locator("summary").all()) await summary.click();
      assert.deepEqual(await window.axe(), []);
      assert.equal(await window.overflow(), 0, "nothing goes over the edge");
    }
  }));
}

test("no script is on a page but the data block, and a reader without scripts reads all", () => stand.scene(async (_sit, look) => {
  const page = await address();
  const window = await look({ javaScriptEnabled: false });
  await window.page.goto(page);
  const html = await window.page.content();
  assert.deepEqual(html.match(/<script[^>]*>/g), ['<script type="application/ld+json">']);
  assert.ok(!html.includes(PERSON), "no participant is named");
  assert.equal(await window.page.locator(".list > li").count(), RECOMMENDATIONS.length);
  await window.page.locator("summary").first().click();
  await window.page.locator(".whose").first().getByText("Karsa State University, Ministry of Foreign Affairs").waitFor();
  await window.page.getByRole("link", { name: RECOMMENDATIONS[1].title }).click();
  await window.page.waitForURL(`${page}/recommendations/2`);
  await window.page.getByRole("link", { name: "Русский" }).click();
  await window.page.waitForURL(`${page}/recommendations/2?language=ru`);
  await window.page.getByText("Сохранённые возражения").waitFor();
  await window.page.getByRole("link", { name: "Все рекомендации" }).click();
  await window.page.waitForURL(`${page}?language=ru`);
}));

test("the linked data is data, and the policy has nothing against it", () => stand.scene(async (_sit, look) => {
  const window = await look();
  const answer = await window.page.goto(await address());
  assert.match(answer.headers()["content-security-policy"], /^default-src 'none'; style-src 'self'/);
  const data = JSON.parse(await window.page.locator('script[type="application/ld+json"]').textContent());
  assert.deepEqual(data.hasPart.map((one) => one.name), RECOMMENDATIONS.map((one) => one.title));
}));

test("where nothing is published the page says so", () => stand.scene(async (_sit, look) => {
  const window = await look({ size: PHONE });
  window.expect(/404/);
  const answer = await window.page.goto(`${stand.server.base}/public/${"ab".repeat(16)}`);
  assert.equal(answer.status(), 404);
  await window.page.getByRole("heading", { name: "Nothing is published here" }).waitFor();
  await window.shot("public-nothing");
  assert.deepEqual(await window.axe(), []);
}));
