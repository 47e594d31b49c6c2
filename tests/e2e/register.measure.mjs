// The register at size: time to its first rows, to a filtered list, and to a position of somebody else. Prints Markdown.
// node register.measure.mjs [--recommendations 1000] [--organizations 60] [--runs 5]
import { parseArgs } from "node:util";
import { openBrowser, Window } from "./support/browser.mjs";
import { chance } from "./support/people.mjs";
import { median, percentile } from "./support/load.mjs";
import { Server, consultation } from "./support/server.mjs";

const { values } = parseArgs({
  options: { recommendations: { type: "string", default: "1000" }, organizations: { type: "string", default: "60" }, runs: { type: "string", default: "5" } },
});
const [count, organizations, runs] = [values.recommendations, values.organizations, values.runs].map(Number);
const STANCES = ["support", "support", "support_with_changes", "object", "abstain", "no_mandate"];
const say = (text) => process.stderr.write(`${text}\n`);

async function prepare(server) {
  const c = await consultation(server, ["Text"]);
  const dice = chance(1);
  const people = [];
  for (let n = 0; n < organizations; n++) people.push(await c.invite(`Person ${n}`, `Organization ${n}`, "reviewer"));
  const orgs = (await c.admin.get("organizations")).organizations;
  const recommendations = [];
  const HANDS = 128;
  const many = async (jobs, run) => {
    const queue = [...jobs];
    await Promise.all(Array.from({ length: HANDS }, async () => {
      while (queue.length > 0) await run(queue.pop());
    }));
  };
  await many(Array.from({ length: count }, (_one, n) => n), async (n) => {
    recommendations.push(await c.admin.post("recommendations", {
      section: c.sections[0], title: `Publish the figures of district ${n} every quarter, by sex, age and status`, text: "In full.",
      dimension: String(1 + dice.below(6)), lead_institution: dice.below(3) ? { organization: dice.pick(orgs).id } : null,
      timeframe: dice.below(3) ? `${2027 + dice.below(4)}` : null, priority: dice.pick(["high", "medium", "low"]),
      gcm_objectives: [1 + dice.below(23)],
    }));
  });
  say(`${count} recommendations`);
  const pairs = recommendations.flatMap((one) => people.map((person) => [one, person]));
  await many(pairs, async ([one, person]) => {
    const position = dice.pick(STANCES);
    await person.post(`recommendations/${one.id}/positions`, { position, changes: position === "support_with_changes" ? "Other words." : null });
  });
  say(`${pairs.length} positions`);
  const reader = await c.admin.post("participants", { name: "Rea", organization: "Organization 1", role: "coordinator" });
  return { c, people, recommendations, link: reader.link };
}

/** Runs in the page before it loads: notes when the review document has come, and when rows are painted. */
function watchRows() {
  const seen = (window.seen = {});
  const fetched = window.fetch;
  window.fetch = async (...given) => {
    const answer = await fetched(...given);
    if (!String(given[0]).endsWith("/documents/review")) return answer;
    const bytes = await answer.arrayBuffer();
    seen.data = performance.now();
    seen.bytes = bytes.byteLength;
    return new Response(bytes, { status: answer.status, headers: answer.headers });
  };
  new MutationObserver((_seen, watch) => {
    if (!document.querySelector("tr[data-at] .r-t, tr[data-at] td .sq")) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => (seen.rows = performance.now())));
  }).observe(document, { childList: true, subtree: true });
}

/** Runs in the page: milliseconds from a click on the register's link, with the review document there, until rows are painted. */
async function openedFromHere(address) {
  const link = document.querySelector('.nav a[href$="/register"]');
  link.setAttribute("href", link.getAttribute("href") + address);
  const start = performance.now();
  link.click();
  await new Promise((seen) => {
    const look = () => document.querySelector("tr[data-at] .r-t, tr[data-at] td .sq");
    const watch = new MutationObserver(() => {
      if (!look()) return;
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(seen));
    });
    watch.observe(document, { childList: true, subtree: true });
  });
  return performance.now() - start;
}

/** Runs in the page: milliseconds from doing something until the frame after what it changes. */
async function timed([what, value]) {
  const field = document.querySelector(what);
  const start = performance.now();
  if (field instanceof HTMLSelectElement || field instanceof HTMLInputElement) {
    field.value = value;
    field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
  } else field.click();
  await new Promise((seen) => {
    const watch = new MutationObserver(() => {
      watch.disconnect();
      requestAnimationFrame(() => setTimeout(seen));
    });
    watch.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
  });
  return performance.now() - start;
}

