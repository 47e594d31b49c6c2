//! A journal that fails on command, for tests of whatever stands on a journal.

use std::{
    collections::VecDeque,
    ops::RangeInclusive,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use parking_lot::Mutex;
use tokio::sync::watch;

use super::{
    Durability, Entry, Epoch, Journal, JournalError, MemoryJournal, NewEntry, Seq, Snapshot, Writer,
};
use crate::ids::DocId;

/// How an append goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// Answers `Unknown`, and nothing was stored.
    UnknownLost,
    /// Answers `Unknown`, although all was stored.
    UnknownStored,
    /// Answers `Unavailable`: nothing was stored, the writer may try again.
    Unavailable,
}

/// A journal in memory whose appends, claims and reads can be told to fail or to wait. For tests only.
/// Clones share their documents and their orders.
#[derive(Clone)]
pub struct FaultyJournal {
    inner: MemoryJournal,
    orders: Arc<Orders>,
}

struct Orders {
    appends: Mutex<VecDeque<Fault>>,
    /// While true, appends wait before they store anything.
    held: watch::Sender<bool>,
    /// Appends that wait now.
    waiting: watch::Sender<usize>,
    /// While true, claims, reads and snapshots answer `Unavailable`.
    down: Mutex<bool>,
    /// How often a snapshot was asked for: each time that a document is read.
    read: AtomicUsize,
}

impl FaultyJournal {
    /// A journal over `inner` that works until told otherwise.
    pub fn new(inner: MemoryJournal) -> Self {
        let orders = Orders {
            appends: Mutex::default(),
            held: watch::Sender::new(false),
            waiting: watch::Sender::new(0),
            down: Mutex::new(false),
            read: AtomicUsize::new(0),
        };
        Self { inner, orders: Arc::new(orders) }
    }

    /// The next append, of any document, goes wrong in this way. Faults queue up, one an append.
    pub fn fail_next_append(&self, fault: Fault) {
        self.orders.appends.lock().push_back(fault);
    }

    /// Lets every append wait, before it stores anything, until `release_appends`.
    pub fn hold_appends(&self) {
        self.orders.held.send_replace(true);
    }

    /// Lets the waiting appends and all later ones go on.
    pub fn release_appends(&self) {
        self.orders.held.send_replace(false);
    }

    /// Returns once at least `count` appends wait.
    pub async fn appends_waiting(&self, count: usize) {
        let mut waiting = self.orders.waiting.subscribe();
        // The sender lives as long as `self`, so the wait only ends by its condition.
        let _ = waiting.wait_for(|now| *now >= count).await;
    }

    /// While down, claims, reads and snapshots answer `Unavailable`; open writers are not touched.
    pub fn set_down(&self, down: bool) {
        *self.orders.down.lock() = down;
    }

    /// How often documents were read from their beginning.
    pub fn readings(&self) -> usize {
        self.orders.read.load(SeqCst)
    }

