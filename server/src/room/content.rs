//! What a room holds: a body, cold until something needs it built, or the review document.

use std::sync::Arc;

use bytes::Bytes;
use yrs::{StateVector, updates::decoder::Decode as _};

use super::{RoomError, call::Call, review_doc::ReviewDoc};
use crate::{
    body::{Body, Cold, Refusal, Taken, Unreadable},
    limits::INLINE_LOAD_BYTES_MAX,
    protocol::Message,
    review::Anchor,
};

/// The document of a room.
pub(super) enum Content {
    Body(Text),
    Review(ReviewDoc),
}

/// A body as far as the room has needed it.
pub(super) enum Text {
    Cold(Arc<Cold>),
    Built(Box<Body>),
}

impl Text {
    pub(super) fn state_vector(&self) -> Bytes {
        match self {
            Self::Cold(cold) => cold.state_vector(),
            Self::Built(body) => body.state_vector(),
        }
    }

    fn diff(&self, state_vector: &[u8]) -> Result<Bytes, Refusal> {
        match self {
            Self::Cold(cold) => cold.diff(state_vector),
            Self::Built(body) => body.diff(state_vector),
        }
    }

    fn encode(&self) -> Bytes {
        match self {
            Self::Cold(cold) => cold.encode(),
            Self::Built(body) => body.encode(),
        }
    }

    fn knows(&self, update: &[u8]) -> bool {
        let known = match self {
            Self::Cold(cold) => cold.knows(update),
            Self::Built(body) => body.knows(update),
        };
        known.unwrap_or(false)
    }

    /// Whether it would take an update in.
    fn lacks(&self, update: &[u8]) -> bool {
        match self {
            Self::Cold(cold) => cold.knows(update) == Ok(false),
            Self::Built(body) => body.knows(update) == Ok(false),
        }
    }

    /// As `Body::take`. What a cold body does not know, it has to be built for first.
    pub(super) fn take(&mut self, update: &[u8]) -> Result<Taken, Refusal> {
        match self {
            Self::Built(body) => body.take(update),
            Self::Cold(cold) if cold.knows(update)? => Ok(Taken::Known),
            Self::Cold(_) => Err(Refusal::Broken("the text was not built")),
        }
    }

    /// For each anchor, whether it still stands on words.
    pub(super) fn attached(&self, anchors: &[Anchor]) -> Result<Vec<bool>, RoomError> {
        match self {
            Self::Built(body) => Ok(anchors.iter().map(|anchor| body.attached(anchor)).collect()),
            Self::Cold(_) => Err(RoomError::Unavailable("its text was not built".into())),
        }
    }
}

impl Content {
    /// "This is what I have."
    pub(super) fn state_vector(&self) -> Bytes {
        match self {
            Self::Body(body) => body.state_vector(),
            Self::Review(review) => review.state_vector(),
        }
    }

    /// What somebody with this state vector lacks.
    pub(super) fn diff(&self, state_vector: &[u8]) -> Result<Bytes, Refusal> {
        match self {
            Self::Body(body) => body.diff(state_vector),
            Self::Review(review) => review.diff(state_vector),
        }
    }

    /// The whole document as one update.
    pub(super) fn encode(&self) -> Bytes {
        match self {
            Self::Body(body) => body.encode(),
            Self::Review(review) => review.encode(),
        }
    }

    /// Whether an update holds nothing new.
    pub(super) fn knows(&self, update: &[u8]) -> bool {
        match self {
            Self::Body(body) => body.knows(update),
            // No structs and no deletions. Nothing else is asked of its clients.
            Self::Review(_) => update == [0, 0],
        }
    }

    /// Whether the body has to be built for a call.
    pub(super) fn is_too_cold_for(&self, call: &Call) -> bool {
        let Self::Body(text @ Text::Cold(_)) = self else { return false };
        match call {
            // What is not well-formed is refused as it is.
            Call::Hear { message: Message::Update(update) | Message::SyncStep2(update), .. } => {
                text.lacks(update)
            }
            Call::Attached { .. } | Call::Fill { .. } => true,
            _ => false,
        }
    }

    /// Builds a cold body, beside the shard when it is large.
    pub(super) async fn build(&mut self) -> Result<(), Unreadable> {
        let Self::Body(text) = self else { return Ok(()) };
        let Text::Cold(cold) = text else { return Ok(()) };
        let body = if cold.size() <= INLINE_LOAD_BYTES_MAX {
            cold.build()?
        } else {
            let cold = cold.clone();
            match tokio::task::spawn_blocking(move || cold.build()).await {
                Ok(body) => body?,
                Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
            }
        };
        *text = Text::Built(Box::new(body));
        Ok(())
    }

    /// Whether a snapshot loads and gives the same document.
    pub(super) fn equals_snapshot(&self, state: &[u8]) -> Result<bool, Unreadable> {
        let vector = |bytes: Bytes| StateVector::decode_v1(&bytes).map_err(|it| Unreadable(it.to_string()));
        match self {
            Self::Body(Text::Cold(_)) => Err(Unreadable("a cold text makes no snapshot".into())),
            Self::Body(Text::Built(body)) => {
                let read = Body::load([state])?;
                Ok(vector(read.state_vector())? == vector(body.state_vector())?
                    && read.tree().ok() == body.tree().ok())
            }
            Self::Review(review) => {
                let read = ReviewDoc::load([state], 0)?;
                Ok(vector(read.state_vector())? == vector(review.state_vector())?
                    && read.state() == review.state())
            }
        }
    }
}
