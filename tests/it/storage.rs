//! Stops, returns and full disks (cases S2, S3, S10 to S17): what was confirmed is there, once, for everybody.

use std::time::Duration;

use plenary::{limits::SOCKET_SILENCE_MAX, protocol::Message};
use plenary_tests::{
    Addressed, Consultation, Desk, Person, Server, Siege,
    addressed::Told,
    update::{At, element, paragraph, run, update, words},
    wire::{PING, PONG, Saw},
};
use serde_json::json;
use yrs::{ReadTxn, Transact, updates::encoder::Encode};

/// Writes words under a client of its own until the server ends or takes no more; gives how many were confirmed, and
/// how many sent.
async fn confirmed(person: Person, part: String, client: usize) -> anyhow::Result<(usize, usize)> {
    let (mut socket, name) = Addressed::sit(&person, &part).await?;
    let start = [element(At::Root, "paragraph"), run(At::In((client, 0)))];
    socket.say(&name, Message::Update(update(&[(client, 0, &start)], &[]).into())).await?;
    anyhow::ensure!(socket.saved(&name).await?, "the first change is taken");
    let (mut clock, mut last, mut told, mut sent) = (2, None, 0, 0);
    loop {
        // A few on their way at a time, as from somebody who types fast.
        while sent < told + 8 {
            let word = word(client, sent);
            let at = last.map_or(At::In((client, 1)), At::Left);
            let part = words(at, &word);
            if socket
                .say(&name, Message::Update(update(&[(client, clock, &[part])], &[]).into()))
                .await
                .is_err()
            {
                return Ok((told, sent));
            }
            clock += word.len();
            last = Some((client, clock - 1));
            sent += 1;
        }
        match socket.hear().await {
            Ok(Told::Of(_, Message::Saved(true))) => told += 1,
            Ok(Told::Of(_, Message::Saved(false)) | Told::Closed(..)) | Err(_) => return Ok((told, sent)),
            Ok(Told::Of(..)) => {}
        }
    }
}

fn word(client: usize, n: usize) -> String {
    format!("c{client}w{n};")
}

/// The words of a client that a text holds, which must run from 0 without a gap.
fn run_of(text: &str, client: usize) -> anyhow::Result<usize> {
    let start = format!("c{client}w");
    let line = text.lines().find(|line| line.starts_with(&start)).unwrap_or_default();
    let count = line.matches(';').count();
    let whole: String = (0..count).map(|n| word(client, n)).collect();
    anyhow::ensure!(line == whole, "the words of {client} are not one after the other: {line}");
    Ok(count)
}

fn state(desk: &Desk) -> Vec<u8> {
    let vector = desk.doc.transact().state_vector();
    let mut pairs: Vec<_> = vector.iter().map(|(client, clock)| (*client, *clock)).collect();
    pairs.sort_unstable();
    pairs.into_iter().flat_map(|pair| format!("{pair:?}").into_bytes()).collect()
}

