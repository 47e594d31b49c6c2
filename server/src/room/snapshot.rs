//! Snapshots of a room: what bounds the time to open it again. History stays.

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::task::{End, Room, build};
use crate::{
    ids::ParticipantId,
    journal::{JournalError, Kind, Seq},
    limits::{INLINE_LOAD_BYTES_MAX, SNAPSHOT_SHARE, SNAPSHOT_WAITS_MAX},
};

/// What a record holds since the newest snapshot.
pub(super) struct Since {
    /// The last entry that the snapshot holds.
    upto: Seq,
    /// Bytes of the snapshot, and of what came since.
    state: usize,
    added: usize,
}

impl Since {
    pub(super) fn opened(upto: Seq, state: usize, added: usize) -> Self {
        Self { upto, state, added }
    }

    pub(super) fn note(&mut self, bytes: usize) {
        self.added = self.added.saturating_add(bytes);
    }

    /// Whether the next snapshot is due. A snapshot costs what the document holds, so a large document waits until
    /// enough came for its price to be spread over; but entries cost when they are read, so not for ever.
    fn is_due(&self, tip: Seq, every: u64) -> bool {
        let entries = tip.saturating_sub(self.upto);
        let worth = self.added.saturating_mul(SNAPSHOT_SHARE) >= self.state;
        entries >= every && (worth || entries >= every.saturating_mul(SNAPSHOT_WAITS_MAX))
    }
}

/// A snapshot that is being checked beside the shard, while the room goes on.
pub(super) struct Checking {
    upto: Seq,
    state: Bytes,
    sound: JoinHandle<bool>,
}

impl Checking {
    /// Waits for the check of one, if there is one. For ever, where there is none.
    pub(super) async fn done(checking: &mut Option<Self>) -> Checked {
        match checking {
            Some(one) => {
                // A check that panicked has not shown that the snapshot is sound.
                let sound = (&mut one.sound).await.unwrap_or(false);
                Checked { upto: one.upto, state: one.state.clone(), sound }
            }
            None => std::future::pending().await,
        }
    }
}

/// A snapshot, and whether it was shown to load and to be equal.
pub(super) struct Checked {
    upto: Seq,
    state: Bytes,
    sound: bool,
}

impl Room {
    /// Makes a snapshot after many entries; it is kept once it is shown to load and to be equal. Large ones are checked
    /// beside the shard, so that its other rooms do not wait.
    pub(super) async fn make_snapshot(&mut self) -> Result<(), End> {
        // Until the turn is durable the document holds more than its record.
        if self.turn.has_to_wait() || self.checking.is_some() {
            return Ok(());
        }
        let Some(upto) = self.writer.as_ref().map(|writer| writer.tip()) else { return Ok(()) };
        if !self.since.is_due(upto, self.shared.tuning.snapshot_entries) {
            return Ok(());
        }
        // Who has just come to a cold text is not kept waiting for it to be built; there is time when they have gone.
        if (self.content.is_cold() || self.content.is_away()) && !self.seats.is_empty() {
            return Ok(());
        }
        self.wake().await?;
        build(&mut self.content, self.name).await?;
        let Ok(state) = self.content.encode() else { return Err(End::Reset) };
        self.since = Since::opened(upto, state.len(), 0);
        let check = self.content.check_of(state.clone());
        if state.len() <= INLINE_LOAD_BYTES_MAX {
            return self.keep_snapshot(Checked { upto, state, sound: check() }).await;
        }
        let sound = tokio::task::spawn_blocking(check);
        self.checking = Some(Checking { upto, state, sound });
        Ok(())
    }

    /// Stores a snapshot that was checked.
    pub(super) async fn keep_snapshot(&mut self, checked: Checked) -> Result<(), End> {
        self.checking = None;
        let Checked { upto, state, sound } = checked;
        if !sound {
            tracing::error!(document = %self.name, "the snapshot does not give the document; it is not kept");
            return Ok(());
        }
        match self.store_snapshot(upto, state).await {
            Ok(()) => Ok(()),
            Err(error @ (JournalError::Unavailable(_) | JournalError::Refused(_))) => {
                tracing::warn!(document = %self.name, %error, "no snapshot");
                Ok(())
            }
            Err(error) => {
                tracing::error!(document = %self.name, %error, "no snapshot; the room reopens");
                Err(End::Reset)
            }
        }
    }

    async fn store_snapshot(&mut self, upto: Seq, state: Bytes) -> Result<(), JournalError> {
        let writers = self.content.writers();
        let writers = writers.map(|bytes| self.entry(ParticipantId::ADMINISTRATOR, Kind::Writers, bytes));
        let Some(writer) = &mut self.writer else { return Ok(()) };
        // After what the snapshot holds, so that whoever reads from there on reads it, too.
        if let Some(entry) = writers {
            writer.append(vec![entry]).await?;
        }
        writer.put_snapshot(upto, state).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_document_has_its_snapshot_by_entries_and_a_large_one_by_what_was_added() {
        let mut small = Since::opened(100, 10, 0);
        small.note(5);
        assert!(!small.is_due(109, 10), "too few entries");
        assert!(small.is_due(110, 10));
        let mut large = Since::opened(100, 1_000, 0);
        large.note(1_000 / SNAPSHOT_SHARE - 1);
        assert!(!large.is_due(199, 10), "too little for its price");
        assert!(large.is_due(100 + 10 * SNAPSHOT_WAITS_MAX, 10), "but entries are to be read");
        large.note(1);
        assert!(large.is_due(199, 10) && !large.is_due(109, 10));
    }

    #[test]
    fn a_document_without_a_snapshot_has_one_after_so_many_entries() {
        assert!(Since::opened(0, 0, 0).is_due(10, 10));
    }
}
