//! Comments and recommendations over HTTP, live in the review document.

use std::collections::BTreeSet;

use plenary_tests::Consultation;
use serde_json::json;

#[tokio::test]
async fn a_comment_its_reply_and_its_resolution() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let cy = c.invite("Cy", "Ministry", "drafter").await?;
    let thread =
        bo.post("threads", json!({ "section": c.sections[0], "text": "Source?" })).await?.created()?;
    let path = format!("threads/{}", thread["id"].as_str().unwrap_or_default());
    cy.post(&format!("{path}/replies"), json!({ "text": "Article 14." })).await?.created()?;
    bo.post(&format!("{path}/resolve"), json!({})).await?.ok()?;
    cy.post(&format!("{path}/resolve"), json!({})).await?.problem(409, "conflict")?;
    cy.post(&format!("{path}/reopen"), json!({})).await?.ok()?;
    cy.patch(&path, json!({ "text": "Not mine" })).await?.problem(403, "forbidden")?;
    let listed = bo.get("threads").await?.ok()?;
    let first = &listed["threads"][0];
    assert_eq!(first["state"], "open");
    assert_eq!(first["replies"][0]["text"], "Article 14.");
    assert_eq!(first["author"], bo.id.as_str());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_who_resolve_at_once_one_wins() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let thread =
        bo.post("threads", json!({ "section": c.sections[0], "text": "Source?" })).await?.created()?;
    let path = format!("threads/{}/resolve", thread["id"].as_str().unwrap_or_default());
    let all: Vec<_> = (0..50)
        .map(|_| {
            let (bo, path) = (bo.clone(), path.clone());
            tokio::spawn(async move { bo.post(&path, json!({})).await.map(|a| a.status.as_u16()) })
        })
        .collect();
    let mut statuses = vec![];
    for one in all {
        statuses.push(one.await??);
    }
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 409).count(), 49, "{statuses:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn recommendation_numbers_run_without_gap_or_reuse() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let all: Vec<_> = (0..40)
        .map(|n| {
            let (bo, section) = (bo.clone(), c.sections[0].clone());
            tokio::spawn(async move {
                // Every fourth is refused and must not use up a number.
                let title = if n % 4 == 0 { String::new() } else { format!("Build more, {n}") };
                bo.post("recommendations", json!({ "section": section, "title": title, "text": "Do it." }))
                    .await
            })
        })
        .collect();
    let mut numbers = BTreeSet::new();
    for one in all {
        let answer = one.await??;
        match answer.status.as_u16() {
            201 => assert!(numbers.insert(answer.body["number"].as_u64()), "used twice"),
            _ => answer.problem(422, "invalid")?,
        }
    }
    assert_eq!(numbers, (1..=30).map(Some).collect());
    Ok(())
}

#[tokio::test]
async fn a_repeated_request_makes_one_comment() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    let body = json!({ "id": "0123456789abcdef".repeat(2), "section": c.sections[0], "text": "Once" });
    let first = bo.post("threads", body.clone()).await?.created()?;
    let again = bo.post("threads", body).await?.created()?;
    assert_eq!(first["id"], again["id"]);
    assert_eq!(bo.get("threads").await?.ok()?["threads"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[tokio::test]
async fn an_observer_comments_nothing() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let olaf = c.invite("Olaf", "Embassy", "observer").await?;
    let body = json!({ "section": c.sections[0], "text": "May I?" });
    olaf.post("threads", body).await?.problem(403, "forbidden")
}
