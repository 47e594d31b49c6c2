//! People type at random phases; others see it.

use std::{path::Path, time::Duration};

use anyhow::Context;

use super::{Figures, Scale, figures};
use crate::{
    engine::Engine,
    kind::Kind,
    machine::{self, percentile},
    target::{Running, Setup},
};

/// Typing before the measurement, so that caches and compilers are warm.
const WARM: Duration = Duration::from_millis(1500);
/// How long after the last keystroke arrivals may come.
const DRAIN: Duration = Duration::from_secs(10);
/// Keystrokes a second of each writer at the first step of the highest rate, and steps of it at most.
const RATE_FROM: f64 = 40.0;
const STEPS_MAX: usize = 9;
/// The limit of the highest rate.
const P99_MS_MAX: f64 = 200.0;

/// Who is where.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Documents.
    pub rooms: usize,
    /// Clients of each.
    pub clients: usize,
    /// Those of them who type.
    pub writers: usize,
    /// Keystrokes a second of each writer.
    pub rate: f64,
}

impl Shape {
    /// Deliveries a second that it calls for.
    pub fn offered(&self) -> f64 {
        (self.rooms * self.writers * (self.clients - 1)) as f64 * self.rate
    }
}

/// What a run showed.
pub struct Typing {
    seconds: f64,
    server_cpu: f64,
    bench_cpu: f64,
    delivered: u64,
    sent: u64,
    owed: u64,
    arrived: u64,
    stalled: u64,
    frames: u64,
    aware: u64,
    gaps: u64,
    unread: u64,
    closed: u64,
    failed_joins: u64,
    flush_mean_ms: Option<f64>,
    rss_kib: f64,
    latency: Vec<u32>,
    late: Vec<u32>,
}

impl Typing {
    /// The 99th percentile of the time to the other clients.
    fn p99_ms(&mut self) -> f64 {
        percentile(&mut self.latency, 0.99) / 1e3
    }

    /// Whether the server kept up: all arrived, in time.
    fn kept_up(&mut self, shape: &Shape) -> bool {
        let offered = shape.offered() * self.seconds;
        self.p99_ms() <= P99_MS_MAX
            && self.arrived as f64 >= 0.99 * self.owed as f64
            && self.owed as f64 >= 0.97 * offered
    }

    /// As figures.
    pub fn figures(mut self) -> Figures {
        let us = |seconds: f64| seconds * 1e6;
        figures([
            ("us_per_key", us(self.server_cpu) / self.delivered.max(1) as f64),
            ("p50_ms", percentile(&mut self.latency, 0.5) / 1e3),
            ("p99_ms", percentile(&mut self.latency, 0.99) / 1e3),
            ("max_ms", percentile(&mut self.latency, 1.0) / 1e3),
            ("deliveries_per_s", self.delivered as f64 / self.seconds),
            ("server_cpu_percent", 100.0 * self.server_cpu / self.seconds),
            ("bench_cpu_percent", 100.0 * self.bench_cpu / self.seconds),
            ("bench_late_p99_ms", percentile(&mut self.late, 0.99) / 1e3),
            ("keys_sent", self.sent as f64),
            ("keys_not_sent", self.stalled as f64),
            ("lost", self.owed.saturating_sub(self.arrived) as f64),
            ("aware_frames", self.aware as f64),
            ("gaps", self.gaps as f64),
            ("unread", self.unread as f64),
            ("closed", self.closed as f64),
            ("failed_joins", self.failed_joins as f64),
            ("frames_per_delivery", self.frames as f64 / self.delivered.max(1) as f64),
            ("flush_mean_ms", self.flush_mean_ms.unwrap_or(f64::NAN)),
            ("rss_mib", self.rss_kib / 1024.0),
        ])
    }
}

/// Clients of a shape, connected, synced, with their paragraphs; and how many joins failed on the way.
pub fn assemble(running: &Running, shape: Shape) -> anyhow::Result<(Engine, u64)> {
    let rooms = running.rooms(shape.rooms)?;
    let mut engine = running.engine(rooms)?;
    let seat = |client: usize| (client < shape.writers).then_some(shape.rate);
    // One opens the room, then the others come: y-sweet splits a room into which many come at once.
    for room in 0..shape.rooms {
        engine.join(room, seat(0))?;
    }
    let mut failed = engine.gather(Duration::from_secs(30))?;
    for room in 0..shape.rooms {
        for client in 1..shape.clients {
            engine.join(room, seat(client))?;
        }
    }
    failed += engine.gather(Duration::from_secs(30))?;
    engine.open_paragraphs().context("setting up the rooms")?;
    Ok((engine, failed))
}

