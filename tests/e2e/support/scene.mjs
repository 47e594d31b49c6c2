// Two people of the sample review in two browsers of their own.
import { WIDE, Window } from "./browser.mjs";
import { Person } from "./server.mjs";

export const CASES = ["en", "ru"].flatMap((language) =>
  [WIDE, { width: 360, height: 740 }].map((size) => ({ language, size, name: `${language}, ${size.width} px` })));

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

/** A window that has joined by the role's link. */
export async function seat(server, browser, role, options) {
  const window = await Window.open(browser, options);
  await window.join(server.links[role]);
  return window;
}

/** A new section in review, with these paragraphs, so that each test has its own text. */
export async function newSection(server, title, paragraphs) {
  const coordinator = await personOf(server, "coordinator");
  const section = await coordinator.post("sections", { title, kind: "narrative" });
  await coordinator.patch(`sections/${section.id}`, { stage: "in_review" });
  const { AddressedClient, until, write } = await import("./people.mjs");
  const client = new AddressedClient(server, coordinator.report, section.id, coordinator.token);
  await until(() => client.synced, () => "the new section does not open");
  for (const text of paragraphs.toReversed()) write(client.doc, text);
  await until(() => client.saved, () => "its text is not saved");
  client.end();
  return section.id;
}
