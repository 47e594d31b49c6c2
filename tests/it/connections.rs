//! Connections that want too much or never come to the point (cases X1 to X3, X5, X14, X16): closed in time, and nobody
//! else notices.

use plenary::{
    limits::{
        DOCUMENTS_PER_SOCKET_MAX, HTTP_BODY_TIME_MAX, UNAUTHENTICATED_BYTES_MAX, UNAUTHENTICATED_FRAMES_MAX,
    },
    protocol::Message,
};
use plenary_tests::{Addressed, Consultation, Siege, wire::dial};
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
    assert!(siege.c.server.grown_since(before)? < 8 * 1024 * 1024);
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
