//! A journal in memory, for tests: the same promises except that of surviving.

use std::{collections::HashMap, ops::RangeInclusive, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::{
    Durability, Entry, Epoch, Journal, JournalError, Kind, NewEntry, Seq, Snapshot, Writer,
    head::{Generation, Head, WriterState, check_batch},
    tail,
};
use crate::{
    clock::Clock,
    ids::{DocId, ParticipantId},
};

/// A journal that forgets all with its last clone. Clones share their documents.
#[derive(Clone)]
pub struct MemoryJournal {
    documents: Arc<Mutex<HashMap<DocId, Document>>>,
    clock: Clock,
}

struct Document {
    head: Head,
    /// The kept entries, ascending; empty only before the first claim and after an erasure.
    entries: Vec<Entry>,
    state: Option<Bytes>,
    changed: watch::Sender<()>,
}

impl Default for Document {
    fn default() -> Self {
        Self { head: Head::default(), entries: Vec::new(), state: None, changed: watch::Sender::new(()) }
    }
}

impl Document {
    fn push(&mut self, doc: DocId, entry: NewEntry) -> Seq {
        self.head.last += 1;
        let NewEntry { at_us, participant, kind, bytes } = entry;
        let (seq, epoch) = (self.head.last, self.head.epoch);
        self.entries.push(Entry { doc, seq, epoch, at_us, participant, kind, bytes });
        seq
    }
}

impl MemoryJournal {
    /// An empty journal whose claims carry the system's time.
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    /// An empty journal whose claims carry `clock`'s time.
    pub fn with_clock(clock: Clock) -> Self {
        Self { documents: Arc::default(), clock }
    }

    fn read_now(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        let documents = self.documents.lock();
        let Some(document) = documents.get(&doc) else { return Ok(Vec::new()) };
        let start = document.head.start_of_read(from)?;
        Ok(document.entries.iter().filter(|entry| entry.seq >= start).take(limit).cloned().collect())
    }
}

impl Default for MemoryJournal {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn claim(&self, doc: DocId, node: &str) -> Result<Box<dyn Writer>, JournalError> {
        let mut documents = self.documents.lock();
        let document = documents.entry(doc).or_default();
        document.head.epoch += 1;
        let tip = document.push(
            doc,
            NewEntry {
                at_us: self.clock.now().as_microsecond(),
                participant: ParticipantId::ADMINISTRATOR,
                kind: Kind::Claim,
                bytes: Bytes::copy_from_slice(node.as_bytes()),
            },
        );
        document.changed.send_replace(());
        let epoch = document.head.epoch;
        Ok(Box::new(MemoryWriter { journal: self.clone(), doc, epoch, tip, state: WriterState::Open }))
    }

    async fn read(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        self.read_now(doc, from, limit)
    }

    fn tail(&self, doc: DocId, after: Seq) -> BoxStream<'static, Result<Entry, JournalError>> {
        let changed = self.documents.lock().entry(doc).or_default().changed.subscribe();
        let journal = self.clone();
        let read = move |from| {
            let read = journal.read_now(doc, from, tail::PAGE_ENTRIES);
            async move { read }
        };
        tail::follow(read, changed, after)
    }

    async fn snapshot(&self, doc: DocId) -> Result<Option<Snapshot>, JournalError> {
        let documents = self.documents.lock();
        let Some(document) = documents.get(&doc) else { return Ok(None) };
        let upto = document.head.snapshot.map(|snapshot| snapshot.upto);
        Ok(upto.zip(document.state.clone()).map(|(upto, state)| Snapshot { upto, state }))
    }

    async fn erase(&self, doc: DocId) -> Result<(), JournalError> {
        if let Some(document) = self.documents.lock().get_mut(&doc) {
            document.head.erase();
            document.entries.clear();
            document.state = None;
            document.changed.send_replace(());
        }
        Ok(())
    }

    fn durability(&self) -> Durability {
        Durability::None
    }
}

struct MemoryWriter {
    journal: MemoryJournal,
    doc: DocId,
    epoch: Epoch,
    tip: Seq,
    state: WriterState,
}

impl MemoryWriter {
    /// Runs one write under the fence. Yields once first, so that a dropped future means here what it means on disk.
    async fn write<T>(
        &mut self,
        write: impl FnOnce(&mut Document) -> Result<T, JournalError> + Send,
    ) -> Result<T, JournalError> {
        self.state.begin()?;
        tokio::task::yield_now().await;
        let outcome = match self.journal.documents.lock().get_mut(&self.doc) {
            Some(document) => document.head.check_fence(self.epoch).and_then(|()| write(document)),
            None => Err(JournalError::Fenced),
        };
        self.state.end(outcome)
    }
}

#[async_trait]
impl Writer for MemoryWriter {
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
        let doc = self.doc;
        let range = self
            .write(move |document| {
                check_batch(&batch)?;
                let first = document.head.last + 1;
                for entry in batch {
                    document.push(doc, entry);
                }
                document.changed.send_replace(());
                Ok(first..=document.head.last)
            })
            .await?;
        self.tip = *range.end();
        Ok(range)
    }

    async fn put_snapshot(&mut self, upto: Seq, state: Bytes) -> Result<(), JournalError> {
        self.write(move |document| {
            document.head.check_snapshot(upto)?;
            let number = document.head.generation + 1;
            let bytes = state.len() as u64;
            document.head.set_snapshot(Generation { number, upto, bytes, hash: [0; 16] });
            document.state = Some(state);
            Ok(())
        })
        .await
    }

    async fn truncate(&mut self, upto: Seq) -> Result<(), JournalError> {
        self.write(move |document| {
            document.head.truncate(upto);
            let first = document.head.first();
            document.entries.retain(|entry| entry.seq >= first);
            Ok(())
        })
        .await
    }

    async fn release(self: Box<Self>) {}
}
