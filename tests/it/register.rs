//! Recommendations from proposal to the register, over HTTP, and live in the review document.

use anyhow::Context as _;
use plenary_tests::{Consultation, Person, consultation::text};
use reqwest::Method;
use serde_json::{Value, json};
use yrs::{Map as _, ReadTxn as _, Transact as _, Update, updates::decoder::Decode as _};

/// A recommendation of this person on the first section.
async fn recommended(c: &Consultation, by: &Person, more: Value) -> anyhow::Result<(String, String)> {
    let mut body = json!({ "section": c.sections[0], "title": "Build homes", "text": "Build more homes." });
    body.as_object_mut().context("an object")?.extend(more.as_object().cloned().unwrap_or_default());
    let made = by.post("recommendations", body).await?.created()?;
    let id = text(&made["id"])?;
    Ok((format!("recommendations/{id}"), id))
}

/// How many records a map of the review document holds, as a reader gets it.
async fn live(who: &Person, map: &str) -> anyhow::Result<u32> {
    let url = format!("{}/api/reports/{}/documents/review", who.base, who.report);
    let update = reqwest::Client::new().get(url).bearer_auth(&who.token).send().await?.bytes().await?;
    let doc = yrs::Doc::new();
    doc.transact_mut().apply_update(Update::decode_v1(&update)?)?;
    let txn = doc.transact();
    Ok(txn.get_map(map).map_or(0, |map| map.len(&txn)))
}

