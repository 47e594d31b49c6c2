//! A place at a live document: the socket's side (`Seat`) and the room's (`Desk`).

use std::{
    collections::VecDeque,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use tokio::{
    sync::{Notify, Semaphore, mpsc},
    time::Instant,
};

use super::{Outgoing, RoomError, call::Call};
use crate::{
    access::{Denied, MayWrite},
    ids::ParticipantId,
    limits::{INBOX_BYTES_MAX, OUTBOX_BYTES_MAX, OUTBOX_FRAMES_MAX},
    protocol::{Close, Message},
};

/// A seat's number within its room.
pub(super) type SeatId = u64;

/// What both sides of a seat share.
struct Link {
    /// Messages that the socket handed to the room.
    sent: AtomicU64,
    /// The socket gave the seat up.
    left: AtomicBool,
    close: OnceLock<Close>,
    closed: Notify,
    room: Signals,
}

/// What all seats of a room share with it.
#[derive(Clone)]
pub(super) struct Signals {
    /// Wakes the room when a seat is given up.
    pub(super) bell: Arc<Notify>,
    /// Bytes that messages may still take in the inbox.
    pub(super) bytes: Arc<Semaphore>,
}

impl Signals {
    pub(super) fn new() -> Self {
        Self { bell: Arc::default(), bytes: Arc::new(Semaphore::new(INBOX_BYTES_MAX)) }
    }
}

/// The bytes that a client chose the number of.
fn weight(message: &Message) -> u32 {
    let bytes = match message {
        Message::SyncStep1(bytes)
        | Message::SyncStep2(bytes)
        | Message::Update(bytes)
        | Message::Awareness(bytes) => bytes.len(),
        Message::Token(text) | Message::Stateless(text) => text.len(),
        Message::Denied { reason } | Message::CloseDocument { reason } => reason.len(),
        Message::QueryAwareness
        | Message::Authenticated { .. }
        | Message::Saved(_)
        | Message::Ping
        | Message::Pong => 0,
    };
    // One that is larger than the inbox may still pass alone.
    bytes.min(INBOX_BYTES_MAX) as u32
}

/// A place at a live document. Dropping it leaves the room; what was handed over before still counts.
pub struct Seat {
    /// What the room has for this socket; bounded by `limits::OUTBOX_FRAMES_MAX`. Ends after `Close`.
    pub outbox: mpsc::Receiver<Outgoing>,
    sender: SeatSender,
}

/// The half of a seat that speaks to the room. Dropping it leaves the room.
pub struct SeatSender {
    id: SeatId,
    inbox: mpsc::Sender<Call>,
    link: Arc<Link>,
}

impl Seat {
    /// Hands a client's message to the room; waits while the room is full. `Err`: the room is gone, the outbox says why.
    pub async fn send(&self, message: Message) -> Result<(), RoomError> {
        self.sender.send(message).await
    }

    /// The two halves, for a task each.
    pub fn split(self) -> (SeatSender, mpsc::Receiver<Outgoing>) {
        (self.sender, self.outbox)
    }
}

impl SeatSender {
    /// As `Seat::send`.
    pub async fn send(&self, message: Message) -> Result<(), RoomError> {
        let gone = || RoomError::Unavailable("the room has closed".into());
        let came = Instant::now();
        let weight = self.link.room.bytes.clone().acquire_many_owned(weight(&message)).await;
        let weight = weight.map_err(|_| gone())?;
        let sent = self.inbox.send(Call::Hear { seat: self.id, message, weight, came }).await;
        sent.map_err(|_| gone())?;
        self.link.sent.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Waits until the room has closed the seat, and says why, ahead of what still waits in the outbox: a socket
    /// whose reader has stopped never comes to the end of its outbox.
    pub async fn closed(&self) -> Close {
        loop {
            let closed = self.link.closed.notified();
            if let Some(close) = self.link.close.get() {
                return close.clone();
            }
            closed.await;
        }
    }
}

impl Drop for SeatSender {
    fn drop(&mut self) {
        self.link.left.store(true, Ordering::SeqCst);
        self.link.room.bell.notify_one();
    }
}

/// The room's side of a seat.
pub(super) struct Desk {
    pub(super) participant: ParticipantId,
    /// Index among the room's tongues.
    pub(super) tongue: usize,
    /// The right to write, as of the latest standing.
    pub(super) right: Result<MayWrite, Denied>,
    /// A change was refused: no more are taken, nor asked for.
    pub(super) refused: bool,
    /// It is to be closed: nothing more is heard from it.
    pub(super) closing: bool,
    /// Sync steps 1 of ours that answered the client's and wait for its step 2. The client counts each as one change
    /// to be confirmed.
    pub(super) asked: u32,
    /// A sync step 1 of ours for what a gap left out, still without its step 2.
    pub(super) resync: bool,
    /// Changes that were dropped for a gap, to be confirmed with the step 2 that brings them.
    pub(super) owed: u32,
    /// Messages heard so far.
    pub(super) heard: u64,
    outbox: mpsc::Sender<Outgoing>,
    /// Sizes of the frames that wait, oldest first; may still list some that were taken.
    sizes: VecDeque<usize>,
    bytes: usize,
    link: Arc<Link>,
}

impl Desk {
    /// Both sides of a new seat.
    pub(super) fn new(
        id: SeatId,
        participant: ParticipantId,
        tongue: usize,
        right: Result<MayWrite, Denied>,
        inbox: mpsc::Sender<Call>,
        room: Signals,
    ) -> (Self, Seat) {
        // One place more than frames may take, so that the close always finds one.
        let (outbox, frames) = mpsc::channel(OUTBOX_FRAMES_MAX + 1);
        let link = Arc::new(Link {
            sent: AtomicU64::new(0),
            left: AtomicBool::new(false),
            close: OnceLock::new(),
            closed: Notify::new(),
            room,
        });
        let sender = SeatSender { id, inbox, link: link.clone() };
        let desk = Self {
            participant,
            tongue,
            right,
            refused: false,
            closing: false,
            asked: 0,
            resync: false,
            owed: 0,
            heard: 0,
            outbox,
            sizes: VecDeque::new(),
            bytes: 0,
            link,
        };
        (desk, Seat { outbox: frames, sender })
    }

    /// Puts a frame into the outbox, never waiting. `false`: it is full, the reader is too slow.
    pub(super) fn send(&mut self, frame: Bytes) -> bool {
        let waiting = self.outbox.max_capacity() - self.outbox.capacity();
        while self.sizes.len() > waiting {
            self.bytes -= self.sizes.pop_front().unwrap_or(0);
        }
        // A frame larger than the whole outbox (a large body's step 2) passes when it is alone.
        let full = waiting >= OUTBOX_FRAMES_MAX
            || (waiting > 0 && self.bytes.saturating_add(frame.len()) > OUTBOX_BYTES_MAX);
        if full {
            return false;
        }
        let size = frame.len();
        // An error means that the socket is gone; its leave is on the way.
        if self.outbox.try_send(Outgoing::Frame(frame)).is_ok() {
            self.sizes.push_back(size);
            self.bytes += size;
        }
        true
    }

    /// Says why the seat is over. The first reason counts.
    pub(super) fn close(&mut self, close: Close) {
        self.closing = true;
        if self.link.close.set(close.clone()).is_ok() {
            self.link.closed.notify_waiters();
            // Frames leave one place free, and only the first close takes it.
            let _ = self.outbox.try_send(Outgoing::Close(close));
        }
    }

    /// Whether the socket gave the seat up.
    pub(super) fn leaves(&self) -> bool {
        self.link.left.load(Ordering::SeqCst)
    }

    /// Whether it did, and all it had handed over was heard.
    pub(super) fn left(&self) -> bool {
        self.leaves() && self.heard >= self.link.sent.load(Ordering::SeqCst)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.close(Close::reset("the document was closed"));
    }
}
