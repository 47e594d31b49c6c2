// A consultation whose recommendations were published, made by the API.
import { ADMIN, Person } from "./server.mjs";

const ORGANIZATIONS = [
  ["Ministry of Labour and Social Policy", "government"], ["Ministry of the Interior", "government"],
  ["Ministry of Foreign Affairs", "government"], ["Ministry of Health", "government"],
  ["Ministry of Education and Science", "government"], ["National Statistics Office", "government"],
  ["UN Refugee Office", "un_system"], ["UN Labour Office", "un_system"], ["UN Children’s Office", "un_system"],
  ["Valdora Migrants’ Network", "civil_society"], ["Open Door Valdora", "civil_society"], ["Legal Aid Centre", "civil_society"],
  ["Karsa State University", "academia"], ["City of Karsa", "local_authority"], ["Valdora Employers’ Council", "private_sector"],
];

export const RECOMMENDATIONS = [
  { title: "Publish migration data every quarter, by sex, age and status", dimension: "2", lead: 5, gcm_objectives: [1], sdg_targets: ["17.18"],
    text: "The National Statistics Office publishes the number of foreign residents, permits and naturalizations every quarter, broken down by sex, age group and status, on a page that anyone can reuse.",
    positions: "sscsssssssssc-s", progress: [["under_way", "First tables published in October 2026"]] },
  { title: "Recognize foreign qualifications within sixty days", dimension: "4", lead: 4, gcm_objectives: [18], sdg_targets: ["8.8", "10.7"],
    text: "Universities and the Ministry of Education decide on the recognition of a foreign qualification within sixty days, and give reasons for a refusal.",
    rationale: "Half of all nurses from abroad wait longer than a year.\nThe law names no time limit.", means_of_verification: "The register of decisions.",
    supporting: [12], evidence_links: [{ claim: "The median wait was 412 days in 2024.", source: "https://stats.example/recognition?year=2024" }, { claim: "Refusals seldom give reasons.", source: null }],
    positions: "sssossscssscacs", statement: "The universities are not asked often enough, and sixty days are too few for medicine.",
    progress: [["not_started", null], ["under_way", "A bill is before parliament."]] },
  { title: "Напечатать порядок обжалования на каждом решении о высылке", dimension: "1", lead: 1, gcm_objectives: [], sdg_targets: ["10.7", "8.8"],
    text: "Каждое решение о высылке содержит порядок и срок обжалования на языке, который понимает тот, кого оно касается.",
    positions: "sssssssssssssss", progress: [["done", "412 officers trained; report of 3 November 2026", "https://interior.example/reports/3"]] },
  { title: "توفير الترجمة في جميع المستشفيات", dimension: null, lead: 3, gcm_objectives: [15], sdg_targets: [],
    text: "توفر وزارة الصحة مترجمين في جميع المستشفيات.", positions: "ssn-----------o", progress: [] },
];
const STANCES = { s: "support", c: "support_with_changes", o: "object", a: "abstain", n: "no_mandate" };
export const PERSON = "Zinaida Quillfeather";

/** Publishes them on a server; answers the report's id and the administrator. */
export async function publish(server) {
  const admin = new Person(server.base, "", ADMIN);
  const made = await admin.call("POST", "/api/reports", { title: "Migration Governance in Valdora, 2026", template: "mgi", language: "en" });
  admin.report = made.id;
  const section = made.sections.find((one) => one.kind === "dimension").id;
  await admin.patch(`sections/${section}`, { stage: "in_review" });
  const people = [];
  for (const [n, [organization, organization_kind]] of ORGANIZATIONS.entries()) {
    people.push(await admin.post("participants", { name: `${PERSON} ${n}`, organization, organization_kind, role: "reviewer" }));
  }
  const { organizations } = await admin.call("GET", `/api/reports/${made.id}/organizations`);
  const id = (n) => organizations.find((one) => one.name === ORGANIZATIONS[n][0]).id;
  for (const { lead, supporting = [], positions, statement, progress, ...fields } of RECOMMENDATIONS) {
    const one = await admin.post("recommendations", {
      section, ...fields, timeframe: "June 2027", priority: "high", lead_institution: { organization: id(lead) },
      supporting_institutions: supporting.map((n) => ({ organization: id(n) })),
    });
    const at = `recommendations/${one.id}`;
    for (const [n, letter] of [...positions].entries()) {
      if (letter === "-") continue;
      const position = STANCES[letter];
      await admin.post(`${at}/positions`, {
        organization: id(n), position, changes: position === "support_with_changes" ? "Say by whom." : null,
        statement: position === "object" ? statement ?? null : null,
      });
    }
    await admin.post(`${at}/steps`, { seen: one.steps, step: "decide", status: "agreed", reason: "The room agreed." });
    await admin.post(`${at}/steps`, { seen: one.steps + 1, step: "publish" });
    for (const [state, note, link = null] of progress) await admin.post(`${at}/progress`, { state, note, link });
  }
  return { report: made.id, admin };
}
