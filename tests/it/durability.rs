//! What anyone has seen, or was told is saved, survives `kill -9`.

use std::{collections::BTreeSet, time::Duration};

use plenary_tests::{Consultation, Desk, Person};
use serde_json::json;

/// How often the server is killed: `PLENARY_KILLS`, else few enough for every run of the tests.
fn kills() -> anyhow::Result<usize> {
    Ok(std::env::var("PLENARY_KILLS").map_or(Ok(20), |kills| kills.parse())?)
}

/// Types words until the server dies; gives the words that were sent.
async fn typist(mut desk: Desk, round: usize) -> Vec<String> {
    let mut sent = vec![];
    for n in 0.. {
        let word = format!("r{round}w{n};");
        let update = match desk.type_on(&word) {
            Ok(update) => update,
            Err(_) => desk.paragraph(&word),
        };
        if desk.send_update(&update).await.is_err() {
            break;
        }
        sent.push(word);
        tokio::task::yield_now().await;
    }
    sent
}

/// Reads until the server dies; gives all that was seen.
async fn witness(mut desk: Desk) -> String {
    while let Ok(heard) = desk.hear().await {
        if matches!(heard, plenary_tests::desk::Heard::Closed(..)) {
            break;
        }
    }
    desk.text()
}

async fn saved_comments(person: Person, section: String, round: usize) -> Vec<String> {
    let mut told = vec![];
    for n in 0.. {
        let text = format!("comment {round} {n}");
        match person.post("threads", json!({ "section": section, "text": text })).await {
            Ok(answer) if answer.status.as_u16() == 201 => told.push(text),
            _ => break,
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s01_nothing_seen_or_confirmed_is_lost_in_many_kills() -> anyhow::Result<()> {
    let rounds = kills()?;
    let mut c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    let bo = c.invite("Bo", "Tenants' Union", "reviewer").await?;
    ana.sit(&c.sections[0]).await?.write("start;").await?;
    let (mut seen, mut told, mut sent) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for round in 0..rounds {
        let (ana, bo) = (c.moved(&ana), c.moved(&bo));
        let writer = tokio::spawn(typist(ana.sit(&c.sections[0]).await?, round));
        let reader = tokio::spawn(witness(bo.sit(&c.sections[0]).await?));
        let comments = tokio::spawn(saved_comments(bo.clone(), c.sections[0].clone(), round));
        // The kill falls at a different moment of the typing each round.
        tokio::time::sleep(Duration::from_millis(40 + 13 * (round % 20) as u64)).await;
        c.server.kill()?;
        sent.extend(writer.await?);
        seen.extend(reader.await?.split_inclusive(';').map(|w| w.trim().to_string()));
        told.extend(comments.await?);
        c.server.restart()?;
    }
    let (ana, bo) = (c.moved(&ana), c.moved(&bo));
    let mut fresh = ana.sit(&c.sections[0]).await?;
    fresh.until("start;").await?;
    let text = fresh.text();
    let words: Vec<_> = text.split_inclusive(';').map(str::trim).filter(|word| !word.is_empty()).collect();
    let stored: BTreeSet<_> = words.iter().copied().collect();
    assert_eq!(stored.len(), words.len(), "nothing stands twice");
    let lost: Vec<_> =
        seen.iter().filter(|word| word.ends_with(';') && !stored.contains(word.as_str())).collect();
    assert!(lost.is_empty(), "seen and gone: {lost:?}");
    let invented: Vec<_> =
        stored.iter().filter(|word| **word != "start;" && !sent.contains(**word)).collect();
    // The last word of a round may have been written although its send was not confirmed to the typist.
    assert!(invented.len() <= rounds, "never sent: {invented:?}");
    let threads = bo.get("threads").await?.ok()?.to_string();
    let lost: Vec<_> = told.iter().filter(|comment| !threads.contains(&format!("\"{comment}\""))).collect();
    assert!(lost.is_empty(), "confirmed and gone: {lost:?}");
    assert!(seen.len() > rounds && told.len() > rounds, "it saw too little: {} {}", seen.len(), told.len());
    println!("{rounds} kills: {} words seen, {} comments confirmed, 0 lost", seen.len(), told.len());
    Ok(())
}

#[tokio::test]
async fn a_polite_stop_keeps_everything_and_tells_the_sockets() -> anyhow::Result<()> {
    let mut c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry of Housing", "drafter").await?;
    let mut writer = ana.sit(&c.sections[0]).await?;
    let mut reader = ana.sit(&c.sections[0]).await?;
    writer.write("before the stop").await?;
    reader.until("before the stop").await?;
    let status = c.server.stop()?;
    assert!(status.success(), "{status}");
    assert_eq!(reader.closed().await?.0, 1012);
    c.server.restart()?;
    let mut fresh = c.moved(&ana).sit(&c.sections[0]).await?;
    fresh.until("before the stop").await
}
