//! Where a room's words for a seat go: straight into a socket, or into a queue that a task takes from.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use tokio::sync::mpsc;

use super::seat::Link;
use crate::{
    limits::OUTBOX_FRAMES_MAX,
    protocol::{Close, Framed},
};

/// A way to one reader. Nothing here ever waits, and whatever waits for the reader keeps its order.
pub trait Outlet: Send {
    /// Gives the reader these frames, or puts them behind those that wait for it.
    fn send(&mut self, frames: &[Framed]);
    /// Bytes that the reader has not taken yet.
    fn waiting(&self) -> usize;
    /// Says why the seat is over; nothing follows.
    fn close(&mut self, close: Close);
}

/// What a room sends to a seat.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// A message in the seat's dialect, shared by all who get it.
    Frame(Bytes),
    /// The seat is over.
    Close(Close),
}

/// What a room has for a seat, as a queue.
pub struct Outbox {
    pub(super) frames: mpsc::Receiver<Outgoing>,
    pub(super) link: Arc<Link>,
}

impl Outbox {
    /// The next of it; `None` after `Close`.
    pub async fn recv(&mut self) -> Option<Outgoing> {
        let outgoing = self.frames.recv().await;
        self.tell();
        outgoing
    }

    /// As `recv`, of what is there already.
    pub fn try_recv(&mut self) -> Option<Outgoing> {
        let outgoing = self.frames.try_recv().ok();
        self.tell();
        outgoing
    }

    fn tell(&self) {
        if self.frames.is_empty() {
            self.link.drained();
        }
    }
}

/// The room's end of an `Outbox`.
pub(super) struct Queue {
    frames: mpsc::Sender<Outgoing>,
    /// Sizes of the frames that wait, oldest first; may still list some that were taken.
    sizes: VecDeque<usize>,
    bytes: usize,
}

impl Queue {
    pub(super) fn new() -> (Self, mpsc::Receiver<Outgoing>) {
        // One place more than frames may take, so that the close always finds one.
        let (sender, frames) = mpsc::channel(OUTBOX_FRAMES_MAX + 1);
        (Self { frames: sender, sizes: VecDeque::new(), bytes: 0 }, frames)
    }

    fn count(&self) -> usize {
        self.frames.max_capacity() - self.frames.capacity()
    }
}

impl Outlet for Queue {
    fn send(&mut self, frames: &[Framed]) {
        while self.sizes.len() > self.count() {
            self.bytes -= self.sizes.pop_front().unwrap_or(0);
        }
        for frame in frames {
            if self.count() >= OUTBOX_FRAMES_MAX {
                return self.close(Close::too_slow());
            }
            // An error: the reader is gone, and its leave on the way.
            if self.frames.try_send(Outgoing::Frame(frame.payload())).is_ok() {
                self.sizes.push_back(frame.bytes().len());
                self.bytes += frame.bytes().len();
            }
        }
    }

    fn waiting(&self) -> usize {
        let waiting = self.count();
        if waiting >= OUTBOX_FRAMES_MAX / 2 {
            return usize::MAX;
        }
        let taken = self.sizes.len().saturating_sub(waiting);
        self.bytes - self.sizes.iter().take(taken).sum::<usize>()
    }

    fn close(&mut self, close: Close) {
        // Frames leave one place free, and only the first close takes it.
        let _ = self.frames.try_send(Outgoing::Close(close));
    }
}
