//! Updates that no editor makes (cases W9 to W23, R9, X8): refused with a reason or without effect, and everybody else
//! goes on. The guard's own tests (`server/src/body/tests`) hold the details; these hold the way through a real socket.

use plenary::protocol::Message;
use plenary_tests::{
    Addressed, Siege,
    addressed::Told,
    desk::var_uint,
    update::{At, element, paragraph, part, run, update, words},
};

const MIB: u64 = 1024 * 1024;

/// A section where client 1 has written a paragraph (clock 0) whose text (1) holds "hello" (2 to 6).
async fn hello() -> anyhow::Result<Siege> {
    let mut siege = Siege::lay().await?;
    assert_eq!(siege.send(&paragraph(1, "hello")).await?, None);
    siege.expect("hello");
    siege.still_serves("hello").await?;
    Ok(siege)
}

/// Each of them is refused, and all goes on.
async fn each_is_refused(cases: &[(&str, Vec<u8>)]) -> anyhow::Result<()> {
    let mut siege = hello().await?;
    for (label, bytes) in cases {
        siege.refuses(label, bytes).await?;
        siege.still_serves(label).await?;
    }
    siege.same_after_restart().await
}

/// One struct of client 9.
fn one(part: Vec<u8>) -> Vec<u8> {
    update(&[(9, 0, &[part])], &[])
}

#[tokio::test]
async fn w09_an_update_cut_at_every_byte() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    let whole = paragraph(9, "cut at every byte");
    for end in 0..whole.len() {
        siege.refuses(&format!("cut at {end}"), &whole[..end]).await?;
    }
    siege.still_serves("all cuts").await?;
    assert_eq!(siege.send(&whole).await?, None, "the whole one is taken");
    siege.expect("cut at every byte");
    siege.still_serves("the whole one").await
}

#[tokio::test]
async fn w10_an_update_with_each_bit_flipped() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let mut taken = 0;
    let bits = paragraph(200, "flipped").len() * 8;
    for bit in 0..bits {
        // A client of its own for each, so that none only repeats another's clocks.
        let mut bytes = paragraph(200 + bit, "flipped");
        bytes[bit / 8] ^= 1 << (bit % 8);
        taken += usize::from(siege.send(&bytes).await?.is_none());
        assert!(siege.c.server.runs(), "bit {bit}");
    }
    // Some only change the words; what is left must be one text for all, and the same after a restart.
    assert!(taken < bits / 2, "{taken} of {bits} were taken");
    let section = siege.section().to_owned();
    siege.ana.sit(&section).await?.write("after all flips").await?;
    siege.witness.until("after all flips").await?;
    let mut fresh = siege.ana.sit(&section).await?;
    fresh.until("after all flips").await?;
    assert_eq!(fresh.text(), siege.witness.text());
    siege.c.server.kill()?;
    siege.c.server.restart()?;
    let again = siege.c.moved(&siege.ana).sit(&section).await?;
    assert_eq!(again.text(), fresh.text());
    Ok(())
}

#[tokio::test]
async fn w12_w13_counts_beyond_the_bytes_take_no_memory() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    let any = |content: &[u8]| one(part(At::Key((1, 0), "id"), 8, &[&[1], content].concat()));
    let before = siege.c.server.forget_peak()?;
    let huge = [0x80, 0x80, 0x80, 0x40];
    for (label, bytes) in [
        ("2^27 clients", huge.to_vec()),
        ("2^27 structs", [&huge[..], &[9, 0]].concat()),
        ("2^27 deletions", [&[0, 1, 9][..], &huge].concat()),
        ("2^27 who deleted", [&[0][..], &huge].concat()),
        ("a map of 2^27", any(&[&[118][..], &huge].concat())),
        ("an array of 2^27", any(&[&[117][..], &huge].concat())),
        ("a text of 2^27", any(&[&[119][..], &huge].concat())),
        ("bytes of 2^27", any(&[&[116][..], &huge].concat())),
        (
            "maps in maps, each of 2^27",
            any(&[&[118][..], &huge, &[0, 118], &huge, &[0, 118], &huge].concat()),
        ),
        ("2^27 values", one(part(At::Key((1, 0), "id"), 8, &huge))),
    ] {
        siege.refuses(label, &bytes).await?;
    }
    let grown = siege.c.server.grown_since(before)?;
    assert!(grown < 8 * MIB, "it took {grown} bytes");
    siege.still_serves("large counts").await
}

