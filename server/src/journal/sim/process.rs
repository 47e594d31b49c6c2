//! One process's journal on a simulated disk: its committer, readers and writers.

use std::{ops::RangeInclusive, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    super::{
        Durability, Entry, Epoch, Journal, JournalError, NewEntry, Seq, Snapshot, Writer, head::WriterState,
        tail,
    },
    Broken, Document, SimDisk, Trouble,
};
use crate::{clock::Clock, ids::DocId};

/// Requests that one group commit takes.
const GROUP_REQUESTS_MAX: usize = 16;

/// One process's journal on a simulated disk.
pub(crate) struct SimJournal {
    process: Arc<Process>,
}

struct Process {
    disk: SimDisk,
    clock: Clock,
    queue: mpsc::Sender<Request>,
    /// True once the process must leave.
    leaving: watch::Sender<bool>,
    changed: watch::Sender<()>,
}

/// What a process asks its committer.
pub(super) enum Action {
    Claim(String),
    Append(Epoch, Vec<NewEntry>),
    Snapshot(Epoch, Seq, Bytes),
    Truncate(Epoch, Seq),
    Erase,
}

pub(super) struct Request {
    pub(super) doc: DocId,
    pub(super) action: Action,
    pub(super) reply: oneshot::Sender<Answer>,
}

/// The writer's epoch, and the last entry.
pub(super) type Answer = Result<(Epoch, Seq), JournalError>;

impl SimJournal {
    /// A process starts on a disk; its committer is for whoever runs it, and a crash is to drop it.
    pub(crate) fn new(disk: &SimDisk, clock: Clock) -> (Self, impl Future<Output = ()> + Send + 'static) {
        let (queue, requests) = mpsc::channel(1024);
        let (leaving, changed) = (watch::Sender::new(false), watch::Sender::new(()));
        let process = Arc::new(Process { disk: disk.clone(), clock, queue, leaving, changed });
        (Self { process: process.clone() }, commit(process, requests))
    }

    /// Whether the process must leave, live.
    pub(crate) fn leaving(&self) -> watch::Receiver<bool> {
        self.process.leaving.subscribe()
    }
}

/// The committer: takes what waits, writes, flushes once, confirms.
async fn commit(process: Arc<Process>, mut requests: mpsc::Receiver<Request>) {
    let disk = &process.disk;
    let broken = disk.0.lock().broken;
    let mut group = Vec::new();
    loop {
        requests.recv_many(&mut group, GROUP_REQUESTS_MAX).await;
        if broken == Some(Broken::ConfirmsOnArrival) {
            for request in &mut group {
                disk.0.lock().promise(request);
            }
        }
        disk.pause(|pace| &pace.0).await;
        let trouble = disk.0.lock().troubles.pop_front();
        let mut answers = disk.0.lock().write(&process.clock, group.drain(..), trouble);
        if broken == Some(Broken::ConfirmsBeforeFlush) {
            answers.drain(..).for_each(|(reply, answer)| drop(reply.send(answer)));
        }
        if trouble == Some(Trouble::KilledBeforeFlush) {
            return process.is_killed().await;
        }
        match trouble {
            Some(Trouble::Slow(ms)) => tokio::time::sleep(Duration::from_millis(ms.into())).await,
            _ => disk.pause(|pace| &pace.1).await,
        }
        if trouble == Some(Trouble::FlushFails) {
            disk.0.lock().count("flushes failed");
            if broken == Some(Broken::RetriesFlush) {
                disk.0.lock().unflushed.clear();
            } else {
                return process.leave(answers, requests).await;
            }
        }
        disk.0.lock().publish();
        if trouble == Some(Trouble::KilledAfterFlush) {
            return process.is_killed().await;
        }
        process.changed.send_replace(());
        answers.into_iter().for_each(|(reply, answer)| drop(reply.send(answer)));
    }
}

