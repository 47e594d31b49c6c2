// Debian's Chromium, one window a person, that notes everything the page should not do.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { until } from "./people.mjs";

const shots = resolve(import.meta.dirname, "../../out/shots");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };
export const PATIENCE = 30_000;

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags, timeout: PATIENCE });

const catalogues = new Map();

/** The interface's words of a language; `t(key, args)` knows messages without plurals. */
export function wordsOf(language) {
  if (!catalogues.has(language)) {
    const words = resolve(import.meta.dirname, "../../../web/words");
    const files = readdirSync(words, { recursive: true }).filter((name) => basename(name) === `${language}.ftl`);
    const text = files.map((name) => readFileSync(join(words, name), "utf8")).join("\n");
    catalogues.set(language, new Map([...text.matchAll(/^([a-z][\w-]*) = (.+)$/gm)].map(([, key, value]) => [key, value])));
  }
  return (key, args = {}) => {
    const value = catalogues.get(language).get(key);
    assert.ok(value, `no words for ${key} in ${language}`);
    return value.replace(/\{ \$(\w+) \}/g, (_all, name) => args[name]);
  };
}

/** Runs in the page. */
function plainWords(selector) {
  return [...document.querySelectorAll(selector)].map((block) => {
    const copy = block.cloneNode(true);
    for (const extra of copy.querySelectorAll(".caret, .flags")) extra.remove();
    return copy.textContent;
  });
}

/** A window of its own browser profile. `problems` gathers what the page complained of. */
export class Window {
  static async open(browser, { language = "en", size = WIDE, dark = false, ...more } = {}) {
    const context = await browser.newContext({
      viewport: size,
      locale: language === "ru" ? "ru-RU" : "en-GB",
      colorScheme: dark ? "dark" : "light",
      reducedMotion: "reduce",
      ...more,
    });
    context.setDefaultTimeout(PATIENCE);
    const window = new Window();
    const page = await context.newPage();
    Object.assign(window, { context, page, language, t: wordsOf(language), phone: size.width < 900, problems: [], expected: [] });
    await page.addInitScript(() =>
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`)));
    page.on("console", (message) => {
      if (message.type() === "error") window.problems.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => window.problems.push(`page error: ${error.stack ?? error}`));
    return window;
  }

  /** Complaints that belong to what the test does, such as a lost server. */
  expect(...patterns) {
    this.expected.push(...patterns);
  }

  /** Fails when the page complained of anything that was not expected. */
  calm() {
    const wrong = this.problems.filter((problem) => !this.expected.some((pattern) => pattern.test(problem)));
    assert.deepEqual(wrong, [], "the console is quiet");
  }

  async end() {
    await this.context.close();
  }

  /** Opens an invitation link and enters. Answers the report's id. */
  async join(link) {
    // Whether this browser is signed in already is asked by a call that says 401 when not.
    this.expect(/401 .*\/api\/session\)/);
    await this.page.goto(link);
    await this.page.getByRole("button", { name: this.t("join-enter") }).click();
    await this.page.waitForURL(/\/reports\/[0-9a-f]{32}/);
    this.report = this.page.url().match(/reports\/([0-9a-f]{32})/)[1];
    return this.report;
  }

  /** Opens a page of the server that the window joined. */
  async visit(path) {
    await this.page.goto(new URL(path, this.page.url()).href);
  }

  /** Opens a section and waits until its text is live. */
  async openSection(section) {
    await this.visit(`/reports/${this.report}/${section}`);
    await this.ready();
  }

  /** The text is shown, and the server's state is merged. */
  async ready() {
    await this.text.waitFor();
    await this.page.locator('.saved[data-state="saved"]').waitFor();
  }

  get text() {
    return this.page.locator(".ProseMirror");
  }
  get rail() {
    return this.page.locator(".rail");
  }
  saved(state) {
    return this.page.locator(`.saved[data-state="${state}"]`).waitFor();
  }

  /** On a phone one pane is shown at a time: outline, text or review. */
  async pane(name) {
    if (!this.phone) return;
    const label = this.t(name === "outline" ? "outline" : `pane-${name}`);
    await this.page.locator(".dock button").filter({ hasText: label }).click();
  }

  card(id) {
    return this.page.locator(`#card-${id}`);
  }
  /** The card that says this. */
  cardWith(text) {
    return this.rail.locator("article.card", { hasText: text });
  }
  button(key, within = this.page) {
    return within.getByRole("button", { name: this.t(key), exact: true });
  }

  /** Where words stand on the page: their first and last character's boxes, in view. */
  async where(quote) {
    const found = await this.text.evaluate((root, quote) => {
      for (const block of root.querySelectorAll("p, h2, h3, h4")) {
        const nodes = [];
        const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, (node) =>
          node.parentElement.closest(".flags, .caret") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
        while (walk.nextNode()) nodes.push(walk.currentNode);
        const from = nodes.map((node) => node.data).join("").indexOf(quote);
        if (from < 0) continue;
        block.scrollIntoView({ block: "center" });
        const box = (at) => {
          let left = at;
          const node = nodes.find((one) => (left < one.data.length ? true : ((left -= one.data.length), false)));
          const range = document.createRange();
          range.setStart(node, left);
          range.setEnd(node, left + 1);
          const { x, y, width, height } = range.getBoundingClientRect();
          return { x, y, width, height };
        };
        return [box(from), box(from + quote.length - 1)];
      }
      return null;
    }, quote);
    assert.ok(found, `the text has no “${quote}”`);
    return found;
  }

  /** Draws a selection over words with the mouse. */
  async select(quote) {
    const [first, last] = await this.where(quote);
    const { mouse } = this.page;
    await mouse.move(first.x + 0.5, first.y + first.height / 2);
    await mouse.down();
    await mouse.move(last.x + last.width / 2, last.y + last.height / 2, { steps: 4 });
    await mouse.move(last.x + last.width - 0.2, last.y + last.height / 2);
    await mouse.up();
    await this.page.waitForFunction((quote) => getSelection().toString().trim() === quote, quote);
    await this.settled();
  }

  /** Until the page has heard of the last change of its selection, which a browser tells by the next frame. */
  async settled() {
    await this.page.evaluate(() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))));
  }

  /** Puts the cursor before (after) words. */
  async cursor(quote, after = false) {
    const [first, last] = await this.where(quote);
    await this.page.mouse.click(after ? last.x + last.width - 0.2 : first.x + 0.5, first.y + first.height / 2);
  }

  /** The text's own words, block by block: without others' cursors and the flags at passages. */
  words() {
    return this.page.evaluate(plainWords, ".ProseMirror :is(p, h2, h3, h4)");
  }
  /** Waits until some block holds these words. */
  async says(words, ms = PATIENCE) {
    await until(async () => (await this.words()).some((line) => line.includes(words)), () => `the text never said “${words}”`, ms);
  }
  /** The words that a mark covers, joined. */
  async marked(id) {
    return (await this.page.evaluate(plainWords, `.ProseMirror mark[data-mark="${id}"]`)).join("");
  }

  async shot(name) {
    mkdirSync(shots, { recursive: true });
    await this.page.screenshot({ path: join(shots, `${name}.png`) });
  }

  /** By how many pixels the page is wider than its window. */
  overflow() {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }

  /** What axe finds, as `rule: where` lines. Run over the debugging protocol, which the page's policy does not bind. */
  async axe() {
    await this.page.evaluate(axeSource);
    return this.page.evaluate(async () => {
      const { violations } = await window.axe.run(document, { resultTypes: ["violations"] });
      return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} | ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message}`));
    });
  }
}