    fn check_up(&self) -> Result<(), JournalError> {
        if *self.orders.down.lock() {
            Err(JournalError::Unavailable("told to be down".into()))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Journal for FaultyJournal {
    async fn claim(&self, doc: DocId, node: &str) -> Result<Box<dyn Writer>, JournalError> {
        self.check_up()?;
        let inner = self.inner.claim(doc, node).await?;
        Ok(Box::new(FaultyWriter { inner, orders: self.orders.clone(), poisoned: false }))
    }

    async fn read(&self, doc: DocId, from: Seq, limit: usize) -> Result<Vec<Entry>, JournalError> {
        self.check_up()?;
        self.inner.read(doc, from, limit).await
    }

    fn tail(&self, doc: DocId, after: Seq) -> BoxStream<'static, Result<Entry, JournalError>> {
        self.inner.tail(doc, after)
    }

    async fn snapshot(&self, doc: DocId) -> Result<Option<Snapshot>, JournalError> {
        self.check_up()?;
        self.orders.read.fetch_add(1, SeqCst);
        self.inner.snapshot(doc).await
    }

    async fn erase(&self, doc: DocId) -> Result<(), JournalError> {
        self.check_up()?;
        self.inner.erase(doc).await
    }

    fn durability(&self) -> Durability {
        self.inner.durability()
    }
}

struct FaultyWriter {
    inner: Box<dyn Writer>,
    orders: Arc<Orders>,
    poisoned: bool,
}

/// Counts an append as waiting until it goes on or is dropped.
struct Waiting(Arc<Orders>);

impl Waiting {
    fn new(orders: &Arc<Orders>) -> Self {
        orders.waiting.send_modify(|waiting| *waiting += 1);
        Self(orders.clone())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.send_modify(|waiting| *waiting -= 1);
    }
}

#[async_trait]
impl Writer for FaultyWriter {
    fn doc(&self) -> DocId {
        self.inner.doc()
    }

    fn epoch(&self) -> Epoch {
        self.inner.epoch()
    }

    fn tip(&self) -> Seq {
        self.inner.tip()
    }

    async fn append(&mut self, batch: Vec<NewEntry>) -> Result<RangeInclusive<Seq>, JournalError> {
        if self.poisoned {
            return Err(JournalError::Unknown);
        }
        let fault = self.orders.appends.lock().pop_front();
        // Poisoned while it waits, so that a dropped future is an unknown outcome here too.
        self.poisoned = true;
        let mut held = self.orders.held.subscribe();
        if *held.borrow_and_update() {
            let waiting = Waiting::new(&self.orders);
            let _ = held.wait_for(|held| !held).await;
            drop(waiting);
        }
        match fault {
            Some(Fault::UnknownLost) => return Err(JournalError::Unknown),
            Some(Fault::UnknownStored) => {
                self.inner.append(batch).await?;
                return Err(JournalError::Unknown);
            }
            Some(Fault::Unavailable) => {
                self.poisoned = false;
                return Err(JournalError::Unavailable("told to fail".into()));
            }
            None => {}
        }
        let outcome = self.inner.append(batch).await;
        self.poisoned = false;
        outcome
    }

    async fn put_snapshot(&mut self, upto: Seq, state: Bytes) -> Result<(), JournalError> {
        if self.poisoned {
            return Err(JournalError::Unknown);
        }
        self.inner.put_snapshot(upto, state).await
    }

    async fn truncate(&mut self, upto: Seq) -> Result<(), JournalError> {
        if self.poisoned {
            return Err(JournalError::Unknown);
        }
        self.inner.truncate(upto).await
    }

    async fn release(self: Box<Self>) {
        self.inner.release().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::contract::{self, batch, doc};

    contract::contract! { (Arc::new(FaultyJournal::new(MemoryJournal::new())) as Arc<dyn Journal>, ()) }

    #[tokio::test]
    async fn a_fault_is_answered_once_and_leaves_what_it_says() {
        let journal = FaultyJournal::new(MemoryJournal::new());
        let mut writer = journal.claim(doc(1), "node").await.unwrap();
        journal.fail_next_append(Fault::Unavailable);
        assert!(matches!(writer.append(batch(1)).await, Err(JournalError::Unavailable(_))));
        assert_eq!(writer.append(batch(1)).await, Ok(2..=2));
        journal.fail_next_append(Fault::UnknownStored);
        assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown));
        assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown), "poisoned");
        let mut writer = journal.claim(doc(1), "node").await.unwrap();
        assert_eq!(writer.tip(), 4, "stored, although nobody was told");
        journal.fail_next_append(Fault::UnknownLost);
        assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown));
        assert_eq!(journal.claim(doc(1), "node").await.unwrap().tip(), 5);
    }

    #[tokio::test]
    async fn held_appends_store_nothing_until_released() {
        let journal = FaultyJournal::new(MemoryJournal::new());
        let mut writer = journal.claim(doc(1), "node").await.unwrap();
        journal.hold_appends();
        let append = tokio::spawn(async move { writer.append(batch(1)).await });
        journal.appends_waiting(1).await;
        assert_eq!(journal.read(doc(1), 2, 9).await, Ok(vec![]));
        journal.release_appends();
        assert_eq!(append.await.unwrap(), Ok(2..=2));
    }
}
