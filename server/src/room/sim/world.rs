//! One run: the people, their copies, the server's processes one after another on one disk, and all that is known of
//! what was written, seen and promised.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    time::Duration,
};

use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::{sync::watch, time::Instant};

use super::{
    copy::Copy,
    deeds::Deeds,
    exec::Exec,
    ink::Ink,
    plan::Plan,
    rights::{Right, Rights},
    witness::Seen,
};
use crate::{
    clock::Clock,
    ids::{DocumentName, ParticipantId, ReportId, SectionId},
    journal::sim::SimDisk,
    protocol::Dialect,
    room::Rooms,
};

pub(super) const REPORT: ReportId = ReportId::from_bytes([1; 16]);

/// A lie of the network, to show that the simulation notices what a room must never do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Lie {
    /// A frame to a client is lost, and the connection stays: a change dropped from the fan-out.
    LosesAFrame,
    /// Every change is confirmed when it is sent.
    ConfirmsAtOnce,
    /// A message is handed over at somebody else's seat: a change taken with the wrong right and name.
    MixesSeatsUp,
}

/// All of a run. Tasks share it, and hold no borrow across an await.
pub(super) struct World {
    pub(super) plan: Plan,
    pub(super) lie: Option<Lie>,
    pub(super) disk: SimDisk,
    pub(super) exec: Exec,
    pub(super) began: Instant,
    dice: RefCell<StdRng>,
    /// Of the process that runs now.
    pub(super) rooms: RefCell<Option<Rooms>>,
    /// Grows with each crash; connections end with it.
    pub(super) crashes: watch::Sender<u64>,
    /// Of each person: until when they are without a network.
    pub(super) away: Vec<watch::Sender<Instant>>,
    /// Of each person: until when they take nothing.
    pub(super) stalled: Vec<Cell<Instant>>,
    /// Of each person: of the review document, and of each section.
    pub(super) copies: Vec<Vec<RefCell<Copy>>>,
    pub(super) ready: Vec<Vec<tokio::sync::Notify>>,
    pub(super) rights: RefCell<Rights>,
    pub(super) ink: RefCell<Ink>,
    pub(super) seen: Vec<RefCell<Seen>>,
    pub(super) deeds: RefCell<Deeds>,
    clients: RefCell<Vec<u64>>,
    failure: RefCell<Option<String>>,
    trace: Cell<u64>,
    /// How often what was noted happened.
    counts: RefCell<BTreeMap<&'static str, u64>>,
    /// What happens is printed.
    log: bool,
    /// Nothing goes wrong any more.
    pub(super) healing: Cell<bool>,
    clock: RefCell<Clock>,
}

pub(super) type W = Rc<World>;

/// What happened in a run, in short.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Ran {
    /// The hash of all that was noted, in order.
    pub(super) trace: u64,
    /// How often each thing happened.
    pub(super) counts: BTreeMap<&'static str, u64>,
}

/// Yjs clients are below this, so that none of their numbers reads as a character (see `ink`).
const CLIENTS: u64 = 1 << 14;

/// The document of a part: 0 is the review, then come the sections.
pub(super) fn document(part: usize) -> DocumentName {
    match part {
        0 => DocumentName::review(REPORT),
        number => DocumentName::body(REPORT, section(number - 1)),
    }
}

pub(super) fn section(number: usize) -> SectionId {
    SectionId::from_bytes([10 + number as u8; 16])
}

pub(super) fn participant(who: usize) -> ParticipantId {
    ParticipantId::from_bytes([100 + who as u8; 16])
}

impl World {
    pub(super) fn new(plan: Plan, lie: Option<Lie>, disk: SimDisk, exec: Exec) -> Self {
        let mut dice = StdRng::seed_from_u64(plan.seed ^ 0x5EED);
        let now = Instant::now();
        let rights = Rights::of(&plan);
        let (people, parts) = (plan.people.len(), plan.sections + 1);
        let mut clients = Vec::new();
        let mut copy = |who: usize, part: usize| {
            let sure = part > 0 && rights.right(who, part - 1) == Right::Yes;
            let dialect = if plan.people[who].addressed { Dialect::Addressed } else { Dialect::Plain };
            RefCell::new(Copy::new(document(part), dialect, fresh(&mut dice, &mut clients), sure))
        };
        let copies =
            (0..people).map(|who| (0..parts).map(|part| copy(who, part)).collect()).collect::<Vec<Vec<_>>>();
        let clock = RefCell::new(Clock::fixed(start(), 0));
        Self {
            lie,
            disk,
            exec,
            began: now,
            rooms: RefCell::default(),
            crashes: watch::Sender::new(0),
            away: (0..people).map(|_| watch::Sender::new(now)).collect(),
            stalled: (0..people).map(|_| Cell::new(now)).collect(),
            ready: copies.iter().map(|of| of.iter().map(|_| Default::default()).collect()).collect(),
            copies,
            rights: RefCell::new(rights),
            ink: RefCell::default(),
            seen: (0..parts).map(|_| RefCell::default()).collect(),
            deeds: RefCell::default(),
            clients: RefCell::new(clients),
            failure: RefCell::default(),
            trace: Cell::new(0xCBF2_9CE4_8422_2325),
            counts: RefCell::default(),
            log: std::env::var_os("PLENARY_SIM_LOG").is_some(),
            healing: Cell::new(false),
            clock,
            dice: RefCell::new(dice),
            plan,
        }
    }

