//! `kill -9` while people type: what others had seen must be there after the restart.

use std::{path::Path, time::Duration};

use anyhow::Context;

use super::{Figures, figures, typing};
use crate::{
    chance::Chance,
    engine::Engine,
    target::{Kind, Setup},
    yjs::OPENING,
};

/// Kills of one run.
const KILLS: u64 = 5;
const SHAPE: typing::Shape = typing::Shape { rooms: 1, clients: 10, writers: 5, rate: 20.0 };

pub fn run(setup: &Setup, kind: Kind, dir: &Path, seed: u64) -> anyhow::Result<Figures> {
    let mut chance = Chance(seed);
    let (mut seen, mut gone, mut oldest) = (0u64, 0u64, 0.0f64);
    for kill in 0..KILLS {
        let inside = dir.join(kill.to_string());
        std::fs::create_dir_all(&inside)?;
        let running = setup.start(kind, &inside)?;
        let (mut engine, _) = typing::assemble(&running, SHAPE)?;
        engine.start_typing(chance.next());
        engine.until(Duration::from_millis(1500 + chance.below(2500)), |_| false)?;
        running.kill()?;
        let killed = engine.now();
        // What was on its way counts as seen, too.
        engine.stop_typing();
        engine.until(Duration::from_secs(5), |engine| engine.lost.len() >= SHAPE.clients)?;

        let place = engine.rooms.first().context("a room")?.again();
        let running = setup.start(kind, &inside)?;
        let mut after = Engine::new(running.address, kind.dialect(), vec![place])?;
        let reader = after.join(0, None)?;
        after.gather(Duration::from_secs(30)).context("joining after the kill")?;
        // y-websocket answers a join before it has loaded the document.
        after.until(Duration::from_secs(2), |_| false)?;
        for writer in 0..SHAPE.writers {
            let others = (0..engine.conns.len()).filter(|member| *member != writer);
            let shown = others.map(|member| engine.seen(member, writer)).max().unwrap_or(0);
            let kept = after.seen(reader, writer).max(OPENING);
            seen += u64::from(shown.saturating_sub(OPENING));
            gone += u64::from(shown.saturating_sub(kept));
            if shown > kept
                && let Some(sent) = engine.sent_at(writer, kept)
            {
                oldest = oldest.max(f64::from(killed.saturating_sub(sent)) / 1e6);
            }
        }
        running.kill()?;
    }
    Ok(figures([("seen", seen as f64), ("gone", gone as f64), ("oldest_gone_s", oldest)]))
}
