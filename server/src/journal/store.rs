//! What readers and the committer share: the database, the heads that are durable, and whether it has failed.

use std::{
    collections::{BTreeMap, HashMap},
    fs::File,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use tokio::sync::watch;

use super::{
    Entry, JournalError, Seq, Snapshot,
    block::{BLOCK_BYTES, BLOCK_ENTRIES},
    head::{Generation, Head},
    pieces::{Entries, Pieces, read_error},
    recent::Recent,
    record::{self, Linked},
    settle::SETTLE_AFTER,
    space::FREE_BYTES_MIN,
    vitals::Pulse,
};
use crate::{ids::DocId, limits};

/// Bytes of a state or a block that one request carries, in whole pieces, so that others need not wait for long.
pub(super) const REQUEST_BYTES: usize =
    limits::COMMIT_BYTES_MAX / 4 / record::PIECE_BYTES * record::PIECE_BYTES;

/// A durable head and the hash of its value; the default is a document that was never claimed.
#[derive(Clone, Debug, Default)]
pub(super) struct Published {
    pub(super) head: Head,
    pub(super) hash: u128,
}

/// How long things may take; tests have less of it, or more.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// A commit, before the journal fails.
    pub(super) flush_time: Duration,
    /// What the log holds, before it is settled.
    pub(super) settle_after: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { flush_time: limits::FLUSH_TIME_MAX, settle_after: SETTLE_AFTER }
    }
}

/// An open store. The database is dropped before the lock.
pub(super) struct Store {
    db: sled::Db,
    /// Heads of the documents that were used since opening. Anyone who reads sees no newer head than these.
    published: Mutex<HashMap<DocId, watch::Sender<Published>>>,
    failed: watch::Sender<bool>,
    /// Durable entries that the database does not have yet.
    pub(super) recent: Recent,
    pub(super) pulse: Pulse,
    pub(super) patience: Patience,
    /// Free space below which nothing is added, in bytes; tests set it.
    pub(super) free_bytes_min: AtomicU64,
    _lock: File,
}

impl Store {
    pub(super) fn new(db: sled::Db, lock: File, patience: Patience) -> Self {
        Self {
            db,
            published: Mutex::default(),
            failed: watch::Sender::new(false),
            recent: Recent::default(),
            pulse: Pulse::new(),
            patience,
            free_bytes_min: AtomicU64::new(FREE_BYTES_MIN),
            _lock: lock,
        }
    }

    pub(super) fn db(&self) -> &sled::Db {
        &self.db
    }

    /// From now on nothing is confirmed and nothing more is written.
    pub(super) fn fail(&self, why: &str) {
        if !self.failed.send_replace(true) {
            tracing::error!(why, "the journal has failed; the process must leave");
        }
    }

    pub(super) fn failed(&self) -> bool {
        *self.failed.borrow()
    }

    pub(super) fn failures(&self) -> watch::Receiver<bool> {
        self.failed.subscribe()
    }

    /// Fails if a commit is under way for too long: it may never return, so those who wait for it have to look.
    pub(super) fn check_commit(&self) {
        if self.pulse.commit_under_way().is_some_and(|took| took > self.patience.flush_time) {
            self.fail("a flush does not return");
        }
    }

    /// The durable head of a document, for a reader. What was never claimed is not remembered: anyone may ask for any
    /// number of those.
    pub(super) fn published(&self, doc: DocId) -> Result<Published, JournalError> {
        let mut published = self.published.lock();
        if let Some(sender) = published.get(&doc) {
            return Ok(sender.borrow().clone());
        }
        let Some(stored) = self.stored_head(doc)? else { return Ok(Published::default()) };
        published.insert(doc, watch::Sender::new(stored.clone()));
        Ok(stored)
    }

