//! Who takes too much (cases X4 to X12): bounded, dropped or made to wait, and nobody else notices.

use std::time::Instant;

use plenary::{
    limits::BODY_BYTES_MAX,
    protocol::{Address, Message, encode_addressed, encode_plain},
};
use plenary_tests::{
    Addressed, Consultation, Desk, Siege, Wire,
    siege::update_frame,
    update::{At, element, paragraph, part, run, update, words},
    wire::{BINARY, PING, Saw},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x04_readers_who_stop_reading_hold_up_nobody_and_get_the_difference_or_are_cut() -> anyhow::Result<()>
{
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
    let grown = c.server.grown_since(before)?;
    let written = (UPDATES * page.len()) as u64;
    println!("{READERS} stalled readers, {written} bytes written: the server grew by {grown}");
    assert!(grown < 160 * 1024 * 1024, "{READERS} stalled readers cost {grown} bytes");
    for mut wire in stalled {
        loop {
            match wire.see().await? {
                Saw::Frame(_, bytes) if bytes.windows(8).any(|at| at == b"the end.") => break,
                Saw::Frame(..) => {}
                // Who read nothing for `SOCKET_STALL_MAX`: without a word, since that found no place on the line.
                Saw::Closed(code, why) => {
                    assert!([1013, 1006].contains(&code), "{code} {why}");
                    break;
                }
            }
        }
    }
    let fresh = c.admin.sit(section).await?;
    assert_eq!(fresh.text(), reader.text(), "who comes back catches up");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
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
    let grown = siege.c.server.grown_since(before)?;
    assert!(grown < 32 * 1024 * 1024, "it took {grown} bytes");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x05_floods_of_questions_whose_answers_nobody_reads() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let name = format!("{}/{section}", siege.c.report);
    let frames = |message: &Message| {
        let message = encode_addressed(&Address(name.clone()), message);
        plenary_tests::wire::frame(BINARY, &message).repeat(500)
    };
    for (label, flood) in [
        ("pings of Hocuspocus", frames(&Message::Ping)),
        ("who is here", frames(&Message::QueryAwareness)),
        ("what is there", frames(&Message::SyncStep1(vec![0].into()))),
    ] {
        let before = siege.c.server.forget_peak()?;
        let (mut socket, _) = Addressed::sit(&siege.mallory, &section).await?;
        let flooding = async {
            for _ in 0..1_000 {
                // In the end the server may take no more, or hang up.
                if socket.wire.raw(&flood).await.is_err() {
                    break;
                }
            }
        };
        // Who is made to wait may wait as long as it likes.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(4), flooding).await;
        siege.still_serves(label).await?;
        let grown = siege.c.server.grown_since(before)?;
        println!("{label}: {grown} bytes");
        assert!(grown < 32 * 1024 * 1024, "{label} took {grown} bytes");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x06_a_flood_of_updates_makes_only_its_sender_wait() -> anyhow::Result<()> {
    const UPDATES: usize = 40_000;
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
    let grown = c.server.grown_since(before)?;
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
async fn x09_who_asks_for_all_of_a_large_document_again_and_again_is_bounded() -> anyhow::Result<()> {
    const QUESTIONS: usize = 200;
    let c = Consultation::new(&["Heavy", "Light"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let olaf = c.invite("Olaf", "Embassy", "observer").await?;
    let (mut filler, name) = Addressed::sit(&ana, &c.sections[0]).await?;
    for n in 0..4 {
        filler.say(&name, Message::Update(paragraph(100 + n, &"x".repeat(2_000_000)).into())).await?;
        assert!(filler.saved(&name).await?);
    }
    let (mut writer, mut reader) = (ana.sit(&c.sections[1]).await?, ana.sit(&c.sections[1]).await?);
    let before = c.server.forget_peak()?;
    let mut wire = Wire::sit(&olaf, &c.sections[0]).await?;
    let mut questions = vec![];
    for n in 0..QUESTIONS {
        // A vector of its own each, so that no answer is that of another; nobody reads the answers.
        let mut vector = vec![1];
        plenary_tests::desk::var_uint(&mut vector, 70_000 + n);
        vector.push(1);
        let message = encode_plain(&Message::SyncStep1(vector.into())).expect("of this dialect");
        questions.extend(plenary_tests::wire::frame(BINARY, &message));
    }
    // While the room takes a long text, the questions gather.
    filler.say(&name, Message::Update(paragraph(200, &"x".repeat(4_000_000)).into())).await?;
    wire.raw(&questions).await?;
    let began = Instant::now();
    writer.write("meanwhile.").await?;
    reader.until("meanwhile.").await?;
    let waited = began.elapsed();
    // Over HTTP as well.
    let document = format!("documents/{}", c.sections[0]);
    let asked: Vec<_> = (0..60)
        .map(|_| {
            let (olaf, document) = (olaf.clone(), document.clone());
            tokio::spawn(async move { olaf.get(&document).await })
        })
        .collect();
    for one in asked {
        assert!(one.await??.status.is_success());
    }
    // Answered or dropped: either way it ends.
    let mut again = ana.sit(&c.sections[0]).await?;
    again.write("the end.").await?;
    ana.sit(&c.sections[0]).await?.until("the end.").await?;
    let grown = c.server.grown_since(before)?;
    println!("{QUESTIONS} questions about 12 MB: {grown} bytes, another document's edit after {waited:?}");
    assert!(grown < 192 * 1024 * 1024, "{QUESTIONS} small questions took {grown} bytes");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x09_a_heavy_document_does_not_hold_up_a_light_one() -> anyhow::Result<()> {
    let c = Consultation::new(&["Heavy", "Light"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let (mut filler, name) = Addressed::sit(&ana, &c.sections[0]).await?;
    let page = "x".repeat(2_000_000);
    for n in 0..4 {
        filler.say(&name, Message::Update(paragraph(100 + n, &page).into())).await?;
        assert!(filler.saved(&name).await?);
    }
    let (busy, mut stop) = tokio::sync::watch::channel(false);
    let joining = {
        let (ana, section) = (ana.clone(), c.sections[0].clone());
        tokio::spawn(async move {
            let mut joins = 0;
            while !*stop.borrow_and_update() {
                let mut wires = vec![];
                for _ in 0..4 {
                    let mut wire = Wire::sit(&ana, &section).await?;
                    wire.say(&encode_plain(&Message::SyncStep1(vec![0].into())).expect("of this dialect"))
                        .await?;
                    wires.push(wire);
                }
                for mut wire in wires {
                    while !matches!(wire.see().await?, Saw::Frame(_, bytes) if bytes.starts_with(&[0, 1])) {}
                    joins += 1;
                }
            }
            anyhow::Ok(joins)
        })
    };
    let (mut writer, mut reader) = (ana.sit(&c.sections[1]).await?, ana.sit(&c.sections[1]).await?);
    let mut slowest = std::time::Duration::ZERO;
    for n in 0..60 {
        let began = Instant::now();
        let line = format!("line {n}.");
        writer.write(&line).await?;
        reader.until(&line).await?;
        slowest = slowest.max(began.elapsed());
    }
    busy.send_replace(true);
    let joins = joining.await??;
    println!("60 edits beside {joins} joins of 8 MB, the slowest seen after {slowest:?}");
    assert!(joins > 2, "the other document was busy: {joins}");
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
