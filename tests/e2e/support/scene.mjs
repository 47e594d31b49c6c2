// Two people of the sample review in two browsers of their own.
import { PHONE, WIDE, Window, openBrowser } from "./browser.mjs";
import { AddressedClient, until, write } from "./people.mjs";
import { Person, Server } from "./server.mjs";

export const CASES = ["en", "ru"].flatMap((language) =>
  [WIDE, PHONE].map((size) => ({ language, size, name: `${language}, ${size.width} px` })));

/** A person of the sample as the API sees them. */
export async function personOf(server, role) {
  const token = server.links[role].split("#")[1];
  const nobody = new Person(server.base, "", token);
  const { reports } = await nobody.call("GET", "/api/reports");
  const person = new Person(server.base, reports[0].id, token);
  const report = await person.call("GET", `/api/reports/${person.report}`);
  person.id = report.you.participant;
  person.outline = report.sections;
  const me = report.participants.find((one) => one.id === person.id);
  person.name = me.name;
  person.code = report.organizations.find((one) => one.id === me.organization).code;
  return person;
}

/**
 * Plays a scene: `sit(role, options)` gives a window that has joined by the role's link, `look(options)` one of nobody.
 * Fails when a window's console complained; leaves a picture of each when the scene fails.
 */
export async function scene(server, browser, play) {
  const windows = [];
  const look = async (options) => {
    windows.push(await Window.open(browser, options));
    return windows.at(-1);
  };
  const sit = async (role, options) => {
    const window = await look(options);
    await window.join(server.links[role]);
    return window;
  };
  try {
    await play(sit, look);
    for (const window of windows) window.calm();
  } catch (error) {
    for (const [n, window] of windows.entries()) {
      await window.shot(`failed-${n}`).catch(() => {});
      error.message += `\nwindow ${n} at ${window.page.url()} complained of: ${window.problems.join("\n") || "nothing"}`;
    }
    throw error;
  } finally {
    for (const window of windows) await window.end();
  }
}

/** Server with the sample and a browser, around the tests of a file. */
export function stage(before, after) {
  const stand = { scene: (play) => scene(stand.server, stand.browser, play) };
  before(async () => {
    stand.server = await Server.start({ sample: true });
    stand.browser = await openBrowser();
  });
  after(async () => {
    await stand.browser?.close();
    await stand.server?.end();
  });
  return stand;
}

/** A new section in review, with these paragraphs, so that each test has its own text. */
export async function newSection(server, title, paragraphs) {
  const coordinator = await personOf(server, "coordinator");
  const section = await coordinator.post("sections", { title, kind: "narrative" });
  await coordinator.patch(`sections/${section.id}`, { stage: "in_review" });
  const client = new AddressedClient(server, coordinator.report, section.id, coordinator.token);
  await until(() => client.synced, () => "the new section does not open");
  for (const text of paragraphs.toReversed()) write(client.doc, text);
  await until(() => client.saved, () => "its text is not saved");
  client.end();
  return section.id;
}
