//! Honest clients on lines that cut, gather, delay and break what is sent: nothing is lost, doubled or mixed up.

use plenary::protocol::{Message, decode_plain, encode_plain};
use plenary_tests::{
    Consultation, Desk, Siege, Wire,
    desk::{self, Heard, text_of, var_uint},
    siege::update_frame,
    update::paragraph,
    wire::{BINARY, PING, PONG, Saw, frame},
};
use yrs::{ReadTxn, Transact, Update, updates::decoder::Decode};

fn plain(message: &Message) -> Vec<u8> {
    encode_plain(message).map(Vec::from).unwrap_or_default()
}

#[tokio::test]
async fn frames_may_come_byte_by_byte_or_all_at_once_and_with_the_handshake() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let mut wire = siege.wire().await?;
    for byte in frame(BINARY, &update_frame(&paragraph(10, "byte by byte."))) {
        wire.raw(&[byte]).await?;
        tokio::task::yield_now().await;
    }
    siege.witness.until("byte by byte.").await?;
    siege.expect("byte by byte.");

    let mut together = vec![];
    for n in 0..500 {
        let line = format!("together {n}.");
        together.extend(frame(BINARY, &update_frame(&paragraph(1_000 + n, &line))));
        siege.expect(&line);
    }
    wire.raw(&together).await?;
    siege.witness.until("together 499.").await?;

    let early = frame(BINARY, &update_frame(&paragraph(11, "with the handshake.")));
    let _kept = Wire::sit_saying(&siege.mallory, &section, &early).await?;
    siege.witness.until("with the handshake.").await?;
    siege.expect("with the handshake.");
    siege.still_serves("odd lines").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_reader_that_goes_on_reading_gets_every_frame_whole() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let section = &c.sections[0];
    let mut slow = Wire::sit_with_small_buffer(&c.admin, section).await?;
    slow.say(&plain(&Message::SyncStep1(vec![0].into()))).await?;
    let writing = {
        let (ana, section) = (ana.clone(), section.clone());
        tokio::spawn(async move {
            let mut writer = Wire::sit(&ana, &section).await?;
            // Frames of all sizes, more together than the system holds for a reader that is behind.
            for n in 0..400 {
                let words = "words ".repeat([1, 20, 40, 3_000][n % 4]);
                writer.say(&update_frame(&paragraph(1_000 + n, &format!("{n}: {words}.")))).await?;
            }
            writer.say(&update_frame(&paragraph(9, "the end."))).await?;
            anyhow::Ok(writer)
        })
    };
    let copy = desk::blank();
    let (mut pings, mut pongs, mut ended) = (0, 0, false);
    while !ended {
        // Its own pings are answered in between, never within another frame.
        if pings < pongs + 8 {
            slow.frame(PING, format!("ping {pings}").as_bytes()).await?;
            pings += 1;
        }
        match slow.see().await? {
            Saw::Frame(PONG, said) => {
                let said = String::from_utf8_lossy(&said).to_string();
                assert!(said.starts_with("ping "), "{said}");
                pongs += 1;
            }
            Saw::Frame(PING, _) => {}
            Saw::Frame(BINARY, bytes) => match decode_plain(&bytes)? {
                Message::Update(update) | Message::SyncStep2(update) => {
                    ended = String::from_utf8_lossy(&update).contains("the end.");
                    copy.transact_mut().apply_update(Update::decode_v1(&update)?)?;
                }
                _ => {}
            },
            other => anyhow::bail!("{other:?}"),
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    let _open = writing.await??;
    assert!(pongs > 0);
    let fresh = ana.sit(section).await?;
    assert_eq!(text_of(&copy), fresh.text(), "each frame came whole, once and in order");
    assert_eq!(text_of(&copy).lines().count(), 401);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_in_the_midst_of_writing_misses_nothing() -> anyhow::Result<()> {
    const READERS: usize = 12;
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let section = c.sections[0].clone();
    let mut desk = ana.sit(&section).await?;
    desk.write("start;").await?;
    let (all_here, here) = tokio::sync::watch::channel(false);
    let writing = tokio::spawn(async move {
        for n in 0.. {
            let last = *here.borrow();
            let update = desk.type_on(&if last { "the end;".to_owned() } else { format!("{n};") })?;
            desk.send_update(&update).await?;
            if last {
                break;
            }
            tokio::task::yield_now().await;
        }
        anyhow::Ok(desk)
    });
    let mut readers = vec![];
    for _ in 0..READERS {
        let mut reader = ana.sit(&section).await?;
        readers.push(tokio::spawn(async move {
            reader.until("the end;").await?;
            anyhow::Ok(reader.text())
        }));
    }
    all_here.send_replace(true);
    let text = writing.await??.text();
    for reader in readers {
        assert_eq!(reader.await??, text);
    }
    Ok(())
}

#[tokio::test]
async fn a_goodbye_is_answered_and_a_hang_up_is_noticed() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let presence = |name: u8| {
        let state = format!(r#"{{"cursor":"of {name}"}}"#);
        let mut states = vec![1];
        var_uint(&mut states, 500 + usize::from(name));
        states.extend_from_slice(&[1, state.len() as u8]);
        states.extend_from_slice(state.as_bytes());
        plain(&Message::Awareness(states.into()))
    };
    for (way, label) in ["a goodbye", "a closed half", "a dropped connection"].iter().enumerate() {
        let way = way as u8;
        let mut wire = siege.wire().await?;
        wire.say(&presence(way)).await?;
        heard(&mut siege.witness, &format!("of {way}")).await?;
        match way {
            0 => {
                wire.frame(0x88, &[&1000u16.to_be_bytes()[..], b"bye"].concat()).await?;
                let (code, _) = wire.closed().await?;
                assert!([1000, 1005].contains(&code), "{code}");
            }
            1 => {
                wire.shut().await?;
                wire.closed().await?;
            }
            _ => drop(wire),
        }
        // All hear that they left.
        heard(&mut siege.witness, "null").await?;
        siege.still_serves(label).await?;
    }
    Ok(())
}

/// Waits for awareness that holds this.
async fn heard(desk: &mut Desk, wanted: &str) -> anyhow::Result<()> {
    loop {
        match desk.hear().await? {
            Heard::Awareness(bytes) if String::from_utf8_lossy(&bytes).contains(wanted) => return Ok(()),
            Heard::Closed(code, why) => anyhow::bail!("closed with {code} {why}"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn both_dialects_carry_the_same_text_under_load() -> anyhow::Result<()> {
    let siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let (mut addressed, name) = plenary_tests::Addressed::sit(&siege.ana, &section).await?;
    addressed.say(&name, Message::SyncStep1(vec![0].into())).await?;
    let mut plain_desk = siege.ana.sit(&section).await?;
    let copy = desk::blank();
    for n in 0..200 {
        let update = paragraph(1_000 + n, &format!("line {n}."));
        if n % 2 == 0 {
            addressed.say(&name, Message::Update(update.clone().into())).await?;
            copy.transact_mut().apply_update(Update::decode_v1(&update)?)?;
        } else {
            plain_desk.doc.transact_mut().apply_update(Update::decode_v1(&update)?)?;
            plain_desk.send_update(&update).await?;
        }
    }
    for n in 0..200 {
        plain_desk.until(&format!("line {n}.")).await?;
    }
    while (0..200).any(|n| !text_of(&copy).contains(&format!("line {n}."))) {
        match addressed.hear().await? {
            plenary_tests::addressed::Told::Of(_, Message::Update(update) | Message::SyncStep2(update)) => {
                copy.transact_mut().apply_update(Update::decode_v1(&update)?)?;
            }
            plenary_tests::addressed::Told::Of(..) => {}
            closed => anyhow::bail!("{closed:?}"),
        }
    }
    assert_eq!(text_of(&copy), plain_desk.text());
    assert_eq!(copy.transact().state_vector(), plain_desk.doc.transact().state_vector());
    Ok(())
}
