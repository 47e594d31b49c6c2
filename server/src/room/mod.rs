//! Live documents. A room is one document with one owner, a task on a shard (a one-thread runtime); sockets and
//! handlers talk to it through bounded queues. It guards, applies, appends, and only then fans out and confirms:
//! whatever leaves a room leaves when the journal is durable to what it depends on.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{mpsc, watch};

use crate::{
    access::{MayRead, Permit},
    clock::Clock,
    ids::{DocumentName, ReportId},
    journal::Journal,
    protocol::{Close, Dialect, Message},
    review::{Anchor, Outcome, Refusal, ReviewState, Standing},
};

/// All rooms of this process. Cheap to clone.
#[derive(Clone)]
pub struct Rooms(#[allow(dead_code)] Arc<()>);

/// Why a room did not do what was asked.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum RoomError {
    /// There is no such document.
    #[error("there is no such document")]
    NotFound,
    /// The command was refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The document cannot be served now; it is safe, and the reason is in the log.
    #[error("this document cannot be opened now: {0}")]
    Unavailable(String),
    /// The server is stopping.
    #[error("the server is restarting")]
    Stopping,
}

/// What a room sends to a socket.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// A frame in the seat's dialect, shared by all who get it.
    Frame(Bytes),
    /// The seat is over.
    Close(Close),
}

/// A place at a live document. Dropping it leaves the room.
pub struct Seat {
    /// What the room has for this socket; bounded by `limits::OUTBOX_FRAMES_MAX`. Ends after `Close`.
    pub outbox: mpsc::Receiver<Outgoing>,
    #[allow(dead_code)]
    room: (),
}

impl Seat {
    /// Hands a client's message to the room; waits while the room is full. `Err`: the room is gone, the outbox says why.
    pub async fn send(&self, _message: Message) -> Result<(), RoomError> {
        todo!()
    }
}

impl Rooms {
    /// Starts `shards` one-thread runtimes (at least one).
    pub fn start(_journal: Arc<dyn Journal>, _clock: Clock, _shards: usize) -> Self {
        todo!()
    }
    /// Takes a seat. The room is loaded once, however many join at once.
    /// The room speaks first: sync step 1 in the addressed dialect only when asked, as each published server does.
    pub async fn join(
        &self,
        _may: MayRead,
        _name: DocumentName,
        _dialect: Dialect,
    ) -> Result<Seat, RoomError> {
        todo!()
    }
    /// Decides a command inside the review room; the answer comes when it is durable, with the state that holds it.
    pub async fn decide(&self, _permit: Permit) -> Result<(Outcome, Arc<ReviewState>), RoomError> {
        todo!()
    }
    /// The review state of a report, no newer than what is durable. `NotFound` when it was never founded.
    pub async fn review(&self, _report: ReportId) -> Result<Arc<ReviewState>, RoomError> {
        todo!()
    }
    /// What decides rights on a report, live.
    pub async fn standing(&self, _report: ReportId) -> Result<watch::Receiver<Arc<Standing>>, RoomError> {
        todo!()
    }
    /// The whole document as one Yjs v1 update, no newer than what is durable.
    pub async fn document(&self, _may: MayRead, _name: DocumentName) -> Result<Bytes, RoomError> {
        todo!()
    }
    /// For each anchor, whether it still stands on words of the body.
    pub async fn attached(
        &self,
        _may: MayRead,
        _name: DocumentName,
        _anchors: Vec<Anchor>,
    ) -> Result<Vec<bool>, RoomError> {
        todo!()
    }
    /// Writes a body that is still empty (sample, import), as the server, by a participant; durable on return.
    pub async fn fill(&self, _may: crate::access::MayWrite, _update: Bytes) -> Result<(), RoomError> {
        todo!()
    }
    /// Closes every seat with 1012, after everything accepted is durable; then ends the shards.
    pub async fn stop(&self) {
        todo!()
    }
}
