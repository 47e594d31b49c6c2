//! Whether an update costs more when its document's journal is long.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};

use super::{Figures, Scale, figures, rest};
use crate::{
    engine::{Engine, Room},
    history,
    kind::Kind,
    machine,
    target::{Running, Setup},
    wire::Sync,
    yjs,
};

/// People who write and correct, each paragraphs of their own.
const WRITERS: usize = 4;
/// Updates before the first and the second measurement.
const SHORT: usize = 1_000;
const LONG: usize = 1_000_000;
/// Updates into another document beforehand.
const WARM: usize = 20_000;
/// Updates a second while it is measured.
const RATE: f64 = 1_000.0;
/// A measurement takes as long as so many runs that type, so that it holds several of the snapshots that updates lead to:
/// one more or less of them is half the cost of a short one.
const PROBE_RUNS: f64 = 3.0;
/// Quiet after which nothing is owed: Plenary's log is settled when it is 20 s old, and packed after that.
const OWES_NOTHING: Duration = Duration::from_secs(26);
/// Updates of one write, and of each writer under way, while the journal is filled.
const TOGETHER: usize = 100;
const AHEAD: u32 = 1_000;
/// The filling ends after so long, however far it has come; the report tells how far.
const FILL_TIME_MAX: Duration = Duration::from_secs(150);
const PATIENCE: Duration = Duration::from_secs(60);
pub fn run(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale) -> anyhow::Result<Figures> {
    let long = scale.of(LONG);
    let probe = (PROBE_RUNS * scale.seconds * RATE) as usize;
    let each = (long + SHORT + 2 * probe) / WRITERS + 2 * TOGETHER;
    let running = setup.start(kind, dir)?;
    let mut places = running.rooms(2)?;
    // What is new to the process the first time counts for neither measurement.
    Desk::open(&running, places.split_off(1), WARM)?.fill(WARM / 2, FILL_TIME_MAX)?;
    let mut desk = Desk::open(&running, places, each)?;
    desk.fill(SHORT, FILL_TIME_MAX)?;
    let short = desk.probe(&running, probe)?;
    let began = Instant::now();
    desk.fill(long, FILL_TIME_MAX)?;
    let filled = began.elapsed().as_secs_f64();
    let updates = desk.sent();
    let late = desk.probe(&running, probe)?;
    let rss = machine::rss_kib(running.pid());
    running.stop()?;
    Ok(figures([
        ("us_per_update_short", short),
        ("us_per_update_long", late),
        ("long_to_short", late / short),
        ("updates_long", updates as f64),
        ("fill_s", filled),
        ("rss_mib", rss / 1024.0),
    ]))
}

/// The writers with what they will write, and someone who reads.
struct Desk {
    engine: Engine,
    reader: usize,
    histories: Vec<history::History>,
    /// Updates sent and the clock after them, of each writer.
    at: Vec<(usize, u32)>,
}

impl Desk {
    fn open(running: &Running, place: Vec<Room>, each: usize) -> anyhow::Result<Self> {
        let mut engine = running.engine(place)?;
        for _ in 0..WRITERS {
            engine.join(0, Some(1.0))?;
        }
        let reader = engine.join(0, None)?;
        engine.gather(PATIENCE)?;
        let histories = (0..WRITERS).map(|writer| history::history(yjs::client_id(writer), each)).collect();
        Ok(Self { engine, reader, histories, at: vec![(0, 0); WRITERS] })
    }

    fn sent(&self) -> usize {
        self.at.iter().map(|(sent, _)| sent).sum()
    }

    /// The next update of a writer.
    fn next(&mut self, writer: usize) -> anyhow::Result<()> {
        let (sent, clock) = self.at.get_mut(writer).context("a writer")?;
        let update = self.histories[writer].updates.get(*sent).context("the history is too short")?;
        *sent += 1;
        yjs::runs(update, |_, _, end| *clock = end).context("an update of the history")?;
        self.engine.say(writer, Sync::Update, update);
        Ok(())
    }

    /// Waits until the reader has all but so many clocks of each writer.
    fn wait(&mut self, behind: u32) -> anyhow::Result<()> {
        let (at, reader) = (self.at.clone(), self.reader);
        let there = self.engine.until(PATIENCE, |engine| {
            let mut writers = at.iter().enumerate();
            writers.all(|(writer, (_, clock))| engine.seen(reader, writer) + behind >= *clock)
        })?;
        ensure!(there, "updates do not arrive");
        Ok(())
    }

    /// Sends updates as fast as they are taken, until so many are sent in all or the time is over.
    fn fill(&mut self, until: usize, most: Duration) -> anyhow::Result<()> {
        let began = Instant::now();
        while self.sent() < until && began.elapsed() < most {
            for writer in 0..WRITERS {
                self.engine.cork();
                for _ in 0..TOGETHER {
                    self.next(writer)?;
                }
                self.engine.uncork(writer);
            }
            self.engine.turn(Duration::ZERO)?;
            self.wait(AHEAD)?;
        }
        self.wait(0)
    }

    /// Sends so many updates at an even pace; server CPU for each, in microseconds, with all that follows from them.
    fn probe(&mut self, running: &Running, updates: usize) -> anyhow::Result<f64> {
        rest(&mut self.engine, running, OWES_NOTHING)?;
        let cpu = machine::cpu_seconds(running.pid())?;
        let began = Instant::now();
        for number in 0..updates {
            let due = Duration::from_secs_f64(number as f64 / RATE);
            while began.elapsed() < due {
                self.engine.turn(due.saturating_sub(began.elapsed()))?;
            }
            self.next(number % WRITERS)?;
        }
        self.wait(0)?;
        rest(&mut self.engine, running, OWES_NOTHING)?;
        let cpu = machine::cpu_seconds(running.pid())? - cpu;
        ensure!(cpu > 0.0, "the kernel does not tell what threads use");
        Ok(cpu * 1e6 / updates as f64)
    }
}