    /// Tells when a document's durable head changes. The committer calls it before it writes a head, so a head that is
    /// in the database and not yet durable is always hidden by one that is published.
    pub(super) fn subscribe(&self, doc: DocId) -> Result<watch::Receiver<Published>, JournalError> {
        let mut published = self.published.lock();
        if let Some(sender) = published.get(&doc) {
            return Ok(sender.subscribe());
        }
        let sender = watch::Sender::new(self.stored_head(doc)?.unwrap_or_default());
        let receiver = sender.subscribe();
        published.insert(doc, sender);
        Ok(receiver)
    }

    /// Shows heads that became durable.
    pub(super) fn publish(&self, heads: Vec<(DocId, Published)>) {
        let mut published = self.published.lock();
        for (doc, head) in heads {
            published
                .entry(doc)
                .or_insert_with(|| watch::Sender::new(Published::default()))
                .send_replace(head);
        }
    }

    /// Shows heads that became durable in the log; what is stored of them stays as it is.
    pub(super) fn publish_heads(&self, heads: BTreeMap<DocId, Head>) {
        let mut published = self.published.lock();
        for (doc, head) in heads {
            published
                .entry(doc)
                .or_insert_with(|| watch::Sender::new(Published::default()))
                .send_modify(|published| published.head = head);
        }
    }

    fn stored_head(&self, doc: DocId) -> Result<Option<Published>, JournalError> {
        let corrupt = |why| JournalError::Corrupt { doc, at: 0, why };
        let stored = self.db.get(record::head_key(doc)).map_err(|error| read_error(doc, 0, error))?;
        let Some(stored) = stored else { return Ok(None) };
        let (stored, hash) = record::decode_head(doc, &stored).map_err(corrupt)?;
        Ok(Some(Published { head: stored.head, hash }))
    }

    /// Durable entries from `from` on. Blocks.
    pub(super) fn read(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        let read = self.read_page(doc, from, limit)?;
        Ok(read.into_iter().map(|linked| linked.entry).collect())
    }

