//! The server restarts and everybody comes back at once.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;

use super::{Figures, Scale, figures};
use crate::{
    engine::Engine,
    machine,
    target::{Kind, Setup},
    wire::Sync,
    yjs::{self, Spot},
};

/// How long everybody may take to be back.
const PATIENCE: Duration = Duration::from_secs(120);

pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let (clients, rooms) = (scale.of(5000), scale.of(500));
    let running = setup.start(kind, dir)?;
    let places = running.rooms(rooms)?;
    let mut engine = Engine::new(running.address, kind.dialect(), places)?;
    for client in 0..clients {
        engine.join(client % rooms, None)?;
        engine.turn(Duration::ZERO)?;
    }
    engine.gather(PATIENCE)?;
    fill(&mut engine, rooms)?;
    std::thread::sleep(Duration::from_secs(12));
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

/// A paragraph for each room, from its first member.
fn fill(engine: &mut Engine, rooms: usize) -> anyhow::Result<()> {
    let text: Vec<u8> = (0..500).map(yjs::letter).collect();
    for number in 0..rooms {
        let (mut paragraph, mut words) = (Vec::new(), Vec::new());
        yjs::paragraph(&mut paragraph, yjs::client_id(0), 0, None);
        yjs::insert(&mut words, yjs::client_id(0), 2, Spot { left: None, right: None, text: 1 }, &text);
        engine.say(number, Sync::Update, &paragraph);
        engine.say(number, Sync::Update, &words);
    }
    let others = rooms..engine.conns.len();
    let whole = |engine: &mut Engine| others.clone().all(|number| engine.seen(number, 0) >= 502);
    ensure!(engine.until(PATIENCE, whole)?, "the text did not reach everybody");
    Ok(())
}
