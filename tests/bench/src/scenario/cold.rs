//! The first join after a restart, of a document with a long history.

use std::{path::Path, time::Duration};

use anyhow::{Context, ensure};

use super::{Figures, Scale, figures};
use crate::{
    engine::Engine,
    history, machine,
    target::{Kind, Running, Setup},
    wire::Sync,
    yjs,
};

/// Updates under way at most while the history is fed.
const AHEAD: usize = 2000;
/// Time for the whole history, and for one join.
const PATIENCE: Duration = Duration::from_secs(600);

pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let made = history::history(yjs::client_id(0), scale.of(260_000));
    let running = setup.start(kind, dir)?;
    let mut places = running.rooms(1)?;
    let place = places.pop().context("a place for the document")?;
    let again = place.again();
    let fed = feed(&running, place, &made)?;
    // Hocuspocus stores at most 10 s after a change, y-sweet every 10 s.
    std::thread::sleep(Duration::from_secs(12));
    running.stop()?;

    let running = setup.start(kind, dir)?;
    let mut engine = Engine::new(running.address, kind.dialect(), vec![again])?;
    let before = machine::rss_kib(running.pid());
    let first = engine.join(0, None)?;
    let cold = joined(&mut engine, first, made.clock)?;
    let bytes = engine.conns[first].bytes;
    let rss = machine::rss_kib(running.pid());
    let second = engine.join(0, None)?;
    let warm = joined(&mut engine, second, made.clock)?;
    running.stop()?;
    Ok(figures([
        ("cold_join_ms", cold),
        ("second_join_ms", warm),
        ("answer_kib", bytes as f64 / 1024.0),
        ("rss_growth_mib", (rss - before) / 1024.0),
        ("feed_s", fed.as_secs_f64()),
        ("keystrokes", made.updates.len() as f64),
        ("characters", made.characters as f64),
    ]))
}

/// Sends the history, keystroke by keystroke, and waits until another client has all of it.
fn feed(running: &Running, place: crate::engine::Room, made: &history::History) -> anyhow::Result<Duration> {
    let began = std::time::Instant::now();
    let mut engine = Engine::new(running.address, running.kind.dialect(), vec![place])?;
    let author = engine.join(0, None)?;
    let reader = engine.join(0, None)?;
    engine.gather(PATIENCE)?;
    let mut clock = 0;
    for (number, update) in made.updates.iter().enumerate() {
        engine.say(author, Sync::Update, update);
        yjs::runs(update, |_, _, end| clock = end).context("an update of the history")?;
        if number % 100 == 0 {
            let behind = clock.saturating_sub(AHEAD as u32);
            ensure!(
                engine.until(PATIENCE, |engine| engine.seen(reader, 0) >= behind)?,
                "the history stopped at clock {} of {clock}",
                engine.seen(reader, 0)
            );
        }
    }
    let whole = engine.until(PATIENCE, |engine| engine.seen(reader, 0) >= made.clock)?;
    ensure!(whole, "the history did not arrive whole");
    Ok(began.elapsed())
}

/// Milliseconds from connect until the member has the whole document.
fn joined(engine: &mut Engine, member: usize, clock: u32) -> anyhow::Result<f64> {
    let mut whole = None;
    let done = engine.until(PATIENCE, |engine| {
        if engine.seen(member, 0) >= clock {
            whole.get_or_insert(engine.now());
        }
        whole.is_some()
    })?;
    ensure!(done, "a join has only clock {} of {clock}", engine.seen(member, 0));
    Ok(f64::from(whole.unwrap_or(0) - engine.conns[member].began) / 1e3)
}