    /// The same, each with its chain. Blocks.
    pub(super) fn read_page(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Linked>, JournalError> {
        self.read_some(doc, |head| Ok((head.start_of_read(from)?, limit, usize::MAX)))
    }

    /// Entries that the next block may hold, from its first on. Blocks.
    pub(super) fn read_packable(&self, doc: DocId) -> Result<Vec<Linked>, JournalError> {
        self.read_some(doc, |head| {
            let packable = head.packable();
            let count = (packable.end() + 1).saturating_sub(*packable.start()).min(BLOCK_ENTRIES as u64);
            Ok((*packable.start(), count as usize, BLOCK_BYTES))
        })
    }

    /// Reads what `wanted` says for the head of the moment: from where, how many entries, how many bytes.
    fn read_some(
        &self,
        doc: DocId,
        wanted: impl Fn(&Head) -> Result<(Seq, usize, usize), JournalError>,
    ) -> Result<Vec<Linked>, JournalError> {
        loop {
            let head = self.published(doc)?.head;
            let (start, limit, bytes) = wanted(&head)?;
            let read = self.read_while(doc, &head, start, limit, bytes);
            // Entries may have been truncated or packed while they were read; then the head says so.
            if read.is_err() && self.published(doc)?.head.settled() != head.settled() {
                continue;
            }
            return read;
        }
    }

    /// Whether entries stand alone although they are in a block or gone: a crash came before they were removed.
    pub(super) fn has_stale_entries(&self, doc: DocId) -> Result<bool, JournalError> {
        let settled = self.published(doc)?.head.settled();
        let stale = record::run_key(doc, 0, 0)..=record::run_key(doc, settled, u32::MAX);
        let found = self.db.range(stale).keys().next().transpose();
        found.map(|key| key.is_some()).map_err(|error| read_error(doc, settled, error))
    }

    /// Up to `limit` entries from `start` on, and none after those that together have `bytes`.
    fn read_while(
        &self,
        doc: DocId,
        head: &Head,
        start: Seq,
        limit: usize,
        bytes: usize,
    ) -> Result<Vec<Linked>, JournalError> {
        let mut read: Vec<Linked> = Vec::new();
        if start > head.last || limit == 0 {
            return Ok(read);
        }
        let mut entries = Entries::new(&self.db, self.recent.of(doc), doc, head, start)?;
        let mut left = bytes;
        for seq in (start..=head.last).take(limit) {
            let corrupt = |why: String| JournalError::Corrupt { doc, at: seq, why };
            let linked = entries.entry(seq)?;
            let before = read.last();
            if before.is_some_and(|before| before.after != linked.before) {
                return Err(corrupt("it does not follow the entry before it".into()));
            }
            let (epoch, previous) = (linked.entry.epoch, before.map_or(0, |before| before.entry.epoch));
            if epoch < previous || epoch > head.epoch {
                return Err(corrupt(format!("epoch {epoch} runs backwards")));
            }
            if seq == head.last && linked.after != head.chain {
                return Err(corrupt("it is not the entry that the head speaks of".into()));
            }
            left = left.saturating_sub(linked.entry.bytes.len());
            read.push(linked);
            if left == 0 {
                break;
            }
        }
        Ok(read)
    }

    /// The newest snapshot that reads well; the one before it if all entries since then are kept. Blocks.
    pub(super) fn snapshot(&self, doc: DocId) -> Result<Option<Snapshot>, JournalError> {
        loop {
            let head = self.published(doc)?.head;
            let Some(newest) = head.snapshot else { return Ok(None) };
            let read = |generation: Generation| {
                let state = self.read_state(doc, generation)?;
                Ok(Some(Snapshot { upto: generation.upto, state }))
            };
            let error = match read(newest) {
                Ok(snapshot) => return Ok(snapshot),
                Err(error) => error,
            };
            // Replaced twice while it was read.
            if self.published(doc)?.head.generation != head.generation {
                continue;
            }
            return match head.older.filter(|older| head.first() <= older.upto + 1) {
                Some(older) => {
                    tracing::error!(%doc, %error, "the newest snapshot is damaged; using the one before it");
                    read(older)
                }
                None => Err(error),
            };
        }
    }

    /// A stored state, if it is what was given. Blocks.
    pub(super) fn read_state(&self, doc: DocId, generation: Generation) -> Result<Bytes, JournalError> {
        let Generation { number, upto, bytes, hash } = generation;
        let corrupt = |why: &str| JournalError::Corrupt { doc, at: upto, why: why.into() };
        let (first, last) = (record::state_key(doc, number, 0), record::state_key(doc, number, u32::MAX));
        let mut state = BytesMut::new();
        let mut pieces = Pieces { items: self.db.range(first..=last), doc };
        for chunk in 0..bytes.div_ceil(record::PIECE_BYTES as u64) {
            let key = record::state_key(doc, number, chunk as u32);
            state.extend_from_slice(&pieces.piece(&key, upto)?);
        }
        if state.len() as u64 != bytes || record::hash(&[&state]) != hash {
            return Err(corrupt("the snapshot is not what was stored"));
        }
        Ok(state.freeze())
    }
}

/// Runs what blocks away from the runtime. sled panics on some damage.
pub(super) async fn blocking<T: Send + 'static>(
    store: &Arc<Store>,
    doc: DocId,
    at: Seq,
    work: impl FnOnce(&Store) -> Result<T, JournalError> + Send + 'static,
) -> Result<T, JournalError> {
    let store = store.clone();
    match tokio::task::spawn_blocking(move || work(&store)).await {
        Ok(outcome) => outcome,
        Err(stopped) if stopped.is_panic() => {
            let why = "the database gave up reading it".to_owned();
            Err(JournalError::Corrupt { doc, at, why })
        }
        Err(_) => Err(JournalError::Unavailable("the server is leaving".into())),
    }
}
