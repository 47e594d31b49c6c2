//! When the rooms of a shard commit: all that have something, in the same moment, so that one flush serves them; and
//! no sooner after the last time than a window that grows with the load. A quiet server does not wait.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use tokio::{sync::Notify, time::Instant};

use super::{alarm::Alarm, shard::Shared};
use crate::{
    journal::{Gathering, Journal},
    limits::{COMMIT_WINDOW_FULL_AT, COMMIT_WINDOW_MAX},
};

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
    fn at(self, deliveries: f64) -> Duration {
        let share = (deliveries / COMMIT_WINDOW_FULL_AT).clamp(0.0, 1.0).powf(0.6);
        self.min + (self.max - self.min).mul_f64(share)
    }
}

/// How many changes reach readers in a second, of late.
#[derive(Default)]
struct Load {
    since_opening: u64,
    a_second: f64,
}

impl Load {
    /// What is older than this hardly counts.
    const MEMORY: f64 = 0.25;

    /// A round ends that took so long.
    fn turn(&mut self, took: Duration) {
        let seconds = took.as_secs_f64().max(1e-6);
        let keeps = (-seconds / Self::MEMORY).exp();
        let now = std::mem::take(&mut self.since_opening) as f64 / seconds;
        self.a_second = keeps * self.a_second + (1.0 - keeps) * now;
    }
}

/// The rounds of a shard.
pub(super) struct Pump {
    window: Window,
    journal: Arc<dyn Journal>,
    rounds: RefCell<Rounds>,
    alarm: Alarm,
    /// A round began.
    opened: Notify,
    /// A place was taken, or the last append of a round has returned.
    changed: Notify,
}

#[derive(Default)]
struct Rounds {
    /// Rounds that have begun.
    begun: u64,
    at: Option<Instant>,
    /// Places that wait for the next round.
    waiting: usize,
    /// Places of this round that have not handed in.
    outside: usize,
    /// Places of this round whose appends have not returned.
    under_way: usize,
    /// Has the journal wait for those that have not handed in.
    gathering: Option<Gathering>,
    load: Load,
}

/// A room's place in the next round.
pub(super) struct Place {
    pump: Rc<Pump>,
    /// It may append once more rounds than these have begun.
    after: u64,
    handed_in: bool,
}

impl Pump {
    pub(super) fn new(shared: &Shared, alarm: Alarm) -> Rc<Self> {
        Rc::new(Self {
            window: shared.tuning.window,
            journal: shared.journal.clone(),
            rounds: RefCell::default(),
            alarm,
            opened: Notify::new(),
            changed: Notify::new(),
        })
    }

    /// Begins a round whenever somebody waits, the last one is over, and its window too. For ever.
    pub(super) async fn run(self: Rc<Self>) {
        loop {
            match self.begins_at() {
                None => self.changed.notified().await,
                Some(at) if at > Instant::now() => self.alarm.at(at).await,
                Some(_) => self.begin(),
            }
        }
    }

    /// `None`: nobody waits, or a round is under way.
    fn begins_at(&self) -> Option<Instant> {
        let rounds = self.rounds.borrow();
        if rounds.waiting == 0 || rounds.under_way > 0 {
            return None;
        }
        let window = self.window.at(rounds.load.a_second);
        Some(rounds.at.map_or_else(Instant::now, |at| at + window))
    }

    fn begin(&self) {
        let mut rounds = self.rounds.borrow_mut();
        let now = Instant::now();
        if let Some(before) = rounds.at.replace(now) {
            rounds.load.turn(now.duration_since(before));
        }
        rounds.begun += 1;
        let waiting = std::mem::take(&mut rounds.waiting);
        rounds.outside = waiting;
        rounds.under_way = waiting;
        rounds.gathering = Some(self.journal.gather());
        drop(rounds);
        self.opened.notify_waiters();
    }

    /// A place in the next round.
    pub(super) fn place(self: &Rc<Self>) -> Place {
        let mut rounds = self.rounds.borrow_mut();
        rounds.waiting += 1;
        self.changed.notify_one();
        Place { pump: self.clone(), after: rounds.begun, handed_in: false }
    }

    /// So many readers were shown a change.
    pub(super) fn delivered(&self, readers: usize) {
        self.rounds.borrow_mut().load.since_opening += readers as u64;
    }
}

impl Place {
    /// Whether the round has begun.
    pub(super) fn is_open(&self) -> bool {
        self.pump.rounds.borrow().begun > self.after
    }

    /// Waits for the round.
    pub(super) async fn opened(&self) {
        let opened = self.pump.opened.notified();
        if !self.is_open() {
            opened.await;
        }
    }

    /// The append is on its way.
    pub(super) fn hand_in(&mut self) {
        if self.is_open() && !std::mem::replace(&mut self.handed_in, true) {
            self.pump.rounds.borrow_mut().hand_in();
        }
    }
}

impl Rounds {
    fn hand_in(&mut self) {
        self.outside -= 1;
        if self.outside == 0 {
            self.gathering = None;
        }
    }
}

impl Drop for Place {
    /// The append has returned, or there is none.
    fn drop(&mut self) {
        let mut rounds = self.pump.rounds.borrow_mut();
        if rounds.begun == self.after {
            rounds.waiting -= 1;
            return;
        }
        if !self.handed_in {
            rounds.hand_in();
        }
        rounds.under_way -= 1;
        if rounds.under_way == 0 {
            self.pump.changed.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::MemoryJournal;

    fn pump(window: &str) -> Rc<Pump> {
        Rc::new(Pump {
            window: window.parse().unwrap(),
            journal: Arc::new(MemoryJournal::new()),
            rounds: RefCell::default(),
            alarm: Alarm::Coarse,
            opened: Notify::new(),
            changed: Notify::new(),
        })
    }

    async fn running(pump: &Rc<Pump>, test: impl Future<Output = ()>) {
        tokio::select! {
            () = pump.clone().run() => {}
            () = test => {}
        }
    }

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
        let mut load = Load::default();
        for _ in 0..200 {
            load.since_opening = 50;
            load.turn(Duration::from_millis(10));
        }
        assert!((load.a_second - 5_000.0).abs() < 50.0, "{}", load.a_second);
        load.turn(Duration::from_secs(2));
        assert!(load.a_second < 5.0, "{}", load.a_second);
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_to_a_quiet_shard_does_not_wait_and_the_next_waits_for_the_window() {
        let pump = pump("10");
        let began = Instant::now();
        running(&pump, async {
            let place = pump.place();
            place.opened().await;
            assert_eq!(began.elapsed().as_millis(), 0);
            drop(place);
            let (one, other) = (pump.place(), pump.place());
            tokio::join!(one.opened(), other.opened());
            assert_eq!(began.elapsed().as_millis(), 10);
        })
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_round_waits_for_the_last_append_of_this_one() {
        let pump = pump("0");
        running(&pump, async {
            let (mut one, two) = (pump.place(), pump.place());
            tokio::join!(one.opened(), two.opened());
            one.hand_in();
            let next = pump.place();
            drop(two);
            let waits = tokio::time::timeout(Duration::from_secs(5), next.opened());
            assert!(waits.await.is_err());
            drop(one);
            next.opened().await;
        })
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_a_place_up_holds_nobody() {
        let pump = pump("0");
        running(&pump, async {
            drop(pump.place());
            let place = pump.place();
            place.opened().await;
            drop(place);
            assert_eq!(pump.rounds.borrow().under_way, 0);
            assert!(pump.rounds.borrow().gathering.is_none());
        })
        .await;
    }
}
