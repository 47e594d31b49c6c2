//! Many stored documents: how long a start takes and what it holds in memory.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;

use super::{Figures, Scale, figures};
use crate::{
    chance::Chance,
    engine::{Engine, Room},
    kind::Kind,
    machine,
    target::Setup,
    wire::Sync,
    yjs::{self, Spot},
};

/// Documents written at a time.
const TOGETHER: usize = 250;
/// Characters of each document.
const CHARACTERS: u32 = 60;

pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let count = scale.of(10_000);
    let running = setup.start(kind, dir)?;
    let places = running.rooms(count)?;
    let samples: Vec<Room> = {
        let mut chance = Chance(1);
        (0..100.min(count)).map(|_| places[chance.below(count as u64) as usize].again()).collect()
    };
    let mut places = places.into_iter().peekable();
    while places.peek().is_some() {
        let some: Vec<Room> = places.by_ref().take(TOGETHER).collect();
        write(&mut Engine::new(running.address, kind.dialect(), some)?)?;
    }
    running.settle();
    running.stop()?;

    let began = Instant::now();
    let running = setup.start(kind, dir)?;
    let ready = began.elapsed().as_secs_f64() * 1e3;
    let rss = machine::rss_kib(running.pid());
    let (mut joins, mut missing) = (Vec::new(), 0);
    for place in samples {
        let mut engine = Engine::new(running.address, kind.dialect(), vec![place])?;
        let member = engine.join(0, None)?;
        let whole =
            engine.until(Duration::from_secs(5), |engine| engine.seen(member, 0) >= CHARACTERS + 2)?;
        joins.push(engine.now() - engine.conns[member].began);
        missing += usize::from(!whole);
    }
    ensure!(missing < joins.len(), "none of the documents was stored");
    running.stop()?;
    Ok(figures([
        ("open_ms", ready),
        ("rss_mib", rss / 1024.0),
        ("join_p50_ms", machine::percentile(&mut joins, 0.5) / 1e3),
        ("missing_of_100", missing as f64),
    ]))
}

/// Each room gets one paragraph of text, and says that it has it.
fn write(engine: &mut Engine) -> anyhow::Result<()> {
    for room in 0..engine.rooms.len() {
        engine.join(room, None)?;
    }
    engine.gather(Duration::from_secs(60))?;
    for number in 0..engine.conns.len() {
        let client = yjs::client_id(0);
        let mut update = Vec::new();
        yjs::paragraph(&mut update, client, 0, None);
        engine.say(number, Sync::Update, &update);
        let text: Vec<u8> = (0..CHARACTERS).map(yjs::letter).collect();
        let mut update = Vec::new();
        let spot = Spot { left: None, right: None, text: 1 };
        yjs::insert(&mut update, client, 2, spot, &text);
        engine.say(number, Sync::Update, &update);
        engine.ask(number);
    }
    let done = engine.until(Duration::from_secs(60), |engine| {
        (0..engine.conns.len()).all(|number| engine.seen(number, 0) >= CHARACTERS + 2)
    })?;
    ensure!(done, "not all documents were written");
    Ok(())
}
