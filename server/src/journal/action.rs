//! What the committer is asked, and what it answers.

use bytes::Bytes;
use tokio::sync::oneshot;

use super::{Epoch, JournalError, NewEntry, Seq, head::Generation};
use crate::{ids::DocId, limits};

/// What the committer is asked.
pub(super) enum Action {
    Claim {
        node: String,
    },
    Append {
        epoch: Epoch,
        batch: Vec<NewEntry>,
    },
    /// Pieces of the state that is to become the next generation, from piece `first` on.
    Pieces {
        epoch: Epoch,
        first: u32,
        pieces: Vec<Bytes>,
    },
    /// Makes the stored pieces the newest snapshot.
    Snapshot {
        epoch: Epoch,
        generation: Generation,
    },
    Truncate {
        epoch: Epoch,
        upto: Seq,
    },
    /// Pieces of the block of entries `from` to `upto`, from piece `first` on. With its last ones the block takes the
    /// entries' place.
    Pack {
        from: Seq,
        upto: Seq,
        first: u32,
        pieces: Vec<Bytes>,
        whole: bool,
    },
    Erase,
    /// Removes stored pieces that the durable head no longer needs.
    Clean,
}

impl Action {
    /// The claim under which a writer asks; others need none.
    pub(super) fn epoch(&self) -> Option<Epoch> {
        match self {
            Self::Append { epoch, .. }
            | Self::Pieces { epoch, .. }
            | Self::Snapshot { epoch, .. }
            | Self::Truncate { epoch, .. } => Some(*epoch),
            // A packed entry is the same under any claim.
            Self::Claim { .. } | Self::Pack { .. } | Self::Erase | Self::Clean => None,
        }
    }

    /// Whether it needs space worth speaking of. Claims do not, and without them nothing could be erased.
    pub(super) fn adds(&self) -> bool {
        matches!(self, Self::Append { .. } | Self::Pieces { .. } | Self::Snapshot { .. } | Self::Pack { .. })
    }
}

pub(super) struct Request {
    pub(super) doc: DocId,
    pub(super) action: Action,
    pub(super) reply: oneshot::Sender<Reply>,
}

pub(super) type Reply = Result<Done, JournalError>;

/// What was done, durably.
#[derive(Clone, Copy, Debug)]
pub(super) struct Done {
    pub(super) epoch: Epoch,
    pub(super) last: Seq,
    /// There is more of it to do.
    pub(super) more: bool,
}

impl Request {
    /// What it adds to a commit: entries and bytes.
    pub(super) fn weight(&self) -> (usize, usize) {
        match &self.action {
            Action::Append { batch, .. } => (batch.len(), batch.iter().map(|entry| entry.bytes.len()).sum()),
            Action::Pieces { pieces, .. } | Action::Pack { pieces, .. } => {
                (pieces.len(), pieces.iter().map(Bytes::len).sum())
            }
            Action::Clean => (limits::COMMIT_ENTRIES_MAX, 0),
            _ => (1, 0),
        }
    }
}
