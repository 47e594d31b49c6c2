//! A journal on a simulated disk, for the simulation of rooms (`room::sim`).
//!
//! `SimDisk` is what survives: records that are flushed, and what was written since. `SimJournal` is one process's
//! view of it: a committer takes what waits, writes it, flushes once and then confirms, as the real one does. A crash
//! keeps all that was flushed and, of the group that was not, a random prefix for each document; a request of which
//! only a part was written counts as not written, since its head is missing. That is weaker than what sled keeps, so
//! that rooms rely on no more than the contract.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::{Range, RangeInclusive},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use parking_lot::Mutex;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    Durability, Entry, Epoch, Journal, JournalError, Kind, NewEntry, Seq, Snapshot, Writer,
    head::{Generation, Head, WriterState, check_batch},
    tail,
};
use crate::{
    clock::Clock,
    ids::{DocId, ParticipantId},
};

/// Requests that one group commit takes.
const GROUP_REQUESTS_MAX: usize = 16;

/// What goes wrong with the next group commit.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Trouble {
    /// The flush fails: the process says `Unknown` to all from now on, and is to leave.
    FlushFails,
    /// The flush takes so many milliseconds.
    Slow(u16),
    /// The group's first append is answered `Unknown`; the process goes on.
    Unknown(Fate),
}

/// What became of a write whose outcome was told to be unknown.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub(crate) enum Fate {
    Stored,
    Lost,
    /// Decided by chance when the document is claimed again, or the process crashes.
    Open,
}

/// A way in which this journal breaks its promise, to show that the simulation notices.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Broken {
    /// Confirms what is written and not yet flushed.
    ConfirmsBeforeFlush,
    /// Confirms on arrival: to all but the journal, a room that lets go before its append returned.
    ConfirmsOnArrival,
    /// Now and then loses the last entry of a batch.
    LosesAnEntry,
    /// Now and then records an entry under another's name.
    MixesNamesUp,
    /// Tries a failed flush again and takes the second answer, although the first dropped what was written.
    RetriesFlush,
}

/// What survives a crash. Clones share it.
#[derive(Clone)]
pub(crate) struct SimDisk(Arc<Mutex<State>>);

struct State {
    documents: BTreeMap<DocId, Document>,
    /// Written since the last flush, in order.
    unflushed: Vec<Delta>,
    /// Of unknown outcome, still open.
    limbo: BTreeMap<DocId, Delta>,
    troubles: VecDeque<Trouble>,
    /// Writes are answered `Unavailable`: the disk is full.
    full: bool,
    /// Claims, reads and snapshots are answered `Unavailable`.
    down: bool,
    /// Milliseconds that a write and a flush take; `None` takes none, and yields.
    pace: Option<(Range<u64>, Range<u64>)>,
    chance: StdRng,
    broken: Option<Broken>,
}

#[derive(Clone, Default)]
struct Document {
    head: Head,
    entries: Vec<Entry>,
    state: Option<Bytes>,
}

/// What one request writes.
struct Delta {
    doc: DocId,
    head: Head,
    entries: Vec<Entry>,
    state: Option<Bytes>,
}

impl Document {
    fn apply(&mut self, delta: Delta) {
        self.entries.extend(delta.entries);
        if delta.head.first() != self.head.first() {
            self.entries.retain(|entry| entry.seq >= delta.head.first());
        }
        self.head = delta.head;
        self.state = if self.head.snapshot.is_none() { None } else { delta.state.or(self.state.take()) };
    }
}

impl SimDisk {
    /// An empty disk whose luck follows from `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            documents: BTreeMap::new(),
            unflushed: Vec::new(),
            limbo: BTreeMap::new(),
            troubles: VecDeque::new(),
            full: false,
            down: false,
            pace: None,
            chance: StdRng::seed_from_u64(seed),
            broken: None,
        })))
    }

    /// How many milliseconds a write and a flush take.
    pub(crate) fn set_pace(&self, write: Range<u64>, flush: Range<u64>) {
        self.0.lock().pace = Some((write, flush));
    }

    pub(crate) fn set_full(&self, full: bool) {
        self.0.lock().full = full;
    }

    pub(crate) fn set_down(&self, down: bool) {
        self.0.lock().down = down;
    }

    /// The next group commit meets this. Troubles queue up.
    pub(crate) fn trouble(&self, trouble: Trouble) {
        self.0.lock().troubles.push_back(trouble);
    }

    pub(crate) fn breaks(&self, broken: Broken) {
        self.0.lock().broken = Some(broken);
    }

    /// Nothing goes wrong from now on.
    pub(crate) fn heal(&self) {
        let mut state = self.0.lock();
        state.troubles.clear();
        state.full = false;
        state.down = false;
    }

    /// The process that wrote here is no more: what was not flushed survives in part.
    pub(crate) fn crash(&self) {
        let state = &mut *self.0.lock();
        let mut cut: BTreeMap<DocId, bool> = BTreeMap::new();
        let limbo = std::mem::take(&mut state.limbo).into_values();
        for delta in limbo.chain(std::mem::take(&mut state.unflushed)) {
            let cut = cut.entry(delta.doc).or_default();
            *cut = *cut || state.chance.random_bool(0.5);
            if !*cut {
                state.documents.entry(delta.doc).or_default().apply(delta);
            }
        }
    }

    /// The record of a document as it is on disk.
    pub(crate) fn entries(&self, doc: DocId) -> Vec<Entry> {
        self.0.lock().documents.get(&doc).map_or(Vec::new(), |document| document.entries.clone())
    }

    async fn pause(&self, which: fn(&(Range<u64>, Range<u64>)) -> &Range<u64>) {
        let wait = {
            let mut state = self.0.lock();
            let range = state.pace.as_ref().map(|pace| which(pace).clone());
            range.map(|range| state.chance.random_range(range))
        };
        match wait {
            Some(0) | None => tokio::task::yield_now().await,
            Some(wait) => tokio::time::sleep(Duration::from_millis(wait)).await,
        }
    }
}

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

