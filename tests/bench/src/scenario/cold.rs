//! The first join after a restart, of a document with a long history, and what is left of it when nobody is there.

use std::{path::Path, time::Duration};

use anyhow::{Context, ensure};

use super::{Figures, Scale, figures, idle, rest};
use crate::{
    engine::{Engine, Room},
    history,
    kind::Kind,
    machine,
    target::{Running, Setup},
    wire::Sync,
    yjs,
};

/// Updates under way at most while the history is fed.
const AHEAD: usize = 2000;
/// Updates of one write.
const TOGETHER: usize = 100;
/// Time for the whole history, and for one join.
const PATIENCE: Duration = Duration::from_secs(600);

pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let made = history::history(yjs::client_id(0), scale.of(260_000));
    let running = setup.start(kind, dir)?;
    let mut places = running.rooms(2)?;
    let empty = places.pop().context("a place for an empty document")?;
    let place = places.pop().context("a place for the document")?;
    let again = place.again();
    let fed = feed(&running, place, &made)?;
    running.settle();
    running.stop()?;

    let running = setup.start_sleepy(kind, dir)?;
    let mut engine = running.engine(vec![again, empty])?;
    // What the first socket of all costs is no part of the document's price.
    engine.join(1, None)?;
    engine.gather(PATIENCE)?;
    rest(&mut engine, &running, Duration::ZERO)?;
    let (before, awake) = (machine::rss_kib(running.pid()), running.awake().unwrap_or(0.0));
    let cpu = machine::fine_cpu_seconds(running.pid());
    let first = engine.join(0, None)?;
    let cold = joined(&mut engine, first, made.clock)?;
    let cpu = machine::fine_cpu_seconds(running.pid()) - cpu;
    let bytes = engine.conns[first].bytes;
    let second = engine.join(0, None)?;
    let warm = joined(&mut engine, second, made.clock)?;
    let with = machine::rss_kib(running.pid());
    engine.leave(first);
    engine.leave(second);
    let waited = idle::fall_asleep(&mut engine, &running, awake, scale)?;
    let after = machine::rss_kib(running.pid());
    let awake = running.awake().unwrap_or(f64::NAN);
    running.stop()?;
    Ok(figures([
        ("cold_join_ms", cold),
        ("cold_join_cpu_ms", cpu * 1e3),
        ("second_join_ms", warm),
        ("answer_kib", bytes as f64 / 1024.0),
        ("rss_before_mib", before / 1024.0),
        ("rss_with_mib", with / 1024.0),
        ("rss_after_mib", after / 1024.0),
        ("rss_after_to_before", after / before),
        ("rooms_in_memory", awake),
        ("waited_s", waited),
        ("feed_s", fed.as_secs_f64()),
        ("keystrokes", made.updates.len() as f64),
        ("characters", made.characters as f64),
    ]))
}

/// Sends the history, one update for each keystroke, and waits until another client has all of it.
pub fn feed(running: &Running, place: Room, made: &history::History) -> anyhow::Result<Duration> {
    let began = std::time::Instant::now();
    let mut engine = Engine::new(running.address, running.kind.dialect(), vec![place])?;
    let author = engine.join(0, None)?;
    let reader = engine.join(0, None)?;
    engine.gather(PATIENCE)?;
    let mut clock = 0;
    for some in made.updates.chunks(TOGETHER) {
        engine.cork();
        for update in some {
            engine.say(author, Sync::Update, update);
            yjs::runs(update, |_, _, end| clock = end).context("an update of the history")?;
        }
        engine.uncork(author);
        let behind = clock.saturating_sub(AHEAD as u32);
        ensure!(
            engine.until(PATIENCE, |engine| engine.seen(reader, 0) >= behind)?,
            "the history stopped at clock {} of {clock}",
            engine.seen(reader, 0)
        );
        engine.turn(Duration::ZERO)?;
    }
    let whole = engine.until(PATIENCE, |engine| engine.seen(reader, 0) >= made.clock)?;
    ensure!(whole, "the history did not arrive whole");
    let took = began.elapsed();
    rest(&mut engine, running, Duration::ZERO)?;
    Ok(took)
}

/// Milliseconds from connect until the member has the whole document.
fn joined(engine: &mut Engine, member: usize, clock: u32) -> anyhow::Result<f64> {
    let done = engine
        .until(PATIENCE, |engine| engine.conns[member].synced.is_some() && engine.seen(member, 0) >= clock)?;
    ensure!(done, "a join has only clock {} of {clock}", engine.seen(member, 0));
    // When the bytes were read, before this generator had looked into them; y-websocket answers before it has loaded
    // the document, and sends it later.
    let member = &engine.conns[member];
    Ok(f64::from(member.grown - member.began) / 1e3)
}
