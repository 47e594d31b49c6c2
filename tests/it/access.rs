//! Who may do what, over real sockets and HTTP (cases A1 to A18, R1 to R15 as far as they are not in `doors.rs`,
//! `together.rs`, `review.rs` and the tests of `server/src/access` and `server/src/api`).

use plenary::{
    limits::BAD_TOKENS_PER_MINUTE,
    protocol::{Message, encode_plain},
};
use plenary_tests::{
    Addressed, Consultation, Desk, Person, Siege, Wire,
    siege::update_frame,
    update::{At, element, paragraph, update},
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

#[tokio::test]
async fn a01_no_route_opens_without_a_session() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let api: Value = reqwest::get(format!("{}/api/openapi.json", c.server.base)).await?.json().await?;
    let nobody = Person { token: String::new(), ..c.admin.clone() };
    let mut tried = 0;
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            // What needs no credentials says so in the description: the health, a link's own page, signing in,
            // the reference lists, which are the same for all, and what is published.
            let open = operation["security"]
                .as_array()
                .is_some_and(|needs| needs.iter().any(|need| *need == json!({})));
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            if open || method == Method::TRACE || operation.get("responses").is_none() {
                let known =
                    ["/health", "/api/invitation", "/api/session", "/api/openapi.json", "/api/reference"];
                let published = path.starts_with("/public/") && method == Method::GET;
                assert!(known.contains(&path.as_str()) || published, "{method} {path} is open to all");
                continue;
            }
            let filled = path.replace("{report}", &c.report).replace("{section}", &c.sections[0]);
            let filled = filled.split('/').map(|part| if part.starts_with('{') { "review" } else { part });
            let filled = filled.collect::<Vec<_>>().join("/");
            let body = (method != Method::GET).then(|| json!({}));
            let answer = nobody.call(method.clone(), &filled, body).await?;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}: {answer:?}");
            tried += 1;
        }
    }
    assert!(tried > 20, "the description was read: {tried}");
    Ok(())
}

#[tokio::test]
async fn a05_a_token_in_the_address_of_a_page_or_a_command_is_no_credential() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let nobody = Person { token: String::new(), ..c.admin.clone() };
    for path in [
        format!("/api/reports/{}?token={}", c.report, c.admin.token),
        format!("/api/reports?access_token={}", c.admin.token),
        format!("/api/reports/{}/documents/{}?token={}", c.report, c.sections[0], c.admin.token),
    ] {
        nobody.call(Method::GET, &path, None).await?.problem(401, "unauthenticated")?;
    }
    let page = reqwest::get(format!("{}/join", c.server.base)).await?;
    let policy = page.headers().get("referrer-policy").and_then(|value| value.to_str().ok());
    assert_eq!(policy, Some("no-referrer"));
    Ok(())
}

#[tokio::test]
async fn a09_forged_tokens_open_nothing() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut altered = ana.token.clone();
    let last = if altered.ends_with('A') { 'B' } else { 'A' };
    altered.replace_range(altered.len() - 1.., &last.to_string());
    let name = format!("{}/{}", c.report, c.sections[0]);
    for token in [
        // {"alg":"none"}.{"admin":false,"sub":"…"} and the like
        "eyJhbGciOiJub25lIn0.eyJhZG1pbiI6ZmFsc2V9.",
        "eyJhbGciOiJub25lIn0.eyJhZG1pbiI6dHJ1ZX0.",
        "null",
        &ana.id,
        &altered,
        &ana.token[..ana.token.len() - 1],
        &ana.token.to_lowercase().replace(char::is_numeric, "x"),
        &"a".repeat(5_000),
    ] {
        let forger = Person { token: token.to_owned(), ..ana.clone() };
        forger.get("").await?.problem(401, "unauthenticated")?;
        let mut desk = Desk::connect(&ana.base, &c.report, &c.sections[0], token).await?;
        assert_eq!(desk.closed().await?.0, 4401, "{token}");
        let answer = Addressed::open(&ana.base).await?.token(&name, token).await?;
        assert!(matches!(answer, Message::Denied { .. }), "{token}: {answer:?}");
    }
    ana.get("").await?.ok().map(|_| ())
}