enum Action {
    Claim(String),
    Append(Epoch, Vec<NewEntry>),
    Snapshot(Epoch, Seq, Bytes),
    Truncate(Epoch, Seq),
    Erase,
}

struct Request {
    doc: DocId,
    action: Action,
    reply: oneshot::Sender<Result<(Epoch, Seq), JournalError>>,
}

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
        match trouble {
            Some(Trouble::Slow(ms)) => tokio::time::sleep(Duration::from_millis(ms.into())).await,
            _ => disk.pause(|pace| &pace.1).await,
        }
        if trouble == Some(Trouble::FlushFails) {
            if broken == Some(Broken::RetriesFlush) {
                disk.0.lock().unflushed.clear();
            } else {
                return process.leave(answers, requests).await;
            }
        }
        disk.0.lock().publish();
        process.changed.send_replace(());
        answers.into_iter().for_each(|(reply, answer)| drop(reply.send(answer)));
    }
}

type Answer = Result<(Epoch, Seq), JournalError>;

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
        let state = self.disk.0.lock();
        if state.down || *self.leaving.borrow() {
            return Err(JournalError::Unavailable("the disk does not answer".into()));
        }
        read(state.documents.get(&doc).unwrap_or(&Document::default()))
    }
}

impl State {
    /// Writes a group; answers are for after the flush.
    fn write(
        &mut self,
        clock: &Clock,
        group: impl Iterator<Item = Request>,
        trouble: Option<Trouble>,
    ) -> Vec<(oneshot::Sender<Answer>, Answer)> {
        let mut heads = BTreeMap::new();
        let mut unknown = match trouble {
            Some(Trouble::Unknown(fate)) => Some(fate),
            _ => None,
        };
        let mut answers = Vec::new();
        for Request { doc, action, reply } in group {
            let append = matches!(action, Action::Append(..));
            if let (Action::Claim(_), Some(open)) = (&action, self.limbo.remove(&doc))
                && self.chance.random_bool(0.5)
            {
                heads.insert(doc, open.head.clone());
                self.unflushed.push(open);
            }
            let head = heads.get(&doc).cloned();
            let head = head.or_else(|| self.documents.get(&doc).map(|document| document.head.clone()));
            let delta = match self.delta(clock, doc, head.unwrap_or_default(), action) {
                Ok(delta) => delta,
                Err(error) => {
                    answers.push((reply, Err(error)));
                    continue;
                }
            };
            let answer = Ok((delta.head.epoch, delta.head.last));
            match unknown.take_if(|_| append) {
                Some(Fate::Lost) => answers.push((reply, Err(JournalError::Unknown))),
                Some(Fate::Open) => {
                    self.limbo.insert(doc, delta);
                    answers.push((reply, Err(JournalError::Unknown)));
                }
                stored => {
                    heads.insert(doc, delta.head.clone());
                    self.unflushed.push(delta);
                    answers.push((reply, if stored.is_some() { Err(JournalError::Unknown) } else { answer }));
                }
            }
        }
        answers
    }

    /// What a request writes, given the head as it was written last; or why it does not.
    fn delta(
        &mut self,
        clock: &Clock,
        doc: DocId,
        mut head: Head,
        action: Action,
    ) -> Result<Delta, JournalError> {
        let (mut entries, mut state) = (Vec::new(), None);
        match &action {
            Action::Claim(_) if self.down => {
                return Err(JournalError::Unavailable("the disk does not answer".into()));
            }
            Action::Append(epoch, _) | Action::Snapshot(epoch, ..) | Action::Truncate(epoch, _) => {
                head.check_fence(*epoch)?;
            }
            Action::Claim(_) | Action::Erase => {}
        }
        if self.full {
            return Err(JournalError::Unavailable("the disk is full".into()));
        }
        match action {
            Action::Claim(node) => {
                head.epoch += 1;
                let (participant, bytes) = (ParticipantId::ADMINISTRATOR, node.into());
                let at_us = clock.now().as_microsecond();
                entries.push(NewEntry { at_us, participant, kind: Kind::Claim, bytes });
            }
            Action::Append(_, batch) => {
                check_batch(&batch)?;
                entries = batch;
            }
            Action::Snapshot(_, upto, bytes) => {
                head.check_snapshot(upto)?;
                let number = head.generation + 1;
                head.set_snapshot(Generation { number, upto, bytes: bytes.len() as u64, hash: [0; 16] });
                state = Some(bytes);
            }
            Action::Truncate(_, upto) => head.truncate(upto),
            Action::Erase if head.epoch == 0 => {}
            Action::Erase => head.erase(),
        }
        let numbered = entries.into_iter().map(|NewEntry { at_us, participant, kind, bytes }| {
            head.last += 1;
            Entry { doc, seq: head.last, epoch: head.epoch, at_us, participant, kind, bytes }
        });
        let mut entries: Vec<_> = numbered.collect();
        self.spoil(&mut entries);
        Ok(Delta { doc, head, entries, state })
    }