#[tokio::test]
async fn w14_values_nested_6300_deep() -> anyhow::Result<()> {
    let nested = |open: &[u8]| {
        let content = [&[1][..], &open.repeat(6_300), &[126]].concat();
        one(part(At::Key((1, 0), "id"), 8, &content))
    };
    let json = |text: String| {
        let mut content = vec![4];
        content.extend_from_slice(b"bold");
        var_uint(&mut content, text.len());
        content.extend_from_slice(text.as_bytes());
        one(part(At::Left((1, 3)), 6, &content))
    };
    each_is_refused(&[
        ("arrays", nested(&[117, 1])),
        ("maps", nested(&[118, 1, 0])),
        ("JSON", json("[".repeat(6_300) + &"]".repeat(6_300))),
    ])
    .await
}

#[tokio::test]
async fn w15_elements_nested_10000_deep_and_deleted() -> anyhow::Result<()> {
    let mut parts = vec![element(At::Root, "bulletList")];
    parts.extend((0..9_999).map(|clock| {
        let name = ["listItem", "bulletList"][clock % 2];
        element(At::In((9, clock)), name)
    }));
    let deep = update(&[(9, 0, &parts)], &[]);
    let deleted = update(&[(9, 0, &parts)], &[(9, 0, 1)]);
    each_is_refused(&[("deep", deep), ("deep and deleted", deleted)]).await
}

#[tokio::test]
async fn w16_a_client_listed_twice() -> anyhow::Result<()> {
    let p = [element(At::Root, "paragraph")];
    let section = |bytes: &[u8]| bytes.to_vec();
    let twice = update(&[(9, 0, &p), (9, 0, &p)], &[]);
    let after = update(&[(9, 0, &p), (9, 1, &p)], &[]);
    let deleted = update(&[], &[(1, 0, 1), (1, 0, 1)]);
    each_is_refused(&[
        ("the same twice", section(&twice)),
        ("one after the other", section(&after)),
        ("twice in deletions", section(&deleted)),
    ])
    .await
}

#[tokio::test]
async fn w17_clocks_that_wrap() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    let gone = |length: usize| {
        let mut out = vec![0];
        var_uint(&mut out, length);
        out
    };
    let p = [element(At::Root, "paragraph")];
    for (label, bytes) in [
        ("a start at 2^31", update(&[(9, 1 << 31, &p)], &[])),
        ("a start at 2^32-1", update(&[(9, u32::MAX as usize, &p)], &[])),
        ("a start at 2^32", update(&[(9, 1 << 32, &p)], &[])),
        ("a length of 2^32-1", update(&[(9, 0, &[gone(u32::MAX as usize)])], &[])),
        ("lengths that wrap together", update(&[(9, 0, &[gone(1 << 31), gone(1 << 31), gone(8)])], &[])),
        ("no length", update(&[(9, 0, &[gone(0)])], &[])),
        ("a deletion that wraps", update(&[], &[(1, u32::MAX as usize, 8)])),
        ("a deletion of all clocks", update(&[], &[(1, 0, u32::MAX as usize)])),
    ] {
        siege.is_unharmed_by(label, &bytes).await?;
    }
    siege.same_after_restart().await
}

