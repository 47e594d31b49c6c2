//! A meeting of ten organizations, all at once: forty recommendations are proposed, discussed, merged, positioned, decided
//! and published while others write in the sections; in the end everybody has the same register.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
};

use anyhow::{Context as _, ensure};
use plenary_tests::{Consultation, Desk, Person, consultation::text, desk::Heard};
use reqwest::Method;
use serde_json::{Value, json};
use yrs::{Any, Map as _, ReadTxn as _, Transact as _, types::ToJson as _};

const ORGANIZATIONS: usize = 10;
const PROPOSALS_EACH: usize = 4;
/// Who write meanwhile, each in a section of their own; as many read it.
const WRITERS: usize = 2;
const STANCES: [&str; 5] = ["support", "support_with_changes", "object", "abstain", "no_mandate"];

/// What becomes of the recommendation of a number.
fn fate(number: u64) -> &'static str {
    match number % 10 {
        0 => "withdrawn",
        1 => "merged",
        2 | 4 => "published",
        3 => "not_agreed",
        5 => "agreed",
        _ => "under_discussion",
    }
}

/// What an organization holds of the recommendation of a number, first or last.
fn stance(organization: usize, number: u64, last: bool) -> &'static str {
    STANCES[(organization + number as usize + usize::from(last && number.is_multiple_of(3))) % STANCES.len()]
}

struct Meeting {
    c: Consultation,
    chair: Person,
    people: Vec<Person>,
}

/// A recommendation as the meeting goes through it.
#[derive(Clone)]
struct Item {
    id: String,
    number: u64,
    author: usize,
}

async fn open() -> anyhow::Result<Meeting> {
    let c = Consultation::new(&["Housing", "Work"]).await?;
    let chair = c.invite("Anna Petrova", "IOM", "coordinator").await?;
    let mut people = vec![];
    for n in 0..ORGANIZATIONS {
        let role = if n < 2 { "drafter" } else { "reviewer" };
        people.push(c.invite(&format!("Person {n}"), &format!("Organization {n}"), role).await?);
    }
    Ok(Meeting { c, chair, people })
}

/// Runs one task for each and gives all that they gave.
async fn all<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = anyhow::Result<T>> + Send + 'static>,
) -> anyhow::Result<Vec<T>> {
    let tasks: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut done = vec![];
    for task in tasks {
        done.push(task.await??);
    }
    Ok(done)
}

async fn propose(meeting: &Meeting) -> anyhow::Result<Vec<Item>> {
    let proposing = meeting.people.iter().enumerate().map(|(author, person)| {
        let (person, sections) = (person.clone(), meeting.c.sections.clone());
        async move {
            let mut items = vec![];
            for n in 0..PROPOSALS_EACH {
                let record = person
                    .post(
                        "recommendations",
                        json!({
                            "section": sections[n % 2], "title": format!("Adopt measure {n} of organization {author}"),
                            "text": "By the end of the year.", "timeframe": "2027", "gcm_objectives": [1 + n],
                            "lead_institution": format!("Ministry {n}"),
                        }),
                    )
                    .await?
                    .created()?;
                let number = record["number"].as_u64().context("a number")?;
                items.push(Item { id: text(&record["id"])?, number, author });
            }
            Ok(items)
        }
    });
    let mut items = all(proposing).await?.concat();
    items.sort_by_key(|item| item.number);
    let numbers: Vec<_> = items.iter().map(|item| item.number).collect();
    ensure!(numbers == (1..=(ORGANIZATIONS * PROPOSALS_EACH) as u64).collect::<Vec<_>>(), "{numbers:?}");
    Ok(items)
}

/// Every organization speaks on every recommendation, and some think again.
async fn take_positions(meeting: &Meeting, items: &[Item]) -> anyhow::Result<()> {
    let items = Arc::new(items.to_vec());
    let speaking = meeting.people.iter().enumerate().map(|(n, person)| {
        let (person, items) = (person.clone(), items.clone());
        async move {
            for last in [false, true] {
                for item in items.iter().filter(|item| !last || item.number.is_multiple_of(3)) {
                    let position = stance(n, item.number, last);
                    let changes = (position == "support_with_changes").then_some("Say who pays.");
                    let body =
                        json!({ "position": position, "changes": changes, "statement": format!("From {n}.") });
                    person.post(&format!("recommendations/{}/positions", item.id), body).await?.created()?;
                }
            }
            Ok(())
        }
    });
    all(speaking).await.map(drop)
}

