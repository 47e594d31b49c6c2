//! What everyone sees over real HTTP: pages, feed and JSON, held against those that are kept in `it/published`.
//! `PLENARY_WRITE_PAGES=1` writes them anew; then look at what changed.

use std::path::Path;

use anyhow::Context;
use plenary_tests::Consultation;
use reqwest::{Client, StatusCode, header};
use serde_json::json;

/// A consultation with a published recommendation, an objection that was kept, and progress.
async fn published() -> anyhow::Result<Consultation> {
    let c = Consultation::new(&["Housing"]).await?;
    let bo = c.invite("Bo Quillfeather", "Tenants' Union", "reviewer").await?;
    let cy = c.invite("Cy Yxkull", "Ministry <of> Homes", "drafter").await?;
    c.admin.patch(&format!("sections/{}", c.sections[0]), json!({ "stage": "in_review" })).await?.ok()?;
    let new = json!({ "section": c.sections[0], "title": "Build </script> homes", "text": "Many.\nSoon & well.",
        "dimension": "4", "gcm_objectives": [15], "timeframe": "2027", "lead_institution": "City of \"Karsa\"" });
    let made = bo.post("recommendations", new).await?.created()?;
    let path = format!("recommendations/{}", made["id"].as_str().context("id")?);
    bo.post(&format!("{path}/positions"), json!({ "position": "support" })).await?.created()?;
    let objection = json!({ "position": "object", "statement": "Too dear." });
    cy.post(&format!("{path}/positions"), objection).await?.created()?;
    let decide = json!({ "seen": 1, "step": "decide", "status": "agreed", "reason": "Most agree." });
    c.admin.post(&format!("{path}/steps"), decide).await?.created()?;
    c.admin.post(&format!("{path}/steps"), json!({ "seen": 2, "step": "publish" })).await?.created()?;
    let progress = json!({ "state": "under_way", "note": "Dug.", "link": "https://karsa.example/dug" });
    c.admin.post(&format!("{path}/progress"), progress).await?.created()?;
    Ok(c)
}

/// An answer without what is another each time: addresses, ids, times.
fn lasting(c: &Consultation, text: &str) -> String {
    let text = text.replace(&c.server.base, "http://plenary.example");
    // The drawings of the signs say nothing.
    let text = match (text.find("<svg class=\"signs\""), text.find("<a class=\"skip\"")) {
        (Some(from), Some(to)) => text[..from].to_owned() + &text[to..],
        _ => text,
    };
    let mut words: Vec<String> = vec![String::new()];
    for character in text.chars() {
        // Ids, times and hashes are made of these, and of nothing else.
        let joins = |it: char| it.is_ascii_alphanumeric() || "-:.".contains(it);
        let last = words.last().and_then(|word| word.chars().next_back());
        if last.is_some_and(|last| joins(last) != joins(character)) || !joins(character) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    let named = |word: &String| {
        let hex = |text: &str| text.chars().all(|it| it.is_ascii_hexdigit() && !it.is_ascii_uppercase());
        let bytes = word.as_bytes();
        let time = word.len() >= 20 && bytes[4] == b'-' && bytes[10] == b'T' && word.ends_with('Z');
        let uuid = word.strip_prefix("urn:uuid:").is_some_and(|it| hex(&it.replace('-', "")));
        match word.len() {
            _ if time => "TIME".to_owned(),
            _ if uuid => "urn:uuid:ID".to_owned(),
            32 if hex(word) => "ID".to_owned(),
            8 if hex(word) && word.chars().any(|it| it.is_ascii_digit()) => "HASH".to_owned(),
            _ => word.clone(),
        }
    };
    let text: String = words.iter().map(named).collect();
    // "Published 26 June 2026, after …", and the days of progress.
    let dated = |text: String, before: &str, after: &str| {
        let mut parts = text.split(before);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            let rest = part.split_once(after).map_or(part, |it| it.1);
            format!("{text}{before}DATE{after}{rest}")
        })
    };
    let text = dated(text, "<p class=\"quiet\">Published ", ",");
    let text = dated(text, "<p class=\"quiet\">Опубликовано ", ",");
    dated(text, "datetime=\"TIME\">", "<")
}

#[tokio::test]
async fn public_answers_are_those_that_are_kept() -> anyhow::Result<()> {
    let c = published().await?;
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/published");
    let write = std::env::var_os("PLENARY_WRITE_PAGES").is_some();
    for (name, path) in [
        ("list.en.html", "?language=en"),
        ("list.ru.html", "?language=ru"),
        ("one.en.html", "/recommendations/1"),
        ("one.ru.html", "/recommendations/1?language=ru"),
        ("feed.en.atom", "/feed.atom"),
        ("register.ru.json", "/register.json?language=ru"),
    ] {
        let url = format!("{}/public/{}{path}", c.server.base, c.report);
        let answer = Client::new().get(&url).send().await?;
        assert_eq!(answer.status(), StatusCode::OK, "{url}");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str()?.to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
        let text = answer.text().await?;
        for secret in ["Quillfeather", "Yxkull", "Most agree", "Housing"] {
            assert!(!text.contains(secret), "{name} tells {secret}");
        }
        // A line for each element, so that a change is easy to see.
        let text = lasting(&c, &text).replace("><", ">\n<") + "\n";
        if write {
            std::fs::create_dir_all(&kept)?;
            std::fs::write(kept.join(name), &text)?;
        }
        let wanted = std::fs::read_to_string(kept.join(name)).with_context(|| name.to_owned())?;
        assert_eq!(text, wanted, "{name} is another than the kept one; PLENARY_WRITE_PAGES=1 writes it anew");
    }
    Ok(())
}

#[tokio::test]
async fn who_has_a_page_is_told_so_until_it_changes() -> anyhow::Result<()> {
    let c = published().await?;
    let url = format!("{}/public/{}", c.server.base, c.report);
    let first = Client::new().get(&url).send().await?;
    let tag = first.headers()[header::ETAG].clone();
    let again = Client::new().get(&url).header(header::IF_NONE_MATCH, &tag).send().await?;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    let listed = c.admin.get("recommendations").await?.ok()?;
    let id = listed["recommendations"][0]["id"].as_str().context("id")?;
    c.admin.post(&format!("recommendations/{id}/progress"), json!({ "state": "done" })).await?.created()?;
    let changed = Client::new().get(&url).header(header::IF_NONE_MATCH, &tag).send().await?;
    assert_eq!(changed.status(), StatusCode::OK);
    assert!(changed.text().await?.contains("<b>Done</b>"));
    Ok(())
}

#[tokio::test]
async fn names_are_shown_when_the_report_shows_them_and_no_longer() -> anyhow::Result<()> {
    let c = published().await?;
    let url = format!("{}/public/{}/recommendations/1", c.server.base, c.report);
    for (names, shown) in [(true, true), (false, false)] {
        c.admin.patch("", json!({ "public_names": names })).await?.ok()?;
        let page = Client::new().get(&url).send().await?.text().await?;
        assert_eq!(page.contains("Bo Quillfeather"), shown);
        assert!(!page.contains("Cy Yxkull"), "who took a position is never named");
    }
    Ok(())
}
