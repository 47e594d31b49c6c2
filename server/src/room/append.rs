//! Appending what a room has gathered, with the other rooms of its shard, and only then letting it go.

use std::{pin::pin, task::Poll};

use futures_util::poll;
use tokio::time::sleep;
use tracing::{Instrument as _, trace_span};

use super::{
    RoomError, load,
    pump::Place,
    task::{End, Room},
};
use crate::journal::{JournalError, NewEntry};

impl Room {
    /// Appends, then lets go: the one rule of release.
    pub(super) async fn commit(&mut self) -> Result<(), End> {
        let turn = std::mem::take(&mut self.turn);
        let place = self.place.take();
        let failed = match turn.broken {
            Some(why) => why.to_owned(),
            None if turn.entries.is_empty() => String::new(),
            None => {
                let span = trace_span!("append", document = %self.name, entries = turn.entries.len());
                let appended = self.append(turn.entries, place).instrument(span).await;
                appended.err().map_or(String::new(), |error| error.to_string())
            }
        };
        if failed.is_empty() {
            self.release(turn.releases);
            return Ok(());
        }
        tracing::error!(document = %self.name, failed, "changes may not be stored; the room reopens");
        let unavailable = RoomError::Unavailable("it is not known whether the change was stored".into());
        turn.releases.into_iter().for_each(|release| release.fail(unavailable.clone()));
        Err(End::Reset)
    }

    /// One append, with those of the round. What is certainly not stored is tried again, for a while.
    async fn append(&mut self, entries: Vec<NewEntry>, place: Option<Place>) -> Result<(), JournalError> {
        let shared = self.shared.clone();
        let mut appended = self.append_in_round(entries.clone(), place).await;
        for wait in &shared.tuning.retries {
            let Err(JournalError::Unavailable(why)) = &appended else { break };
            tracing::warn!(document = %self.name, why, "the journal is not available; trying again");
            sleep(*wait).await;
            appended = self.append_once(entries.clone()).await;
        }
        appended
    }

    /// The next round begins when all appends of this one have returned.
    async fn append_in_round(
        &mut self,
        entries: Vec<NewEntry>,
        mut place: Option<Place>,
    ) -> Result<(), JournalError> {
        let mut append = pin!(self.append_once(entries));
        let begun = poll!(append.as_mut());
        // The journal has it, and waits for those of the other rooms.
        place.iter_mut().for_each(Place::hand_in);
        if let Poll::Ready(done) = begun { done } else { append.await }
    }

    async fn append_once(&mut self, entries: Vec<NewEntry>) -> Result<(), JournalError> {
        let writer = match &mut self.writer {
            Some(writer) => writer,
            empty => {
                let claimed = load::claim(&self.shared, self.name).await;
                empty.insert(claimed.map_err(|error| JournalError::Unavailable(error.to_string()))?)
            }
        };
        let bytes = entries.iter().map(|entry| entry.bytes.len()).sum();
        writer.append(entries).await?;
        self.since.note(bytes);
        Ok(())
    }
}
