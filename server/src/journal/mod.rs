//! The append-only record of every change, with who and when: the one source of truth.
//!
//! "Durable" means that fsync or fdatasync has returned. A document has one writer at a time; a claim
//! fences every earlier one. The seam is made so that a quorum database can be a second implementation.

mod action;
mod block;
mod commit;
mod directory;
mod disk;
mod faulty;
mod head;
mod line;
mod memory;
mod packer;
mod pieces;
mod queue;
mod recent;
mod record;
mod settle;
mod space;
mod store;
#[cfg(target_os = "linux")]
mod sync;
mod tail;
mod verify;
mod vitals;
mod wal;
mod writing;

#[cfg(test)]
mod contract;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod cost;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod crash;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod damage;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod packing;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod settling;
#[cfg(test)]
pub(crate) mod sim;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod upgrade;

use std::{ops::RangeInclusive, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;

use crate::ids::{DocId, ParticipantId};

pub use directory::OpenError;
pub use disk::SledJournal;
pub use faulty::{Fault, FaultyJournal};
pub use memory::MemoryJournal;
#[doc(hidden)]
pub use record::decode_any_record;
pub use verify::{Finding, verify};
pub use vitals::Vitals;

/// Per document, starts at 1, dense. Part of the record, so never an engine's own number.
pub type Seq = u64;
/// Grows by one with every claim of a document.
pub type Epoch = u64;

/// What an entry's bytes are. The number is stored: extend, never renumber.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u16)]
pub enum Kind {
    /// A writer took the document over; bytes are the node's name.
    Claim = 0,
    /// A Yjs v1 update that a participant wrote.
    Update = 1,
    /// A Yjs v1 update that the server wrote, as the result of a participant's command.
    Command = 2,
    /// A line of the access ledger, as JSON.
    Access = 3,
    /// Who writes under which Yjs client id in a body, as of here; written with each snapshot, which does not say.
    Writers = 4,
}

impl Kind {
    /// The kind of a stored number; `None` for one this version does not know.
    pub const fn from_number(number: u16) -> Option<Self> {
        match number {
            0 => Some(Self::Claim),
            1 => Some(Self::Update),
            2 => Some(Self::Command),
            3 => Some(Self::Access),
            4 => Some(Self::Writers),
            _ => None,
        }
    }
}

/// An entry to be appended.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Microseconds since 1970, UTC.
    pub at_us: i64,
    /// Who made the change.
    pub participant: ParticipantId,
    /// What the bytes are.
    pub kind: Kind,
    /// The change itself.
    pub bytes: Bytes,
}

/// An entry as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The document it belongs to.
    pub doc: DocId,
    /// Its place in the document's record.
    pub seq: Seq,
    /// The claim under which it was written.
    pub epoch: Epoch,
    /// Microseconds since 1970, UTC.
    pub at_us: i64,
    /// Who made the change.
    pub participant: ParticipantId,
    /// What the bytes are.
    pub kind: Kind,
    /// The change itself.
    pub bytes: Bytes,
}

/// The state of a document as of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The last entry that the state holds.
    pub upto: Seq,
    /// One Yjs v1 update (or, for the access ledger, JSON).
    pub state: Bytes,
}

/// What an `Ok` from `append` survives.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Durability {
    /// Nothing: memory, for tests.
    None,
    /// A crash of the process or the machine; the disk must live.
    LocalDisk,
    /// The loss of a minority of machines.
    Quorum,
}

/// Why the journal did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// Another writer has claimed the document. Final for this writer.
    #[error("another writer has claimed the document")]
    Fenced,
    /// Stored or not: nobody can say yet. Show nothing, confirm nothing, drop the writer, claim again.
    #[error("the outcome of the write is unknown")]
    Unknown,
    /// Certainly nothing stored; the same writer may try again.
    #[error("the journal is not available: {0}")]
    Unavailable(String),
    /// Certainly nothing stored and never will be (too large, bad input).
    #[error("the journal refuses the entry: {0}")]
    Refused(String),
    /// The wanted entry is older than the first kept one: load the snapshot first.
    #[error("entries before {first} are no longer kept")]
    Truncated {
        /// The first kept entry.
        first: Seq,
    },
    /// A hole, a bad checksum or an epoch running backwards. Stop the room, raise an alarm.
    #[error("the record of document {doc} is damaged at entry {at}: {why}")]
    Corrupt {
        /// The damaged document.
        doc: DocId,
        /// Where.
        at: Seq,
        /// What is wrong.
        why: String,
    },
}

