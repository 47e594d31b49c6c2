//! The commit window, and the load that it grows with.

use std::time::Duration;

use crate::limits::{COMMIT_WINDOW_FULL_AT, COMMIT_WINDOW_MAX};

/// How long rooms gather before they commit together: from `min`, when nothing goes on, to `max`, when much does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    min: Duration,
    max: Duration,
}

impl Default for Window {
    fn default() -> Self {
        Self { min: Duration::ZERO, max: COMMIT_WINDOW_MAX }
    }
}

/// Not a window: the reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a commit window is a number of milliseconds up to 1000, or two of them as 0..10")]
pub struct NotAWindow;

impl std::str::FromStr for Window {
    type Err = NotAWindow;

    /// `0..10`: from none to ten milliseconds; `10`: always ten.
    fn from_str(text: &str) -> Result<Self, NotAWindow> {
        let (min, max) = text.split_once("..").unwrap_or((text, text));
        let millis = |text: &str| text.parse().map(Duration::from_millis).map_err(|_| NotAWindow);
        let (min, max) = (millis(min)?, millis(max)?);
        if min <= max && max <= Duration::from_secs(1) { Ok(Self { min, max }) } else { Err(NotAWindow) }
    }
}

impl Window {
    /// For this many deliveries a second. Faster than they at first, since at little load a commit costs more than all
    /// that it delivers; measured, not derived.
    pub(super) fn at(self, deliveries: f64) -> Duration {
        let share = (deliveries / COMMIT_WINDOW_FULL_AT).clamp(0.0, 1.0).powf(0.6);
        self.min + (self.max - self.min).mul_f64(share)
    }
}

/// How much goes on, of late.
#[derive(Default)]
pub(super) struct Load {
    changes: Rate,
    /// Changes that reach readers, once for each.
    deliveries: Rate,
}

impl Load {
    /// So much went on in this round.
    pub(super) fn add(&mut self, changes: usize, deliveries: usize) {
        self.changes.since_opening += changes;
        self.deliveries.since_opening += deliveries;
    }

    /// A second.
    pub(super) fn changes(&self) -> f64 {
        self.changes.a_second
    }

    /// A second.
    pub(super) fn deliveries(&self) -> f64 {
        self.deliveries.a_second
    }

    /// A round ends that took so long.
    pub(super) fn turn(&mut self, took: Duration) {
        self.changes.turn(took);
        self.deliveries.turn(took);
    }
}

#[derive(Default)]
struct Rate {
    since_opening: usize,
    a_second: f64,
}

impl Rate {
    /// What is older than this hardly counts.
    const MEMORY: f64 = 0.25;

    fn turn(&mut self, took: Duration) {
        let seconds = took.as_secs_f64().max(1e-6);
        let keeps = (-seconds / Self::MEMORY).exp();
        let now = std::mem::take(&mut self.since_opening) as f64 / seconds;
        self.a_second = keeps * self.a_second + (1.0 - keeps) * now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_one_bound_or_two() {
        let millis = Duration::from_millis;
        assert_eq!("10".parse(), Ok(Window { min: millis(10), max: millis(10) }));
        assert_eq!("0..25".parse(), Ok(Window { min: millis(0), max: millis(25) }));
        for wrong in ["", "..", "5..", "9..3", "-1", "2000", "1.5", "a"] {
            assert_eq!(wrong.parse::<Window>(), Err(NotAWindow), "{wrong}");
        }
    }

    #[test]
    fn the_window_grows_with_the_load_within_its_bounds() {
        let window: Window = "2..10".parse().unwrap();
        let millis = |deliveries| window.at(deliveries).as_millis();
        assert_eq!(
            [0.0, COMMIT_WINDOW_FULL_AT / 16.0, COMMIT_WINDOW_FULL_AT, 1e9].map(millis),
            [2, 3, 10, 10]
        );
        assert!(window.at(4_000.0) < window.at(8_000.0));
    }

    #[test]
    fn the_load_is_that_of_late() {
        let mut load = Rate::default();
        for _ in 0..200 {
            load.since_opening = 50;
            load.turn(Duration::from_millis(10));
        }
        assert!((load.a_second - 5_000.0).abs() < 50.0, "{}", load.a_second);
        load.turn(Duration::from_secs(2));
        assert!(load.a_second < 5.0, "{}", load.a_second);
    }
}
