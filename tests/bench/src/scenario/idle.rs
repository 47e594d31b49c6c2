//! What a connection costs that only listens.

use std::{path::Path, time::Duration};

use anyhow::ensure;

use super::{Figures, Scale, figures, write_text};
use crate::{
    engine::Engine,
    kind::Kind,
    machine,
    target::{Running, Setup},
};

/// Characters of each document whose room is to sleep.
const CHARACTERS: u32 = 2_000;
/// Time for all to join.
const PATIENCE: Duration = Duration::from_secs(60);
const GIVEN_BACK: Duration = Duration::from_secs(8);

/// Connections to empty documents.
pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let (clients, rooms) = (scale.of(3000), scale.of(500));
    let running = setup.start(kind, dir)?;
    let mut engine = running.engine(running.rooms(rooms)?)?;
    std::thread::sleep(Duration::from_secs(1));
    let before = machine::rss_kib(running.pid());
    seat(&mut engine, clients, rooms)?;
    let closed = engine.tally.closed;
    engine.until(Duration::from_secs(3), |_| false)?;
    let after = machine::rss_kib(running.pid());
    let cpu = machine::cpu_seconds(running.pid())?;
    engine.until(Duration::from_secs(3), |_| false)?;
    let cpu = machine::cpu_seconds(running.pid())? - cpu;
    ensure!(engine.tally.closed == closed, "{} idle sockets were closed", engine.tally.closed - closed);
    Ok(figures([
        ("kib_per_connection", (after - before) / clients as f64),
        ("rss_before_mib", before / 1024.0),
        ("rss_after_mib", after / 1024.0),
        ("idle_cpu_percent", 100.0 * cpu / 3.0),
    ]))
}

/// Connections to documents with text in which nobody has typed for a while.
pub fn asleep(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let (clients, rooms) = (scale.of(3000), scale.of(500));
    let running = setup.start_sleepy(kind, dir)?;
    let mut engine = running.engine(running.rooms(rooms)?)?;
    std::thread::sleep(Duration::from_secs(1));
    let before = machine::rss_kib(running.pid());
    seat(&mut engine, clients, rooms)?;
    write_text(&mut engine, rooms, CHARACTERS)?;
    let awake = machine::rss_kib(running.pid());
    let waited = fall_asleep(&mut engine, &running, 0.0, scale)?;
    let after = machine::rss_kib(running.pid());
    let rooms_left = running.awake().unwrap_or(f64::NAN);
    Ok(figures([
        ("kib_per_connection", (after - before) / clients as f64),
        ("awake_kib_per_connection", (awake - before) / clients as f64),
        ("rooms_in_memory", rooms_left),
        ("waited_s", waited),
        ("rss_before_mib", before / 1024.0),
        ("rss_after_mib", after / 1024.0),
    ]))
}

/// Waits until no more than so many documents are in memory, and a few seconds for the memory to be given back. How long,
/// in seconds; a server that does not say so, or keeps them, has the whole time.
pub fn fall_asleep(engine: &mut Engine, running: &Running, most: f64, scale: &Scale) -> anyhow::Result<f64> {
    let began = std::time::Instant::now();
    let end = began + Duration::from_secs_f64(scale.idle_seconds);
    while std::time::Instant::now() < end && running.awake().is_none_or(|awake| awake > most) {
        engine.until(Duration::from_millis(250), |_| false)?;
    }
    engine.until(GIVEN_BACK, |_| false)?;
    Ok(began.elapsed().as_secs_f64())
}

fn seat(engine: &mut Engine, clients: usize, rooms: usize) -> anyhow::Result<()> {
    for client in 0..clients {
        engine.join(client % rooms, None)?;
        engine.turn(Duration::ZERO)?;
    }
    engine.gather(PATIENCE)?;
    Ok(())
}
