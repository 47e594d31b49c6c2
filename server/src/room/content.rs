//! What a room holds: a body, cold until something needs it built, or the review document.

use std::sync::Arc;

use bytes::Bytes;

use super::{RoomError, call::Call, review_doc::ReviewDoc, writers::Writers};
use crate::{
    body::{Body, Cold, Refusal, Taken, Unreadable},
    ids::ParticipantId,
    limits::INLINE_LOAD_BYTES_MAX,
    protocol::Message,
    review::Anchor,
};

/// Asked of a text that was let go: a bug, after which the room reopens.
const AWAY: Refusal = Refusal::Broken("the text was let go");

/// The document of a room.
pub(super) enum Content {
    Body(Text),
    Review(ReviewDoc),
}

/// A body, and who writes it.
pub(super) struct Text {
    pub(super) form: Form,
    pub(super) writers: Writers,
}

/// A body as far as the room has needed it.
pub(super) enum Form {
    /// Let go; its state vector. The room brings it back before it is asked for more.
    Away(Bytes),
    Cold(Arc<Cold>),
    Built(Box<Body>),
}

impl Text {
    pub(super) fn state_vector(&self) -> Bytes {
        match &self.form {
            Form::Away(vector) => vector.clone(),
            Form::Cold(cold) => cold.state_vector(),
            Form::Built(body) => body.state_vector(),
        }
    }

    fn diff(&self, state_vector: &[u8]) -> Result<Bytes, Refusal> {
        match &self.form {
            Form::Away(_) => Err(AWAY),
            Form::Cold(cold) => cold.diff(state_vector),
            Form::Built(body) => body.diff(state_vector),
        }
    }

    fn encode(&self) -> Result<Bytes, Refusal> {
        match &self.form {
            Form::Away(_) => Err(AWAY),
            Form::Cold(cold) => Ok(cold.encode()),
            Form::Built(body) => Ok(body.encode()),
        }
    }

    fn knows(&self, update: &[u8]) -> bool {
        let known = match &self.form {
            Form::Away(_) => Err(AWAY),
            Form::Cold(cold) => cold.knows(update),
            Form::Built(body) => body.knows(update),
        };
        known.unwrap_or(false)
    }

    /// As `Body::take`, from a participant, who may write under the Yjs client ids that are theirs or nobody's. What a
    /// cold body does not know, it has to be built for first.
    pub(super) fn take(&mut self, update: &[u8], participant: ParticipantId) -> Result<Taken, Refusal> {
        let body = match &mut self.form {
            Form::Built(body) => body,
            Form::Cold(cold) if cold.knows(update)? => return Ok(Taken::Known),
            Form::Cold(_) => return Err(Refusal::Broken("the text was not built")),
            Form::Away(_) => return Err(AWAY),
        };
        let mut writing = Vec::new();
        let taken = body.take_if(update, |client, used| {
            writing.push(client);
            self.writers.may(client, participant, used)
        })?;
        writing.into_iter().for_each(|client| self.writers.note(client, participant));
        Ok(taken)
    }

    /// For each anchor, whether it still stands on words.
    pub(super) fn attached(&self, anchors: &[Anchor]) -> Result<Vec<bool>, RoomError> {
        match &self.form {
            Form::Built(body) => Ok(anchors.iter().map(|anchor| body.attached(anchor)).collect()),
            Form::Cold(_) | Form::Away(_) => Err(RoomError::Unavailable("its text was not built".into())),
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
    pub(super) fn encode(&self) -> Result<Bytes, Refusal> {
        match self {
            Self::Body(body) => body.encode(),
            Self::Review(review) => Ok(review.encode()),
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

    /// What a snapshot of it does not hold: who writes under which Yjs client id.
    pub(super) fn writers(&self) -> Option<Bytes> {
        match self {
            Self::Body(text) => Some(text.writers.encode()),
            Self::Review(_) => None,
        }
    }

    /// Whether it is a body that is not built.
    pub(super) fn is_cold(&self) -> bool {
        matches!(self, Self::Body(Text { form: Form::Cold(_), .. }))
    }

    /// Whether it is a body that was let go.
    pub(super) fn is_away(&self) -> bool {
        matches!(self, Self::Body(Text { form: Form::Away(_), .. }))
    }

    /// Whether the body has to be built for a call.
    pub(super) fn is_too_cold_for(&self, call: &Call) -> bool {
        let Self::Body(Text { form: Form::Cold(cold), .. }) = self else { return false };
        match call {
            // What is not well-formed is refused as it is.
            Call::Hear { message: Message::Update(update) | Message::SyncStep2(update), .. } => {
                cold.knows(update) == Ok(false)
            }
            Call::Attached { .. } | Call::Fill { .. } => true,
            _ => false,
        }
    }

    /// Builds a cold body, beside the shard when it is large.
    pub(super) async fn build(&mut self) -> Result<(), Unreadable> {
        let Self::Body(text) = self else { return Ok(()) };
        let Form::Cold(cold) = &text.form else { return Ok(()) };
        let body = if cold.size() <= INLINE_LOAD_BYTES_MAX {
            cold.build()?
        } else {
            let cold = cold.clone();
            match tokio::task::spawn_blocking(move || cold.build()).await {
                Ok(body) => body?,
                Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
            }
        };
        text.form = Form::Built(Box::new(body));
        Ok(())
    }

    /// What finds out whether a snapshot loads and gives the document as it is now; it may run elsewhere. A cold text
    /// makes none.
    pub(super) fn check_of(&self, state: Bytes) -> Box<dyn FnOnce() -> bool + Send> {
        match self {
            Self::Body(Text { form: Form::Cold(_) | Form::Away(_), .. }) => Box::new(|| false),
            Self::Body(Text { form: Form::Built(body), .. }) => {
                let essence = body.essence();
                Box::new(move || Body::load([&state[..]]).is_ok_and(|read| read.essence() == essence))
            }
            Self::Review(review) => {
                let essence = review.essence();
                Box::new(move || ReviewDoc::load([&state[..]], 0).is_ok_and(|read| read.essence() == essence))
            }
        }
    }
}
