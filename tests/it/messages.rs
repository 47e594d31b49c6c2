//! Whole frames that mean nothing good (cases W24 to W30): awareness, state vectors, names, what only a server says.

use plenary::protocol::{Message, encode_plain};
use plenary_tests::{
    Addressed, Siege,
    addressed::Told,
    desk::var_uint,
    siege::REFUSALS,
    wire::{PONG, Saw},
};
use yrs::{ReadTxn, Transact};

fn awareness(states: &[(usize, usize, &[u8])]) -> Message {
    let mut bytes = vec![];
    var_uint(&mut bytes, states.len());
    for (client, clock, state) in states {
        var_uint(&mut bytes, *client);
        var_uint(&mut bytes, *clock);
        var_uint(&mut bytes, state.len());
        bytes.extend_from_slice(state);
    }
    Message::Awareness(bytes.into())
}

#[tokio::test]
async fn w24_awareness_that_is_none() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let large = format!("{{\"a\":\"{}\"}}", "x".repeat(1024 * 1024));
    let deep = format!("{}{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    let many: Vec<_> = (0..100_000).map(|client| (client, 1, &b"{}"[..])).collect();
    let short = Message::Awareness(vec![0xff, 0xff, 0xff, 0xff, 0x07, 1, 1].into());
    for (label, message) in [
        ("bad JSON", awareness(&[(1, 1, b"{\"user\":")])),
        ("no object", awareness(&[(1, 1, b"[1]")])),
        ("not UTF-8", awareness(&[(1, 1, &[b'"', 0xff, 0xfe, b'"'])])),
        ("a state of 1 MiB", awareness(&[(1, 1, large.as_bytes())])),
        ("a deep state", awareness(&[(1, 1, deep.as_bytes())])),
        ("a hundred thousand states", awareness(&many)),
        ("the last clock", awareness(&[(1, u32::MAX as usize, b"{}")])),
        ("a clock of 2^32", awareness(&[(1, 1 << 32, b"{}")])),
        ("a count without states", short),
    ] {
        let mut wire = siege.wire().await?;
        wire.say(&encode_plain(&message).expect("of this dialect")).await?;
        siege.dropped(wire, &[1002], label).await?;
    }
    Ok(())
}

