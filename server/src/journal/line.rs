//! How the committer is asked.

use std::{
    sync::{Arc, Weak},
    thread::ThreadId,
};

use parking_lot::Mutex;
use tokio::{sync::oneshot, time::timeout};

use super::{
    Ending, Gathering, JournalError,
    action::{Action, Done, Request},
    commit::Committer,
    queue::{GATHER_TIME_MAX, Queue},
    store::Store,
};
use crate::ids::DocId;

/// A line to the committer of a store. Clones share it.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) store: Arc<Store>,
    pub(super) queue: Arc<Queue>,
    pub(super) committer: Arc<Mutex<Committer>>,
}

impl Line {
    /// Asks the committer, and waits until it has answered durably. An answer that does not come is unknown for ever.
    pub(super) async fn ask(&self, doc: DocId, action: Action) -> Result<Done, JournalError> {
        let Self { store, queue, .. } = self;
        let unavailable = || JournalError::Unavailable("an earlier write has failed".into());
        if store.failed() {
            return Err(unavailable());
        }
        let (reply, mut answer) = oneshot::channel();
        let send = timeout(store.patience.flush_time, queue.send(Request { doc, action, reply }));
        let Ok(sent) = send.await else {
            store.check_commit();
            return Err(JournalError::Unavailable("too much waits to be written".into()));
        };
        let held = sent.map_err(|_| unavailable())?;
        let mut patience = if held { GATHER_TIME_MAX } else { store.patience.flush_time };
        loop {
            match timeout(patience, &mut answer).await {
                Ok(answer) => return answer.unwrap_or(Err(JournalError::Unknown)),
                Err(_) => {
                    queue.hurry();
                    store.check_commit();
                    if store.failed() {
                        return Err(JournalError::Unknown);
                    }
                    patience = store.patience.flush_time;
                }
            }
        }
    }

    /// From now until the last `Gathering` ends, requests may wait for others.
    pub(super) fn gather(&self) -> Gathering {
        let thread = self.queue.begin_gathering();
        let (queue, committer) = (self.queue.clone(), Arc::downgrade(&self.committer));
        Gathering(Some(Arc::new(Ends { queue, thread, committer })))
    }

    /// Removes what the head no longer needs, bit by bit.
    pub(super) async fn clean(&self, doc: DocId) -> Result<(), JournalError> {
        while self.ask(doc, Action::Clean).await?.more {}
        Ok(())
    }
}

/// What the end of a gathering does.
struct Ends {
    queue: Arc<Queue>,
    /// Whose it is.
    thread: ThreadId,
    /// A gathering does not keep a store open.
    committer: Weak<Mutex<Committer>>,
}

impl Ending for Ends {
    fn end_gathering(&self) {
        if self.queue.end_gathering(self.thread) && !self.commit_here() {
            self.queue.hurry();
        }
    }
}

impl Ends {
    /// Where a flush takes less than waking another thread and being woken by it, a few entries are written by whoever
    /// gathered them. False if they are to be left to the committer's thread.
    fn commit_here(&self) -> bool {
        let Some(committer) = self.committer.upgrade() else { return false };
        let Some(mut committer) = committer.try_lock() else { return false };
        if !committer.is_quick() || !self.queue.is_light() {
            return false;
        }
        let settles = committer.settle_at().is_some();
        let goes_on = committer.turn(&self.queue);
        // The thread has to end with the first failure, and to know when there is something to settle.
        if !goes_on || !settles || committer.is_due() {
            self.queue.nudge();
        }
        // What did not go into this commit is the thread's.
        self.queue.hurry();
        true
    }
}
