//! Many come at once: everybody after a restart, or a whole meeting into one document that nobody had open.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::{Figures, Scale, cold, figures, write_text};
use crate::{
    engine::Engine,
    history,
    kind::Kind,
    machine,
    target::{Running, Setup},
    yjs,
};

/// How long everybody may take to be back.
const PATIENCE: Duration = Duration::from_secs(120);

/// The server restarts and everybody comes back at once.
pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let (clients, rooms) = (scale.of(5000), scale.of(500));
    let running = setup.start(kind, dir)?;
    let mut engine = running.engine(running.rooms(rooms)?)?;
    for client in 0..clients {
        engine.join(client % rooms, None)?;
        engine.turn(Duration::ZERO)?;
    }
    engine.gather(PATIENCE)?;
    write_text(&mut engine, rooms, 500)?;
    running.settle();
    running.stop()?;
    // All sockets see the end before the next server is there.
    engine.until(Duration::from_secs(10), |engine| engine.lost.len() >= clients)?;

    let running = setup.start(kind, dir)?;
    engine.address = running.address;
    engine.lost.clear();
    let began = Instant::now();
    for client in 0..clients {
        engine.connect(client)?;
    }
    arrive(&mut engine, running, began)
}

/// 500 clients join one document with a history, just after a restart, in the same instant.
pub fn crowd(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let made = history::history(yjs::client_id(0), scale.of(20_000));
    let running = setup.start(kind, dir)?;
    let place = running.rooms(1)?.pop().context("a place for the document")?;
    let again = place.again();
    cold::feed(&running, place, &made)?;
    running.settle();
    running.stop()?;

    let running = setup.start(kind, dir)?;
    let mut engine = running.engine(vec![again])?;
    let began = Instant::now();
    for _ in 0..scale.of(500) {
        engine.join(0, None)?;
    }
    let result = arrive(&mut engine, running, began)?;
    let short = (0..engine.conns.len()).filter(|member| engine.seen(*member, 0) < made.clock).count();
    ensure!(short == 0, "{short} clients have not the whole document");
    Ok(result)
}

/// Everybody has their document; what it took since `began`.
fn arrive(engine: &mut Engine, running: Running, began: Instant) -> anyhow::Result<Figures> {
    let failures = engine.gather(PATIENCE)?;
    let seconds = began.elapsed().as_secs_f64();
    let mut times: Vec<u32> =
        engine.conns.iter().filter_map(|conn| Some(conn.synced? - conn.began)).collect();
    let cpu = machine::cpu_seconds(running.pid())?;
    let rss = machine::rss_kib(running.pid());
    running.stop()?;
    Ok(figures([
        ("all_synced_s", seconds),
        ("failed_joins", failures as f64),
        ("client_p99_ms", machine::percentile(&mut times, 0.99) / 1e3),
        ("server_cpu_s", cpu),
        ("rss_mib", rss / 1024.0),
    ]))
}
