//! What a room holds: a body, or the review document.

use bytes::Bytes;
use yrs::{StateVector, updates::decoder::Decode as _};

use super::review_doc::ReviewDoc;
use crate::body::{Body, Refusal, Unreadable};

/// The document of a room.
pub(super) enum Content {
    Body(Body),
    Review(ReviewDoc),
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
            Self::Body(body) => body.knows(update).unwrap_or(false),
            // No structs and no deletions. Nothing else is asked of its clients.
            Self::Review(_) => update == [0, 0],
        }
    }

    /// Whether a snapshot loads and gives the same document.
    pub(super) fn equals_snapshot(&self, state: &[u8]) -> Result<bool, Unreadable> {
        let vector = |bytes: Bytes| StateVector::decode_v1(&bytes).map_err(|it| Unreadable(it.to_string()));
        match self {
            Self::Body(body) => {
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