#[tokio::test]
async fn w18_a_gap_is_asked_for_never_shown_and_never_acknowledged() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    let section = siege.section().to_owned();
    let (mut bo, name) = Addressed::sit(&siege.mallory, &section).await?;
    bo.say(&name, Message::SyncStep1(vec![0].into())).await?;
    bo.until(&name, |message| matches!(message, Message::SyncStep1(_))).await?;
    bo.say(&name, Message::SyncStep2(vec![0, 0].into())).await?;
    assert!(bo.saved(&name).await?, "their sync is confirmed");

    let first = paragraph(9, "before the gap");
    let length = "before the gap".len();
    let second = words(At::Left((9, 1 + length)), ", and behind it");
    bo.say(&name, Message::Update(update(&[(9, 2 + length, std::slice::from_ref(&second))], &[]).into()))
        .await?;
    // The next thing said is the question for what is missing, no acknowledgement.
    match bo.hear().await? {
        Told::Of(_, Message::SyncStep1(_)) => {}
        other => anyhow::bail!("{other:?}"),
    }
    siege.still_serves("a gap").await?;

    let whole = [
        element(At::Root, "paragraph"),
        run(At::In((9, 0))),
        words(At::In((9, 1)), "before the gap"),
        second,
    ];
    bo.say(&name, Message::SyncStep2(update(&[(9, 0, &whole)], &[]).into())).await?;
    assert!(bo.saved(&name).await?, "with what was missing it is taken");
    siege.witness.until("before the gap, and behind it").await?;
    siege.expect("before the gap, and behind it");
    assert_eq!(siege.send(&first).await?, None, "what is known may come again");
    siege.still_serves("the gap is closed").await
}

#[tokio::test]
async fn w19_client_ids_over_2_to_the_53_are_not_relayed() -> anyhow::Result<()> {
    let with = |client: u64| {
        let mut bytes = vec![1, 1];
        let mut rest = client;
        while rest > 127 {
            bytes.push(rest as u8 | 128);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        bytes.extend_from_slice(&[0, 7, 1, 4]);
        bytes.extend_from_slice(b"body\x03\x09paragraph\x00");
        bytes
    };
    let cases: Vec<_> = [1 << 53, (1 << 53) + 9, u64::MAX >> 1, u64::MAX]
        .into_iter()
        .map(|client| (format!("client {client}"), with(client)))
        .collect();
    let cases: Vec<_> = cases.iter().map(|(label, bytes)| (label.as_str(), bytes.clone())).collect();
    each_is_refused(&cases).await
}

#[tokio::test]
async fn w20_content_that_a_body_does_not_have() -> anyhow::Result<()> {
    let mut cases = vec![
        ("JSON".to_owned(), one(part(At::In((1, 1)), 2, &[1, 1, b'1']))),
        ("JSON as yrs misreads it".to_owned(), one(part(At::In((1, 1)), 2, &[1, 1, b'1', 1, b'2']))),
        ("bytes".to_owned(), one(part(At::In((1, 1)), 3, &[1, 7]))),
        ("an embedded value".to_owned(), one(part(At::In((1, 1)), 5, b"\x02{}"))),
        ("a document".to_owned(), one(part(At::In((1, 1)), 9, &[1, b'x', 118, 0]))),
        ("an XML hook".to_owned(), one(part(At::Root, 7, &[5, 1, b'k']))),
        ("a weak link".to_owned(), one(part(At::Root, 7, &[7, 0, 1, 0]))),
        ("another root".to_owned(), one(element(At::Under("else"), "paragraph"))),
        ("a script".to_owned(), one(element(At::Root, "script"))),
    ];
    for kind in [0, 1, 2, 4, 8, 9, 15] {
        cases.push((format!("shared type {kind}"), one(part(At::Root, 7, &[kind]))));
    }
    for kind in [11, 12, 20, 31] {
        cases.push((format!("content {kind}"), one(part(At::In((1, 1)), kind, &[1, 1]))));
    }
    let cases: Vec<_> = cases.iter().map(|(label, bytes)| (label.as_str(), bytes.clone())).collect();
    each_is_refused(&cases).await
}

#[tokio::test]
async fn w21_a_surrogate_pair_in_an_array_does_not_keep_readers() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    let array = [part(At::Root, 7, &[0]), words(At::In((9, 0)), "😀")];
    let element = [element(At::Root, "paragraph"), words(At::In((9, 0)), "😀")];
    siege.refuses("an array", &update(&[(9, 0, &array)], &[])).await?;
    siege.refuses("an element", &update(&[(9, 0, &element)], &[])).await?;
    let document = siege.ana.get(&format!("documents/{}", siege.section())).await?;
    assert!(document.status.is_success());
    siege.still_serves("a pair in an array").await
}

