//! The committer: it owns all writes, one commit after the other. It takes what waits, from all documents, writes it in
//! order, flushes once, and only then confirms all of it. Being the only writer, it is also where claims are counted and
//! fences held.
//! What is only appended goes to the write-ahead log (`wal`), all else to the database, and with it whatever the log
//! holds of its documents: so the database's head of a document never speaks of entries that it lacks.

use std::{
    collections::{BTreeMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use parking_lot::Mutex;

use super::{
    JournalError, Kind, NewEntry,
    action::{Action, Done, Reply},
    directory::{Witness, panic_text},
    head::Head,
    queue::Queue,
    record::{self, Commit, StoredHead},
    space::Space,
    store::{Published, Store},
    wal::{Run, Wal},
    writing::{CLEAN_KEYS_MAX, encode_run},
};
use crate::{
    clock::Clock,
    ids::{DocId, ParticipantId},
    limits,
    measure::meter,
};

/// Below this, waiting for a flush is cheaper than having another thread do it; a busy room's thread would rest for
/// longer.
const QUICK_FLUSH_MAX: Duration = Duration::from_millis(1);
/// How long the committer's thread waits for its turn before it looks at the flush under way.
const WATCH_EVERY: Duration = Duration::from_secs(1);

/// When the committer's thread wakes by itself.
fn moment(settle_at: Option<Instant>, look_every: Duration) -> Instant {
    let look_at = Instant::now() + look_every;
    settle_at.map_or(look_at, |settle_at| settle_at.min(look_at))
}

/// Why nothing more can be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0}")]
    Sled(#[from] sled::Error),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("a commit took {0:?}")]
    Slow(Duration),
    #[error("{0}")]
    Read(#[from] JournalError),
}

/// The state of the committer's thread.
pub(super) struct Committer {
    pub(super) store: Arc<Store>,
    pub(super) commit: Commit,
    pub(super) wal: Wal,
    /// How long flushes of the log took: each counts a sixteenth.
    pub(super) flush_of_late: Duration,
    /// When the log got its first commit.
    pub(super) log_since: Option<Instant>,
    /// Documents of which the log before may hold what the database lacks.
    pub(super) settling: Vec<DocId>,
    pub(super) witness: Witness,
    pub(super) clock: Clock,
    pub(super) space: Space,
    /// Documents whose leftovers of an unfinished commit were looked for.
    pub(super) swept: HashSet<DocId>,
}

/// What is written and not yet durable.
#[derive(Default)]
pub(super) struct Group {
    pub(super) heads: BTreeMap<DocId, Head>,
    /// Entries that the heads speak of.
    pub(super) runs: Vec<Run>,
    /// Something of it is in the database or belongs there, so all of it does.
    pub(super) stored: bool,
}

impl Group {
    fn bytes(&self) -> usize {
        self.runs.iter().map(|run| run.records.len()).sum()
    }
}

impl Committer {
    /// The committer's thread: serves requests until nobody can send one, or until the first failure: sled's errors
    /// stick, and after a failed flush nobody knows what is on disk.
    pub(super) fn run(committer: &Mutex<Self>, store: &Store, queue: &Arc<Queue>) {
        let _serving = queue.serving();
        // Whoever gathered may hang in a flush of its own, with nobody else left to ask: this thread looks now and then.
        let look_every = store.patience.flush_time / 2;
        let mut settle_at = None;
        while queue.wait(moment(settle_at, look_every)) {
            // Who holds it may be in a flush that does not return.
            let Some(mut committer) = committer.try_lock_for(WATCH_EVERY) else {
                store.check_commit();
                if store.failed() {
                    return;
                }
                continue;
            };
            if store.failed() || !committer.turn(queue) || committer.guarded(Self::settle_some).is_none() {
                return;
            }
            settle_at = committer.settle_at();
        }
        committer.lock().guarded(Self::settle_all);
    }

    /// Takes what waits, does it and answers. False at the first failure.
    pub(super) fn turn(&mut self, queue: &Queue) -> bool {
        let (actions, waiting) = queue.take();
        if actions.is_empty() {
            return true;
        }
        // On a failure `waiting` is dropped after it is known: who learns `Unknown` also learns that it is over.
        let Some(replies) = self.guarded(|committer| committer.serve(actions)) else { return false };
        for (waiting, reply) in waiting.into_iter().zip(replies) {
            // Whoever asked may have left.
            drop(waiting.send(reply));
        }
        true
    }

    /// Whether a flush of the log takes so little that the thread that asks may do it itself.
    pub(super) fn is_quick(&self) -> bool {
        self.flush_of_late < QUICK_FLUSH_MAX
    }

    /// Does some work; a failure or a panic is the end.
    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Failure>) -> Option<T> {
        let failure = match catch_unwind(AssertUnwindSafe(|| work(self))) {
            Ok(Ok(done)) => return Some(done),
            Ok(Err(failure)) => failure.to_string(),
            Err(panic) => panic_text(&*panic).to_owned(),
        };
        self.store.fail(&failure);
        None
    }

    /// Does what is asked, in order, and makes it durable. Only then are there replies.
    fn serve(&mut self, actions: Vec<(DocId, Action)>) -> Result<Vec<Reply>, Failure> {
        let began = Instant::now();
        self.store.pulse.commit_began(began);
        let mut group = Group::default();
        let mut replies = Vec::with_capacity(actions.len());
        for (doc, action) in actions {
            replies.push(self.apply(&mut group, doc, action)?);
        }
        let mut flushed = None;
        if group.stored || !group.heads.is_empty() {
            let large = group.bytes() > limits::COMMIT_BYTES_MAX;
            let stored = group.stored || large;
            flushed =
                Some(if stored { self.store_group(group, began) } else { self.log_group(group, began) }?);
            meter().committed(began.elapsed());
        }
        self.store.pulse.commit_ended(flushed);
        Ok(replies)
    }

    /// Writes what is asked, or says why not; then nothing of it was written.
    fn apply(&mut self, group: &mut Group, doc: DocId, action: Action) -> Result<Reply, Failure> {
        let mut head = match group.heads.get(&doc) {
            Some(head) => head.clone(),
            None => match self.store.subscribe(doc) {
                Ok(published) => published.borrow().head.clone(),
                Err(unreadable) => return Ok(Err(unreadable)),
            },
        };
        if self.swept.insert(doc) {
            group.stored |= self.sweep(doc, &head)?;
        }
        if let Some(Err(fenced)) = action.epoch().map(|epoch| head.check_fence(epoch)) {
            return Ok(Err(fenced));
        }
        if action.adds() {
            let low = self.space.check(self.store.free_bytes_min.load(Relaxed)).err();
            self.store.pulse.low_space(low.is_some());
            if let Some(low) = low {
                return Ok(Err(low));
            }
        }
        let before = head.clone();
        let mut more = false;
        let appends = matches!(action, Action::Append { .. });
        match action {
            Action::Claim { node } => {
                head.epoch += 1;
                let (participant, bytes) = (ParticipantId::ADMINISTRATOR, node.into());
                let at_us = self.clock.now().as_microsecond();
                let entry = NewEntry { at_us, participant, kind: Kind::Claim, bytes };
                group.runs.push(encode_run(doc, &mut head, vec![entry]));
            }
            Action::Append { batch, .. } => group.runs.push(encode_run(doc, &mut head, batch)),
            Action::Pieces { first, pieces, .. } => {
                self.write_pieces(doc, head.generation + 1, first, &pieces)?;
                group.stored = true;
            }
            Action::Snapshot { generation, .. } => {
                if let Err(refusal) = head.check_snapshot(generation.upto) {
                    return Ok(Err(refusal));
                }
                head.set_snapshot(generation);
            }
            Action::Truncate { upto, .. } => head.truncate(upto),
            Action::Pack { from, upto, first, pieces, whole } => {
                if let Err(refusal) = head.check_pack(from, upto) {
                    return Ok(Err(refusal));
                }
                self.write_block(doc, from, upto, first, &pieces)?;
                group.stored = true;
                if whole {
                    head.packed = upto;
                }
            }
            Action::Erase if head.epoch == 0 => {}
            Action::Erase => head.erase(),
            Action::Clean => {
                let removed = self.clean(doc)?;
                group.stored |= removed > 0;
                more = removed == CLEAN_KEYS_MAX;
            }
        }
        let done = Done { epoch: head.epoch, last: head.last, more };
        if head != before {
            group.stored |= !appends;
            group.heads.insert(doc, head);
        }
        Ok(Ok(done))
    }

    /// Makes a group durable in the log; its heads follow when it is settled. Says how long that took.
    fn log_group(&mut self, group: Group, began: Instant) -> Result<Duration, Failure> {
        let flushing = Instant::now();
        {
            let _span = tracing::trace_span!("flush", log = ?self.wal.mark()).entered();
            self.wal.append(&group.runs)?;
        }
        let flushed = self.confirm(began, flushing)?;
        self.flush_of_late = (self.flush_of_late * 15 + flushed) / 16;
        self.log_since.get_or_insert(began);
        self.store.recent.add(group.runs);
        self.store.publish_heads(group.heads);
        Ok(flushed)
    }

    /// Makes a group durable in the database, and with it what the log holds of its documents. Says how long the flush
    /// took.
    pub(super) fn store_group(&mut self, group: Group, began: Instant) -> Result<Duration, Failure> {
        let mut runs: BTreeMap<DocId, Vec<Run>> = BTreeMap::new();
        for doc in group.heads.keys() {
            runs.insert(*doc, self.store.recent.of(*doc));
        }
        for run in group.runs {
            runs.entry(run.doc).or_default().push(run);
        }
        for (doc, runs) in &runs {
            self.write_runs(*doc, runs)?;
        }
        let heads = self.write_heads(group.heads)?;
        let flushing = Instant::now();
        {
            let _span = tracing::trace_span!("flush", commit = self.commit.count).entered();
            self.store.db().flush()?;
        }
        let flushed = self.confirm(began, flushing)?;
        self.store.publish(heads);
        self.store.recent.forget(runs.keys());
        Ok(flushed)
    }

    /// Writes the heads, after all they speak of, then the commit, after all of them.
    fn write_heads(&mut self, heads: BTreeMap<DocId, Head>) -> Result<Vec<(DocId, Published)>, Failure> {
        self.commit.count += 1;
        let mut written = Vec::with_capacity(heads.len());
        for (doc, head) in heads {
            let before = self.store.published(doc)?.hash;
            let stored = StoredHead { head, commit: self.commit.count, before };
            let (value, hash) = record::encode_head(doc, &stored);
            self.store.db().insert(record::head_key(doc), value)?;
            self.commit.sum = self.commit.sum.wrapping_sub(before).wrapping_add(hash);
            written.push((doc, Published { head: stored.head, hash }));
        }
        self.store.db().insert(record::COMMIT_KEY, record::encode_commit(self.commit))?;
        Ok(written)
    }

    /// Notes that all that was written is durable, and says how long the flush took.
    fn confirm(&mut self, began: Instant, flushing: Instant) -> Result<Duration, Failure> {
        let flushed = flushing.elapsed();
        meter().flush.observe(flushed.as_secs_f64());
        let took = began.elapsed();
        if self.store.failed() || took > self.store.patience.flush_time {
            return Err(Failure::Slow(took));
        }
        self.witness.write(self.commit.count, self.wal.mark())?;
        Ok(flushed)
    }
}
