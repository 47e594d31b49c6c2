//! What a connection costs that only listens.

use std::{path::Path, time::Duration};

use anyhow::ensure;

use super::{Figures, Scale, figures};
use crate::{
    engine::Engine,
    machine,
    target::{Kind, Setup},
};

pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let (clients, rooms) = (scale.of(3000), scale.of(500));
    let running = setup.start(kind, dir)?;
    let places = running.rooms(rooms)?;
    std::thread::sleep(Duration::from_secs(1));
    let before = machine::rss_kib(running.pid());
    let mut engine = Engine::new(running.address, kind.dialect(), places)?;
    for client in 0..clients {
        engine.join(client % rooms, None)?;
        engine.turn(Duration::ZERO)?;
    }
    engine.gather(Duration::from_secs(60))?;
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