#[tokio::test]
async fn w25_state_vectors_at_random_or_from_the_future() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let future = {
        let mut bytes = vec![];
        var_uint(&mut bytes, 3);
        for (client, clock) in [(1, 4_000_000_000), (77, 1 << 31), (9_007_199_254_740_991, 5)] {
            var_uint(&mut bytes, client);
            var_uint(&mut bytes, clock);
        }
        bytes
    };
    for (label, vector) in [
        ("from the future", future),
        ("random", vec![0x93, 0x1f, 0xee, 0x05, 0x7a, 0xd1, 0x9c]),
        ("too many clients", vec![0xff, 0xff, 0xff, 0xff, 0x0f]),
        ("nothing at all", vec![]),
    ] {
        let mut wire = siege.wire().await?;
        wire.say(&encode_plain(&Message::SyncStep1(vector.into())).expect("of this dialect")).await?;
        loop {
            match wire.see().await? {
                Saw::Closed(code, why) => {
                    assert!(REFUSALS.contains(&code), "{label}: {code} {why}");
                    assert_ne!(label, "from the future", "it is a vector like any other");
                    break;
                }
                // Step 2: a normal answer.
                Saw::Frame(_, bytes) if bytes.starts_with(&[0, 1]) => break,
                Saw::Frame(..) => {}
            }
        }
        siege.still_serves(&format!("a vector {label}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn w26_an_update_of_the_second_format() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let doc = yrs::Doc::new();
    let body = doc.get_or_insert_xml_fragment("body");
    let mut txn = doc.transact_mut();
    yrs::XmlFragment::push_back(&body, &mut txn, yrs::XmlElementPrelim::empty("paragraph"));
    let update = txn.encode_state_as_update_v2(&yrs::StateVector::default());
    drop(txn);
    siege.is_unharmed_by("the second format", &update).await
}

#[tokio::test]
async fn w27_messages_of_unknown_kinds() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    for message in [&[42][..], &[4, 0], &[0, 3, 0], &[0, 9, 1, 0], &[2, 1, 0], &[127, 1, 2, 3]] {
        let mut wire = siege.wire().await?;
        wire.say(message).await?;
        siege.dropped(wire, &[1002], &format!("{message:?}")).await?;
    }
    let name = format!("{}/{}", siege.c.report, siege.section());
    for kind in [11, 12, 42, 127] {
        let mut socket = Addressed::open(&siege.c.server.base).await?;
        socket.token(&name, &siege.mallory.token).await?;
        let mut frame = vec![name.len() as u8];
        frame.extend_from_slice(name.as_bytes());
        frame.push(kind);
        socket.wire.say(&frame).await?;
        assert_eq!(socket.closed().await?.0, 1002, "kind {kind}");
        siege.still_serves(&format!("kind {kind}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn w28_one_socket_that_is_dropped_leaves_its_neighbours_of_the_same_person() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let mut beside = siege.mallory.sit(siege.section()).await?;
    let mut wire = siege.wire().await?;
    wire.say(&[42]).await?;
    siege.dropped(wire, &[1002], "her other socket").await?;
    beside.write("still at her desk").await?;
    siege.witness.until("still at her desk").await?;
    siege.expect("still at her desk");
    siege.still_serves("that").await
}

#[tokio::test]
async fn w29_what_only_a_server_says_is_relayed_to_nobody() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let section = siege.section().to_owned();
    let (mut bo, name) = Addressed::sit(&siege.ana, &section).await?;
    bo.say(&name, Message::SyncStep1(vec![0].into())).await?;
    bo.until(&name, |message| matches!(message, Message::SyncStep2(_))).await?;

    let needle = "needle that nobody may hear";
    for message in [
        Message::Stateless(needle.into()),
        Message::Denied { reason: needle.into() },
        Message::Authenticated { write: true },
        Message::Saved(true),
        Message::QueryAwareness,
    ] {
        let (mut mallory, _) = Addressed::sit(&siege.mallory, &section).await?;
        mallory.say(&name, message).await?;
    }
    // A broadcast (kind 6) is what Hocuspocus servers say among themselves.
    let (mut mallory, _) = Addressed::sit(&siege.mallory, &section).await?;
    let mut frame = vec![name.len() as u8];
    frame.extend_from_slice(name.as_bytes());
    frame.extend_from_slice(&[6, needle.len() as u8]);
    frame.extend_from_slice(needle.as_bytes());
    mallory.wire.say(&frame).await?;
    assert_eq!(mallory.closed().await?.0, 1002);
    // In the plain dialect: a refusal, a pong, and a question about who is here.
    let mut wire = siege.wire().await?;
    wire.say(&encode_plain(&Message::Denied { reason: needle.into() }).expect("of this dialect")).await?;
    wire.say(&encode_plain(&Message::QueryAwareness).expect("of this dialect")).await?;
    wire.frame(PONG, needle.as_bytes()).await?;

    siege.still_serves("what only a server says").await?;
    // All that came before the line was heard before the line.
    loop {
        match bo.hear().await? {
            Told::Of(_, Message::Update(update)) => {
                let text = String::from_utf8_lossy(&update).to_string();
                assert!(!text.contains("needle"), "{text}");
                if text.contains("after what only a server says.") {
                    return Ok(());
                }
            }
            Told::Of(_, Message::SyncStep1(_) | Message::Saved(_)) => {}
            other => anyhow::bail!("relayed: {other:?}"),
        }
    }
}

#[tokio::test]
async fn w30_names_of_documents_that_are_none() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let (report, section) = (siege.c.report.clone(), siege.section().to_owned());
    let long = format!("{report}/{}", "a".repeat(10 * 1024));
    let mut socket = Addressed::open(&siege.c.server.base).await?;
    let mut reasons = vec![];
    for name in [
        "",
        "/",
        "../../etc/passwd",
        &format!("{report}/../{report}/{section}"),
        &format!("{report}/{section}/review"),
        &format!("{report}/{}", section.to_uppercase() + "0"),
        &format!("\0{report}/{section}"),
        &format!("{report}/%2e%2e"),
    ] {
        match socket.token(name, &siege.mallory.token).await? {
            Message::Denied { reason } => reasons.push(reason),
            other => anyhow::bail!("{name:?}: {other:?}"),
        }
    }
    reasons.dedup();
    assert_eq!(reasons.len(), 1, "one answer for all that is not there: {reasons:?}");
    siege.still_serves("names that are none").await?;

    for name in [&long, &format!("{report}/{section}\0one\0two")] {
        let mut socket = Addressed::open(&siege.c.server.base).await?;
        socket.say(name, Message::Token(siege.mallory.token.clone())).await?;
        assert_eq!(socket.closed().await?.0, 1002, "{:?}", name.len());
        siege.still_serves(&format!("a name of {} bytes", name.len())).await?;
    }
    // A good token for one document says nothing of another: what is sent for it is not taken.
    let (mut socket, _) = Addressed::sit(&siege.mallory, &section).await?;
    let update = plenary_tests::update::paragraph(9, "under another name");
    socket.say("another/name", Message::Update(update.into())).await?;
    siege.still_serves("a frame under another name").await
}