/// A store of journals, one a document.
#[async_trait]
pub trait Journal: Send + Sync + 'static {
    /// Becomes the only writer of `doc` by durably appending a claim entry (epoch + 1) at the tip.
    /// On return every earlier writer is fenced and all entries up to the claim are durable and final.
    async fn claim(&self, doc: DocId, node: &str) -> Result<Box<dyn Writer>, JournalError>;
    /// Up to `limit` durable entries with seq >= `from`, ascending, without holes; fewer means tip reached.
    /// A document that was never claimed has none. A document claimed again after `erase` goes on counting where
    /// the erased one stopped: reading it from 1 begins at its first entry, from any other erased seq is `Truncated`.
    async fn read(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError>;
    /// All entries after `after`, then live ones: each once, in order, only once durable.
    /// Ends with an error rather than skip one.
    fn tail(&self, doc: DocId, after: Seq) -> BoxStream<'static, Result<Entry, JournalError>>;
    /// Newest snapshot, if any; replay starts at `upto + 1`.
    async fn snapshot(&self, doc: DocId) -> Result<Option<Snapshot>, JournalError>;
    /// Removes a document and all its entries, keeping a tombstone so that no stale writer revives it.
    /// A later claim gets a higher epoch and the next seq, so neither is ever used twice.
    async fn erase(&self, doc: DocId) -> Result<(), JournalError>;
    /// What "durable" means here.
    fn durability(&self) -> Durability;
    /// Until the last `Gathering` is dropped, what is appended may wait for more, so that one commit serves all of
    /// it. A hint: what other threads append waits no longer than some milliseconds for it, and a journal may do nothing
    /// with it.
    fn gather(&self) -> Gathering {
        Gathering::default()
    }
    /// How writing goes, for operators. Cheap.
    fn vitals(&self) -> Vitals {
        Vitals::default()
    }
}

/// Appends are being gathered, until it is dropped. The default gathers nothing.
#[must_use = "it gathers only as long as it lives"]
#[derive(Default)]
pub struct Gathering(Option<Arc<dyn Ending>>);

impl Drop for Gathering {
    fn drop(&mut self) {
        if let Some(journal) = &self.0 {
            journal.end_gathering();
        }
    }
}

/// A journal that gathers, as its gatherings see it.
trait Ending: Send + Sync {
    /// One of its gatherings ended.
    fn end_gathering(&self);
}

/// The only writer of one document, until fenced.
#[async_trait]
pub trait Writer: Send {
    /// The document it writes.
    fn doc(&self) -> DocId;
    /// Its claim.
    fn epoch(&self) -> Epoch;
    /// Last seq known durable.
    fn tip(&self) -> Seq;
    /// Appends all or none, durable on return; then, and only then, fan out and confirm. One in flight per
    /// document: callers batch what arrived meanwhile; the engine groups across documents.
    /// Dropping the future counts as `Unknown` and poisons the writer.
    async fn append(&mut self, batch: Vec<NewEntry>) -> Result<RangeInclusive<Seq>, JournalError>;
    /// Stores the state as of `upto` (<= tip) durably, under the same fence.
    async fn put_snapshot(&mut self, upto: Seq, state: Bytes) -> Result<(), JournalError>;
    /// Drops entries <= `upto`; at most the newest snapshot's, and never the last entry (it carries the fence).
    /// What is asked beyond that is kept, without an error.
    async fn truncate(&mut self, upto: Seq) -> Result<(), JournalError>;
    /// Hands over politely.
    async fn release(self: Box<Self>);
}
