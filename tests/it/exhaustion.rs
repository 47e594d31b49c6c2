//! Who takes too much (cases X1 to X16): bounded, dropped or made to wait, and nobody else notices.

use std::time::Instant;

use plenary::{
    limits::{
        BODY_BYTES_MAX, DOCUMENTS_PER_SOCKET_MAX, HTTP_BODY_TIME_MAX, UNAUTHENTICATED_BYTES_MAX,
        UNAUTHENTICATED_FRAMES_MAX,
    },
    protocol::{Message, encode_plain},
};
use plenary_tests::{
    Addressed, Consultation, Desk, Siege, Wire,
    siege::update_frame,
    update::{At, element, paragraph, part, run, update, words},
    wire::{PING, Saw, dial},
};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn x01_sockets_that_never_sign_in_are_closed_and_cost_nobody_a_thing() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let mut silent = vec![];
    for _ in 0..300 {
        silent.push(Addressed::open(&siege.c.server.base).await?);
    }
    siege.still_serves("three hundred came").await?;
    for mut socket in silent {
        assert_eq!(socket.closed().await?.0, 4408);
    }
    siege.still_serves("three hundred went").await
}

#[tokio::test]
async fn x02_little_is_read_of_who_has_not_signed_in() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let name = format!("{}/{}", siege.c.report, siege.section());
    let before = siege.c.server.forget_peak()?;
    for (label, size, count, codes) in [
        ("one large frame", 2 * UNAUTHENTICATED_BYTES_MAX, 1, [1009, 4401]),
        ("frames that are large together", UNAUTHENTICATED_BYTES_MAX / 8, 9, [1009, 4401]),
        ("many frames", 1, UNAUTHENTICATED_FRAMES_MAX + 1, [4401, 4401]),
    ] {
        let mut socket = Addressed::open(&siege.c.server.base).await?;
        for _ in 0..count {
            // The server may have hung up already.
            let _ = socket.say(&name, Message::SyncStep1(vec![0; size].into())).await;
        }
        let (code, why) = socket.closed().await?;
        assert!(codes.contains(&code), "{label}: {code} {why}");
        siege.still_serves(label).await?;
    }
    assert!(siege.c.server.memory_peak()? - before < 8 * 1024 * 1024);
    Ok(())
}

#[tokio::test]
async fn x03_one_socket_opens_only_so_many_documents() -> anyhow::Result<()> {
    let titles: Vec<_> = (0..=DOCUMENTS_PER_SOCKET_MAX).map(|n| format!("Section {n}")).collect();
    let titles: Vec<_> = titles.iter().map(String::as_str).collect();
    let c = Consultation::new(&titles).await?;
    let mut socket = Addressed::open(&c.server.base).await?;
    let (last, first) = c.sections.split_last().expect("sections");
    for section in first {
        let answer = socket.token(&format!("{}/{section}", c.report), &c.admin.token).await?;
        assert_eq!(answer, Message::Authenticated { write: true });
    }
    let one_more = format!("{}/{last}", c.report);
    socket.say(&one_more, Message::Token(c.admin.token.clone())).await?;
    assert_eq!(socket.closed().await?.0, 4403);
    // Many on many sockets is what a consultation is.
    c.admin.sit(last).await?.write("on another socket").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x04_readers_who_stop_reading_are_dropped_and_hold_up_nobody() -> anyhow::Result<()> {
    const READERS: usize = 12;
    const UPDATES: usize = 1_500;
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let section = &c.sections[0];
    let mut stalled = vec![];
    for _ in 0..READERS {
        let mut wire = Wire::sit_with_small_buffer(&c.admin, section).await?;
        wire.say(&encode_plain(&Message::SyncStep1(vec![0].into())).expect("of this dialect")).await?;
        // A reader like any other until the answer has come.
        while !matches!(wire.see().await?, Saw::Frame(_, bytes) if bytes.starts_with(&[0, 1])) {}
        stalled.push(wire);
    }
    let mut reader = c.admin.sit(section).await?;
    let before = c.server.forget_peak()?;
    let mut writer = Wire::sit(&ana, section).await?;
    let page = "A long paragraph that fills the line to who does not read. ".repeat(140);
    for n in 0..UPDATES {
        // Written and deleted again, so that the text itself stays small.
        let client = 1_000 + n;
        writer.say(&update_frame(&paragraph(client, &page))).await?;
        writer.say(&update_frame(&update(&[], &[(client, 0, 2 + page.len())]))).await?;
        if n % 50 == 0 {
            let line = format!("page {n}.");
            writer.say(&update_frame(&paragraph(100_000 + n, &line))).await?;
            reader.until(&line).await?;
        }
    }
    writer.say(&update_frame(&paragraph(200_000, "the end."))).await?;
    reader.until("the end.").await?;
    let grown = c.server.memory_peak()? - before;
    let written = (UPDATES * page.len()) as u64;
    println!("{READERS} stalled readers, {written} bytes written: the server grew by {grown}");
    assert!(grown < 160 * 1024 * 1024, "{READERS} stalled readers cost {grown} bytes");
    for mut wire in stalled {
        let (code, why) = wire.closed().await?;
        // Without a word, where even that found no place on the line.
        assert!([1013, 1006].contains(&code), "{code} {why}");
    }
    let fresh = c.admin.sit(section).await?;
    assert_eq!(fresh.text(), reader.text(), "who comes back catches up");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "tungstenite queues a pong for each ping without bound when nobody reads them: 125 bytes a ping for 15 s"]
async fn x05_a_flood_of_pings_whose_answers_nobody_reads() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let before = siege.c.server.forget_peak()?;
    let mut wire = siege.wire().await?;
    let pings = plenary_tests::wire::frame(PING, &[b'p'; 125]).repeat(500);
    let flood = tokio::spawn(async move {
        for _ in 0..2_000 {
            // In the end the server may take no more, or hang up.
            if wire.raw(&pings).await.is_err() {
                break;
            }
        }
        wire
    });
    for n in 0..5 {
        siege.still_serves(&format!("pings, look {n}")).await?;
    }
    let wire = flood.await?;
    siege.still_serves("a million pings").await?;
    drop(wire);
    let grown = siege.c.server.memory_peak()? - before;
    assert!(grown < 32 * 1024 * 1024, "it took {grown} bytes");
    Ok(())
}

