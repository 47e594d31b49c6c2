//! The wording of a recommendation over real sockets: people write its title and text together, and the record follows.

use plenary_tests::{Consultation, consultation::Person, desk::PATIENCE};
use serde_json::{Value, json};

struct Proposed {
    c: Consultation,
    bo: Person,
    id: String,
}

async fn proposed() -> anyhow::Result<Proposed> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let new = json!({ "section": c.sections[0], "title": "Build homes", "text": "Near work.\nSoon." });
    let made = bo.post("recommendations", new).await?.created()?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    Ok(Proposed { c, bo, id })
}

/// The record, once it says so.
async fn record(who: &Person, id: &str, says: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
    let path = format!("recommendations/{id}");
    tokio::time::timeout(PATIENCE, async {
        loop {
            let record = who.get(&path).await?.ok()?;
            if says(&record) {
                return Ok(record);
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await?
}

#[tokio::test]
async fn two_write_it_at_once_and_the_record_follows() -> anyhow::Result<()> {
    let Proposed { c, bo, id } = proposed().await?;
    let dan = c.invite("Dan", "Ministry", "drafter").await?;
    let (mut left, mut right) = (bo.sit(&id).await?, dan.sit(&id).await?);
    assert_eq!(left.text(), right.text());
    assert!(left.text().contains("Build homes") && left.text().contains("Soon."), "{}", left.text());
    left.write("For all.").await?;
    right.until("For all.").await?;
    right.write("By 2027.").await?;
    left.until("By 2027.").await?;
    let now =
        record(&bo, &id, |it| it["text"].as_str().is_some_and(|text| text.contains("By 2027."))).await?;
    assert_eq!(now["text"], "Near work.\nSoon.\nFor all.\nBy 2027.");
    assert_eq!(now["title"], "Build homes");
    assert!(now["wording"].as_u64() > Some(1), "{now}");
    Ok(())
}

#[tokio::test]
async fn a_title_sent_over_http_reaches_those_who_write() -> anyhow::Result<()> {
    let Proposed { c, bo, id } = proposed().await?;
    let mut desk = bo.sit(&id).await?;
    let path = format!("recommendations/{id}");
    let change = json!({ "title": "Build good homes", "priority": "high" });
    let now = c.admin.patch(&path, change).await?.ok()?;
    assert_eq!((&now["title"], &now["priority"]), (&json!("Build good homes"), &json!("high")));
    desk.until("Build good homes").await?;
    let dan = c.invite("Dan", "Ministry", "drafter").await?;
    dan.patch(&path, json!({ "title": "Mine" })).await?.problem(403, "forbidden")?;
    Ok(())
}

#[tokio::test]
async fn who_may_not_write_reads_and_hears_why() -> anyhow::Result<()> {
    let Proposed { c, bo, id } = proposed().await?;
    let eve = c.invite("Eve", "Embassy", "reviewer").await?;
    let mut reader = eve.sit(&id).await?;
    assert!(reader.text().contains("Build homes"));
    reader.write("Not I").await?;
    let (code, why) = reader.closed().await?;
    assert_eq!(code, 4403);
    assert!(why.contains("comment"), "the reason says what to do: {why}");
    // Once it is decided its own organization reads, too.
    let mut desk = bo.sit(&id).await?;
    let step = json!({ "seen": 1, "step": "decide", "status": "agreed", "reason": "All agree." });
    c.admin.post(&format!("recommendations/{id}/steps"), step).await?.created()?;
    desk.write("Too late").await?;
    assert_eq!(desk.closed().await?.0, 4403);
    let mut coordinator = c.admin.sit(&id).await?;
    coordinator.write("A last word.").await?;
    record(&bo, &id, |it| it["text"].as_str().is_some_and(|text| text.ends_with("A last word."))).await?;
    Ok(())
}

#[tokio::test]
async fn what_was_typed_when_the_server_died_is_in_the_record_once_the_wording_is_opened()
-> anyhow::Result<()> {
    let Proposed { mut c, bo, id } = proposed().await?;
    let (mut desk, mut witness) = (bo.sit(&id).await?, c.admin.sit(&id).await?);
    desk.write("Shown, and not yet noted.").await?;
    witness.until("Shown, and not yet noted.").await?;
    c.server.kill()?;
    c.server.restart()?;
    let bo = c.moved(&bo);
    bo.sit(&id).await?.until("Shown, and not yet noted.").await?;
    record(&bo, &id, |it| it["text"].as_str().is_some_and(|text| text.ends_with("not yet noted."))).await?;
    Ok(())
}

#[tokio::test]
async fn comments_stand_on_the_wording() -> anyhow::Result<()> {
    let Proposed { c, bo, id } = proposed().await?;
    let thread =
        bo.post("threads", json!({ "recommendation": id, "text": "Which homes?" })).await?.created()?;
    assert_eq!((&thread["recommendation"], &thread["section"]), (&json!(id), &json!(c.sections[0])));
    bo.post("threads", json!({ "section": c.sections[0], "text": "Of the section." })).await?.created()?;
    let both = json!({ "section": c.sections[0], "recommendation": id, "text": "Of which?" });
    bo.post("threads", both).await?.problem(422, "invalid")?;
    bo.post("threads", json!({ "text": "Of nothing." })).await?.problem(422, "invalid")?;
    let path = format!("threads/{}", thread["id"].as_str().unwrap_or_default());
    c.admin.post(&format!("{path}/replies"), json!({ "text": "All of them." })).await?.created()?;
    let listed = bo.get(&format!("threads?recommendation={id}")).await?.ok()?;
    assert_eq!(listed["threads"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["threads"][0]["replies"][0]["text"], "All of them.");
    assert_eq!(listed["threads"][0]["detached"], false);
    c.admin.post(&format!("{path}/resolve"), json!({})).await?.ok()?;
    Ok(())
}

#[tokio::test]
async fn a_chosen_id_opens_no_other_document() -> anyhow::Result<()> {
    let Proposed { c, bo, .. } = proposed().await?;
    let mut section = c.admin.sit(&c.sections[0]).await?;
    section.write("The section's own.").await?;
    // Of a section of the report; of the report itself; of the server's ledger of tokens.
    let with = |id: &str| json!({ "id": id, "section": c.sections[0], "title": "Take over", "text": "It." });
    bo.post("recommendations", with(&c.sections[0])).await?.problem(409, "conflict")?;
    for id in [c.report.clone(), "0".repeat(32)] {
        bo.post("recommendations", with(&id)).await?.created()?;
        let mut desk = bo.sit(&id).await?;
        assert!(desk.text().contains("Take over"), "{}", desk.text());
        desk.write("Mine alone.").await?;
        record(&bo, &id, |it| it["text"].as_str().is_some_and(|text| text.ends_with("Mine alone."))).await?;
    }
    assert!(c.admin.sit(&c.sections[0]).await?.text().contains("The section's own."));
    assert_eq!(c.admin.get("").await?.ok()?["title"], "A consultation");
    Ok(())
}