/** Processor time of the page's main thread in milliseconds: what a machine's other work does not change. */
async function watchProcessor(window) {
  const cdp = await window.context.newCDPSession(window.page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => (await cdp.send("Performance.getMetrics")).metrics.find((one) => one.name === "TaskDuration").value * 1000;
}

const rows = [];
const note = (what, times, used = null) => rows.push([what, median(times).toFixed(0), percentile(times, 1).toFixed(0), used ? median(used).toFixed(0) : ""]);
const server = await Server.start();
const browser = await openBrowser();
try {
  const place = await prepare(server);
  const window = await Window.open(browser);
  await window.page.addInitScript(watchRows);
  await window.join(place.link);
  const processor = await watchProcessor(window);
  /** Does it once for each run; answers the times and the processor time of each. */
  const each = async (act) => {
    const [times, used] = [[], []];
    for (let n = 0; n < runs; n++) {
      const before = await processor();
      times.push(await act(n));
      used.push((await processor()) - before);
    }
    return [times, used];
  };
  for (const [shape, address] of [["table", "register"], ["grid of positions", "register?as=positions"]]) {
    const times = [], here = [], used = [];
    for (let n = 0; n < runs; n++) {
      await window.visit(`/reports/${window.report}/people`);
      await window.page.locator("main tbody tr").first().waitFor();
      const before = await processor();
      here.push(await window.page.evaluate(openedFromHere, address.slice("register".length)));
      used.push((await processor()) - before);
    }
    note(`${shape}: opened with the review document there → first rows painted`, here, used);
    for (let n = 0; n < runs; n++) {
      await window.visit(`/reports/${window.report}/${address}`);
      await window.page.waitForFunction(() => window.seen.rows !== undefined, null, { timeout: 60_000 });
      const { data, rows: painted } = await window.page.evaluate(() => window.seen);
      times.push(painted - data);
    }
    note(`${shape}: bytes of the review document there → read, first rows painted`, times);
    const dimension = await window.page.locator(".filters select").nth(1).getAttribute("id");
    note(`${shape}: search typed → painted`, ...(await each((n) => window.page.evaluate(timed, ["input[type=search]", `district ${n + 1}`]))));
    note(`${shape}: search changed to what many have → painted`, ...(await each((n) => window.page.evaluate(timed, ["input[type=search]", n % 2 ? "quarter" : ""]))));
    note(`${shape}: dimension chosen → painted`, ...(await each((n) => window.page.evaluate(timed, [`#${dimension}`, String(1 + (n % 6))]))));
  }
  await window.visit(`/reports/${window.report}/register?group=none`);
  await window.page.locator("tr[data-at]").first().waitFor();
  note("table: sorted by positions → painted", ...(await each(() => window.page.evaluate(timed, [".c-positions button", ""]))));
  // A position of somebody else: how long the page is busy with it.
  const first = place.recommendations.find((one) => one.number === 1);
  await window.visit(`/reports/${window.report}/register?group=none&r=${first.id}`);
  await window.page.locator(".detail .posbar").waitFor();
  await window.page.evaluate(() => {
    window.busy = [];
    new PerformanceObserver((list) => window.busy.push(...list.getEntries().map((one) => one.duration))).observe({ type: "longtask" });
  });
  for (let n = 0; n < runs; n++) {
    const text = `Said ${n}`;
    await place.people[n].post(`recommendations/${first.id}/positions`, { position: "support", statement: text });
    await window.page.locator(".detail").getByText(text).waitFor();
  }
  const busy = await window.page.evaluate(() => window.busy);
  note("a position of somebody else: longest task of the page (0: none over 50 ms)", busy.length ? busy : [0]);
  await window.visit(`/reports/${window.report}/register?group=none`);
  await window.page.locator("tr[data-at]").first().waitFor();
  const kept = await window.page.evaluate(() => document.querySelectorAll("tr[data-at]").length);
  say(`${kept} rows of ${count} are on the page; the review document is ${(await window.page.evaluate(() => window.seen.bytes) / 1e6).toFixed(1)} MB`);
  await window.end();
} finally {
  await browser.close();
  await server.end();
}
const table = (heads, lines) => [heads, heads.map(() => "---"), ...lines].map((row) => `| ${row.join(" | ")} |`).join("\n");
console.log(`${count} recommendations, ${organizations} organizations, ${count * organizations} positions, ${runs} runs\n`);
console.log(table(["what", "median, ms", "worst, ms", "processor time, ms"], rows));
process.exit(0);
