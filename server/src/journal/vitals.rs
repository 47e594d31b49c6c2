//! How writing goes, for operators: a few atomics that the committer sets and anyone may look at.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// How writing goes at the moment. The default is a journal that has nothing to tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Vitals {
    /// A write has failed. Nothing is confirmed any more, and the process must leave.
    pub failed: bool,
    /// The disk is nearly full, as of the newest change: none is taken until it has space again.
    pub low_space: bool,
    /// How long the commit that is under way takes already; `None` between commits. Some milliseconds on a healthy
    /// disk; after `limits::FLUSH_TIME_MAX` the journal fails.
    pub commit_under_way: Option<Duration>,
    /// How long ago the newest commit became durable; `None` before the first one since opening.
    pub since_commit: Option<Duration>,
    /// How long that commit's flush took.
    pub flush: Option<Duration>,
    /// Requests that wait for the next commit.
    pub waiting: usize,
    /// Documents whose older entries wait to be packed.
    pub packing: usize,
}

/// What the committer notes of itself. Times are in microseconds, plus one; 0 is none.
pub(super) struct Pulse {
    /// All times of day are counted from here.
    start: Instant,
    began: AtomicU64,
    durable: AtomicU64,
    flush: AtomicU64,
    low_space: AtomicBool,
}

impl Pulse {
    pub(super) fn new() -> Self {
        let none = AtomicU64::default;
        let low_space = AtomicBool::new(false);
        Self { start: Instant::now(), began: none(), durable: none(), flush: none(), low_space }
    }

    pub(super) fn commit_began(&self, at: Instant) {
        self.began.store(some(at.saturating_duration_since(self.start)), Relaxed);
    }

    /// A commit ended, with or without a flush.
    pub(super) fn commit_ended(&self, flush: Option<Duration>) {
        if let Some(flush) = flush {
            self.flush.store(some(flush), Relaxed);
            self.durable.store(some(self.start.elapsed()), Relaxed);
        }
        self.began.store(0, Relaxed);
    }

    pub(super) fn low_space(&self, low: bool) {
        self.low_space.store(low, Relaxed);
    }

    /// How long the commit under way takes already.
    pub(super) fn commit_under_way(&self) -> Option<Duration> {
        self.since(&self.began)
    }

    /// All that the pulse tells; the rest is not its own.
    pub(super) fn vitals(&self) -> Vitals {
        Vitals {
            low_space: self.low_space.load(Relaxed),
            commit_under_way: self.commit_under_way(),
            since_commit: self.since(&self.durable),
            flush: duration(&self.flush),
            ..Vitals::default()
        }
    }

    fn since(&self, time: &AtomicU64) -> Option<Duration> {
        duration(time).map(|at| self.start.elapsed().saturating_sub(at))
    }
}

fn some(time: Duration) -> u64 {
    (time.as_micros() as u64).saturating_add(1)
}

fn duration(time: &AtomicU64) -> Option<Duration> {
    time.load(Relaxed).checked_sub(1).map(Duration::from_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_tells_of_the_commit_under_way_and_of_the_newest_durable_one() {
        let pulse = Pulse::new();
        assert_eq!(pulse.vitals(), Vitals::default());
        pulse.commit_began(Instant::now());
        assert!(pulse.commit_under_way().is_some());
        pulse.commit_ended(None);
        assert_eq!(pulse.vitals(), Vitals::default(), "nothing was written");
        pulse.commit_began(Instant::now());
        pulse.commit_ended(Some(Duration::from_millis(3)));
        let vitals = pulse.vitals();
        assert_eq!((vitals.commit_under_way, vitals.flush), (None, Some(Duration::from_millis(3))));
        assert!(vitals.since_commit.is_some_and(|since| since < Duration::from_secs(60)));
    }
}