    /// What a broken journal makes of a batch.
    fn spoil(&mut self, entries: &mut Vec<Entry>) {
        match self.broken {
            Some(Broken::LosesAnEntry) if self.chance.random_bool(0.02) => drop(entries.pop()),
            Some(Broken::MixesNamesUp) if self.chance.random_bool(0.02) => {
                entries.iter_mut().for_each(|entry| entry.participant = ParticipantId::from_bytes([200; 16]));
            }
            _ => {}
        }
    }

    /// The answer that a journal gives which does not wait for anything.
    fn promise(&self, request: &mut Request) {
        let Action::Append(epoch, batch) = &request.action else { return };
        let last = self.documents.get(&request.doc).map_or(0, |document| document.head.last);
        let (nobody, _) = oneshot::channel();
        let reply = std::mem::replace(&mut request.reply, nobody);
        drop(reply.send(Ok((*epoch, last + batch.len() as u64))));
    }

    fn publish(&mut self) {
        for delta in self.unflushed.drain(..) {
            self.documents.entry(delta.doc).or_default().apply(delta);
        }
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
        self.process.read(doc, |document| {
            let upto = document.head.snapshot.map(|snapshot| snapshot.upto);
            Ok(upto.zip(document.state.clone()).map(|(upto, state)| Snapshot { upto, state }))
        })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::contract::{self, batch, doc};

    fn open() -> (Arc<dyn Journal>, SimDisk) {
        let disk = SimDisk::new(1);
        (Arc::new(start(&disk).0), disk)
    }

    fn start(disk: &SimDisk) -> (SimJournal, tokio::task::AbortHandle) {
        let (journal, committer) = SimJournal::new(disk, Clock::system());
        (journal, tokio::spawn(committer).abort_handle())
    }

    contract::contract! { open() }

    #[tokio::test(start_paused = true)]
    async fn a_crash_keeps_what_was_flushed_and_of_the_rest_all_or_none() {
        let mut kept = [0; 2];
        for seed in 0..20 {
            let disk = SimDisk::new(seed);
            disk.set_pace(1..2, 5..6);
            let (journal, committer) = start(&disk);
            let mut writer = journal.claim(doc(1), "node").await.unwrap();
            writer.append(batch(2)).await.unwrap();
            tokio::select! {
                _ = writer.append(batch(3)) => panic!("confirmed before its flush"),
                () = tokio::time::sleep(Duration::from_millis(3)) => committer.abort(),
            }
            disk.crash();
            match disk.entries(doc(1)).len() {
                3 => kept[0] += 1,
                6 => kept[1] += 1,
                other => panic!("{other} entries"),
            }
        }
        assert!(kept[0] > 2 && kept[1] > 2, "{kept:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_failed_flush_nothing_is_confirmed_any_more() {
        let disk = SimDisk::new(1);
        let (journal, _) = start(&disk);
        let mut writer = journal.claim(doc(1), "node").await.unwrap();
        let mut other = journal.claim(doc(2), "node").await.unwrap();
        disk.trouble(Trouble::FlushFails);
        assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown));
        assert_eq!(other.append(batch(1)).await, Err(JournalError::Unknown));
        assert_eq!(journal.claim(doc(3), "node").await.err(), Some(JournalError::Unknown));
        assert!(*journal.leaving().borrow());
    }

    #[tokio::test(start_paused = true)]
    async fn an_unknown_outcome_is_settled_by_the_next_claim() {
        for (fate, outcomes) in [(Fate::Stored, &[3][..]), (Fate::Lost, &[2][..]), (Fate::Open, &[2, 3][..])]
        {
            let mut seen = std::collections::BTreeSet::new();
            for seed in 0..20 {
                let disk = SimDisk::new(seed);
                let (journal, _) = start(&disk);
                let mut writer = journal.claim(doc(1), "node").await.unwrap();
                disk.trouble(Trouble::Unknown(fate));
                assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown));
                let tip = journal.claim(doc(1), "node").await.unwrap().tip();
                assert_eq!(journal.read(doc(1), 1, 9).await.unwrap().len() as u64, tip);
                seen.insert(tip);
            }
            assert_eq!(seen.into_iter().collect::<Vec<_>>(), outcomes, "{fate:?}");
        }
    }
}
