//! A journal on a simulated disk, for the simulation of rooms (`room::sim`).
//!
//! `SimDisk` is what survives: records that are flushed, and what was written since. `SimJournal` is one process's
//! view of it: a committer takes what waits, writes it, flushes once and then confirms, as the real one does. A crash
//! keeps all that was flushed and, of the group that was not, a random prefix for each document; a request of which
//! only a part was written counts as not written, since its head is missing. That is weaker than what sled keeps, so
//! that rooms rely on no more than the contract.

mod process;
mod tests;
mod write;

use std::{
    collections::{BTreeMap, VecDeque},
    ops::Range,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use parking_lot::Mutex;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};

pub(crate) use process::SimJournal;

use super::{Entry, head::Head};
use crate::ids::DocId;

/// What goes wrong with the next group commit.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Trouble {
    /// The flush fails: the process says `Unknown` to all from now on, and is to leave.
    FlushFails,
    /// The flush takes so many milliseconds.
    Slow(u16),
    /// The process is killed after the group is written and before it is flushed.
    KilledBeforeFlush,
    /// The process is killed when the group is flushed and nobody was told.
    KilledAfterFlush,
    /// The group's first append is answered `Unknown`; the process goes on.
    Unknown(Fate),
}

/// What became of a write whose outcome was told to be unknown.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Fate {
    Stored,
    Lost,
    /// Decided by chance when the document is claimed again, or the process crashes.
    Open,
}

/// A way in which this journal breaks its promise, to show that the simulation notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Broken {
    /// Confirms what is written and not yet flushed.
    ConfirmsBeforeFlush,
    /// Confirms on arrival: to all but the journal, a room that lets go before its append returned.
    ConfirmsOnArrival,
    /// Now and then loses the last entry of a batch.
    LosesAnEntry,
    /// Now and then records an entry under another's name.
    MixesNamesUp,
    /// Tries a failed flush again and takes the second answer, although the first dropped what was written.
    RetriesFlush,
}

/// How long a write and a flush take, in milliseconds.
type Pace = (Range<u64>, Range<u64>);

/// What survives a crash. Clones share it.
#[derive(Clone)]
pub(crate) struct SimDisk(Arc<Mutex<State>>);

struct State {
    documents: BTreeMap<DocId, Document>,
    /// Written since the last flush, in order.
    unflushed: Vec<Delta>,
    /// Of unknown outcome, still open.
    limbo: BTreeMap<DocId, Delta>,
    troubles: VecDeque<Trouble>,
    /// Writes are answered `Unavailable`: the disk is full.
    full: bool,
    /// Claims, reads and snapshots are answered `Unavailable`.
    down: bool,
    /// What a write and a flush take; `None` takes no time, and yields.
    pace: Option<Pace>,
    chance: StdRng,
    broken: Option<Broken>,
    /// How often what happened.
    counts: BTreeMap<&'static str, u64>,
}

#[derive(Clone, Default)]
struct Document {
    head: Head,
    entries: Vec<Entry>,
    state: Option<Bytes>,
}

/// What one request writes.
struct Delta {
    doc: DocId,
    head: Head,
    entries: Vec<Entry>,
    state: Option<Bytes>,
}

impl Document {
    fn apply(&mut self, delta: Delta) {
        self.entries.extend(delta.entries);
        if delta.head.first() != self.head.first() {
            self.entries.retain(|entry| entry.seq >= delta.head.first());
        }
        self.head = delta.head;
        self.state = if self.head.snapshot.is_none() { None } else { delta.state.or(self.state.take()) };
    }
}

impl SimDisk {
    /// An empty disk whose luck follows from `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            documents: BTreeMap::new(),
            unflushed: Vec::new(),
            limbo: BTreeMap::new(),
            troubles: VecDeque::new(),
            full: false,
            down: false,
            pace: None,
            chance: StdRng::seed_from_u64(seed),
            broken: None,
            counts: BTreeMap::new(),
        })))
    }

    /// How many milliseconds a write and a flush take.
    pub(crate) fn set_pace(&self, write: Range<u64>, flush: Range<u64>) {
        self.0.lock().pace = Some((write, flush));
    }

    pub(crate) fn set_full(&self, full: bool) {
        self.0.lock().full = full;
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.0.lock().down = down;
    }

    /// The next group commit meets this. Troubles queue up.
    pub(crate) fn trouble(&self, trouble: Trouble) {
        self.0.lock().troubles.push_back(trouble);
    }

    pub(crate) fn breaks(&self, broken: Broken) {
        self.0.lock().broken = Some(broken);
    }

    /// Nothing goes wrong from now on.
    pub(crate) fn heal(&self) {
        let mut state = self.0.lock();
        state.troubles.clear();
        state.full = false;
        state.down = false;
    }

    /// The process that wrote here is no more: what was not flushed survives in part.
    pub(crate) fn crash(&self) {
        let state = &mut *self.0.lock();
        let mut cut: BTreeMap<DocId, bool> = BTreeMap::new();
        let limbo = std::mem::take(&mut state.limbo).into_values();
        for delta in limbo.chain(std::mem::take(&mut state.unflushed)) {
            let cut = cut.entry(delta.doc).or_default();
            *cut = *cut || state.chance.random_bool(0.5);
            let what = if *cut { "writes lost by a crash" } else { "writes kept by a crash" };
            *state.counts.entry(what).or_default() += 1;
            if !*cut {
                state.documents.entry(delta.doc).or_default().apply(delta);
            }
        }
    }

    /// How often things happened to it.
    pub(crate) fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().counts.clone()
    }

    /// The record of a document as it is on disk.
    pub(crate) fn entries(&self, doc: DocId) -> Vec<Entry> {
        self.0.lock().documents.get(&doc).map_or(Vec::new(), |document| document.entries.clone())
    }

    async fn pause(&self, which: fn(&Pace) -> &Range<u64>) {
        let wait = {
            let mut state = self.0.lock();
            let range = state.pace.as_ref().map(|pace| which(pace).clone());
            range.map(|range| state.chance.random_range(range))
        };
        match wait {
            Some(0) | None => tokio::task::yield_now().await,
            Some(wait) => tokio::time::sleep(Duration::from_millis(wait)).await,
        }
    }
}