#[tokio::test]
async fn a07_x13_who_guesses_tokens_is_made_to_wait_and_who_has_one_is_not() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut answers = vec![];
    for n in 0..2 * BAD_TOKENS_PER_MINUTE {
        let guesser = Person { token: format!("guess-{n}"), ..ana.clone() };
        answers.push(guesser.get("").await?.status.as_u16());
    }
    let (known, waits) = answers.split_at(BAD_TOKENS_PER_MINUTE as usize);
    assert!(
        known.iter().all(|status| *status == 401) && waits.iter().all(|status| *status == 429),
        "{answers:?}"
    );
    // Sockets count, too: neither dialect is a way around.
    let guessed = Desk::connect(&ana.base, &c.report, &c.sections[0], "guess").await;
    assert!(guessed.err().is_some_and(|error| error.to_string().contains("429")));
    let mut socket = Addressed::open(&ana.base).await?;
    socket.say(&format!("{}/review", c.report), Message::Token("guess".into())).await?;
    assert_eq!(socket.closed().await?.0, 4401);
    ana.get("").await?.ok()?;
    ana.sit(&c.sections[0]).await?.write("from the same address").await
}

#[tokio::test]
async fn a13_rights_that_are_taken_away_reach_a_hocuspocus_socket() -> anyhow::Result<()> {
    let siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let (mut socket, name) = Addressed::sit(&siege.mallory, &section).await?;
    socket.say(&name, Message::Update(paragraph(9, "allowed.").into())).await?;
    assert!(socket.saved(&name).await?);
    let person = format!("participants/{}", siege.mallory.id);
    siege.c.admin.patch(&person, json!({ "role": "observer" })).await?.ok()?;
    socket.say(&name, Message::Update(paragraph(10, "too late.").into())).await?;
    assert!(!socket.saved(&name).await?, "refused as soon as the role was answered for");
    let path = format!("/api/reports/{}/{person}", siege.c.report);
    siege.c.admin.call(Method::DELETE, &path, None).await?;
    let (code, _) = socket.closed().await?;
    assert!([4401, 4403].contains(&code), "{code}");
    let text = siege.ana.sit(&section).await?.text();
    assert!(text.contains("allowed.") && !text.contains("too late."), "{text}");
    Ok(())
}

#[tokio::test]
async fn a14_what_is_queued_behind_a_refusal_is_not_taken() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let bad = update(&[(9, 0, &[element(At::Root, "script")])], &[]);
    let (mut socket, name) = Addressed::sit(&siege.mallory, &section).await?;
    let mut wire = siege.wire().await?;
    // Both sockets send all in one go, before anything was answered.
    socket.say(&name, Message::Update(bad.clone().into())).await?;
    let _ = wire.say(&update_frame(&bad)).await;
    for n in 0..50 {
        socket.say(&name, Message::Update(paragraph(100 + n, "behind a refusal").into())).await?;
        let _ = wire.say(&update_frame(&paragraph(300 + n, "behind a close"))).await;
    }
    assert_eq!(wire.closed().await?.0, 4403);
    // An answer to what was asked last: all before it was dealt with.
    socket.say(&name, Message::QueryAwareness).await?;
    socket.until(&name, |message| matches!(message, Message::Awareness(_))).await?;
    siege.still_serves("two refusals").await
}

#[tokio::test]
async fn a17_a18_no_list_holds_a_token_and_ids_tell_nothing() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing", "Health", "Work"]).await?;
    let people = [c.invite("Ana", "Ministry", "drafter").await?, c.invite("Bo", "Union", "reviewer").await?];
    let mut ids: Vec<_> = c.sections.iter().chain([&c.report]).cloned().collect();
    ids.extend(people.iter().map(|person| person.id.clone()));
    for reader in people.iter().chain([&c.admin]) {
        for path in ["", "participants", "organizations", "threads", "recommendations"] {
            let answer = reader.get(path).await?;
            let text = answer.body.to_string();
            for person in people.iter().chain([&c.admin]) {
                assert!(!text.contains(&person.token), "{path} holds a token");
            }
            assert!(!text.contains("\"token\"") && !text.contains("\"link\""), "{path}: {text}");
        }
    }
    ids.sort_unstable();
    for pair in ids.windows(2) {
        let (left, right) = (u128::from_str_radix(&pair[0], 16)?, u128::from_str_radix(&pair[1], 16)?);
        // Of a few numbers of 122 random bits none are neighbours.
        assert!(right - left > 1 << 64, "{pair:?}");
    }
    Ok(())
}

