//! What is asked of a room, and how it answers.

use std::sync::Arc;

use bytes::Bytes;
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot, watch},
    time::Instant,
};

use super::{
    RoomError,
    outlet::Outlet,
    seat::{SeatId, SeatSender},
};
use crate::{
    access::{MayRead, MayWrite, Permit},
    protocol::{Address, Framed, Message, encode_addressed, encode_plain},
    review::{Anchor, Outcome, ReviewState, Standing},
};

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, Miss>>;

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Miss {
    /// The room ended before it looked at the call. Nothing was done: ask again.
    Again,
    /// This is the answer.
    No(RoomError),
}

impl From<RoomError> for Miss {
    fn from(error: RoomError) -> Self {
        Self::No(error)
    }
}

/// The review state and what decides rights, live, no newer than what is durable.
#[derive(Clone, Debug)]
pub(super) struct Published {
    pub(super) state: watch::Receiver<Arc<ReviewState>>,
    pub(super) standing: watch::Receiver<Arc<Standing>>,
}

/// How frames for a seat are written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Tongue {
    Plain,
    Addressed(Address),
}

impl Tongue {
    /// `None`: this dialect has no such message.
    pub(super) fn encode(&self, message: &Message) -> Option<Framed> {
        let payload = match self {
            Self::Plain => encode_plain(message)?,
            Self::Addressed(address) => encode_addressed(address, message),
        };
        Some(Framed::binary(payload))
    }
}

/// One thing asked of a room.
pub(super) enum Call {
    Join {
        may: MayRead,
        tongue: Tongue,
        outlet: Box<dyn Outlet>,
        reply: Reply<SeatSender>,
    },
    /// `weight` is the message's share of the inbox's bytes, given back when it was handled; `came` is when the socket
    /// had it for the room.
    Hear {
        seat: SeatId,
        message: Message,
        weight: OwnedSemaphorePermit,
        came: Instant,
    },
    Document {
        reply: Reply<Bytes>,
    },
    Attached {
        anchors: Vec<Anchor>,
        reply: Reply<Vec<bool>>,
    },
    Fill {
        may: MayWrite,
        update: Bytes,
        reply: Reply<()>,
    },
    /// An edit of a recommendation that gives it another title or text, to its wording.
    Reword {
        permit: Box<Permit>,
        reply: Reply<()>,
    },
    /// Answer when all that is written is noted, of a wording.
    Settle {
        reply: Reply<()>,
    },
    Decide {
        permit: Box<Permit>,
        reply: Reply<(Outcome, Arc<ReviewState>)>,
    },
    Published {
        reply: Reply<Published>,
    },
}

impl Call {
    /// Whether the document's text is needed for it. Who is here and where may change without it.
    pub(super) fn needs_text(&self) -> bool {
        !matches!(self, Self::Hear { message: Message::Awareness(_) | Message::QueryAwareness, .. })
    }

    /// Answers without having looked at the call.
    pub(super) fn miss(self, miss: Miss) {
        fn no<T>(reply: Reply<T>, miss: Miss) {
            // Whoever asked may have gone; then nobody waits for the answer.
            let _ = reply.send(Err(miss));
        }
        match self {
            Self::Join { reply, .. } => no(reply, miss),
            // The seat's outbox says why.
            Self::Hear { .. } => {}
            Self::Document { reply } => no(reply, miss),
            Self::Attached { reply, .. } => no(reply, miss),
            Self::Fill { reply, .. } => no(reply, miss),
            Self::Reword { reply, .. } => no(reply, miss),
            Self::Settle { reply } => no(reply, miss),
            Self::Decide { reply, .. } => no(reply, miss),
            Self::Published { reply } => no(reply, miss),
        }
    }
}
