//! Reading stored pieces in order of their keys, and what they make up.

use std::collections::VecDeque;

use super::{
    JournalError, Seq, block,
    head::Head,
    record::{self, Linked},
    wal::Run,
};
use crate::ids::DocId;

/// Stored pieces in order of their keys.
pub(super) struct Pieces {
    pub(super) items: sled::Iter,
    pub(super) doc: DocId,
}

impl Pieces {
    fn next(&mut self, at: Seq) -> Result<(sled::IVec, sled::IVec), JournalError> {
        match self.items.next() {
            Some(item) => item.map_err(|error| read_error(self.doc, at, error)),
            None => Err(JournalError::Corrupt { doc: self.doc, at, why: "a piece is missing".into() }),
        }
    }

    /// The next piece, which must be the one of `key`.
    pub(super) fn piece(&mut self, key: &[u8], at: Seq) -> Result<Vec<u8>, JournalError> {
        let doc = self.doc;
        let corrupt = |why: String| JournalError::Corrupt { doc, at, why };
        let (found, stored) = self.next(at)?;
        if found != key {
            return Err(corrupt("a piece is missing".into()));
        }
        record::unseal(key, &stored).map(<[u8]>::to_vec).map_err(corrupt)
    }

    /// The next run, which must be the one that holds entry `seq`.
    fn run(&mut self, seq: Seq) -> Result<Vec<Linked>, JournalError> {
        let doc = self.doc;
        let corrupt = |why: String| JournalError::Corrupt { doc, at: seq, why };
        let (key, stored) = self.next(seq)?;
        let last = record::last_of_run_key(doc, &key);
        let last = last.ok_or_else(|| corrupt("the beginning of an entry is missing".into()))?;
        let mut run = record::unseal(&key, &stored).map_err(corrupt)?.to_vec();
        for chunk in 1..record::pieces_of_run(&run).map_err(corrupt)? {
            run.extend_from_slice(&self.piece(&record::run_key(doc, last, chunk), seq)?);
        }
        record::decode_run(doc, last, run.into()).map_err(corrupt)
    }

    /// The next block, which must be the one that holds entry `seq`.
    fn block(&mut self, seq: Seq) -> Result<Vec<Linked>, JournalError> {
        let doc = self.doc;
        let corrupt = |why: String| JournalError::Corrupt { doc, at: seq, why };
        let (key, stored) = self.next(seq)?;
        let last = record::last_of_block_key(doc, &key);
        let last = last.ok_or_else(|| corrupt("the beginning of a block is missing".into()))?;
        let mut record = record::unseal(&key, &stored).map_err(corrupt)?.to_vec();
        for chunk in 1..block::pieces_of_block(&record).map_err(corrupt)? {
            record.extend_from_slice(&self.piece(&record::block_key(doc, last, chunk), seq)?);
        }
        block::decode_block(doc, last, &record).map_err(corrupt)
    }
}

/// A document's entries from one on, each with its chain: from blocks, then from runs, then from those that only the
/// log has.
pub(super) struct Entries {
    blocks: Pieces,
    runs: Pieces,
    recent: VecDeque<Run>,
    /// Up to here there are blocks.
    packed: Seq,
    /// Up to here there are runs in the database.
    stored: Seq,
    /// Of the block or run under way.
    waiting: VecDeque<Linked>,
}

impl Entries {
    /// Either range may be empty; sled takes one that ends before it begins for that.
    pub(super) fn new(
        db: &sled::Db,
        recent: Vec<Run>,
        doc: DocId,
        head: &Head,
        start: Seq,
    ) -> Result<Self, JournalError> {
        let corrupt = |why| JournalError::Corrupt { doc, at: start, why };
        let stored = match recent.first() {
            Some(run) => record::split_run(run.last, run.records.clone()).map_err(corrupt)?.0 - 1,
            None => head.last,
        };
        let blocks = record::block_key(doc, start, 0)..=record::block_key(doc, head.packed, u32::MAX);
        let first = record::run_key(doc, start.max(head.packed + 1), 0);
        let runs = first..=record::run_key(doc, head.last, u32::MAX);
        Ok(Self {
            blocks: Pieces { items: db.range(blocks), doc },
            runs: Pieces { items: db.range(runs), doc },
            recent: recent.into_iter().skip_while(|run| run.last < start).collect(),
            packed: head.packed,
            stored,
            waiting: VecDeque::new(),
        })
    }

    /// The entry `seq`, which must be the next one.
    pub(super) fn entry(&mut self, seq: Seq) -> Result<Linked, JournalError> {
        if self.waiting.is_empty() {
            let next = if seq <= self.packed {
                self.blocks.block(seq)?
            } else if seq <= self.stored {
                self.runs.run(seq)?
            } else {
                self.recent_run(seq)?
            };
            self.waiting = next.into();
            // What was asked for may begin within it, and a run may begin in a block.
            while self.waiting.front().is_some_and(|linked| linked.entry.seq < seq) {
                self.waiting.pop_front();
            }
        }
        match self.waiting.pop_front() {
            Some(linked) if linked.entry.seq == seq => Ok(linked),
            _ => Err(JournalError::Corrupt { doc: self.blocks.doc, at: seq, why: "it is missing".into() }),
        }
    }

    fn recent_run(&mut self, seq: Seq) -> Result<Vec<Linked>, JournalError> {
        let doc = self.blocks.doc;
        let corrupt = |why| JournalError::Corrupt { doc, at: seq, why };
        let run = self.recent.pop_front().ok_or_else(|| corrupt("it is missing".to_owned()))?;
        record::decode_run(doc, run.last, run.records).map_err(corrupt)
    }
}

/// sled's own word for damage is damage; all else may pass.
pub(super) fn read_error(doc: DocId, at: Seq, error: sled::Error) -> JournalError {
    match error {
        sled::Error::Io(error) => JournalError::Unavailable(error.to_string()),
        other => JournalError::Corrupt { doc, at, why: other.to_string() },
    }
}
