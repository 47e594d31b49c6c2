//! A place at a live document: the socket's side (`SeatSender`) and the room's (`Desk`).

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use bytes::Bytes;
use tokio::{
    sync::{Notify, Semaphore, mpsc},
    time::Instant,
};

use super::{RoomError, call::Call, outlet::Outlet};
use crate::{
    access::Denied,
    ids::ParticipantId,
    limits::{INBOX_BYTES_MAX, OUTBOX_BYTES_MAX, OUTBOX_LAG_BYTES_MAX},
    protocol::{Close, Framed, Message},
};

/// A seat's number within its room.
pub(super) type SeatId = u64;

/// What both sides of a seat share.
pub(super) struct Link {
    /// Messages that the socket handed to the room.
    sent: AtomicU64,
    /// The socket gave the seat up.
    left: AtomicBool,
    /// The room holds changes back until the reader has taken what waits for it.
    behind: AtomicBool,
    room: Signals,
}

impl Link {
    /// The reader has taken all that waited.
    pub(super) fn drained(&self) {
        if self.behind.load(Ordering::SeqCst) {
            self.room.bell.notify_one();
        }
    }
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

/// A place at a live document, to speak from. Dropping it leaves the room; what was handed over before still counts.
pub struct SeatSender {
    id: SeatId,
    inbox: mpsc::Sender<Box<Call>>,
    pub(super) link: Arc<Link>,
}

impl SeatSender {
    /// Hands a client's message to the room; waits while the room is full. `Err`: the room is gone, the outlet was told why.
    pub async fn send(&self, message: Message) -> Result<(), RoomError> {
        let gone = || RoomError::Unavailable("the room has closed".into());
        let came = Instant::now();
        let weight = self.link.room.bytes.clone().acquire_many_owned(weight(&message)).await;
        let weight = weight.map_err(|_| gone())?;
        let sent = self.inbox.send(Box::new(Call::Hear { seat: self.id, message, weight, came })).await;
        sent.map_err(|_| gone())?;
        self.link.sent.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// Tells the room that the reader has taken all that waited for it.
    pub fn drained(&self) {
        self.link.drained();
    }
}

impl Drop for SeatSender {
    fn drop(&mut self) {
        self.link.left.store(true, Ordering::SeqCst);
        self.link.room.bell.notify_one();
    }
}

/// Frames that leave in one write: mostly none or one, so that a quiet seat keeps no list.
#[derive(Default)]
enum Held {
    #[default]
    Nothing,
    One(Framed),
    Many(Vec<Framed>),
}

impl Held {
    fn add(&mut self, frame: Framed) {
        *self = match std::mem::take(self) {
            Self::Nothing => Self::One(frame),
            Self::One(first) => Self::Many(vec![first, frame]),
            Self::Many(mut frames) => {
                frames.push(frame);
                Self::Many(frames)
            }
        };
    }

    fn frames(&self) -> &[Framed] {
        match self {
            Self::Nothing => &[],
            Self::One(frame) => std::slice::from_ref(frame),
            Self::Many(frames) => frames,
        }
    }
}

/// The room's side of a seat.
pub(super) struct Desk {
    pub(super) participant: ParticipantId,
    /// Index among the room's tongues.
    pub(super) tongue: usize,
    /// Why nothing may be written, as of the latest standing.
    pub(super) denied: Option<Denied>,
    /// A change was refused: no more are taken, nor asked for.
    pub(super) refused: bool,
    /// It is to be closed: nothing more is heard from it.
    pub(super) closing: bool,
    /// Its goodbye is said.
    over: bool,
    /// Sync steps 1 of ours that answered the client's and wait for its step 2. The client counts each as one change
    /// to be confirmed.
    pub(super) asked: u32,
    /// A sync step 1 of ours for what a gap left out, still without its step 2.
    pub(super) resync: bool,
    /// Changes that were dropped for a gap, to be confirmed with the step 2 that brings them.
    pub(super) owed: u32,
    /// Messages heard so far.
    pub(super) heard: u64,
    /// What the reader has, as a state vector, since when changes are held back from it.
    behind: Option<Bytes>,
    /// Frames of this moment, to leave in one write.
    held: Held,
    outlet: Box<dyn Outlet>,
    link: Arc<Link>,
}

impl Desk {
    /// Both sides of a new seat.
    pub(super) fn new(
        id: SeatId,
        participant: ParticipantId,
        tongue: usize,
        denied: Option<Denied>,
        outlet: Box<dyn Outlet>,
        (inbox, room): (mpsc::Sender<Box<Call>>, Signals),
    ) -> (Self, SeatSender) {
        let link = Arc::new(Link {
            sent: AtomicU64::new(0),
            left: AtomicBool::new(false),
            behind: AtomicBool::new(false),
            room,
        });
        let sender = SeatSender { id, inbox, link: link.clone() };
        let desk = Self {
            participant,
            tongue,
            denied,
            refused: false,
            closing: false,
            over: false,
            asked: 0,
            resync: false,
            owed: 0,
            heard: 0,
            behind: None,
            held: Held::Nothing,
            outlet,
            link,
        };
        (desk, sender)
    }

    /// A message to this seat, which leaves with `flush` or the next change. `false`: too much waits, the reader is too
    /// slow. One that is larger than the bound (a large body's step 2) passes when nothing else waits.
    pub(super) fn say(&mut self, frame: Framed) -> bool {
        let waiting = self.outlet.waiting();
        if waiting > 0 && waiting.saturating_add(frame.bytes().len()) > OUTBOX_BYTES_MAX {
            return false;
        }
        self.held.add(frame);
        true
    }

    /// A change, or what else may be told later by difference, with all that was said before it. Whose reader lags gets
    /// no more until it has taken what waits; `as_of` is the state vector after this change.
    pub(super) fn show(&mut self, frame: &Framed, as_of: &mut dyn FnMut() -> Bytes) {
        if self.behind.is_some() {
            return self.flush();
        }
        if self.held.frames().is_empty() {
            self.outlet.send(std::slice::from_ref(frame));
        } else {
            self.held.add(frame.clone());
            self.flush();
        }
        if self.outlet.waiting() > OUTBOX_LAG_BYTES_MAX {
            self.behind = Some(as_of());
            self.link.behind.store(true, Ordering::SeqCst);
        }
    }

    /// Lets go what was said.
    pub(super) fn flush(&mut self) {
        let held = std::mem::take(&mut self.held);
        if !held.frames().is_empty() {
            self.outlet.send(held.frames());
        }
    }

    /// Whether changes are held back from it.
    pub(super) fn lags(&self) -> bool {
        self.behind.is_some()
    }

    /// What a reader had that lagged and has now taken all that waited: it is shown what it lacks.
    pub(super) fn caught_up(&mut self) -> Option<Bytes> {
        if self.outlet.waiting() > 0 {
            return None;
        }
        let had = self.behind.take()?;
        self.link.behind.store(false, Ordering::SeqCst);
        Some(had)
    }

    /// Says why the seat is over. The first reason counts.
    pub(super) fn close(&mut self, close: Close) {
        self.closing = true;
        if !std::mem::replace(&mut self.over, true) {
            self.flush();
            self.outlet.close(close);
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