/// Types for so long and counts.
pub fn measure(engine: &mut Engine, running: &Running, seconds: f64) -> anyhow::Result<Typing> {
    let time = Duration::from_secs_f64(seconds);
    let flushes = running.flushes();
    let (server, bench) = (machine::cpu_seconds(running.pid())?, machine::own_cpu_seconds()?);
    engine.measure(time);
    engine.until(time, |_| false)?;
    let server_cpu = machine::cpu_seconds(running.pid())? - server;
    let bench_cpu = machine::own_cpu_seconds()? - bench;
    engine.stop_typing();
    engine.until(DRAIN, |engine| engine.tally.latency.len() as u64 >= engine.tally.owed)?;
    let tally = std::mem::take(&mut engine.tally);
    Ok(Typing {
        seconds,
        server_cpu,
        bench_cpu,
        delivered: tally.delivered,
        sent: tally.sent,
        owed: tally.owed,
        arrived: tally.latency.len() as u64,
        stalled: tally.stalled,
        frames: tally.frames,
        aware: tally.aware,
        gaps: tally.gaps,
        unread: tally.unread,
        closed: tally.closed,
        failed_joins: 0,
        flush_mean_ms: running.flush_mean_ms(flushes)?,
        rss_kib: machine::rss_kib(running.pid()),
        latency: tally.latency,
        late: tally.late,
    })
}

/// One run.
pub fn run(
    setup: &Setup,
    kind: Kind,
    dir: &Path,
    shape: Shape,
    seconds: f64,
    seed: u64,
) -> anyhow::Result<Typing> {
    let running = setup.start(kind, dir)?;
    let (mut engine, failed_joins) = assemble(&running, shape)?;
    engine.start_typing(seed);
    engine.until(WARM, |_| false)?;
    let mut done = measure(&mut engine, &running, seconds)?;
    done.failed_joins = failed_joins;
    drop(engine);
    running.stop()?;
    Ok(done)
}

/// Doubles the rate until the server no longer keeps up, then halves the step until it is a quarter of the rate.
pub fn top_rate(setup: &Setup, kind: Kind, dir: &Path, scale: &Scale, seed: u64) -> anyhow::Result<Figures> {
    let shape = |rate| Shape { rooms: 20, clients: 10, writers: 5, rate };
    let (mut best, mut worst) = (0.0, f64::INFINITY);
    let (mut held, mut failed) = (Figures::new(), Figures::new());
    let mut rate = RATE_FROM;
    for _ in 0..STEPS_MAX {
        let inside = dir.join(format!("{rate:.0}"));
        std::fs::create_dir_all(&inside)?;
        let mut done = run(setup, kind, &inside, shape(rate), scale.seconds, seed)?;
        std::fs::remove_dir_all(&inside)?;
        let kept_up = done.kept_up(&shape(rate));
        eprintln!(
            "  {:.0} deliveries/s: p99 {:.1} ms, kept up: {kept_up}",
            shape(rate).offered(),
            done.p99_ms()
        );
        if kept_up {
            (best, held) = (rate, done.figures());
        } else {
            (worst, failed) = (rate, done.figures());
        }
        rate = if worst.is_infinite() { rate * 2.0 } else { f64::midpoint(best, worst) };
        if worst - best <= best / 4.0 || rate < RATE_FROM / 8.0 {
            break;
        }
    }
    let of = |figures: &Figures, name: &str| figures.get(name).copied().unwrap_or(f64::NAN);
    Ok(figures([
        ("top_deliveries_per_s", shape(best).offered()),
        ("p99_ms", of(&held, "p99_ms")),
        ("us_per_key", of(&held, "us_per_key")),
        ("held_bench_cpu_percent", of(&held, "bench_cpu_percent")),
        // Of the run that failed: near 100, or a large lag, means that the generator was the limit.
        ("bench_cpu_percent", of(&failed, "bench_cpu_percent")),
        ("bench_late_p99_ms", of(&failed, "bench_late_p99_ms")),
        ("server_cpu_percent", of(&failed, "server_cpu_percent")),
    ]))
}