#[tokio::test]
async fn s02_a_stop_and_a_start_change_nothing() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    for n in 0..200 {
        siege.witness.write(&format!("line {n}: Ünïcode 😀 текст.")).await?;
    }
    let mut before = siege.ana.sit(&section).await?;
    before.until("line 199:").await?;
    for polite in [true, false] {
        if polite {
            siege.c.server.stop().map(|_| ())?
        } else {
            siege.c.server.kill()?
        }
        siege.c.server.restart()?;
        let after = siege.c.moved(&siege.ana).sit(&section).await?;
        assert_eq!(after.text(), before.text());
        assert_eq!(state(&after), state(&before), "the same state vector");
        let full =
            |desk: &Desk| desk.doc.transact().encode_state_as_update_v1(&yrs::StateVector::default()).len();
        assert_eq!(full(&after), full(&before));
    }
    assert!(!before.doc.transact().state_vector().encode_v1().is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s03_a_stop_under_load_keeps_all_that_was_confirmed() -> anyhow::Result<()> {
    let mut c = Consultation::new(&["Housing"]).await?;
    let mut ana = c.invite("Ana", "Ministry", "drafter").await?;
    for round in 0..4usize {
        ana = c.moved(&ana);
        let clients: Vec<_> = (0..6).map(|n| 10 + 10 * round + n).collect();
        let writers: Vec<_> = clients
            .iter()
            .map(|client| tokio::spawn(confirmed(ana.clone(), c.sections[0].clone(), *client)))
            .collect();
        // The stop falls into the midst of it once the writing shows.
        let mut eye = ana.sit(&c.sections[0]).await?;
        for client in &clients {
            eye.until(&word(*client, 5 + 7 * round)).await?;
        }
        c.server.ask_to_stop()?;
        let mut told = vec![];
        for writer in writers {
            told.push(writer.await??);
        }
        assert!(c.server.ended()?.success(), "a polite end");
        c.server.restart()?;
        let text = c.moved(&ana).sit(&c.sections[0]).await?.text();
        for (client, (told, sent)) in clients.iter().zip(told) {
            let stored = run_of(&text, *client)?;
            assert!(stored >= told, "client {client}: {told} confirmed, {stored} stored");
            assert!(stored <= sent, "client {client}: {sent} sent, {stored} stored");
            assert!(told > 5);
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s10_all_who_join_while_it_loads_get_the_whole_text() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    for n in 0..60 {
        let text = format!("page {n}. {}", "Words of a long report. ".repeat(400));
        assert_eq!(siege.send(&paragraph(1_000 + n, &text)).await?, None);
    }
    let whole = siege.ana.sit(&section).await?.text();
    assert!(whole.len() > 500_000);
    siege.c.server.kill()?;
    siege.c.server.restart()?;
    let ana = siege.c.moved(&siege.ana);
    let joins: Vec<_> = (0..40)
        .map(|_| {
            let (ana, section) = (ana.clone(), section.clone());
            tokio::spawn(async move { anyhow::Ok(ana.sit(&section).await?.text()) })
        })
        .collect();
    for join in joins {
        assert!(join.await?? == whole, "the first answer is the whole text, never a blank or a part");
    }
    Ok(())
}

#[tokio::test]
async fn s11_who_comes_back_with_the_text_does_not_double_it() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let mut desk = siege.ana.sit(&section).await?;
    for round in 0..5 {
        let line = format!("round {round}.");
        desk.write(&line).await?;
        siege.witness.until(&line).await?;
        siege.expect(&line);
        let witness = siege.witness;
        siege.c.server.kill()?;
        siege.c.server.restart()?;
        siege.ana = siege.c.moved(&siege.ana);
        desk = siege.ana.sit_again(desk, &section).await?;
        siege.witness = siege.ana.sit_again(witness, &section).await?;
        siege.mallory = siege.c.moved(&siege.mallory);
        siege.is_the_new_process();
        siege.still_serves(&format!("return {round}")).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s12_the_last_leaves_as_the_first_joins() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    // The room sleeps only after a minute; that is tested a thousand times in `server/src/room/tests/life.rs`. Here
    // sockets come and go with a change each, and none waits for the one before to be gone.
    for n in 0..300 {
        let mut desk = ana.sit(&c.sections[0]).await?;
        let lines = desk.text().lines().filter(|line| !line.is_empty()).count();
        assert!(lines <= n, "{lines} of {n}");
        desk.write(&format!("line {n}.")).await?;
    }
    let mut last = ana.sit(&c.sections[0]).await?;
    for n in 0..300 {
        last.until(&format!("line {n}.")).await?;
    }
    assert_eq!(last.text().lines().count(), 300, "what was sent before leaving counts, once");
    Ok(())
}

#[tokio::test]
async fn s14_a_peer_that_fell_silent_is_let_go_and_one_that_answers_stays() -> anyhow::Result<()> {
    let siege = Siege::lay().await?;
    let mut silent = siege.wire().await?;
    let mut quiet = siege.wire().await?;
    // Pings come to both all the while; only one of them answers.
    let answering = tokio::spawn(async move {
        let mut pings = 0;
        loop {
            match quiet.see_within(SOCKET_SILENCE_MAX).await? {
                Saw::Frame(PING, payload) => {
                    quiet.frame(PONG, &payload).await?;
                    pings += 1;
                    if pings == 3 {
                        return anyhow::Ok(quiet);
                    }
                }
                Saw::Frame(..) => {}
                Saw::Closed(code, why) => anyhow::bail!("closed with {code} {why}"),
            }
        }
    });
    let ended = tokio::time::timeout(SOCKET_SILENCE_MAX + Duration::from_secs(15), async {
        loop {
            if let Saw::Closed(code, _) = silent.see_within(SOCKET_SILENCE_MAX).await? {
                return anyhow::Ok(code);
            }
        }
    });
    assert_eq!(ended.await??, 4408);
    let mut quiet = answering.await??;
    quiet.say(&plenary_tests::siege::update_frame(&paragraph(9, "still here."))).await?;
    siege.ana.sit(siege.section()).await?.until("still here.").await
}

#[tokio::test]
async fn s15_two_who_wrote_offline_merge_and_lose_nothing() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let (mut left, mut right) = (siege.ana.sit(&section).await?, siege.ana.sit(&section).await?);
    let mut lines = vec![];
    for n in 0..10 {
        // Made, but not sent: they are offline.
        for (desk, side) in [(&mut left, "left"), (&mut right, "right")] {
            let line = format!("{side} {n}.");
            desk.paragraph(&line);
            lines.push(line);
        }
    }
    siege.witness.write("meanwhile.").await?;
    let mut left = siege.ana.sit_again(left, &section).await?;
    let mut right = siege.ana.sit_again(right, &section).await?;
    lines.push("meanwhile.".into());
    for line in &lines {
        left.until(line).await?;
        right.until(line).await?;
        siege.witness.until(line).await?;
        siege.expect(line);
    }
    assert_eq!(left.text(), right.text());
    assert_eq!(left.text(), siege.witness.text());
    siege.still_serves("two returns").await?;
    siege.same_after_restart().await
}

#[tokio::test]
async fn s16_a_refused_change_is_said_to_its_author_in_both_dialects() -> anyhow::Result<()> {
    let siege = Siege::lay().await?;
    let bad = update(&[(9, 0, &[element(At::Root, "script")])], &[]);
    let (code, why) = siege.send(&bad).await?.expect("it is refused");
    assert!(code == 4403 && !why.is_empty(), "{code} {why}");
    let (mut socket, name) = Addressed::sit(&siege.mallory, siege.section()).await?;
    socket.say(&name, Message::Update(bad.into())).await?;
    assert!(!socket.saved(&name).await?);
    let Message::Stateless(said) = socket.until(&name, |it| matches!(it, Message::Stateless(_))).await?
    else {
        anyhow::bail!("no reason")
    };
    let said: serde_json::Value = serde_json::from_str(&said)?;
    assert_eq!(said["refused"]["type"], "schema");
    assert!(said["refused"]["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s17_a_full_disk_confirms_nothing_more_and_loses_nothing() -> anyhow::Result<()> {
    let owned = tempfile::tempdir()?;
    let dir = owned.path().join("data");
    let mut c = Consultation::on(Server::start_with_room_running_out(&dir)?, &["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut desk = ana.sit(&c.sections[0]).await?;
    desk.write("before the disk was full.").await?;
    // No file may grow by much from here on.
    let longest = largest_file(&dir)?;
    c.server.limit(&format!("--fsize={0}:{0}", longest + 256 * 1024))?;
    let writers: Vec<_> =
        (10..14).map(|client| tokio::spawn(confirmed(ana.clone(), c.sections[0].clone(), client))).collect();
    let mut told = vec![];
    for writer in writers {
        told.push(tokio::time::timeout(Duration::from_secs(60), writer).await???);
    }
    // A comment is refused as well, or nobody is there to take it.
    let comment = ana.post("threads", json!({ "section": c.sections[0], "text": "Full?" })).await;
    assert!(comment.map_or(true, |answer| answer.status.is_server_error()));
    c.server.kill()?;
    c.server.restart()?;
    let text = c.moved(&ana).sit(&c.sections[0]).await?.text();
    assert!(text.contains("before the disk was full."));
    for (client, (told, sent)) in (10..14).zip(told) {
        let stored = run_of(&text, client)?;
        assert!(
            told <= stored && stored <= sent,
            "client {client}: {told} confirmed, {stored} stored, {sent} sent"
        );
    }
    Ok(())
}

fn largest_file(dir: &std::path::Path) -> anyhow::Result<u64> {
    let mut largest = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        largest = largest.max(if meta.is_dir() { largest_file(&entry.path())? } else { meta.len() });
    }
    Ok(largest)
}
