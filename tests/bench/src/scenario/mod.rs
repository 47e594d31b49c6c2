//! What is measured. Each scenario starts a server of its own on an empty directory and gives figures by name.

mod cold;
mod growth;
mod hostile;
mod idle;
mod kill;
mod stored;
mod storm;
mod typing;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::ensure;
use clap::ValueEnum;

use crate::{
    engine::Engine,
    kind::Kind,
    machine, slow,
    target::{Running, Setup},
    wire::Sync,
    yjs::{self, Spot},
};

pub use typing::Shape;

/// Time for a text to reach everybody.
const WRITE_TIME_MAX: Duration = Duration::from_secs(120);

/// Figures of one run, by name; the name ends in the unit.
pub type Figures = BTreeMap<String, f64>;

/// A scenario.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, ValueEnum)]
pub enum Scenario {
    /// 1 room x 50 clients, 10 writers x 10/s.
    #[value(name = "A")]
    A,
    /// 100 rooms x 5 clients, 2 writers x 5/s.
    #[value(name = "B")]
    B,
    /// 20 rooms x 10 clients, 5 writers x 40/s: 36,000 deliveries/s.
    #[value(name = "C")]
    C,
    /// 1 room x 200 clients, 20 writers x 5/s.
    #[value(name = "A2")]
    A2,
    /// 20 x 10, 72,000 deliveries/s.
    #[value(name = "C-72k")]
    C72,
    /// 20 x 10, 143,500 deliveries/s.
    #[value(name = "C-143k")]
    C143,
    /// 20 x 10, 287,000 deliveries/s.
    #[value(name = "C-287k")]
    C287,
    /// The highest rate at 20 x 10 with p99 under 200 ms.
    #[value(name = "top-rate")]
    TopRate,
    /// Memory of an idle connection: 3,000 over 500 rooms.
    Idle,
    /// As idle, over documents with text in which nobody has typed for a while.
    IdleAsleep,
    /// The first join after a restart, of a document with a history of 260,000 keystrokes.
    ColdJoin,
    /// 10,000 stored documents: start and memory.
    Stored,
    /// What an update costs after a thousand and after a million of one document.
    Growth,
    /// 5,000 clients come back after a restart.
    Storm,
    /// 500 clients join one cold document at once.
    Crowd,
    /// `kill -9` while people type.
    Kill,
    /// Malformed frames beside honest editors.
    Hostile,
}

impl Scenario {
    /// The name in tables and on the command line.
    pub fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }

    /// Rooms, clients, writers and rate, for those about typing.
    pub fn shape(self) -> Option<Shape> {
        let shape = |rooms, clients, writers, rate| Some(Shape { rooms, clients, writers, rate });
        match self {
            Self::A => shape(1, 50, 10, 10.0),
            Self::B => shape(100, 5, 2, 5.0),
            Self::C => shape(20, 10, 5, 40.0),
            Self::A2 => shape(1, 200, 20, 5.0),
            Self::C72 => shape(20, 10, 5, 80.0),
            Self::C143 => shape(20, 10, 5, 159.4),
            Self::C287 => shape(20, 10, 5, 318.9),
            _ => None,
        }
    }

    /// Whether it makes sense for this kind of server.
    pub fn suits(self, kind: Kind) -> bool {
        use Scenario as S;
        match self {
            S::IdleAsleep => kind.is_plenary(),
            S::ColdJoin | S::Stored | S::Growth | S::Storm | S::Crowd | S::Hostile => kind.persists(),
            _ => true,
        }
    }

    /// Whether members may have awareness states in it, when they are asked for.
    pub fn has_people(self) -> bool {
        self.shape().is_some() || matches!(self, Self::Idle | Self::IdleAsleep)
    }

    /// The servers that its aims speak of, in the order of their turns.
    pub fn usual(self) -> &'static [Kind] {
        use Kind::{Bare, Hocuspocus, Plenary, PlenaryWindow, YWebsocket};
        match self {
            Self::A | Self::B => &[Bare, Plenary, PlenaryWindow, Hocuspocus, YWebsocket],
            Self::C | Self::A2 | Self::Idle => &[Bare, Plenary, Hocuspocus, YWebsocket],
            Self::C72 | Self::C143 | Self::C287 => &[Bare, Plenary, Hocuspocus],
            Self::TopRate | Self::Kill => &[Plenary, Hocuspocus],
            _ => &[Plenary],
        }
    }

    /// How often it runs at most when everything is run: long ones once, since they average over much already.
    pub fn runs_of_all(self, wanted: u64) -> u64 {
        match self {
            _ if self.shape().is_some() => wanted,
            Self::Idle | Self::ColdJoin => wanted.min(2),
            _ => wanted.min(1),
        }
    }

    /// Roughly how many seconds a run takes with a kind of server.
    pub fn estimate(self, kind: Kind, scale: &Scale) -> f64 {
        let (size, typing) = (scale.size, scale.seconds + 3.5);
        let settle = if kind.is_plenary() { 0.0 } else { 12.0 };
        match self {
            Self::TopRate => 8.0 * (typing + 2.0),
            Self::Idle => 9.0 + 5.0 * size,
            Self::IdleAsleep => 9.0 + 5.0 * size + scale.idle_seconds,
            Self::ColdJoin => 6.0 + 25.0 * size + settle + scale.idle_seconds,
            Self::Stored => 5.0 + 40.0 * size + settle,
            Self::Growth => 120.0 + 6.0 * scale.seconds + 20.0 * size,
            Self::Storm | Self::Crowd => 5.0 + 15.0 * size + settle,
            Self::Kill if kind.is_plenary() => 1.3 * scale.kills as f64 + 3.0,
            Self::Kill => 8.0 * scale.kills.min(5) as f64,
            Self::Hostile => 9.0 + scale.hostile_seconds,
            // A server that is overrun is waited for.
            Self::C287 if kind == Kind::Hocuspocus => typing + 10.0,
            _ => typing,
        }
    }
}

