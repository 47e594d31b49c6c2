//! How the committer is asked.

use std::sync::Arc;

use tokio::{sync::oneshot, time::timeout};

use super::{
    JournalError,
    action::{Action, Done, Request},
    queue::{GATHER_TIME_MAX, Queue},
    store::Store,
};
use crate::ids::DocId;

/// A line to the committer of a store. Clones share it.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) store: Arc<Store>,
    pub(super) queue: Arc<Queue>,
}

impl Line {
    /// Asks the committer, and waits until it has answered durably.
    pub(super) async fn ask(&self, doc: DocId, action: Action) -> Result<Done, JournalError> {
        let Self { store, queue } = self;
        let unavailable = || JournalError::Unavailable("an earlier write has failed".into());
        if store.failed() {
            return Err(unavailable());
        }
        let mut failures = store.failures();
        let (reply, mut answer) = oneshot::channel();
        let held = tokio::select! {
            biased;
            sent = queue.send(Request { doc, action, reply }) => sent.map_err(|_| unavailable())?,
            _ = failures.wait_for(|failed| *failed) => return Err(unavailable()),
        };
        let mut patience = if held { GATHER_TIME_MAX } else { store.patience.flush_time };
        loop {
            tokio::select! {
                biased;
                answer = timeout(patience, &mut answer) => match answer {
                    Ok(answer) => return answer.unwrap_or(Err(JournalError::Unknown)),
                    Err(_) => {
                        queue.hurry();
                        store.check_commit();
                        patience = store.patience.flush_time;
                    }
                },
                _ = failures.wait_for(|failed| *failed) => return Err(JournalError::Unknown),
            }
        }
    }

    /// Removes what the head no longer needs, bit by bit.
    pub(super) async fn clean(&self, doc: DocId) -> Result<(), JournalError> {
        while self.ask(doc, Action::Clean).await?.more {}
        Ok(())
    }
}
