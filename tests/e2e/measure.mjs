// The page at size: keystroke to paint, time to text, script on a first view. Prints Markdown; asserts nothing.
// node measure.mjs [--words 3000,30000] [--writers 5] [--highlights 2000] [--keys 40] [--slow 1,4] [--lines loopback,far]
import { parseArgs } from "node:util";
import { openBrowser, Window } from "./support/browser.mjs";
import { chance, until } from "./support/people.mjs";
import { Draft, Writer, mark, median, percentile } from "./support/load.mjs";
import { Server, consultation } from "./support/server.mjs";

const { values } = parseArgs({
  options: {
    words: { type: "string", default: "3000,30000" },
    writers: { type: "string", default: "5" },
    highlights: { type: "string", default: "2000" },
    keys: { type: "string", default: "40" },
    slow: { type: "string", default: "1,4" },
    lines: { type: "string", default: "loopback,far" },
    runs: { type: "string", default: "3" },
  },
});
const numbers = (text) => text.split(",").map(Number);
const [writers, highlights, keys, runs] = [values.writers, values.highlights, values.keys, values.runs].map(Number);
const LINES = { loopback: null, far: { offline: false, latency: 300, downloadThroughput: 200_000, uploadThroughput: 200_000 } };

/** Runs in the page: notes for each key how long it took until the next frame was painted. */
function watchKeys() {
  window.painted = [];
  const port = new MessageChannel();
  const waiting = [];
  port.port1.onmessage = () => {
    const now = performance.now();
    for (const stamp of waiting.splice(0)) window.painted.push(now - stamp);
  };
  document.addEventListener("keydown", ({ timeStamp }) => {
    requestAnimationFrame(() => {
      waiting.push(timeStamp);
      port.port2.postMessage(null);
    });
  }, true);
}

const say = (text) => process.stderr.write(`${text}\n`);

async function keystrokes(browser, place, words, slow, report) {
  const window = await Window.open(browser);
  await window.page.addInitScript(watchKeys);
  await window.join(place.link);
  await window.openSection(place.section);
  const marks = window.page.locator(".ProseMirror mark[data-mark]");
  if (highlights > 0) await until(async () => (await marks.count()) > 0, () => "no highlight is shown", 60_000);
  const cdp = await window.context.newCDPSession(window.page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slow });
  const hands = place.people.map((person, n) => new Writer(place.server, place.report, place.section, person.token, n));
  await until(() => hands.every((one) => one.synced), () => "writers do not sync", 60_000);
  await window.text.locator("p").nth(2).click({ timeout: 120_000 });
  const typing = hands.map((one) => one.type(200));
  await window.page.evaluate(() => void (window.painted.length = 0));
  for (let n = 0; n < keys; n++) {
    await window.page.keyboard.press("e");
    await new Promise((next) => setTimeout(next, 110));
  }
  await until(() => window.page.evaluate((keys) => window.painted.length >= keys, keys), () => "keys were not painted", 120_000);
  const times = await window.page.evaluate(() => window.painted);
  typing.forEach((stop) => stop());
  for (const one of hands) one.end();
  const heap = (await cdp.send("Runtime.getHeapUsage")).usedSize / 1e6;
  report.push([words, `${slow}×`, median(times).toFixed(0), percentile(times, 0.95).toFixed(0), heap.toFixed(0)]);
  say(`typed in ${words} words, slowed ${slow} times`);
  await window.end();
}

/** Milliseconds from the navigation until a paragraph is painted, and the bytes of script that came. */
async function timeToText(browser, place, line) {
  const window = await Window.open(browser);
  await window.join(place.link);
  const state = await window.context.storageState();
  await window.end();
  const fresh = await Window.open(browser, { storageState: state });
  const cdp = await fresh.context.newCDPSession(fresh.page);
  await cdp.send("Network.enable");
  if (LINES[line]) await cdp.send("Network.emulateNetworkConditions", LINES[line]);
  const scripts = new Map();
  let bytes = 0;
  cdp.on("Network.responseReceived", ({ requestId, response }) => scripts.set(requestId, /\.js(\?|$)/.test(response.url)));
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.get(requestId)) bytes += encodedDataLength;
  });
  await fresh.page.addInitScript(() => {
    new MutationObserver((_seen, watch) => {
      if (!document.querySelector(".ProseMirror > p")) return;
      watch.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => (window.textAt = performance.now());
        port2.postMessage(null);
      });
    }).observe(document, { childList: true, subtree: true });
  });
  await fresh.page.goto(`${place.origin}/reports/${place.report}/${place.section}`, { timeout: 120_000 });
  await fresh.page.waitForFunction(() => window.textAt !== undefined, null, { timeout: 120_000 });
  const at = await fresh.page.evaluate(() => window.textAt);
  await fresh.end();
  return { at, bytes };
}

/** A report with one section of so many words, so many comments on it, and people to type in it. */
async function prepare(server, words) {
  const c = await consultation(server, [`${words} words`]);
  const author = await c.invite("Ana", "Ministry", "drafter");
  const section = c.sections[0];
  const draft = new Draft(server, c.report, section, author.token);
  await draft.fill(words, chance(words));
  await mark(draft, author, section, highlights, chance(7));
  draft.end();
  const people = [];
  for (let n = 0; n < writers; n++) people.push(await c.invite(`Writer ${n}`, `Organization ${n}`, "drafter"));
  const reader = await c.admin.post("participants", { name: "Rea", organization: "Ministry", role: "drafter" });
  return { server, report: c.report, section, people, link: reader.link, origin: new URL(reader.link).origin };
}

const table = (heads, rows) => [heads, heads.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

const server = await Server.start();
const browser = await openBrowser();
const [typed, shown] = [[], []];
let script = 0;
try {
  for (const words of numbers(values.words)) {
    const place = await prepare(server, words);
    say(`${words} words are written and commented on`);
    for (const line of values.lines.split(",").filter(Boolean)) {
      const times = [];
      for (let n = 0; n < runs; n++) {
        const { at, bytes } = await timeToText(browser, place, line);
        times.push(at);
        script = bytes;
        say(`text after ${at.toFixed(0)} ms over ${line}`);
      }
      shown.push([words, line === "far" ? "300 ms, 1.6 Mbit/s" : line, median(times).toFixed(0)]);
    }
    for (const slow of numbers(values.slow)) await keystrokes(browser, place, words, slow, typed);
  }
} finally {
  await browser.close();
  await server.end();
}
console.log(`\`node measure.mjs ${process.argv.slice(2).join(" ")}\`: ${writers} writers at 5 keys/s each, ${highlights} highlights, ${keys} keys at 9/s\n`);
console.log(table(["words", "CPU slowed", "keystroke to paint p50, ms", "p95, ms", "heap, MB"], typed));
console.log(`\n${table(["words", "line", `time to text, ms (median of ${runs})`], shown)}`);
console.log(`\nscript transferred on a first view: ${(script / 1024).toFixed(0)} KB (with headers)`);
process.exit(0);