/// The chair and the proposers take each recommendation to where it belongs.
async fn conclude(meeting: &Meeting, items: &[Item]) -> anyhow::Result<()> {
    let target =
        |item: &Item| items.iter().find(|other| other.number == item.number + 1).map(|it| it.id.clone());
    // What takes another in is no longer what its proposer was asked about, so these come first.
    let merging = items.iter().filter(|item| fate(item.number) == "merged").map(|item| {
        let (path, into, chair) = (Path { id: item.id.clone() }, target(item), meeting.chair.clone());
        async move { path.step(&chair, "merge", json!({ "into": into, "reason": "The same aim." })).await }
    });
    all(merging).await?;
    let concluding = items.iter().map(|item| {
        let (item, chair) = (item.clone(), meeting.chair.clone());
        let author = meeting.people[item.author].clone();
        async move {
            let path = Path { id: item.id.clone() };
            match item.number % 10 {
                0 => path.step(&author, "withdraw", json!({ "reason": "Done already." })).await,
                2 => {
                    path.step(&chair, "propose_disposition", json!({ "status": "agreed" })).await?;
                    path.step(&author, "answer_disposition", json!({ "accept": true })).await?;
                    Ok(())
                }
                3 => {
                    path.step(&chair, "decide", json!({ "status": "not_agreed", "reason": "No means." }))
                        .await
                }
                4 => {
                    path.step(&chair, "decide", json!({ "status": "agreed", "reason": "In the room." })).await
                }
                5 => {
                    path.step(&chair, "propose_disposition", json!({ "status": "agreed" })).await?;
                    path.step(
                        &author,
                        "answer_disposition",
                        json!({ "accept": false, "reason": "Too weak." }),
                    )
                    .await?;
                    path.step(&chair, "decide", json!({ "status": "agreed", "reason": "By most." })).await
                }
                _ => Ok(()),
            }
        }
    });
    all(concluding).await?;
    let publishing = items.iter().filter(|item| fate(item.number) == "published").map(|item| {
        let (item, chair) = (item.clone(), meeting.chair.clone());
        async move {
            let path = Path { id: item.id };
            if item.number % 10 == 2 {
                let reason = json!({ "status": "agreed", "reason": "Accepted by who proposed it." });
                path.step(&chair, "decide", reason).await?;
            }
            path.step(&chair, "publish", json!({})).await
        }
    });
    all(publishing).await.map(drop)
}

/// The path of one recommendation.
struct Path {
    id: String,
}

impl Path {
    /// Takes a step from what is there now; who was overtaken is told so, and looks again.
    async fn step(&self, by: &Person, step: &str, mut more: Value) -> anyhow::Result<()> {
        more["step"] = step.into();
        for _ in 0..20 {
            let record = by.get(&format!("recommendations/{}", self.id)).await?.ok()?;
            more["seen"] = record["steps"].clone();
            let answer = by.post(&format!("recommendations/{}/steps", self.id), more.clone()).await?;
            if answer.status.as_u16() != 409 {
                return answer.created().map(drop).with_context(|| format!("{step} of {record}"));
            }
            ensure!(
                answer.body["detail"].as_str().is_some_and(|it| it.contains("Somebody was faster")),
                "{answer:?}"
            );
        }
        anyhow::bail!("{step}: overtaken twenty times")
    }
}

/// What those who write are told, and tell.
#[derive(Default)]
struct Writing {
    over: AtomicBool,
    written: [AtomicUsize; WRITERS],
}

impl Writing {
    fn counts(&self) -> [usize; WRITERS] {
        self.written.each_ref().map(|count| count.load(SeqCst))
    }
}

fn keystroke(who: usize, n: usize) -> String {
    format!("{who}.{n};")
}

/// Somebody writes in a section until the meeting is over, each time once a reader has what was written before.
async fn write(mut desk: Desk, mut reader: Desk, who: usize, writing: Arc<Writing>) -> anyhow::Result<usize> {
    desk.write(&format!("Writer {who}: ")).await?;
    let mut count = 0;
    while !writing.over.load(SeqCst) {
        let update = desk.type_on(&keystroke(who, count))?;
        desk.send_update(&update).await?;
        reader.until(&keystroke(who, count)).await?;
        count += 1;
        writing.written[who].store(count, SeqCst);
    }
    Ok(count)
}

/// The maps of a review document that a meeting fills.
fn register_of(desk: &Desk) -> BTreeMap<&'static str, Any> {
    ["recommendations", "positions", "steps", "organizations"]
        .into_iter()
        .map(|name| {
            let map = desk.doc.get_or_insert_map(name);
            (name, map.to_json(&desk.doc.transact()))
        })
        .collect()
}

