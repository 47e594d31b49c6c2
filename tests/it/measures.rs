//! What the server shows of itself, on a port of its own.

use anyhow::Context as _;
use plenary_tests::{Consultation, Desk, Server, desk::PATIENCE};
use reqwest::Method;

/// The value of one measure, by its name with labels.
fn value(text: &str, name: &str) -> anyhow::Result<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(line.with_context(|| format!("no {name} in:\n{text}"))?.parse()?)
}

async fn read(address: &str) -> anyhow::Result<String> {
    let answer = reqwest::get(address).await?.error_for_status()?;
    let kind = answer.headers().get("content-type").context("a content type")?.to_str()?.to_owned();
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
    Ok(answer.text().await?)
}

/// Reads until a measure has the value: a socket that closed is noticed a moment later.
async fn until(address: &str, name: &str, wanted: f64) -> anyhow::Result<String> {
    let looking = async {
        loop {
            let text = read(address).await?;
            if value(&text, name)? == wanted {
                return anyhow::Ok(text);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, looking)
        .await
        .with_context(|| format!("{name} did not become {wanted}"))?
}

#[tokio::test]
async fn the_measures_show_what_happened_and_nothing_of_what_was_written() -> anyhow::Result<()> {
    let (server, address) = Server::start_measured()?;
    let c = Consultation::on(server, &["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let before = read(&address).await?;
    let plain = "plenary_sockets{dialect=\"y-websocket\"}";
    assert_eq!(value(&before, plain)?, 0.0);
    assert_eq!(value(&before, "plenary_reports")?, 1.0);
    assert!(value(&before, "process_resident_memory_bytes")? > 1e6);

    let mut desk = ana.sit(&c.sections[0]).await?;
    let mut reader = ana.sit(&c.sections[0]).await?;
    desk.write("a secret sentence").await?;
    reader.until("a secret sentence").await?;
    // An edit that reached somebody was taken, written, flushed, committed, sent and timed.
    // The time is noted once the frame has left, so the reader may be ahead of it.
    let edited = until(&address, "plenary_delivery_seconds_count", 1.0).await?;
    assert_eq!(value(&edited, plain)?, 2.0);
    assert_eq!(value(&edited, "plenary_updates_total")?, 1.0);
    assert!(value(&edited, "plenary_rooms")? >= 2.0, "the review and the section");
    for grown in [
        "plenary_entries_total",
        "plenary_commit_seconds_count",
        "plenary_flush_seconds_count",
        "plenary_frames_sent_total",
    ] {
        assert!(value(&edited, grown)? > value(&before, grown)?, "{grown}");
    }

    let mut vandal = ana.sit(&c.sections[0]).await?;
    vandal.send_update(b"not an update").await?;
    vandal.closed().await?;
    let refused = until(&address, plain, 2.0).await?;
    assert_eq!(value(&refused, "plenary_refusals_total{type=\"malformed\"}")?, 1.0);
    assert_eq!(value(&refused, "plenary_updates_total")?, 1.0);
    assert_eq!(value(&refused, "plenary_room_panics_total")?, 0.0);
    for secret in ["secret", "Ana", "Housing", &ana.token, &ana.id, &c.report, &c.sections[0]] {
        assert!(!refused.contains(secret), "{secret} is in the measures");
    }
    drop((desk, reader));
    until(&address, plain, 0.0).await?;
    Ok(())
}

#[tokio::test]
async fn the_pages_port_has_no_measures_and_theirs_has_nothing_else() -> anyhow::Result<()> {
    let (server, address) = Server::start_measured()?;
    let c = Consultation::on(server, &["Housing"]).await?;
    c.admin.call(Method::GET, "/metrics", None).await?.problem(404, "not-found")?;
    let elsewhere =
        plenary_tests::Person { base: address.trim_end_matches("/metrics").into(), ..c.admin.clone() };
    for path in ["/", "/health", "/api/reports", "/api/openapi.json"] {
        elsewhere.call(Method::GET, path, None).await?.problem(404, "not-found")?;
    }
    assert!(Desk::connect(&elsewhere.base, &c.report, &c.sections[0], &c.admin.token).await.is_err());
    elsewhere.call(Method::POST, "/metrics", None).await?.problem(405, "method-not-allowed")
}