impl Process {
    /// Nobody knows what is on disk: all who wait, and all who come, hear so.
    async fn leave(
        &self,
        answers: Vec<(oneshot::Sender<Answer>, Answer)>,
        mut requests: mpsc::Receiver<Request>,
    ) {
        self.leaving.send_replace(true);
        answers.into_iter().for_each(|(reply, _)| drop(reply.send(Err(JournalError::Unknown))));
        while let Some(request) = requests.recv().await {
            drop(request.reply.send(Err(JournalError::Unknown)));
        }
    }

    /// Does nothing until whoever runs the process has dropped it.
    async fn is_killed(&self) {
        self.leaving.send_replace(true);
        std::future::pending().await
    }

    async fn ask(&self, doc: DocId, action: Action) -> Answer {
        let (reply, answer) = oneshot::channel();
        let sent = self.queue.send(Request { doc, action, reply }).await;
        sent.map_err(|_| JournalError::Unknown)?;
        answer.await.unwrap_or(Err(JournalError::Unknown))
    }

    /// Reads what is flushed.
    fn read<T>(
        &self,
        doc: DocId,
        read: impl FnOnce(&Document) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        let mut state = self.disk.0.lock();
        if state.down || *self.leaving.borrow() {
            state.count("reads refused");
            return Err(JournalError::Unavailable("the disk does not answer".into()));
        }
        read(state.documents.get(&doc).unwrap_or(&Document::default()))
    }
}

#[async_trait]
impl Journal for SimJournal {
    async fn claim(&self, doc: DocId, node: &str) -> Result<Box<dyn Writer>, JournalError> {
        let process = self.process.clone();
        let (epoch, tip) = process.ask(doc, Action::Claim(node.to_owned())).await?;
        Ok(Box::new(SimWriter { process, doc, epoch, tip, state: WriterState::Open }))
    }

    async fn read(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        self.process.disk.pause(|pace| &pace.0).await;
        self.process.read(doc, |document| read_from(document, from, limit))
    }

    fn tail(&self, doc: DocId, after: Seq) -> BoxStream<'static, Result<Entry, JournalError>> {
        let process = self.process.clone();
        let read = move |from| {
            let read = process.read(doc, |document| read_from(document, from, tail::PAGE_ENTRIES));
            async move { read }
        };
        tail::follow(read, self.process.changed.subscribe(), after)
    }

    async fn snapshot(&self, doc: DocId) -> Result<Option<Snapshot>, JournalError> {
        let snapshot = self.process.read(doc, |document| {
            let upto = document.head.snapshot.map(|snapshot| snapshot.upto);
            Ok(upto.zip(document.state.clone()).map(|(upto, state)| Snapshot { upto, state }))
        })?;
        if snapshot.is_some() {
            self.process.disk.0.lock().count("snapshots read");
        }
        Ok(snapshot)
    }

    async fn erase(&self, doc: DocId) -> Result<(), JournalError> {
        self.process.ask(doc, Action::Erase).await.map(|_| ())
    }

    fn durability(&self) -> Durability {
        Durability::LocalDisk
    }
}

fn read_from(document: &Document, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
    let start = document.head.start_of_read(from)?;
    Ok(document.entries.iter().filter(|entry| entry.seq >= start).take(limit).cloned().collect())
}

struct SimWriter {
    process: Arc<Process>,
    doc: DocId,
    epoch: Epoch,
    tip: Seq,
    state: WriterState,
}

impl SimWriter {
    async fn ask(&mut self, action: Action) -> Answer {
        self.state.begin()?;
        let answer = self.process.ask(self.doc, action).await;
        self.state.end(answer)
    }
}

#[async_trait]
impl Writer for SimWriter {
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
        let count = batch.len() as u64;
        let (_, last) = self.ask(Action::Append(self.epoch, batch)).await?;
        self.tip = last;
        Ok(last + 1 - count..=last)
    }

    async fn put_snapshot(&mut self, upto: Seq, state: Bytes) -> Result<(), JournalError> {
        self.ask(Action::Snapshot(self.epoch, upto, state)).await.map(|_| ())
    }

    async fn truncate(&mut self, upto: Seq) -> Result<(), JournalError> {
        self.ask(Action::Truncate(self.epoch, upto)).await.map(|_| ())
    }

    async fn release(self: Box<Self>) {}
}