/// Listens until the thread that ends the meeting is there.
async fn until_over(mut desk: Desk, end: String) -> anyhow::Result<Desk> {
    let threads = desk.doc.get_or_insert_map("threads");
    while !threads.contains_key(&desk.doc.transact(), &end) {
        if let Heard::Closed(code, why) = desk.hear().await? {
            anyhow::bail!("closed with {code}: {why}");
        }
    }
    Ok(desk)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_organizations_agree_on_one_register() -> anyhow::Result<()> {
    let meeting = open().await?;
    let mut listening = vec![];
    let end = "e".repeat(32);
    for person in &meeting.people {
        listening.push(tokio::spawn(until_over(person.sit("review").await?, end.clone())));
    }
    let writing = Arc::new(Writing::default());
    let mut writers = vec![];
    for (who, section) in meeting.c.sections.iter().enumerate() {
        let desk = meeting.people[who].sit(section).await?;
        let reader = meeting.people[WRITERS + who].sit(section).await?;
        writers.push(tokio::spawn(write(desk, reader, who, writing.clone())));
    }

    let items = propose(&meeting).await?;
    let chair = meeting.chair.clone();
    for item in &items {
        Path { id: item.id.clone() }.step(&chair, "discuss", json!({})).await?;
    }
    let before = writing.counts();
    take_positions(&meeting, &items).await?;
    let meanwhile = writing.counts();
    conclude(&meeting, &items).await?;
    chair
        .post("threads", json!({ "id": end, "section": meeting.c.sections[0], "text": "Thank you." }))
        .await?
        .created()?;

    writing.over.store(true, SeqCst);
    for (who, writer) in writers.into_iter().enumerate() {
        let count = writer.await??;
        assert!(
            before[who] < meanwhile[who],
            "nobody wrote while positions were taken: {before:?}, {meanwhile:?}"
        );
        let all: String = (0..count).map(|n| keystroke(who, n)).collect();
        chair.sit(&meeting.c.sections[who]).await?.until(&format!("Writer {who}: {all}")).await?;
    }
    let fresh = register_of(&chair.sit("review").await?);
    for listener in listening {
        assert_eq!(register_of(&listener.await??), fresh, "everybody has the same register");
    }
    exports_say_the_same(&meeting, &items).await
}

/// What goes out is what the meeting came to.
async fn exports_say_the_same(meeting: &Meeting, items: &[Item]) -> anyhow::Result<()> {
    let listed = meeting.chair.get("recommendations").await?.ok()?;
    let out = meeting.chair.get("register.json").await?.ok()?;
    let (listed, out) = (
        listed["recommendations"].as_array().context("a list")?,
        out["recommendations"].as_array().context("a list")?,
    );
    assert_eq!((listed.len(), out.len()), (items.len(), items.len()));
    for ((item, record), entry) in items.iter().zip(listed).zip(out) {
        for it in [record, entry] {
            assert_eq!((it["number"].as_u64(), text(&it["id"])?), (Some(item.number), item.id.clone()));
            assert_eq!(it["status"], fate(item.number), "R{}", item.number);
        }
        let mut expected = BTreeMap::new();
        for n in 0..ORGANIZATIONS {
            *expected.entry(stance(n, item.number, true)).or_insert(0) += 1;
        }
        for (position, count) in expected {
            assert_eq!(entry["sums"][position], count, "{position} on R{}: {entry}", item.number);
        }
    }
    let positions = meeting.chair.get("positions").await?.ok()?;
    let positions = positions["positions"].as_array().context("a list")?;
    let again = items.iter().filter(|item| item.number.is_multiple_of(3)).count();
    assert_eq!(positions.len(), ORGANIZATIONS * (items.len() + again), "each with its trail");
    assert_eq!(positions.iter().filter(|it| it["current"] == true).count(), ORGANIZATIONS * items.len());

    let anyone = Person { token: String::new(), ..meeting.chair.clone() };
    let public = format!("/public/{}/register.json", meeting.c.report);
    let public = anyone.call(Method::GET, &public, None).await?.ok()?;
    let shown = public["recommendations"].as_array().context("a list")?;
    let shown: BTreeSet<_> = shown.iter().filter_map(|it| it["number"].as_u64()).collect();
    let expected = items.iter().map(|it| it.number).filter(|number| fate(*number) == "published").collect();
    assert_eq!(shown, expected, "the public sees what is published, and nothing else");
    assert!(!public.to_string().contains("Person "), "and no names");
    Ok(())
}

#[tokio::test]
async fn a_position_adds_to_the_review_document_what_it_says_and_not_the_recommendation_again()
-> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let long = json!({ "section": c.sections[0], "title": "Adopt a law", "text": "Because. ".repeat(1_000) });
    let record = bo.post("recommendations", long).await?.created()?;
    let mut desk = bo.sit("review").await?;
    let before = desk.doc.transact().state_vector();
    let position = json!({ "position": "object", "statement": "Not so." });
    bo.post(&format!("recommendations/{}/positions", text(&record["id"])?), position).await?.created()?;
    let positions = desk.doc.get_or_insert_map("positions");
    while positions.len(&desk.doc.transact()) == 0 {
        desk.hear().await?;
    }
    let added = desk.doc.transact().encode_diff_v1(&before).len();
    assert!((50..1_000).contains(&added), "{added} bytes");
    Ok(())
}
