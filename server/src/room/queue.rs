//! Seats whose words wait in a queue, for tests.

use std::{collections::VecDeque, sync::Arc};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::mpsc;

use super::{Outlet, RoomError, Rooms, SeatSender, seat::Link};
use crate::{
    access::MayRead,
    ids::DocumentName,
    protocol::{Address, Close, Dialect, Framed, Message},
};

/// Frames that wait in a queue before it is closed.
pub(crate) const FRAMES_MAX: usize = 1024;

/// What a room sends to a seat.
#[derive(Clone, Debug)]
pub(crate) enum Outgoing {
    /// A message in the seat's dialect, shared by all who get it.
    Frame(Bytes),
    /// The seat is over.
    Close(Close),
}

/// What a room has for a seat, as a queue.
pub(crate) struct Outbox {
    frames: mpsc::Receiver<Outgoing>,
    link: Arc<Link>,
}

impl Outbox {
    /// The next of it; `None` after `Close`.
    pub(crate) async fn recv(&mut self) -> Option<Outgoing> {
        let outgoing = self.frames.recv().await;
        self.tell();
        outgoing
    }

    /// As `recv`, of what is there already.
    pub(crate) fn try_recv(&mut self) -> Option<Outgoing> {
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
struct Queue {
    frames: mpsc::Sender<Outgoing>,
    /// Sizes of the frames that wait, oldest first; may still list some that were taken.
    sizes: VecDeque<usize>,
    bytes: usize,
}

impl Queue {
    fn new() -> (Self, mpsc::Receiver<Outgoing>) {
        // One place more than frames may take, so that the close always finds one.
        let (sender, frames) = mpsc::channel(FRAMES_MAX + 1);
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
            if self.count() >= FRAMES_MAX {
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
        if waiting >= FRAMES_MAX / 2 {
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

/// A place at a live document. Dropping it leaves the room.
pub(crate) struct Seat {
    /// What the room has for this seat. Ends after `Close`.
    pub(crate) outbox: Outbox,
    sender: SeatSender,
}

impl Seat {
    /// As `SeatSender::send`.
    pub(crate) async fn send(&self, message: Message) -> Result<(), RoomError> {
        self.sender.send(message).await
    }

    /// The two halves, for a task each.
    pub(crate) fn split(self) -> (SeatSender, Outbox) {
        (self.sender, self.outbox)
    }
}

impl Rooms {
    /// Takes a seat whose words wait in a queue. In the addressed
    /// dialect frames carry the document's plain name; `sit` takes another address.
    pub(crate) async fn join(
        &self,
        may: MayRead,
        name: DocumentName,
        dialect: Dialect,
    ) -> Result<Seat, RoomError> {
        let address = match dialect {
            Dialect::Plain => None,
            Dialect::Addressed => Some(Address(name.to_string())),
        };
        self.join_at(may, name, address).await
    }

    /// As `join`, at an address.
    pub(crate) async fn join_at(
        &self,
        may: MayRead,
        name: DocumentName,
        address: Option<Address>,
    ) -> Result<Seat, RoomError> {
        let made = Mutex::new(None);
        let queue = || {
            let (queue, frames) = Queue::new();
            *made.lock() = Some(frames);
            Box::new(queue) as Box<dyn Outlet>
        };
        let sender = self.sit(may, name, address, queue).await?;
        let frames = made.into_inner().ok_or_else(|| RoomError::Unavailable("nobody sat down".into()))?;
        Ok(Seat { outbox: Outbox { frames, link: sender.link.clone() }, sender })
    }
}