/// What is different from a scenario as it stands in its list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Variant {
    /// Members have awareness states.
    pub awareness: bool,
    /// Each flush takes so much longer.
    pub delay: Option<Duration>,
}

impl Variant {
    /// The name of the scenario's row: its own, and behind a `+` each what is different.
    pub fn name(self, scenario: Scenario) -> String {
        let awareness = if self.awareness { "+awareness" } else { "" };
        let slow = self.delay.map(|delay| format!("+slow-{}", slow::told(delay))).unwrap_or_default();
        scenario.name() + awareness + &slow
    }
}

/// How large and how long.
#[derive(Clone, Debug)]
pub struct Scale {
    /// Seconds measured of a run that types.
    pub seconds: f64,
    /// Seconds of malformed frames.
    pub hostile_seconds: f64,
    /// Seconds after which documents are taken to have fallen asleep.
    pub idle_seconds: f64,
    /// How often Plenary is killed.
    pub kills: u64,
    /// Share of clients, documents and keystrokes of the large scenarios; below 1 only to try the bench out.
    pub size: f64,
}

impl Scale {
    fn of(&self, full: usize) -> usize {
        ((full as f64 * self.size) as usize).max(1)
    }
}

/// Runs a scenario once. `run` counts from 0 and seeds all chance.
pub fn run(
    scenario: Scenario,
    setup: &Setup,
    kind: Kind,
    scale: &Scale,
    run: u64,
) -> anyhow::Result<Figures> {
    let dir = setup.fresh_dir(&format!("{}-{}", scenario.name(), kind.name()))?;
    let figures = match (scenario, scenario.shape()) {
        (_, Some(shape)) => {
            typing::run(setup, kind, &dir, shape, scale.seconds, run).map(|done| done.figures())
        }
        (Scenario::TopRate, _) => typing::top_rate(setup, kind, &dir, scale, run),
        (Scenario::Idle, _) => idle::run(setup, kind, &dir, scale),
        (Scenario::IdleAsleep, _) => idle::asleep(setup, kind, &dir, scale),
        (Scenario::ColdJoin, _) => cold::run(setup, kind, &dir, scale),
        (Scenario::Stored, _) => stored::run(setup, kind, &dir, scale),
        (Scenario::Growth, _) => growth::run(setup, kind, &dir, scale),
        (Scenario::Storm, _) => storm::run(setup, kind, &dir, scale),
        (Scenario::Crowd, _) => storm::crowd(setup, kind, &dir, scale),
        (Scenario::Kill, _) => kill::run(setup, kind, &dir, scale, run),
        (_, _) => hostile::run(setup, kind, &dir, scale, run),
    };
    std::fs::remove_dir_all(&dir)?;
    figures
}

/// A paragraph of so many characters for each of the rooms 0 to `rooms`, written by the member of the same number; until
/// all other members have it.
fn write_text(engine: &mut Engine, rooms: usize, characters: u32) -> anyhow::Result<()> {
    let text: Vec<u8> = (0..characters).map(yjs::letter).collect();
    for number in 0..rooms {
        let (mut paragraph, mut words) = (Vec::new(), Vec::new());
        yjs::paragraph(&mut paragraph, yjs::client_id(0), 0, None);
        yjs::insert(&mut words, yjs::client_id(0), 2, Spot { left: None, right: None, text: 1 }, &text);
        engine.say(number, Sync::Update, &paragraph);
        engine.say(number, Sync::Update, &words);
    }
    let others = rooms..engine.conns.len();
    let whole = |engine: &mut Engine| others.clone().all(|number| engine.seen(number, 0) >= characters + 2);
    ensure!(engine.until(WRITE_TIME_MAX, whole)?, "the text did not reach everybody");
    Ok(())
}

/// Figures from pairs; what is not a number was not measured.
fn figures<const N: usize>(pairs: [(&str, f64); N]) -> Figures {
    let known = pairs.into_iter().filter(|(_, value)| value.is_finite());
    known.map(|(name, value)| (name.to_string(), value)).collect()
}

/// A server that has nothing to do uses less of a core, within `QUIET_WAIT`.
const QUIET: f64 = 0.05;
const QUIET_WAIT: Duration = Duration::from_secs(180);

/// Waits until the server has had nothing to do for so long, at least for one look, or not longer than it may take: what
/// it owes for earlier work, such as packing, is no part of what is measured next.
fn rest(engine: &mut Engine, running: &Running, quiet: Duration) -> anyhow::Result<()> {
    const LOOK: Duration = Duration::from_secs(2);
    let (began, mut busy) = (Instant::now(), Instant::now());
    while began.elapsed() < QUIET_WAIT {
        let cpu = machine::cpu_seconds(running.pid())?;
        engine.until(LOOK, |_| false)?;
        if machine::cpu_seconds(running.pid())? - cpu >= LOOK.as_secs_f64() * QUIET {
            busy = Instant::now();
        } else if busy.elapsed() >= quiet {
            break;
        }
    }
    Ok(())
}