#[tokio::test]
async fn w22_places_that_cannot_be() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    for (label, bytes) in [
        ("an origin that is not there", one(words(At::Left((1, 99)), "x"))),
        ("an origin of nobody", one(words(At::Left((55, 0)), "x"))),
        ("a right neighbour of nobody", one(words(At::Right((55, 0)), "x"))),
        ("a parent of nobody", one(words(At::In((55, 0)), "x"))),
        ("its own origin", one(words(At::Left((9, 0)), "x"))),
        ("its own parent", one(element(At::In((9, 0)), "paragraph"))),
        (
            "each in the other",
            update(
                &[(9, 0, &[element(At::In((9, 1)), "listItem"), element(At::In((9, 0)), "bulletList")])],
                &[],
            ),
        ),
        (
            "each after the other",
            update(&[(9, 0, &[words(At::Left((9, 1)), "x"), words(At::Left((9, 0)), "y")])], &[]),
        ),
        ("characters in an element", one(words(At::In((1, 0)), "x"))),
        ("characters at the root", one(words(At::Root, "x"))),
        ("characters in characters", one(words(At::In((1, 3)), "x"))),
        ("a paragraph in a text", one(element(At::In((1, 1)), "paragraph"))),
    ] {
        siege.is_unharmed_by(label, &bytes).await?;
    }
    siege.same_after_restart().await
}

#[tokio::test]
async fn w23_a_character_cut_in_two_is_the_same_for_all() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    // Clocks count UTF-16 units: the face is 3 and 4.
    assert_eq!(siege.send(&paragraph(1, "a😀b")).await?, None);
    assert_eq!(siege.send(&update(&[], &[(1, 4, 1)])).await?, None);
    assert_eq!(siege.send(&one(words(At::Left((1, 3)), "x"))).await?, None);
    siege.ana.sit(&section).await?.write("after the cut").await?;
    siege.witness.until("after the cut").await?;
    let fresh = siege.ana.sit(&section).await?;
    assert_eq!(fresh.text(), siege.witness.text());
    assert!(fresh.text().contains('a') && fresh.text().contains('x') && !fresh.text().contains('😀'));
    siege.c.server.kill()?;
    siege.c.server.restart()?;
    let again = siege.c.moved(&siege.ana).sit(&section).await?;
    assert_eq!(again.text(), fresh.text());
    Ok(())
}

#[tokio::test]
async fn r09_an_update_that_is_good_in_part_is_refused_whole() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    let good = [element(At::Root, "paragraph"), run(At::In((9, 0))), words(At::In((9, 1)), "good in part")];
    let bad = [element(At::Root, "script")];
    for (label, bytes) in [
        ("the bad behind", update(&[(9, 0, &good), (8, 0, &bad)], &[])),
        ("the bad before", update(&[(9, 0, &bad), (8, 0, &good)], &[])),
        ("with a deletion", update(&[(9, 0, &bad)], &[(1, 2, 5)])),
    ] {
        siege.refuses(label, &bytes).await?;
        siege.still_serves(label).await?;
    }
    siege.same_after_restart().await
}

#[tokio::test]
async fn x08_what_waits_for_something_missing_is_not_kept() -> anyhow::Result<()> {
    let mut siege = hello().await?;
    siege.still_serves("a warm start").await?;
    let before = siege.c.server.forget_peak()?;
    let (mut mallory, name) = Addressed::sit(&siege.mallory, siege.section()).await?;
    for n in 0..4_000 {
        let client = 10_000 + n;
        let beside = update(&[(client, 0, &[words(At::Left((900_000 + n, 0)), "x")])], &[]);
        let deletion = update(&[], &[(800_000 + n, 5, 1)]);
        mallory.say(&name, Message::Update(beside.into())).await?;
        mallory.say(&name, Message::Update(deletion.into())).await?;
    }
    // What is asked behind all that is answered once all that was dealt with.
    mallory.say(&name, Message::QueryAwareness).await?;
    mallory.until(&name, |message| matches!(message, Message::Awareness(_))).await?;
    let grown = siege.c.server.grown_since(before)?;
    assert!(grown < 16 * MIB, "it took {grown} bytes");
    siege.still_serves("eight thousand loose ends").await?;
    siege.same_after_restart().await
}
