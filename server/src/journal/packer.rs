//! Packs what the newest snapshots hold, so that the whole history can be kept. One thread beside the committer: it
//! reads entries, makes a block of them and checks that it unpacks equal; the committer only writes it. Each block is
//! a step of its own, which a crash can cut short anywhere: a block whose head is not there is not read, entries are
//! removed only once the head that speaks of their block is durable, and what was left is found again.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    thread::{self, JoinHandle},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::{mpsc, watch};

use super::{
    JournalError, Seq,
    action::Action,
    block::{decode_block, encode_block, whole},
    directory::panic_text,
    line::Line,
    record::PIECE_BYTES,
    store::{REQUEST_BYTES, Store},
};
use crate::ids::DocId;

/// Documents that wait; one that finds no place is packed after its next snapshot.
const WAITING_MAX: usize = 1024;
/// Rest after each block: some thirty blocks a second leave the processor and the disk to those who write.
const PAUSE: Duration = Duration::from_millis(20);

/// The packer of a store. Dropping it waits for the block that is under way.
pub(super) struct Packer {
    /// `None` only while dropping.
    hints: Option<mpsc::Sender<DocId>>,
    /// Documents that wait or are under way.
    waiting: watch::Sender<usize>,
    thread: Option<JoinHandle<()>>,
}

impl Packer {
    /// Starts with documents that an earlier process left.
    pub(super) fn start(line: Line, left: Vec<DocId>) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        let (hints, next) = mpsc::channel(WAITING_MAX);
        let waiting = watch::Sender::new(left.len());
        let packing = Packing { line, next, waiting: waiting.clone() };
        let thread = thread::Builder::new()
            .name("packer".into())
            .spawn(move || runtime.block_on(packing.run(left)))?;
        Ok(Self { hints: Some(hints), waiting, thread: Some(thread) })
    }

    /// A document has a new snapshot.
    pub(super) fn hint(&self, doc: DocId) {
        let Some(place) = self.hints.as_ref().and_then(|hints| hints.try_reserve().ok()) else { return };
        self.waiting.send_modify(|waiting| *waiting += 1);
        place.send(doc);
    }

    /// Documents that wait or are under way.
    pub(super) fn waiting(&self) -> usize {
        *self.waiting.borrow()
    }

    /// Returns once all that was hinted is packed.
    #[cfg(test)]
    pub(super) async fn settled(&self) {
        self.waiting.subscribe().wait_for(|waiting| *waiting == 0).await.expect("the sender lives");
    }
}

impl Drop for Packer {
    fn drop(&mut self) {
        self.hints = None;
        if let Some(thread) = self.thread.take() {
            // It does not panic: what could is caught, and the rest of it waits and counts.
            let _ = thread.join();
        }
    }
}

struct Packing {
    line: Line,
    next: mpsc::Receiver<DocId>,
    waiting: watch::Sender<usize>,
}

impl Packing {
    async fn run(mut self, left: Vec<DocId>) {
        for doc in left {
            self.pack(doc).await;
        }
        while let Some(doc) = self.next.recv().await {
            self.pack(doc).await;
        }
    }

    /// Packs all of a document that can be.
    async fn pack(&self, doc: DocId) {
        while !self.next.is_closed() && !self.line.store.failed() {
            match pack_next(&self.line, doc).await {
                Ok(true) => tokio::time::sleep(PAUSE).await,
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(%doc, %error, "older entries were not packed; they stay as they are");
                    break;
                }
            }
        }
        self.waiting.send_modify(|waiting| *waiting -= 1);
    }
}

/// Packs the next block of a document, if there is enough for one, and removes what it replaced.
pub(super) async fn pack_next(line: &Line, doc: DocId) -> Result<bool, JournalError> {
    if line.store.has_stale_entries(doc)? {
        line.clean(doc).await?;
    }
    // sled panics on some damage.
    let made = catch_unwind(AssertUnwindSafe(|| make_block(&line.store, doc)));
    let made = made.map_err(|panic| JournalError::Unavailable(panic_text(&*panic)))?;
    let Some(block) = made? else { return Ok(false) };
    if !write_block(line, doc, &block).await? {
        return Ok(true);
    }
    line.clean(doc).await?;
    Ok(true)
}

/// A block as it is to be stored.
pub(super) struct Block {
    pub(super) from: Seq,
    pub(super) upto: Seq,
    pub(super) record: Bytes,
}

/// The next block of a document, once it unpacks equal; `None` if there are too few entries.
pub(super) fn make_block(store: &Store, doc: DocId) -> Result<Option<Block>, JournalError> {
    let entries = store.read_packable(doc)?;
    let Some(count) = whole(&entries) else { return Ok(None) };
    let entries = &entries[..count];
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return Ok(None) };
    let (from, upto) = (first.entry.seq, last.entry.seq);
    let Some(record) = encode_block(entries) else { return Ok(None) };
    if decode_block(doc, upto, &record).as_deref() != Ok(entries) {
        let why = format!("entries {from} to {upto} would not unpack equal");
        return Err(JournalError::Refused(why));
    }
    Ok(Some(Block { from, upto, record }))
}

/// Has a block take its entries' place. False if the document was truncated or erased meanwhile.
async fn write_block(line: &Line, doc: DocId, block: &Block) -> Result<bool, JournalError> {
    for action in block.actions() {
        match line.ask(doc, action).await {
            Ok(_) => {}
            Err(JournalError::Refused(_)) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

impl Block {
    /// What the committer is asked to store it: once for most, in several parts for those with large entries.
    pub(super) fn actions(&self) -> impl Iterator<Item = Action> {
        let Self { from, upto, record } = self;
        (0..record.len()).step_by(REQUEST_BYTES).map(move |start| {
            let end = record.len().min(start + REQUEST_BYTES);
            let pieces = (start..end).step_by(PIECE_BYTES);
            let pieces = pieces.map(|at| record.slice(at..end.min(at + PIECE_BYTES))).collect();
            let (first, whole) = ((start / PIECE_BYTES) as u32, end == record.len());
            Action::Pack { from: *from, upto: *upto, first, pieces, whole }
        })
    }
}
