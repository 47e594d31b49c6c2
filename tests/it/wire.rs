//! Frames that no client sends (cases W1 to W8, W11): that socket is dropped with its code, and all others go on.
//!
//! After each a newcomer joins, finds the text as it was, and edits (W28); see `Siege::still_serves`.

use plenary::limits::FRAME_BYTES_MAX;
use plenary_tests::{
    Siege, Wire,
    wire::{self, BINARY, PING, TEXT, dial, frame, header},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const MIB: u64 = 1024 * 1024;

/// Bytes that look like chance and are the same in each run.
fn noise(seed: u32, length: usize) -> Vec<u8> {
    let step = |n: &mut u32| {
        *n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((*n >> 24) as u8)
    };
    std::iter::repeat_with({
        let mut n = seed;
        move || step(&mut n).unwrap_or_default()
    })
    .take(length)
    .collect()
}

/// A socket of each dialect: the attacker's on the section, and one that nobody has signed in on.
async fn both(siege: &Siege) -> anyhow::Result<[(&'static str, Wire); 2]> {
    let addressed = Wire::open(&siege.c.server.base, "/sync", &[]).await?;
    Ok([("y-websocket", siege.wire().await?), ("hocuspocus", addressed)])
}

/// Each of these byte strings, on a fresh socket of each dialect, drops it with one of the codes.
async fn each_drops(cases: &[(&str, Vec<u8>)], codes: &[u16]) -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    for (label, bytes) in cases {
        for (dialect, mut wire) in both(&siege).await? {
            // The server may hang up before all is sent.
            let _ = wire.raw(bytes).await;
            siege.dropped(wire, codes, &format!("{label} on {dialect}")).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn w01_random_bytes_as_the_first_frame() -> anyhow::Result<()> {
    let mut cases = vec![];
    for (seed, length) in [(7, 16), (11, 200), (13, 4096), (17, 60_000)] {
        // A first byte that names no kind of message in either dialect.
        let message = [vec![0xff; 11], noise(seed, length)].concat();
        cases.push((format!("{length} bytes of noise"), frame(BINARY, &message)));
    }
    let cases: Vec<_> = cases.iter().map(|(label, bytes)| (label.as_str(), bytes.clone())).collect();
    each_drops(&cases, &[1002]).await
}

#[tokio::test]
async fn w01_noise_instead_of_frames() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    for seed in 0..24 {
        let mut wire = siege.wire().await?;
        // Reserved bits are set, so that it is no frame whatever follows.
        let _ = wire.raw(&[vec![0x70 | seed as u8], noise(seed, 500)].concat()).await;
        siege.dropped(wire, &[1002], &format!("noise {seed}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn w02_a_text_frame_where_only_binary_is_spoken() -> anyhow::Result<()> {
    each_drops(&[("a text", frame(TEXT, b"hello")), ("no text", frame(TEXT, b""))], &[1003]).await
}

#[tokio::test]
async fn w03_an_empty_frame() -> anyhow::Result<()> {
    each_drops(&[("nothing", frame(BINARY, b""))], &[1002]).await
}

#[tokio::test]
async fn w04_frames_against_the_standard() -> anyhow::Result<()> {
    let cases = [
        ("an unmasked frame", vec![BINARY, 1, 3]),
        ("an unknown kind of data", frame(0x83, b"x")),
        ("an unknown kind of control", frame(0x8b, b"x")),
        ("the first reserved bit", frame(BINARY | 0x40, b"x")),
        ("the second reserved bit", frame(BINARY | 0x20, b"x")),
        ("the third reserved bit", frame(BINARY | 0x10, b"x")),
        ("a continuation of nothing", frame(0x80, b"x")),
        ("a message begun within a message", [frame(0x02, b"x"), frame(BINARY, b"x")].concat()),
        ("a ping in parts", frame(0x09, b"x")),
        ("a ping of 126 bytes", frame(PING, &[0; 126])),
        ("a goodbye with half a code", frame(0x88, &[3])),
    ];
    each_drops(&cases, &[1002]).await
}

#[tokio::test]
async fn w05_a_header_that_claims_2_to_the_63_is_dropped_before_any_allocation() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    siege.still_serves("a warm start").await?;
    let before = siege.c.server.forget_peak()?;
    for (label, length) in
        [("2^63", 1 << 63), ("2^63-1", u64::MAX >> 1), ("2^64-1", u64::MAX), ("2^32", 1 << 32)]
    {
        for (dialect, mut wire) in both(&siege).await? {
            wire.raw(&[header(BINARY, length), vec![1, 2, 3, 4, 5]].concat()).await?;
            siege.dropped(wire, &[1009, 1002], &format!("{label} on {dialect}")).await?;
        }
    }
    let grown = siege.c.server.grown_since(before)?;
    assert!(grown < 8 * MIB, "it took {grown} bytes");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn w06_a_million_fragments_of_one_byte() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    siege.still_serves("a warm start").await?;
    let before = siege.c.server.forget_peak()?;
    let mut wire = siege.wire().await?;
    let fragments = frame(0x00, b"\xff").repeat(10_000);
    let mut open = wire.frame(0x02, b"\xff").await;
    for _ in 0..100 {
        if open.is_ok() {
            open = wire.raw(&fragments).await;
        }
    }
    // Whoever has taken them all finds a message that means nothing.
    let _ = wire.frame(0x80, b"\xff").await;
    let (code, why) = wire.closed().await?;
    // A server that hangs up while it is still being sent to cannot make itself heard.
    assert!([1002, 1008, 1009, 1006].contains(&code), "{code} {why}");
    let grown = siege.c.server.grown_since(before)?;
    assert!(grown < 16 * MIB, "a message of a million bytes took {grown}");
    siege.still_serves("a million fragments").await
}

#[tokio::test]
async fn w07_a_handshake_of_ten_megabytes() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let before = siege.c.server.forget_peak()?;
    for path in ["/sync", "/api/session"] {
        let mut line = dial(&siege.c.server.base).await?;
        line.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nX-Long: ").as_bytes()).await?;
        let mut sent = 0;
        while sent < 10 * MIB as usize && line.write_all(&[b'a'; 65_536]).await.is_ok() {
            sent += 65_536;
        }
        let mut answer = String::new();
        // An error: it was reset, as bytes that nobody read were on their way.
        let _ = line.read_to_string(&mut answer).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        siege.still_serves(&format!("a long header to {path}")).await?;
    }
    let grown = siege.c.server.grown_since(before)?;
    assert!(grown < 16 * MIB, "it took {grown} bytes");
    Ok(())
}

#[tokio::test]
async fn w07_headers_that_never_end_are_given_up() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let mut lines = vec![];
    for _ in 0..50 {
        let mut line = dial(&siege.c.server.base).await?;
        line.write_all(b"GET /sync HTTP/1.1\r\nHost: x\r\n").await?;
        lines.push(line);
    }
    siege.still_serves("fifty half requests").await?;
    let patience = plenary::limits::HTTP_HEADER_TIME_MAX * 3;
    for mut line in lines {
        let ended = tokio::time::timeout(patience, async {
            let mut answer = String::new();
            let _ = line.read_to_string(&mut answer).await;
            answer
        });
        let answer = ended.await.map_err(|_| anyhow::anyhow!("still open"))?;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    siege.still_serves("their end").await
}

#[tokio::test]
async fn w08_a_message_over_the_limit() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    let over = (FRAME_BYTES_MAX + 1) as u64;
    let mut claims = siege.wire().await?;
    claims.raw(&[header(BINARY, over), vec![0; 4]].concat()).await?;
    siege.dropped(claims, &[1009], "a header that says too much").await?;

    let mut parts = siege.wire().await?;
    let quarter = vec![0xff; FRAME_BYTES_MAX / 4];
    parts.frame(0x02, &quarter).await?;
    for _ in 0..3 {
        parts.frame(0x00, &quarter).await?;
    }
    // The last of them need not be read.
    let _ = parts.frame(0x80, &[0xff]).await;
    siege.dropped(parts, &[1009], "parts that are too much together").await?;

    let mut just = siege.wire().await?;
    just.say(&vec![0xff; FRAME_BYTES_MAX]).await?;
    siege.dropped(just, &[1002], "just not too large").await?;
    Ok(())
}

#[tokio::test]
async fn w11_numbers_of_eleven_bytes_and_more() -> anyhow::Result<()> {
    let mut siege = Siege::lay().await?;
    for long in [11, 12, 64, 5000] {
        let number = [vec![0xff; long - 1], vec![1]].concat();
        let after = |start: &[u8]| [start, &number].concat();
        let update = |inner: &[u8]| {
            let mut frame = vec![0, 2];
            plenary_tests::desk::var_uint(&mut frame, inner.len());
            [&frame, inner].concat()
        };
        for (place, message) in [
            ("kind of message", number.clone()),
            ("kind of sync", after(&[0])),
            ("length", after(&[0, 2])),
            ("count of clients", update(&number)),
            ("client", update(&after(&[1, 1]))),
            ("clock", update(&after(&[1, 1, 9]))),
            ("length of deletions", update(&after(&[0, 1, 9, 1, 0]))),
        ] {
            let mut wire = siege.wire().await?;
            wire.say(&message).await?;
            let (code, why) = wire.closed().await?;
            assert_eq!(code, 1002, "{place} of {long} bytes: {why}");
        }
        siege.still_serves(&format!("numbers of {long} bytes")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn honest_pings_are_answered() -> anyhow::Result<()> {
    // The other side of W4: what the standard allows is served, in parts too, with control frames in between.
    let mut siege = Siege::lay().await?;
    let mut wire = siege.wire().await?;
    let update = plenary_tests::update::paragraph(9, "in parts");
    let mut message = vec![0, 2, update.len() as u8];
    message.extend_from_slice(&update);
    let (head, tail) = message.split_at(5);
    let (middle, end) = tail.split_at(7);
    for (first, bytes) in
        [(0x02, head), (PING, &b"are you there?"[..]), (0x00, middle), (0x00, b""), (0x80, end)]
    {
        wire.frame(first, bytes).await?;
    }
    loop {
        match wire.see().await? {
            wire::Saw::Frame(wire::PONG, said) => break assert_eq!(said, "are you there?"),
            wire::Saw::Frame(..) => {}
            closed => anyhow::bail!("{closed:?}"),
        }
    }
    siege.witness.until("in parts").await?;
    siege.expect("in parts");
    siege.still_serves("a message in parts").await
}