#[tokio::test]
async fn x05_the_second_http_with_its_floods_is_not_spoken() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let mut line = dial(&siege.c.server.base).await?;
    line.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await?;
    let mut answer = String::new();
    // An error: it was reset.
    let _ = line.read_to_string(&mut answer).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    siege.still_serves("a preface of HTTP/2").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x06_a_flood_of_updates_makes_only_its_sender_wait() -> anyhow::Result<()> {
    const UPDATES: usize = 10_000;
    let c = Consultation::new(&["Housing", "Health"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mallory = c.invite("Mallory", "Elsewhere", "drafter").await?;
    let before = c.server.forget_peak()?;
    let mut wire = Wire::sit(&mallory, &c.sections[0]).await?;
    let (mut writer, mut reader) = (ana.sit(&c.sections[1]).await?, ana.sit(&c.sections[1]).await?);
    let start = [element(At::Root, "paragraph"), run(At::In((9, 0)))];
    wire.say(&update_frame(&update(&[(9, 0, &start)], &[]))).await?;
    let flood = tokio::spawn(async move {
        for n in 0..UPDATES {
            let at = if n == 0 { At::In((9, 1)) } else { At::Left((9, 1 + n)) };
            wire.say(&update_frame(&update(&[(9, 2 + n, &[words(at, "x")])], &[]))).await?;
        }
        wire.say(&encode_plain(&Message::QueryAwareness).expect("of this dialect")).await?;
        // The answer comes once all before it was dealt with.
        while !matches!(wire.see().await?, Saw::Frame(_, bytes) if bytes.starts_with(&[1])) {}
        anyhow::Ok(())
    });
    let (mut edits, mut slowest) = (0, std::time::Duration::ZERO);
    while !flood.is_finished() {
        let began = Instant::now();
        let line = format!("line {edits}.");
        writer.write(&line).await?;
        reader.until(&line).await?;
        slowest = slowest.max(began.elapsed());
        edits += 1;
    }
    flood.await??;
    println!("{edits} edits of others during the flood, the slowest seen after {slowest:?}");
    assert!(edits > 3, "others wrote while the flood ran: {edits}");
    let flooded = ana.sit(&c.sections[0]).await?;
    assert_eq!(flooded.text(), "x".repeat(UPDATES), "a flood waits, and nothing of it is lost");
    let grown = c.server.memory_peak()? - before;
    assert!(grown < 96 * 1024 * 1024, "it took {grown} bytes");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x07_a_thousand_movements_are_a_few_broadcasts() -> anyhow::Result<()> {
    const MOVES: usize = 1_000;
    let c = Consultation::new(&["Housing"]).await?;
    let mallory = c.invite("Mallory", "Elsewhere", "drafter").await?;
    let mut reader = c.admin.sit(&c.sections[0]).await?;
    let mut wire = Wire::sit(&mallory, &c.sections[0]).await?;
    for n in 1..=MOVES {
        let state = format!(r#"{{"cursor":"at {n}."}}"#);
        let mut states = vec![1, 77];
        plenary_tests::desk::var_uint(&mut states, n);
        states.push(state.len() as u8);
        states.extend_from_slice(state.as_bytes());
        wire.say(&encode_plain(&Message::Awareness(states.into())).expect("of this dialect")).await?;
    }
    let last = format!("at {MOVES}.");
    let mut broadcasts = 0;
    loop {
        match reader.hear().await? {
            plenary_tests::desk::Heard::Awareness(bytes) => {
                broadcasts += 1;
                if String::from_utf8_lossy(&bytes).contains(&last) {
                    break;
                }
            }
            plenary_tests::desk::Heard::Sync => {}
            closed => anyhow::bail!("{closed:?}"),
        }
    }
    assert!(broadcasts < MOVES / 4, "{broadcasts} broadcasts for {MOVES} movements");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x10_an_attribute_overwritten_and_a_text_formatted_a_hundred_thousand_times() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    assert_eq!(siege.send(&paragraph(1, "hello")).await?, None);
    siege.expect("hello");
    let value = |at| part(at, 8, &[1, 119, 1, b'a']);
    let mut overwrites = vec![value(At::Key((1, 0), "id"))];
    overwrites.extend((1..100_000).map(|n| value(At::Left((9, n - 1)))));
    let format = |at, on: bool| {
        let json: &[u8] = if on { b"{}" } else { b"null" };
        part(at, 6, &[&b"\x04bold"[..], &[json.len() as u8], json].concat())
    };
    let mut formats = vec![format(At::Left((1, 3)), true)];
    formats.extend((1..100_000).map(|n| format(At::Left((8, n - 1)), n % 2 == 0)));
    for (label, client, parts) in [("overwrites", 9, overwrites), ("formats", 8, formats)] {
        // Taken or refused: it must not keep the others from their work.
        siege.is_unharmed_by(label, &update(&[(client, 0, &parts)], &[])).await?;
    }
    siege.same_after_restart().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x11_a_full_document_says_so_and_stays_readable() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let (mut socket, name) = Addressed::sit(&ana, &c.sections[0]).await?;
    let page = "x".repeat(4_000_000);
    let mut refused = None;
    for n in 0..=BODY_BYTES_MAX / page.len() {
        socket.say(&name, Message::Update(paragraph(100 + n, &page).into())).await?;
        if !socket.saved(&name).await? {
            refused = Some(n);
            break;
        }
    }
    let taken = refused.expect("in the end it is full");
    let Message::Stateless(why) = socket.until(&name, |it| matches!(it, Message::Stateless(_))).await? else {
        anyhow::bail!("no reason")
    };
    let why: serde_json::Value = serde_json::from_str(&why)?;
    assert_eq!(why["refused"]["type"], "full", "{why}");
    let fresh = ana.sit(&c.sections[0]).await?;
    assert_eq!(fresh.text().len(), taken * page.len() + taken - 1, "all that was confirmed can be read");
    let document = ana.get(&format!("documents/{}", c.sections[0])).await?;
    assert!(document.status.is_success(), "{:?}", document.status);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x12_all_come_back_at_once_after_a_restart() -> anyhow::Result<()> {
    const PEOPLE: usize = 300;
    let mut c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut desks = vec![];
    for _ in 0..PEOPLE {
        desks.push(ana.sit(&c.sections[0]).await?);
    }
    for (n, desk) in desks.iter_mut().enumerate().take(20) {
        // Not sent: it comes with the return.
        desk.paragraph(&format!("offline {n}."));
    }
    c.server.kill()?;
    c.server.restart()?;
    let ana = c.moved(&ana);
    let returns: Vec<_> = desks
        .into_iter()
        .map(|desk| {
            let (ana, section) = (ana.clone(), c.sections[0].clone());
            tokio::spawn(async move {
                let mut desk: Desk = ana.sit_again(desk, &section).await?;
                for n in 0..20 {
                    desk.until(&format!("offline {n}.")).await?;
                }
                anyhow::Ok(desk.text().lines().count())
            })
        })
        .collect();
    for one in returns {
        assert_eq!(one.await??, 20, "everything once");
    }
    Ok(())
}

#[tokio::test]
async fn x14_a_body_that_does_not_come_is_given_up() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let mut lines = vec![];
    for _ in 0..20 {
        let mut line = dial(&siege.c.server.base).await?;
        let request = format!(
            "POST /api/session HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{",
            line.peer_addr()?
        );
        line.write_all(request.as_bytes()).await?;
        lines.push(line);
    }
    siege.still_serves("twenty half bodies").await?;
    for mut line in lines {
        let mut answer = [0; 12];
        tokio::time::timeout(HTTP_BODY_TIME_MAX * 3, line.read_exact(&mut answer)).await??;
        assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 408");
    }
    siege.still_serves("their end").await
}

#[tokio::test]
async fn x16_without_file_descriptors_accepting_pauses_and_recovers() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let open = std::fs::read_dir(format!("/proc/{}/fd", siege.c.server.pid()))?.count();
    siege.c.server.limit(&format!("--nofile={0}:{0}", open + 20))?;
    let mut lines = vec![];
    for _ in 0..80 {
        // The system takes them on the server's behalf; they wait to be accepted.
        lines.push(dial(&siege.c.server.base).await?);
    }
    // Those who are in go on.
    let (mut bo, name) = (siege.witness, siege.c.sections[0].clone());
    bo.write("without descriptors").await?;
    drop(lines);
    siege.witness = siege.ana.sit(&name).await?;
    siege.witness.until("without descriptors").await?;
    siege.expect("without descriptors");
    siege.still_serves("a lack of descriptors").await?;
    let health = reqwest::get(format!("{}/health", siege.c.server.base)).await?;
    assert_eq!(health.json::<serde_json::Value>().await?["status"], json!("ready"));
    Ok(())
}
