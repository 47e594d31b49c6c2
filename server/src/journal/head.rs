//! What is known of one document's record without reading it, and every decision about it. Pure: no I/O.

use std::ops::RangeInclusive;

use super::{Epoch, JournalError, NewEntry, Seq};
use crate::limits;

/// Ties an entry to all before it: the first 16 bytes of a SHA-256.
pub(super) type Chain = [u8; 16];

/// The head of a document's record. The default is a document that was never claimed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// Of the newest claim or erasure; 0 before the first.
    pub(super) epoch: Epoch,
    /// Newest entry; 0 before the first.
    pub(super) last: Seq,
    /// Entries up to here belong to erased lives of the document; 0 if it was never erased.
    pub(super) base: Seq,
    /// Entries from `base` to here were truncated.
    pub(super) dropped: Seq,
    /// Kept entries up to here are in blocks; those after it stand alone.
    pub(super) packed: Seq,
    /// The chain after the newest entry.
    pub(super) chain: Chain,
    /// The last generation number used for a snapshot.
    pub(super) generation: u64,
    /// The newest snapshot.
    pub(super) snapshot: Option<Generation>,
    /// The one before it.
    pub(super) older: Option<Generation>,
}

/// A stored snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Generation {
    /// Its number; grows with each snapshot of the document.
    pub(super) number: u64,
    /// The last entry that it holds.
    pub(super) upto: Seq,
    /// Length of the state.
    pub(super) bytes: u64,
    /// First 16 bytes of the state's SHA-256.
    pub(super) hash: [u8; 16],
}

impl Head {
    /// First entry still kept, if there is any.
    pub(super) fn first(&self) -> Seq {
        self.dropped.max(self.base) + 1
    }

    /// Only the newest claim may write; an erasure counts as a claim by nobody.
    pub(super) fn check_fence(&self, epoch: Epoch) -> Result<(), JournalError> {
        if self.epoch == epoch { Ok(()) } else { Err(JournalError::Fenced) }
    }

    /// Where a read that asks for `from` begins.
    pub(super) fn start_of_read(&self, from: Seq) -> Result<Seq, JournalError> {
        let first = self.first();
        let beginning = from <= 1 && self.dropped <= self.base;
        if from >= first {
            Ok(from)
        } else if beginning {
            Ok(first)
        } else {
            Err(JournalError::Truncated { first })
        }
    }

    /// Whether a state as of `upto` may become the newest snapshot.
    pub(super) fn check_snapshot(&self, upto: Seq) -> Result<(), JournalError> {
        let newest = self.snapshot.map_or(self.base, |snapshot| snapshot.upto);
        if upto > self.last {
            return Err(JournalError::Refused(format!("a snapshot of {upto} is ahead of {}", self.last)));
        }
        if upto < newest {
            return Err(JournalError::Refused(format!(
                "a snapshot of {upto} is older than that of {newest}"
            )));
        }
        Ok(())
    }

    /// Makes a stored state the newest snapshot.
    pub(super) fn set_snapshot(&mut self, snapshot: Generation) {
        self.generation = snapshot.number;
        self.older = self.snapshot.replace(snapshot);
    }

    /// Drops entries up to `upto`, as far as the newest snapshot holds them and never the last one.
    pub(super) fn truncate(&mut self, upto: Seq) {
        let held = self.snapshot.map_or(0, |snapshot| snapshot.upto);
        self.dropped = upto.min(held).min(self.last.saturating_sub(1)).max(self.dropped);
    }

    /// Up to here, entries are in blocks or gone.
    pub(super) fn settled(&self) -> Seq {
        self.packed.max(self.first() - 1)
    }

    /// Entries that stand alone although a snapshot holds them.
    pub(super) fn packable(&self) -> RangeInclusive<Seq> {
        self.settled() + 1..=self.snapshot.map_or(0, |snapshot| snapshot.upto)
    }

    /// Whether a block of these entries is the next one. What was truncated, erased or packed meanwhile is not.
    pub(super) fn check_pack(&self, from: Seq, upto: Seq) -> Result<(), JournalError> {
        let packable = self.packable();
        if from == *packable.start() && packable.contains(&upto) {
            Ok(())
        } else {
            Err(JournalError::Refused(format!("entries {from} to {upto} are not to be packed")))
        }
    }

    /// Leaves a tombstone: a higher epoch, no entries, no snapshot, and numbers that are not used again.
    pub(super) fn erase(&mut self) {
        self.epoch += 1;
        self.base = self.last;
        self.dropped = self.last;
        self.snapshot = None;
        self.older = None;
        self.generation += 1;
    }
}

/// Refuses a batch that can never be stored.
pub(super) fn check_batch(batch: &[NewEntry]) -> Result<(), JournalError> {
    if batch.is_empty() {
        return Err(JournalError::Refused("a batch holds at least one entry".into()));
    }
    if batch.len() > limits::APPEND_ENTRIES_MAX {
        let count = batch.len();
        return Err(JournalError::Refused(format!("{count} entries are more than one append takes")));
    }
    match batch.iter().map(|entry| entry.bytes.len()).find(|bytes| *bytes > limits::ENTRY_BYTES_MAX) {
        Some(bytes) => Err(JournalError::Refused(format!("an entry of {bytes} bytes is too large"))),
        None => Ok(()),
    }
}

/// What became of a writer: shared by all implementations, so that each keeps the same promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriterState {
    /// It may write.
    Open,
    /// A write is under way, or its future was dropped: the outcome is unknown for ever.
    Pending,
    /// Another has claimed the document.
    Fenced,
}

impl WriterState {
    /// Marks a write as begun; it stays so if the future is dropped before `end`.
    pub(super) fn begin(&mut self) -> Result<(), JournalError> {
        match self {
            Self::Open => {
                *self = Self::Pending;
                Ok(())
            }
            Self::Pending => Err(JournalError::Unknown),
            Self::Fenced => Err(JournalError::Fenced),
        }
    }

    /// Marks a write as ended. `Unknown` and damage leave the writer poisoned.
    pub(super) fn end<T>(&mut self, outcome: Result<T, JournalError>) -> Result<T, JournalError> {
        *self = match &outcome {
            Ok(_) | Err(JournalError::Unavailable(_) | JournalError::Refused(_)) => Self::Open,
            Err(JournalError::Fenced) => Self::Fenced,
            Err(_) => Self::Pending,
        };
        outcome
    }
}
