//! What a commit writes and removes, key by key. Nothing of it is durable before the flush.

use bytes::{Bytes, BytesMut};

use super::{
    Entry, JournalError, NewEntry, Seq,
    commit::{Committer, Failure},
    head::Head,
    record,
    wal::Run,
};
use crate::{ids::DocId, measure::meter};

/// Stale keys that one `Clean` removes, so that others need not wait for long.
pub(super) const CLEAN_KEYS_MAX: usize = 1000;

/// Entries as they will be stored, and the head after them.
pub(super) fn encode_run(doc: DocId, head: &mut Head, batch: Vec<NewEntry>) -> Run {
    let mut records = BytesMut::new();
    for new in batch {
        let NewEntry { at_us, participant, kind, bytes } = new;
        let seq = head.last + 1;
        let entry = Entry { doc, seq, epoch: head.epoch, at_us, participant, kind, bytes };
        let (record, chain) = record::encode_entry(&head.chain, &entry);
        records.extend_from_slice(&record);
        head.last = seq;
        head.chain = chain;
        meter().entries.inc();
    }
    Run { doc, last: head.last, records: records.freeze() }
}

impl Committer {
    /// Writes a document's entries, which follow one another, as many in one value as fit: that is what sled asks a
    /// price for.
    pub(super) fn write_runs(&self, doc: DocId, runs: &[Run]) -> Result<(), Failure> {
        let mut value = BytesMut::new();
        let mut end = 0;
        for run in runs {
            let corrupt = |why| JournalError::Corrupt { doc, at: run.last, why };
            let (first, records) = record::split_run(run.last, run.records.clone()).map_err(corrupt)?;
            for (record, seq) in records.into_iter().zip(first..) {
                if value.len() + record.len() > record::PIECE_BYTES {
                    self.write_value(doc, end, &value.split())?;
                }
                value.extend_from_slice(&record);
                end = seq;
            }
        }
        self.write_value(doc, end, &value)
    }

    /// Writes a run that ends with entry `last`; none is none.
    fn write_value(&self, doc: DocId, last: Seq, run: &[u8]) -> Result<(), Failure> {
        for (piece, chunk) in run.chunks(record::PIECE_BYTES).zip(0..) {
            self.insert(record::run_key(doc, last, chunk), piece)?;
        }
        Ok(())
    }

    pub(super) fn write_pieces(
        &self,
        doc: DocId,
        generation: u64,
        first: u32,
        pieces: &[Bytes],
    ) -> Result<(), Failure> {
        if first == 0 {
            // What a writer that did not finish may have left under this number.
            let from = record::state_key(doc, generation, 0);
            self.remove(from, record::state_key(doc, generation, u32::MAX), usize::MAX)?;
        }
        for (piece, chunk) in pieces.iter().zip(first..) {
            self.insert(record::state_key(doc, generation, chunk), piece)?;
        }
        Ok(())
    }

    pub(super) fn write_block(
        &self,
        doc: DocId,
        from: Seq,
        upto: Seq,
        first: u32,
        pieces: &[Bytes],
    ) -> Result<(), Failure> {
        if first == 0 {
            // What was begun and not finished: the head speaks of no block from here on.
            let all = record::block_key(doc, Seq::MAX, u32::MAX);
            self.remove(record::block_key(doc, from, 0), all, usize::MAX)?;
        }
        for (piece, chunk) in pieces.iter().zip(first..) {
            self.insert(record::block_key(doc, upto, chunk), piece)?;
        }
        Ok(())
    }

    fn insert(&self, key: Vec<u8>, value: &[u8]) -> Result<(), Failure> {
        let sealed = record::seal(&key, value);
        self.store.db().insert(key, sealed)?;
        Ok(())
    }

    /// Removes entries beyond the head: parts of a commit that a crash left without its heads. The heads are known to
    /// be the newest (`directory`), so nothing that was confirmed can be among them.
    pub(super) fn sweep(&self, doc: DocId, head: &Head) -> Result<bool, Failure> {
        let from = record::run_key(doc, head.last + 1, 0);
        let removed = self.remove(from, record::run_key(doc, Seq::MAX, u32::MAX), usize::MAX)?;
        Ok(removed > 0)
    }

    /// Removes up to `CLEAN_KEYS_MAX` keys that the durable head does not need, and says how many. Never by a head that
    /// is not durable yet: a crash could keep the removal and lose the head.
    pub(super) fn clean(&self, doc: DocId) -> Result<usize, Failure> {
        let head = self.store.published(doc)?.head;
        let mut left = CLEAN_KEYS_MAX;
        if head.settled() > 0 {
            let to = record::run_key(doc, head.settled(), u32::MAX);
            left -= self.remove(record::run_key(doc, 0, 0), to, left)?;
        }
        if head.first() > 1 {
            // A block goes once its last entry is dropped.
            let to = record::block_key(doc, head.first() - 1, u32::MAX);
            left -= self.remove(record::block_key(doc, 0, 0), to, left)?;
        }
        let mut from = 0;
        let kept = [head.older, head.snapshot].into_iter().flatten().map(|kept| kept.number);
        for kept in kept.chain([head.generation + 1]) {
            if from < kept {
                let to = record::state_key(doc, kept - 1, u32::MAX);
                left -= self.remove(record::state_key(doc, from, 0), to, left)?;
            }
            from = kept + 1;
        }
        Ok(CLEAN_KEYS_MAX - left)
    }

    fn remove(&self, from: Vec<u8>, to: Vec<u8>, limit: usize) -> Result<usize, Failure> {
        let db = self.store.db();
        let mut removed = 0;
        for key in db.range(from..=to).keys().take(limit) {
            db.remove(key?)?;
            removed += 1;
        }
        Ok(removed)
    }
}
