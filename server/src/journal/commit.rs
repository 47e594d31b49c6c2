//! The committer: one thread that owns all writes. It takes what waits, from all documents, writes it in order, flushes
//! once, and only then confirms all of it. Being the only writer, it is also where claims are counted and fences held.

use std::{
    collections::{BTreeMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::{Duration, Instant},
};

use bytes::Bytes;
use tokio::sync::oneshot;

use super::{
    Epoch, JournalError, Kind, NewEntry, Seq,
    directory::{Witness, panic_text},
    head::{Generation, Head},
    queue::Queue,
    record::{self, Commit, StoredHead},
    space::Space,
    store::{Published, Store},
    writing::CLEAN_KEYS_MAX,
};
use crate::{
    clock::Clock,
    ids::{DocId, ParticipantId},
    limits,
    measure::meter,
};

/// What the committer is asked.
pub(super) enum Action {
    Claim {
        node: String,
    },
    Append {
        epoch: Epoch,
        batch: Vec<NewEntry>,
    },
    /// Pieces of the state that is to become the next generation, from piece `first` on.
    Pieces {
        epoch: Epoch,
        first: u32,
        pieces: Vec<Bytes>,
    },
    /// Makes the stored pieces the newest snapshot.
    Snapshot {
        epoch: Epoch,
        generation: Generation,
    },
    Truncate {
        epoch: Epoch,
        upto: Seq,
    },
    /// Pieces of the block of entries `from` to `upto`, from piece `first` on. With its last ones the block takes the
    /// entries' place.
    Pack {
        from: Seq,
        upto: Seq,
        first: u32,
        pieces: Vec<Bytes>,
        whole: bool,
    },
    Erase,
    /// Removes stored pieces that the durable head no longer needs.
    Clean,
}

impl Action {
    /// The claim under which a writer asks; others need none.
    fn epoch(&self) -> Option<Epoch> {
        match self {
            Self::Append { epoch, .. }
            | Self::Pieces { epoch, .. }
            | Self::Snapshot { epoch, .. }
            | Self::Truncate { epoch, .. } => Some(*epoch),
            // A packed entry is the same under any claim.
            Self::Claim { .. } | Self::Pack { .. } | Self::Erase | Self::Clean => None,
        }
    }

    /// Whether it needs space worth speaking of. Claims do not, and without them nothing could be erased.
    fn adds(&self) -> bool {
        matches!(self, Self::Append { .. } | Self::Pieces { .. } | Self::Snapshot { .. } | Self::Pack { .. })
    }
}

pub(super) struct Request {
    pub(super) doc: DocId,
    pub(super) action: Action,
    pub(super) reply: oneshot::Sender<Reply>,
}

pub(super) type Reply = Result<Done, JournalError>;

/// What was done, durably.
#[derive(Clone, Copy, Debug)]
pub(super) struct Done {
    pub(super) epoch: Epoch,
    pub(super) last: Seq,
    /// There is more of it to do.
    pub(super) more: bool,
}

impl Request {
    /// What it adds to a commit: entries and bytes.
    pub(super) fn weight(&self) -> (usize, usize) {
        match &self.action {
            Action::Append { batch, .. } => (batch.len(), batch.iter().map(|entry| entry.bytes.len()).sum()),
            Action::Pieces { pieces, .. } | Action::Pack { pieces, .. } => {
                (pieces.len(), pieces.iter().map(Bytes::len).sum())
            }
            Action::Clean => (limits::COMMIT_ENTRIES_MAX, 0),
            _ => (1, 0),
        }
    }
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
    pub(super) witness: Witness,
    pub(super) clock: Clock,
    pub(super) space: Space,
    /// Documents whose leftovers of an unfinished commit were looked for.
    pub(super) swept: HashSet<DocId>,
}

/// What is written and not yet durable.
#[derive(Default)]
struct Group {
    heads: BTreeMap<DocId, Head>,
    /// Something was written, heads or not.
    dirty: bool,
}

impl Committer {
    /// Serves requests until nobody can send one, or until the first failure: sled's errors stick, and after a
    /// failed flush nobody knows what is on disk.
    pub(super) fn run(mut self, queue: Arc<Queue>) {
        let _serving = queue.serving();
        while let Some((actions, waiting)) = queue.take() {
            let outcome = catch_unwind(AssertUnwindSafe(|| self.serve(actions)));
            let failure = match outcome {
                Ok(Ok(replies)) => {
                    for (waiting, reply) in waiting.into_iter().zip(replies) {
                        // Whoever asked may have left.
                        drop(waiting.send(reply));
                    }
                    continue;
                }
                Ok(Err(failure)) => failure.to_string(),
                Err(panic) => panic_text(&*panic),
            };
            // Before `waiting` and `_serving` are dropped: who learns `Unknown` also learns that it is over.
            self.store.fail(&failure);
            return;
        }
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
        if group.dirty {
            let heads = self.write_heads(group.heads)?;
            flushed = Some(self.flush(began)?);
            self.store.publish(heads);
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
            group.dirty |= self.sweep(doc, &head)?;
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
        match action {
            Action::Claim { node } => {
                head.epoch += 1;
                let (participant, bytes) = (ParticipantId::ADMINISTRATOR, node.into());
                let at_us = self.clock.now().as_microsecond();
                let entry = NewEntry { at_us, participant, kind: Kind::Claim, bytes };
                self.write_entries(doc, &mut head, vec![entry])?;
            }
            Action::Append { batch, .. } => self.write_entries(doc, &mut head, batch)?,
            Action::Pieces { first, pieces, .. } => {
                self.write_pieces(doc, head.generation + 1, first, &pieces)?;
                group.dirty = true;
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
                group.dirty = true;
                if whole {
                    head.packed = upto;
                }
            }
            Action::Erase if head.epoch == 0 => {}
            Action::Erase => head.erase(),
            Action::Clean => {
                let removed = self.clean(doc)?;
                group.dirty |= removed > 0;
                more = removed == CLEAN_KEYS_MAX;
            }
        }
        let done = Done { epoch: head.epoch, last: head.last, more };
        if head != before {
            group.dirty = true;
            group.heads.insert(doc, head);
        }
        Ok(Ok(done))
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

    /// Makes durable what was written, notes that it is, and says how long the flush took.
    fn flush(&self, began: Instant) -> Result<Duration, Failure> {
        let _span = tracing::trace_span!("flush", commit = self.commit.count).entered();
        let flushing = Instant::now();
        self.store.db().flush()?;
        let flushed = flushing.elapsed();
        meter().flush.observe(flushed.as_secs_f64());
        let took = began.elapsed();
        if self.store.failed() || took > self.store.flush_time_max {
            return Err(Failure::Slow(took));
        }
        self.witness.write(self.commit.count)?;
        Ok(flushed)
    }
}
