//! Following a document: wake-ups are only hints, reading is what delivers.

use std::{collections::VecDeque, future::Future};

use futures_core::stream::BoxStream;
use futures_util::{StreamExt as _, stream};
use tokio::sync::watch;

use super::{Entry, JournalError, Seq};

/// Entries read at once; live ones come in smaller numbers.
pub(super) const PAGE_ENTRIES: usize = 256;

struct Follow<R, T> {
    read: R,
    changed: watch::Receiver<T>,
    /// The seq that must come next; 0 as long as any first one will do.
    next: Seq,
    waiting: VecDeque<Entry>,
    ended: bool,
}

/// All entries after `after`, then live ones. `read` gives durable entries from a seq on, `changed` says when to
/// look again. Ends with the first error, and without one when the journal is gone.
pub(super) fn follow<R, F, T>(
    read: R,
    changed: watch::Receiver<T>,
    after: Seq,
) -> BoxStream<'static, Result<Entry, JournalError>>
where
    R: Fn(Seq) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Vec<Entry>, JournalError>> + Send,
    T: Send + Sync + 'static,
{
    let follow = Follow { read, changed, next: after + 1, waiting: VecDeque::new(), ended: false };
    stream::unfold(follow, |mut follow| async move {
        let item = next(&mut follow).await?;
        follow.ended = item.is_err();
        Some((item, follow))
    })
    .boxed()
}

async fn next<R, F, T>(follow: &mut Follow<R, T>) -> Option<Result<Entry, JournalError>>
where
    R: Fn(Seq) -> F,
    F: Future<Output = Result<Vec<Entry>, JournalError>>,
{
    if follow.ended {
        return None;
    }
    loop {
        if let Some(entry) = follow.waiting.pop_front() {
            follow.next = entry.seq + 1;
            return Some(Ok(entry));
        }
        // Marked as seen before reading: what comes during the read wakes the next turn.
        follow.changed.borrow_and_update();
        match (follow.read)(follow.next).await {
            Ok(entries) if entries.is_empty() => follow.changed.changed().await.ok()?,
            Ok(entries) => follow.waiting = entries.into(),
            Err(error) => return Some(Err(error)),
        }
    }
}
