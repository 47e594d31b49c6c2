//! When the rooms of a shard commit: all that have something, in the same moment, so that one flush serves them; and
//! no sooner after the last time than a window that grows with the load. A quiet server does not wait.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use tokio::{sync::Notify, time::Instant};

use super::{
    alarm::Alarm,
    rest,
    shard::Shared,
    window::{Load, Window},
};
use crate::{
    journal::{Gathering, Journal},
    limits::REST_CHANGES_MIN,
};

/// The rounds of a shard.
pub(super) struct Pump {
    window: Window,
    journal: Arc<dyn Journal>,
    rounds: RefCell<Rounds>,
    alarm: Alarm,
    /// Whether the thread may rest: it is the shard's own.
    rests: bool,
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
    /// Places of this round may still be taken.
    open: bool,
    /// Has the journal wait for those that have not handed in, and for who may still come.
    gathering: Option<Gathering>,
    load: Load,
}

/// A room's place in a round.
pub(super) struct Place {
    pump: Rc<Pump>,
    /// It may append once more rounds than these have begun.
    after: u64,
    handed_in: bool,
}

impl Pump {
    /// `rests`: it runs on a thread of its own, whose runtime takes rests.
    pub(super) fn new(shared: &Shared, alarm: Alarm, rests: bool) -> Rc<Self> {
        Rc::new(Self {
            window: shared.tuning.window,
            journal: shared.journal.clone(),
            rounds: RefCell::default(),
            alarm,
            rests,
            opened: Notify::new(),
            changed: Notify::new(),
        })
    }

    /// Begins a round whenever somebody waits, the last one is over, and its window too. For ever.
    pub(super) async fn run(self: Rc<Self>) {
        loop {
            self.close();
            match self.begins_at() {
                None => self.changed.notified().await,
                Some(at) if at > Instant::now() => {
                    if !rest::until(at).await {
                        self.alarm.at(at).await;
                    }
                }
                Some(_) => {
                    self.begin(&mut self.rounds.borrow_mut());
                    self.opened.notify_waiters();
                    // What was read together is committed together.
                    rest::others_first().await;
                }
            }
        }
    }

    /// `None`: nobody waits, or a round is under way.
    fn begins_at(&self) -> Option<Instant> {
        let rounds = self.rounds.borrow();
        if rounds.waiting == 0 || rounds.under_way > 0 {
            return None;
        }
        Some(rounds.at.map_or_else(Instant::now, |at| at + self.window_now(&rounds)))
    }

    fn window_now(&self, rounds: &Rounds) -> Duration {
        self.window.at(rounds.load.deliveries())
    }

    /// A round of all who wait, which more may join until it is closed.
    fn begin(&self, rounds: &mut Rounds) {
        rest::cancel();
        let now = Instant::now();
        if let Some(before) = rounds.at.replace(now) {
            rounds.load.turn(now.duration_since(before));
        }
        rounds.begun += 1;
        let waiting = std::mem::take(&mut rounds.waiting);
        rounds.outside = waiting;
        rounds.under_way = waiting;
        rounds.open = true;
        rounds.gathering = Some(self.journal.gather());
    }

    /// Nobody joins the round any more.
    fn close(&self) {
        let mut rounds = self.rounds.borrow_mut();
        rounds.open = false;
        rounds.end_gathering();
    }

    /// A place in the round that is open, in one that may begin now, or in the next.
    pub(super) fn place(self: &Rc<Self>) -> Place {
        let mut rounds = self.rounds.borrow_mut();
        let place = |after| Place { pump: self.clone(), after, handed_in: false };
        if rounds.open {
            rounds.outside += 1;
            rounds.under_way += 1;
            return place(rounds.begun - 1);
        }
        let place = place(rounds.begun);
        let over = |at| at + self.window_now(&rounds) <= Instant::now();
        let begins = rounds.under_way == 0 && rounds.waiting == 0 && rounds.at.is_none_or(over);
        rounds.waiting += 1;
        if begins {
            self.begin(&mut rounds);
        }
        self.changed.notify_one();
        place
    }

    /// So many readers were shown so many changes.
    pub(super) fn delivered(&self, changes: usize, readers: usize) {
        let load = &mut self.rounds.borrow_mut().load;
        load.add(changes, changes * readers);
    }

    /// A round is over: the thread rests for what is left of its window, if by then enough may have come.
    fn end(&self, rounds: &Rounds) {
        let window = self.window_now(rounds);
        let comes = rounds.load.changes() * window.as_secs_f64();
        // Who still joins is not to wait for it.
        if self.rests
            && !rounds.open
            && comes >= REST_CHANGES_MIN
            && let Some(at) = rounds.at
        {
            rest::set(at + window);
        }
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
        self.end_gathering();
    }

    fn end_gathering(&mut self) {
        if self.outside == 0 && !self.open {
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
            self.pump.end(&rounds);
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
            rests: false,
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

    /// The pump has closed the round.
    async fn its_turn_is_over() {
        rest::others_first().await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_to_a_quiet_shard_does_not_wait_and_the_next_waits_for_the_window() {
        let pump = pump("10");
        let began = Instant::now();
        running(&pump, async {
            let place = pump.place();
            place.opened().await;
            assert_eq!(began.elapsed().as_millis(), 0);
            its_turn_is_over().await;
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
            its_turn_is_over().await;
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
    async fn who_comes_in_the_same_moment_joins_the_round_until_its_turn_is_over() {
        let pump = pump("10");
        running(&pump, async {
            let places = [pump.place(), pump.place()];
            assert!(places.iter().all(Place::is_open), "the first one began a round, the other joined");
            assert!(pump.rounds.borrow().gathering.is_some(), "which waits for them");
            its_turn_is_over().await;
            let late = pump.place();
            assert!(!late.is_open());
            drop(places);
            late.opened().await;
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
            its_turn_is_over().await;
            assert!(pump.rounds.borrow().gathering.is_none());
        })
        .await;
    }
}