#[tokio::test]
async fn a_recommendation_goes_its_way_from_proposal_to_progress() -> anyhow::Result<()> {
    let mut c = Consultation::new(&["Housing"]).await?;
    let anna = c.invite("Anna Petrova", "IOM", "coordinator").await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let cy = c.invite("Cy", "Ministry of Housing", "drafter").await?;
    let olaf = c.invite("Olaf", "Embassy", "observer").await?;
    let organizations = anna.get("organizations").await?.ok()?;
    let all = organizations["organizations"].as_array().context("organizations")?;
    let ministry = all.iter().find(|it| it["name"] == "Ministry of Housing").context("the ministry")?;
    let lead = json!({ "lead_institution": { "organization": ministry["id"] }, "themes": ["1.1"],
        "evidence_links": [{ "claim": "Rents rose.", "source": "https://a.example/rents" }] });
    let (at, id) = recommended(&c, &bo, lead).await?;
    let other = recommended(&c, &bo, json!({})).await?.1;

    let support = json!({ "position": "support", "condition": other });
    let mine = cy.post(&format!("{at}/positions"), support).await?.created()?;
    assert_eq!(
        (mine["n"].as_u64(), mine["wording"].as_u64(), &mine["on_behalf"]),
        (Some(1), Some(1), &json!(false))
    );
    olaf.post(&format!("{at}/positions"), json!({ "position": "object" }))
        .await?
        .problem(403, "forbidden")?;
    let listed = olaf.get(&format!("{at}/positions")).await?.ok()?;
    assert_eq!(
        (&listed["positions"][0]["counted"], &listed["positions"][0]["current"]),
        (&json!("waiting"), &json!(true))
    );

    let steps = format!("{at}/steps");
    let ask = |seen: u32, step: &str| json!({ "seen": seen, "step": step, "status": "agreed" });
    bo.post(&steps, ask(1, "propose_disposition")).await?.problem(403, "forbidden")?;
    let asked = anna.post(&steps, ask(1, "propose_disposition")).await?.created()?;
    assert_eq!((asked["steps"].as_u64(), &asked["status"]), (Some(3), &json!("under_discussion")));
    anna.post(&steps, ask(3, "decide")).await?.problem(422, "invalid")?;
    let accept = json!({ "seen": 3, "step": "answer_disposition", "accept": true });
    cy.post(&steps, accept.clone()).await?.problem(403, "forbidden")?;
    bo.post(&steps, accept).await?.created()?;
    assert_eq!(anna.post(&steps, ask(4, "decide")).await?.created()?["status"], "agreed");
    assert_eq!(anna.post(&steps, ask(4, "decide")).await?.created()?["steps"], 5, "a repeat");
    cy.post(&format!("{at}/positions"), json!({ "position": "object" })).await?.problem(409, "conflict")?;
    anna.post(&steps, ask(5, "publish")).await?.created()?;

    let progress = format!("{at}/progress");
    bo.post(&progress, json!({ "state": "done" })).await?.problem(403, "forbidden")?;
    let unsafe_link = json!({ "state": "done", "link": "javascript:alert(1)" });
    cy.post(&progress, unsafe_link).await?.problem(422, "invalid")?;
    let done = json!({ "state": "done", "note": "Built.", "link": "https://a.example/homes" });
    cy.post(&progress, done).await?.created()?;
    bo.patch(&at, json!({ "title": "Build castles" })).await?.problem(409, "conflict")?;

    c.server.kill()?;
    c.server.restart()?;
    let olaf = c.moved(&olaf);
    let kinds = olaf.get(&steps).await?.ok()?;
    let kinds: Vec<_> =
        kinds["steps"].as_array().context("steps")?.iter().map(|it| it["kind"].clone()).collect();
    let wanted =
        ["proposed", "discussion", "disposition_proposed", "disposition_accepted", "decided", "published"];
    assert_eq!(kinds, wanted);
    assert_eq!(olaf.get(&progress).await?.ok()?["progress"][0]["state"], "done");
    assert_eq!(olaf.get("positions").await?.ok()?["positions"].as_array().map(Vec::len), Some(1));
    assert_eq!(olaf.get(&at).await?.ok()?["id"], id.as_str());
    let maps = [live(&olaf, "steps").await?, live(&olaf, "positions").await?, live(&olaf, "progress").await?];
    assert_eq!(maps, [7, 1, 1]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_coordinators_who_decide_at_once_one_wins_and_the_others_learn_who() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let (at, _) = recommended(&c, &bo, json!({})).await?;
    let mut all = vec![];
    for n in 0..20 {
        let who = c.invite(&format!("Chair {n}"), "IOM", "coordinator").await?;
        let path = format!("{at}/steps");
        let status = ["agreed", "not_agreed"][n % 2];
        all.push(tokio::spawn(async move {
            let body =
                json!({ "seen": 1, "step": "decide", "status": status, "reason": format!("Because {n}.") });
            who.post(&path, body).await
        }));
    }
    let (mut won, mut told) = (vec![], vec![]);
    for one in all {
        let answer = one.await??;
        match answer.status.as_u16() {
            201 => won.push(answer.created()?),
            _ => {
                told.push(text(&answer.body["detail"])?);
                answer.problem(409, "conflict")?;
            }
        }
    }
    assert_eq!((won.len(), told.len()), (1, 19));
    let steps = bo.get(&format!("{at}/steps")).await?.ok()?;
    assert_eq!(steps["steps"].as_array().map(Vec::len), Some(2), "one decision stands");
    let people = c.admin.get("participants").await?.ok()?;
    let winner = people["participants"].as_array().context("participants")?;
    let winner = winner.iter().find(|it| it["id"] == steps["steps"][1]["by"]).context("the winner")?;
    let status = if won[0]["status"] == "agreed" { "agreed" } else { "not agreed" };
    let start = format!("Somebody was faster: {} (IOM) recorded R1 as {status} at ", text(&winner["name"])?);
    for detail in told {
        assert!(
            detail.starts_with(&start) && detail.ends_with(" UTC. Your choice was not recorded."),
            "{detail}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_an_earlier_report_left_is_taken_over_once_by_who_coordinates_both() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let anna = c.invite("Anna", "IOM", "coordinator").await?;
    for n in 0..3 {
        let (at, _) = recommended(&c, &bo, json!({ "lead_institution": "The city" })).await?;
        let decide = json!({ "seen": 1, "step": "decide", "status": "agreed", "reason": "All agree." });
        if n != 1 {
            c.admin.post(&format!("{at}/steps"), decide).await?.created()?;
        }
    }
    let wanted = json!({ "title": "The next report", "template": "mgi" });
    let next = c.admin.call(Method::POST, "/api/reports", Some(wanted)).await?.created()?;
    let later = Person { report: text(&next["id"])?, ..c.admin.clone() };
    let carry = json!({ "from": c.report });
    let path = format!("/api/reports/{}/recommendations/carry", later.report);
    anna.call(Method::POST, &path, Some(carry.clone())).await?.problem(404, "not-found")?;
    let first = later.post("recommendations/carry", carry.clone()).await?.created()?;
    let again = later.post("recommendations/carry", carry).await?.created()?;
    assert_eq!(first, again);
    let taken = first["recommendations"].as_array().context("recommendations")?;
    let numbers: Vec<_> =
        taken.iter().map(|it| (it["number"].as_u64(), it["carried_from"]["number"].as_u64())).collect();
    assert_eq!(numbers, [(Some(1), Some(1)), (Some(2), Some(3))]);
    assert_eq!(
        (&taken[0]["status"], &taken[0]["lead_institution"]),
        (&json!("proposed"), &json!("The city"))
    );
    let here = json!({ "from": later.report });
    later.post("recommendations/carry", here).await?.problem(422, "invalid")?;
    let unknown = json!({ "from": c.report, "recommendations": ["ab".repeat(16)] });
    later.post("recommendations/carry", unknown).await?.problem(422, "invalid")?;
    Ok(())
}

#[tokio::test]
async fn reference_lists_are_for_everyone_and_coordinators_add_to_those_of_their_report() -> anyhow::Result<()>
{
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let answer = reqwest::get(format!("{}/api/reference", c.server.base)).await?;
    let cached = answer.headers().get("cache-control").and_then(|it| it.to_str().ok()).map(str::to_owned);
    assert_eq!(cached.as_deref(), Some("public, max-age=3600"));
    let lists: Value = answer.json().await?;
    assert_eq!(lists["dimensions"].as_array().map(Vec::len), Some(6));
    assert_eq!(lists["dimensions"][0]["themes"][0]["code"], "1.1");
    assert_eq!(lists["gcm_objectives"][22]["number"], 23);

    let (at, _) = recommended(&c, &bo, json!({})).await?;
    bo.patch(&at, json!({ "themes": ["1.8"] })).await?.problem(422, "invalid")?;
    let term = json!({ "list": "themes", "code": "1.8", "title": "Housing", "dimension": "1" });
    bo.post("terms", term.clone()).await?.problem(403, "forbidden")?;
    c.admin.post("terms", term).await?.created()?;
    let changed =
        bo.patch(&at, json!({ "themes": ["1.8"], "gcm_objectives": [15, 1], "sdg_targets": ["10.7"] }));
    let changed = changed.await?.ok()?;
    assert_eq!((&changed["themes"], &changed["gcm_objectives"]), (&json!(["1.8"]), &json!([1, 15])));
    bo.patch(&at, json!({ "gcm_objectives": [24] })).await?.problem(422, "invalid")?;
    Ok(())
}

#[tokio::test]
async fn the_projector_of_a_meeting_shows_what_its_coordinator_sets() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let (_, id) = recommended(&c, &bo, json!({})).await?;
    let path = format!("/api/reports/{}/meeting", c.report);
    let show = json!({ "recommendation": id, "wording": true,
        "clock": { "ends_at": "2026-11-24T10:00:00Z", "paused_seconds": null } });
    bo.call(Method::PUT, &path, Some(show.clone())).await?.problem(403, "forbidden")?;
    let shown = c.admin.call(Method::PUT, &path, Some(show)).await?.ok()?;
    assert_eq!(shown["meeting"]["clock"]["ends_at"], "2026-11-24T10:00:00Z");
    let seen = bo.get("").await?.ok()?;
    assert_eq!(seen["meeting"]["recommendation"], id.as_str());
    c.admin.patch("", json!({ "public_names": true })).await?.ok()?;
    assert_eq!(c.admin.call(Method::DELETE, &path, None).await?.status.as_u16(), 204);
    let seen = bo.get("").await?.ok()?;
    assert_eq!((&seen["meeting"], &seen["public_names"]), (&Value::Null, &json!(true)));
    Ok(())
}