    /// A number below `bound`, or 0.
    pub(super) fn roll(&self, bound: u64) -> u64 {
        self.dice.borrow_mut().random_range(0..bound.max(1))
    }

    /// Sleeps for up to so many milliseconds.
    pub(super) async fn while_passes(&self, ms: u64) {
        let ms = self.roll(ms + 1);
        if ms > 0 {
            tokio::time::sleep(Duration::from_millis(ms)).await;
        }
    }

    /// How long a frame is on its way. No connection of a healing network is slow.
    pub(super) async fn on_the_way(&self) {
        let ms = if self.healing.get() { 1 } else { self.plan.network };
        self.while_passes(ms).await;
    }

    /// A process's clock: it shows the time of the run, and draws ids that no other process does.
    pub(super) fn start_clock(&self, process: u64) -> Clock {
        let clock = Clock::fixed(start(), self.plan.seed.wrapping_mul(1_000).wrapping_add(process));
        clock.advance(self.began.elapsed());
        self.clock.replace(clock.clone());
        clock
    }

    /// The process's clock goes on.
    pub(super) fn tick(&self) {
        let clock = self.clock.borrow();
        let shows = clock.now().duration_since(start());
        let shows = Duration::try_from(shows).unwrap_or_default();
        clock.advance(self.began.elapsed().saturating_sub(shows));
    }

    /// A Yjs client id that was never used.
    pub(super) fn fresh_client(&self) -> u64 {
        fresh(&mut self.dice.borrow_mut(), &mut self.clients.borrow_mut())
    }

    /// Something is not as it must be. The first failure counts.
    pub(super) fn fail(&self, why: impl Into<String>) {
        let mut failure = self.failure.borrow_mut();
        if failure.is_none() {
            *failure = Some(format!("after {:?}: {}", self.began.elapsed(), why.into()));
        }
    }

    pub(super) fn check<T>(&self, outcome: Result<T, String>) -> Option<T> {
        outcome.map_err(|why| self.fail(why)).ok()
    }

    pub(super) fn failure(&self) -> Option<String> {
        self.failure.borrow().clone()
    }

    /// Notes an event of the run: two runs of one plan note the same.
    pub(super) fn note(&self, what: &'static str, numbers: &[u64]) {
        *self.counts.borrow_mut().entry(what).or_default() += 1;
        let mut hash = self.trace.get();
        let mut mix = |byte: u8| hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
        what.bytes().for_each(&mut mix);
        let at = self.began.elapsed().as_millis() as u64;
        numbers.iter().chain([&at]).flat_map(|number| number.to_le_bytes()).for_each(&mut mix);
        self.trace.set(hash);
        if self.log {
            eprintln!("{at:>8} ms  {what} {numbers:?}");
        }
    }

    /// Prints more about what was noted, for whoever looks for the cause of a failure.
    pub(super) fn tell(&self, what: impl FnOnce() -> String) {
        if self.log {
            eprintln!("             {}", what());
        }
    }

    /// What happened, in short.
    pub(super) fn ran(&self) -> Ran {
        let mut counts = self.counts.borrow().clone();
        counts.extend(self.disk.counts());
        Ran { trace: self.trace.get(), counts }
    }

    /// A copy is thrown away, and a fresh one takes its place.
    pub(super) fn start_afresh(&self, who: usize, part: usize) {
        let client = self.fresh_client();
        let sure = part > 0 && self.rights.borrow().right(who, part - 1) == Right::Yes;
        let addressed = self.plan.people[who].addressed;
        let dialect = if addressed { Dialect::Addressed } else { Dialect::Plain };
        let fresh = Copy::new(document(part), dialect, client, sure);
        let old = self.copies[who][part].replace(fresh);
        self.ink.borrow_mut().abandon(old.client);
    }

    /// A right may change now: nothing is certain of copies that it touches.
    pub(super) fn unsettle(&self, touches: impl Fn(usize, usize) -> bool) {
        for (who, copies) in self.copies.iter().enumerate() {
            for (part, copy) in copies.iter().enumerate().skip(1) {
                if touches(who, part - 1) {
                    copy.borrow_mut().sure = false;
                    self.ink.borrow_mut().forgive(copy.borrow().client);
                }
            }
        }
    }
}

fn start() -> Timestamp {
    Timestamp::from_second(1_764_000_000).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn fresh(dice: &mut StdRng, used: &mut Vec<u64>) -> u64 {
    loop {
        let client = dice.random_range(2..CLIENTS);
        if !used.contains(&client) {
            used.push(client);
            return client;
        }
    }
}
