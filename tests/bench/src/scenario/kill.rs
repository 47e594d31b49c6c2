//! `kill -9` while people type: what others had seen must be there after the restart, and nothing else.

use std::{path::Path, time::Duration};

use anyhow::Context;

use super::{Figures, Scale, figures, typing};
use crate::{
    chance::Chance,
    engine::{Engine, Room},
    kind::Kind,
    target::{Running, Setup},
    yjs::OPENING,
};

/// Kills of a server other than Plenary: each takes 12 s of patience with their stores.
const PEER_KILLS: u64 = 5;
const SHAPE: typing::Shape = typing::Shape { rooms: 1, clients: 10, writers: 5, rate: 20.0 };

/// What was found after the restarts.
#[derive(Default)]
struct Found {
    /// Keystrokes that some other client had seen.
    seen: u64,
    /// Of them, not there after the restart.
    gone: u64,
    /// Age at the kill of the oldest that is gone, in seconds.
    oldest: f64,
    /// There, and never typed.
    invented: u64,
}

pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale, seed: u64) -> anyhow::Result<Figures> {
    let mut chance = Chance(seed);
    let kills = if kind.is_plenary() { scale.kills } else { scale.kills.min(PEER_KILLS) };
    let (mut found, mut earlier) = (Found::default(), Vec::new());
    for kill in 0..kills {
        // Plenary's store goes through all of it; the others' documents have the same name each time.
        let inside = if kind.is_plenary() { dir.to_path_buf() } else { dir.join(kill.to_string()) };
        std::fs::create_dir_all(&inside)?;
        earlier.push(once(setup, kind, &inside, &mut chance, &mut found)?);
    }
    if kind.is_plenary() {
        found.gone += gone_later(&setup.start(kind, dir)?, earlier)?;
    }
    Ok(figures([
        ("kills", kills as f64),
        ("seen", found.seen as f64),
        ("gone", found.gone as f64),
        ("oldest_gone_s", found.oldest),
        ("invented", found.invented as f64),
    ]))
}

/// One kill. The document, and the clocks of its writers after it.
fn once(
    setup: &Setup,
    kind: Kind,
    dir: &Path,
    chance: &mut Chance,
    found: &mut Found,
) -> anyhow::Result<(Room, Vec<u32>)> {
    let running = setup.start(kind, dir)?;
    let (mut engine, _) = typing::assemble(&running, SHAPE)?;
    engine.start_typing(chance.next());
    // Hocuspocus and y-sweet store after seconds: time enough that something could be stored.
    let (least, more) = if kind.is_plenary() { (100, 900) } else { (1500, 2500) };
    engine.until(Duration::from_millis(least + chance.below(more)), |_| false)?;
    running.kill()?;
    let killed = engine.now();
    // What was on its way counts as seen, too.
    engine.stop_typing();
    engine.until(Duration::from_secs(5), |engine| engine.lost.len() >= SHAPE.clients)?;

    let place = engine.rooms.first().context("a room")?.again();
    let running = setup.start(kind, dir)?;
    let mut after = Engine::new(running.address, kind.dialect(), vec![place.again()])?;
    after.proofreads = true;
    let reader = after.join(0, None)?;
    after.gather(Duration::from_secs(30)).context("joining after the kill")?;
    if !kind.is_plenary() {
        // y-websocket answers a join before it has loaded the document.
        after.until(Duration::from_secs(2), |_| false)?;
    }
    found.invented += after.tally.invented;
    let mut clocks = Vec::new();
    for writer in 0..SHAPE.writers {
        let others = (0..engine.conns.len()).filter(|member| *member != writer);
        let shown = others.map(|member| engine.seen(member, writer)).max().unwrap_or(0);
        let kept = after.seen(reader, writer).max(OPENING);
        found.seen += u64::from(shown.saturating_sub(OPENING));
        found.gone += u64::from(shown.saturating_sub(kept));
        found.invented += u64::from(kept.saturating_sub(engine.typed(writer)));
        if shown > kept
            && let Some(sent) = engine.sent_at(writer, kept)
        {
            found.oldest = found.oldest.max(f64::from(killed.saturating_sub(sent)) / 1e6);
        }
        clocks.push(after.seen(reader, writer));
    }
    running.kill()?;
    Ok((place, clocks))
}

/// Keystrokes that were there after their own kill, and are gone after all that followed.
fn gone_later(running: &Running, earlier: Vec<(Room, Vec<u32>)>) -> anyhow::Result<u64> {
    let (places, clocks): (Vec<_>, Vec<_>) = earlier.into_iter().unzip();
    let mut engine = Engine::new(running.address, running.kind.dialect(), places)?;
    for room in 0..clocks.len() {
        engine.join(room, None)?;
    }
    engine.gather(Duration::from_secs(60)).context("joining after all kills")?;
    let mut gone = 0;
    for (member, clocks) in clocks.iter().enumerate() {
        for (writer, clock) in clocks.iter().enumerate() {
            gone += u64::from(clock.saturating_sub(engine.seen(member, writer)));
        }
    }
    Ok(gone)
}
