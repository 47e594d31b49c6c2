//! What waits for one reader on the server's side of the network. It says that more waits than does (`weight`), so
//! that readers lag, and are too slow, after few frames.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::{
    protocol::{Close, Framed},
    room::{Outgoing, outlet::Outlet},
};

#[derive(Default)]
struct Shared {
    waiting: Mutex<VecDeque<Outgoing>>,
    ready: Notify,
}

/// The room's end.
pub(super) struct Pipe {
    shared: Arc<Shared>,
    weight: usize,
}

/// The reader's end.
pub(super) struct Mouth(Arc<Shared>);

/// A pipe in which a byte counts as `weight` bytes.
pub(super) fn pipe(weight: usize) -> (Pipe, Mouth) {
    let shared = Arc::<Shared>::default();
    (Pipe { shared: shared.clone(), weight }, Mouth(shared))
}

impl Outlet for Pipe {
    fn send(&mut self, frames: &[Framed]) {
        self.shared.waiting.lock().extend(frames.iter().map(|frame| Outgoing::Frame(frame.payload())));
        self.shared.ready.notify_one();
    }

    fn waiting(&self) -> usize {
        let bytes = |outgoing: &Outgoing| match outgoing {
            Outgoing::Frame(frame) => frame.len(),
            Outgoing::Close(_) => 0,
        };
        self.shared.waiting.lock().iter().map(bytes).sum::<usize>() * self.weight
    }

    fn close(&mut self, close: Close) {
        self.shared.waiting.lock().push_back(Outgoing::Close(close));
        self.shared.ready.notify_one();
    }
}

impl Mouth {
    /// What comes next, and whether nothing waits behind it.
    pub(super) async fn next(&self) -> (Outgoing, bool) {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.0.ready.notified().await;
        }
    }

    /// As `next`, of what is there.
    pub(super) fn take(&self) -> Option<(Outgoing, bool)> {
        let mut waiting = self.0.waiting.lock();
        let next = waiting.pop_front()?;
        Some((next, waiting.is_empty()))
    }
}
