//! Settling: the database takes over what the write-ahead log holds, for many changes at once. Now and then the log
//! turns to its other file; then the documents it spoke of are stored, some at a time so that nobody waits for long, and
//! when all are, the commit says so and the file may be written anew. A crash at any step leaves the log to be read
//! again: an entry that the database has is not taken twice.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use super::{
    JournalError, OpenError,
    commit::{Committer, Failure, Group},
    directory::panic_text,
    record,
    wal::Run,
};

/// How long a log is written before it is settled, and how many bytes. The longer, the more entries of a document come
/// together in one value; what is not settled stays in memory.
pub(super) const SETTLE_AFTER: Duration = Duration::from_secs(20);
const SETTLE_BYTES: u64 = 4 * 1024 * 1024;
/// Documents that are stored at once: some milliseconds.
const SETTLE_DOCS: usize = 64;

impl Committer {
    /// When there is something to settle, if nobody asks for anything before.
    pub(super) fn settle_at(&self) -> Option<Instant> {
        if !self.settling.is_empty() {
            return Some(Instant::now());
        }
        self.log_since.map(|since| since + self.store.patience.settle_after)
    }

    /// Whether the log is to be settled, for its age or its size.
    pub(super) fn is_due(&self) -> bool {
        let old = |since: Instant| since.elapsed() >= self.store.patience.settle_after;
        self.log_since.is_some_and(old) || self.wal.bytes() >= SETTLE_BYTES
    }

    /// Settles a part of what is due.
    pub(super) fn settle_some(&mut self) -> Result<(), Failure> {
        if self.settling.is_empty() {
            if !self.is_due() {
                return Ok(());
            }
            self.turn_log();
        }
        self.store_settling()?;
        // New commits must not outrun the settling of older ones.
        while !self.settling.is_empty() && self.wal.bytes() >= SETTLE_BYTES {
            self.store_settling()?;
        }
        Ok(())
    }

    /// Settles everything, before the store is closed.
    pub(super) fn settle_all(&mut self) -> Result<(), Failure> {
        while !self.settling.is_empty() {
            self.store_settling()?;
        }
        if self.log_since.is_some() {
            self.turn_log();
            self.store_settling()?;
        }
        while !self.settling.is_empty() {
            self.store_settling()?;
        }
        Ok(())
    }

    fn turn_log(&mut self) {
        self.wal.turn();
        self.log_since = None;
        self.settling = self.store.recent.docs();
    }

    /// Stores the next documents; with the last of them, says that all earlier logs are settled.
    fn store_settling(&mut self) -> Result<(), Failure> {
        let began = Instant::now();
        self.store.pulse.commit_began(began);
        let mut group = Group { stored: true, ..Group::default() };
        for doc in self.settling.split_off(self.settling.len().saturating_sub(SETTLE_DOCS)) {
            // It may have been stored meanwhile, for another reason.
            if self.store.recent.has(doc) {
                group.heads.insert(doc, self.store.published(doc)?.head);
            }
        }
        if self.settling.is_empty() {
            self.commit.settled = self.wal.mark().log;
        }
        self.store_group(group, began)?;
        self.store.pulse.commit_ended(None);
        Ok(())
    }

    /// Stores what a crash left in the log, when the store is opened.
    pub(super) fn replay(&mut self, runs: Vec<Run>) -> Result<(), OpenError> {
        // sled panics on some damage.
        let replayed = catch_unwind(AssertUnwindSafe(|| self.replay_all(runs)));
        replayed
            .map_err(|panic| OpenError::Damaged { what: panic_text(&*panic).to_owned() })?
            .map_err(OpenError::from)
    }

    fn replay_all(&mut self, runs: Vec<Run>) -> Result<(), Failure> {
        let mut group = Group { stored: true, ..Group::default() };
        for run in runs {
            self.replay_run(&mut group, run)?;
        }
        self.commit.settled = self.wal.mark().log;
        self.store_group(group, Instant::now())?;
        Ok(())
    }

    /// Takes from a run the entries that the database lacks, which must follow those that it has.
    fn replay_run(&mut self, group: &mut Group, run: Run) -> Result<(), Failure> {
        let Run { doc, last, records } = run;
        let corrupt = |why: String| JournalError::Corrupt { doc, at: last, why };
        let mut head = match group.heads.get(&doc) {
            Some(head) => head.clone(),
            None => self.store.published(doc)?.head,
        };
        if self.swept.insert(doc) {
            self.sweep(doc, &head)?;
        }
        let linked = record::decode_run(doc, last, records.clone()).map_err(corrupt)?;
        let known = linked.iter().take_while(|linked| linked.entry.seq <= head.last).count();
        let bytes_known: usize = linked[..known].iter().map(record::length_of).sum();
        for linked in &linked[known..] {
            let follows = linked.entry.seq == head.last + 1 && linked.before == head.chain;
            if !follows || linked.entry.epoch != head.epoch {
                return Err(corrupt("what the log holds does not follow what is stored".into()).into());
            }
            (head.last, head.chain) = (linked.entry.seq, linked.after);
        }
        if known < linked.len() {
            group.runs.push(Run { doc, last, records: records.slice(bytes_known..) });
            group.heads.insert(doc, head);
        }
        Ok(())
    }
}