#[tokio::test]
async fn r01_r02_who_may_only_read_changes_nothing_however_it_is_sent() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    assert_eq!(siege.send(&paragraph(1, "a text")).await?, None);
    siege.expect("a text");
    let section = siege.section().to_owned();
    for role in ["observer", "reviewer"] {
        let olaf = siege.c.invite(&format!("Olaf {role}"), "Embassy", role).await?;
        for (label, change) in [
            ("words", paragraph(9, "not allowed")),
            // Case R8: others' words, named only in the deletions.
            ("deletions", update(&[], &[(1, 0, 8)])),
        ] {
            for message in [Message::Update(change.clone().into()), Message::SyncStep2(change.into())] {
                let mut wire = Wire::sit(&olaf, &section).await?;
                wire.say(&encode_plain(&message).expect("of this dialect")).await?;
                assert_eq!(wire.closed().await?.0, 4403, "{label} by {role}");
                let (mut socket, name) = Addressed::sit(&olaf, &section).await?;
                socket.say(&name, message).await?;
                assert!(!socket.saved(&name).await?, "{label} by {role}");
            }
            siege.still_serves(&format!("{label} by {role}")).await?;
        }
    }
    siege.same_after_restart().await
}

#[tokio::test]
async fn r04_the_review_document_takes_nothing_from_a_client_in_either_dialect() -> anyhow::Result<()> {
    let siege = Siege::lay().await?;
    let forged = paragraph(9, "forged");
    for person in [&siege.mallory, &siege.c.admin] {
        for message in [Message::Update(forged.clone().into()), Message::SyncStep2(forged.clone().into())] {
            let mut wire = Wire::sit(person, "review").await?;
            wire.say(&encode_plain(&message).expect("of this dialect")).await?;
            assert_eq!(wire.closed().await?.0, 4403);
            let (mut socket, name) = Addressed::sit(person, "review").await?;
            socket.say(&name, message).await?;
            assert!(!socket.saved(&name).await?);
        }
    }
    siege.c.admin.get("").await?.ok().map(|_| ())
}

#[tokio::test]
async fn r14_what_was_written_offline_comes_too_late_after_a_demotion() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let mut desk = siege.mallory.sit(&section).await?;
    desk.paragraph("written offline");
    let person = format!("participants/{}", siege.mallory.id);
    siege.c.admin.patch(&person, json!({ "role": "reviewer" })).await?.ok()?;
    let mut back =
        Desk::connect(&siege.mallory.base, &siege.c.report, &section, &siege.mallory.token).await?;
    back.doc = desk.doc.clone();
    back.ask().await?;
    let (code, why) = back.closed().await?;
    assert!(code == 4403 && !why.is_empty(), "{code} {why}");
    assert!(back.text().contains("written offline"), "the author still has it, to be copied");
    siege.still_serves("a demotion").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r15_a_section_is_moved_while_it_is_written() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing", "Health", "Work"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut desk = ana.sit(&c.sections[0]).await?;
    let mut reader = c.admin.sit(&c.sections[0]).await?;
    for n in 0..20 {
        let after = &c.sections[1 + n % 2];
        let path = format!("sections/{}", c.sections[0]);
        let change =
            if n % 4 == 3 { json!({ "parent": after }) } else { json!({ "parent": null, "after": after }) };
        let line = format!("line {n}.");
        let (moved, written) = tokio::join!(c.admin.patch(&path, change), desk.write(&line));
        moved?.ok()?;
        written?;
        reader.until(&line).await?;
    }
    // The stage follows it to where it stands now.
    c.admin.patch(&format!("sections/{}", c.sections[0]), json!({ "stage": "locked" })).await?.ok()?;
    desk.write("into a locked one.").await?;
    assert_eq!(desk.closed().await?.0, 4403);
    let text = ana.sit(&c.sections[0]).await?.text();
    assert_eq!(text.lines().count(), 20, "{text}");
    assert!(!text.contains("locked"));
    Ok(())
}
