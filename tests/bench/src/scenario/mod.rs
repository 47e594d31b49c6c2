//! What is measured. Each scenario starts a server of its own on an empty directory and gives figures by name.

mod cold;
mod hostile;
mod idle;
mod kill;
mod stored;
mod storm;
mod typing;

use std::collections::BTreeMap;

use clap::ValueEnum;

use crate::target::{Kind, Setup};

pub use typing::Shape;

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
    /// The first join after a restart, of a document with a history of 260,000 keystrokes.
    ColdJoin,
    /// 10,000 stored documents: start and memory.
    Stored,
    /// 5,000 clients come back after a restart.
    Storm,
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
        kind.persists() || !matches!(self, Self::ColdJoin | Self::Stored | Self::Storm | Self::Hostile)
    }
}

/// How large and how long.
#[derive(Clone, Debug)]
pub struct Scale {
    /// Seconds measured of a run that types.
    pub seconds: f64,
    /// Seconds of malformed frames.
    pub hostile_seconds: f64,
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
        (Scenario::TopRate, _) => typing::top_rate(setup, kind, &dir, scale.seconds, run),
        (Scenario::Idle, _) => idle::run(setup, kind, &dir, scale),
        (Scenario::ColdJoin, _) => cold::run(setup, kind, &dir, scale),
        (Scenario::Stored, _) => stored::run(setup, kind, &dir, scale),
        (Scenario::Storm, _) => storm::run(setup, kind, &dir, scale),
        (Scenario::Kill, _) => kill::run(setup, kind, &dir, run),
        (_, _) => hostile::run(setup, kind, &dir, scale, run),
    };
    std::fs::remove_dir_all(&dir)?;
    figures
}

/// Figures from pairs; what is not a number was not measured.
fn figures<const N: usize>(pairs: [(&str, f64); N]) -> Figures {
    let known = pairs.into_iter().filter(|(_, value)| value.is_finite());
    known.map(|(name, value)| (name.to_string(), value)).collect()
}
