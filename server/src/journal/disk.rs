//! The journal on a local disk, kept by sled. Why sled, and with which rules: ARCHITECTURE.md, "Storage".

use std::{
    collections::HashSet,
    future::pending,
    ops::RangeInclusive,
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use parking_lot::Mutex;

use super::{
    Durability, Entry, Epoch, Gathering, Journal, JournalError, NewEntry, OpenError, Seq, Snapshot, Vitals,
    Writer,
    action::{Action, Done},
    commit::Committer,
    directory::{self, Opened},
    head::{Generation, WriterState, check_batch},
    line::Line,
    packer::Packer,
    queue::Queue,
    record,
    space::Space,
    store::{Patience, REQUEST_BYTES, Store, blocking},
    tail,
};
use crate::{clock::Clock, ids::DocId, limits};

/// A journal in a directory. Clones share it; the last one to go closes it.
#[derive(Clone)]
pub struct SledJournal(Arc<Inner>);

struct Inner {
    line: Line,
    /// Both are `None` only while dropping.
    packer: Option<Packer>,
    thread: Option<JoinHandle<()>>,
}

impl Inner {
    /// Starts the committer of a store; the documents are those that the packer should begin with.
    fn open(dir: &Path, clock: Clock, patience: Patience) -> Result<(Self, Vec<DocId>), OpenError> {
        let Opened { db, commit, wal, runs, witness, packable, lock } = directory::open(dir)?;
        let store = Arc::new(Store::new(db, lock, patience));
        let mut committer = Committer {
            store: store.clone(),
            commit,
            wal,
            flush_of_late: Duration::ZERO,
            log_since: None,
            settling: Vec::new(),
            witness,
            clock,
            space: Space::new(dir.to_owned()),
            swept: HashSet::new(),
        };
        committer.replay(runs)?;
        let line = Line { store, queue: Queue::new(), committer: Arc::new(Mutex::new(committer)) };
        let Line { store, queue, committer } = line.clone();
        let thread = thread::Builder::new()
            .name("committer".into())
            .spawn(move || Committer::run(&committer, &store, &queue))?;
        Ok((Self { line, packer: None, thread: Some(thread) }, packable))
    }
}

impl Drop for Inner {
    /// Waits for the committer, so that the directory is free once this returns and no read is under way.
    fn drop(&mut self) {
        // While somebody still answers it.
        self.packer = None;
        self.line.queue.close();
        // After a failure it may hang in a flush for ever.
        if let Some(thread) = self.thread.take()
            && !self.line.store.failed()
        {
            // It catches its panics itself.
            let _ = thread.join();
        }
    }
}

impl SledJournal {
    /// Opens the journal in `dir`, or makes one if there is none. Blocks while it reads every document's head.
    pub fn open(dir: &Path) -> Result<Self, OpenError> {
        Self::open_with(dir, Patience::default())
    }

    pub(super) fn open_with(dir: &Path, patience: Patience) -> Result<Self, OpenError> {
        let (mut inner, packable) = Inner::open(dir, Clock::system(), patience)?;
        inner.packer = Some(Packer::start(inner.line.clone(), packable)?);
        Ok(Self(Arc::new(inner)))
    }

    /// A journal that does nothing by itself, and so packs nothing.
    pub(super) fn open_to_read(dir: &Path) -> Result<Self, OpenError> {
        Ok(Self(Arc::new(Inner::open(dir, Clock::system(), Patience::default())?.0)))
    }

    /// Whether a write has failed. Then nothing is confirmed any more, and the process must leave: what is on disk is
    /// only known after the next opening.
    pub fn failed(&self) -> bool {
        self.0.line.store.failed()
    }

    pub(super) fn line(&self) -> &Line {
        &self.0.line
    }

    /// Returns once all is packed that was asked for until now.
    #[cfg(test)]
    pub(super) async fn packed(&self) {
        self.0.packer.as_ref().expect("open").settled().await;
    }

    /// Returns once `failed` is true.
    pub async fn until_failed(&self) {
        let mut failures = self.0.line.store.failures();
        if failures.wait_for(|failed| *failed).await.is_err() {
            // The store is gone, so it can't fail any more.
            pending::<()>().await;
        }
    }
}

#[async_trait]
impl Journal for SledJournal {
    async fn claim(&self, doc: DocId, node: &str) -> Result<Box<dyn Writer>, JournalError> {
        if node.len() > limits::ENTRY_BYTES_MAX {
            return Err(JournalError::Refused("a node's name is too long".into()));
        }
        let Done { epoch, last, .. } = self.0.line.ask(doc, Action::Claim { node: node.to_owned() }).await?;
        Ok(Box::new(SledWriter { journal: self.clone(), doc, epoch, tip: last, state: WriterState::Open }))
    }

    async fn read(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        blocking(&self.0.line.store, doc, from, move |store| store.read(doc, from, limit)).await
    }

    fn tail(&self, doc: DocId, after: Seq) -> BoxStream<'static, Result<Entry, JournalError>> {
        // One look at the document's head, which most often is in memory.
        let store = self.0.line.store.clone();
        let changed = match store.subscribe(doc) {
            Ok(changed) => changed,
            Err(error) => return stream::iter([Err(error)]).boxed(),
        };
        let read = move |from| {
            let store = store.clone();
            async move {
                blocking(&store, doc, from, move |store| store.read(doc, from, tail::PAGE_ENTRIES)).await
            }
        };
        tail::follow(read, changed, after)
    }

    async fn snapshot(&self, doc: DocId) -> Result<Option<Snapshot>, JournalError> {
        blocking(&self.0.line.store, doc, 0, move |store| store.snapshot(doc)).await
    }

    async fn erase(&self, doc: DocId) -> Result<(), JournalError> {
        self.0.line.ask(doc, Action::Erase).await?;
        self.0.line.clean(doc).await
    }

    fn durability(&self) -> Durability {
        Durability::LocalDisk
    }

    fn gather(&self) -> Gathering {
        self.0.line.gather()
    }

    fn vitals(&self) -> Vitals {
        let Line { store, queue, .. } = &self.0.line;
        let packing = self.0.packer.as_ref().map_or(0, Packer::waiting);
        Vitals { failed: store.failed(), waiting: queue.waiting(), packing, ..store.pulse.vitals() }
    }
}

struct SledWriter {
    journal: SledJournal,
    doc: DocId,
    epoch: Epoch,
    tip: Seq,
    state: WriterState,
}

impl SledWriter {
    async fn write(&mut self, action: Action) -> Result<Done, JournalError> {
        self.state.begin()?;
        let outcome = self.journal.0.line.ask(self.doc, action).await;
        self.state.end(outcome)
    }
}

#[async_trait]
impl Writer for SledWriter {
    fn doc(&self) -> DocId {
        self.doc
    }

    fn epoch(&self) -> Epoch {
        self.epoch
    }

    fn tip(&self) -> Seq {
        self.tip
    }

    async fn append(&mut self, batch: Vec<NewEntry>) -> Result<RangeInclusive<Seq>, JournalError> {
        check_batch(&batch)?;
        let count = batch.len() as u64;
        let Done { last, .. } = self.write(Action::Append { epoch: self.epoch, batch }).await?;
        self.tip = last;
        Ok(last + 1 - count..=last)
    }

    /// The state is stored beside the one before it, flushed, and read back; only when it is equal does the head turn
    /// to it. Each step can be cut short and begun again.
    async fn put_snapshot(&mut self, upto: Seq, state: Bytes) -> Result<(), JournalError> {
        let (doc, epoch, store) = (self.doc, self.epoch, self.journal.0.line.store.clone());
        let head = store.published(doc)?.head;
        head.check_fence(epoch).and_then(|()| head.check_snapshot(upto))?;
        let pieces: Vec<Bytes> =
            (0..state.len()).step_by(record::PIECE_BYTES).map(|at| piece_at(&state, at)).collect();
        let per_request = REQUEST_BYTES / record::PIECE_BYTES;
        for (pieces, place) in pieces.chunks(per_request).zip(0..) {
            let first = place * per_request as u32;
            self.write(Action::Pieces { epoch, first, pieces: pieces.to_vec() }).await?;
        }
        let (number, bytes) = (head.generation + 1, state.len() as u64);
        let generation = blocking(&store, doc, upto, move |store| {
            let generation = Generation { number, upto, bytes, hash: record::hash(&[&state]) };
            store.read_state(doc, generation).map(|_| generation)
        })
        .await?;
        self.write(Action::Snapshot { epoch, generation }).await?;
        self.journal.0.line.clean(doc).await?;
        if let Some(packer) = &self.journal.0.packer {
            packer.hint(doc);
        }
        Ok(())
    }

    async fn truncate(&mut self, upto: Seq) -> Result<(), JournalError> {
        self.write(Action::Truncate { epoch: self.epoch, upto }).await?;
        self.journal.0.line.clean(self.doc).await
    }

    async fn release(self: Box<Self>) {}
}

fn piece_at(state: &Bytes, at: usize) -> Bytes {
    state.slice(at..state.len().min(at + record::PIECE_BYTES))
}
