//! Live documents. A room is one document with one owner, a task on a shard (a one-thread runtime); sockets and
//! handlers talk to it through bounded queues. It guards, applies, appends, and only then fans out and confirms:
//! whatever leaves a room leaves when the journal is durable to what it depends on.
//!
//! `shard` finds and starts rooms, `pump` runs their rounds, in which they commit together, `window` says how long they
//! gather, `rest` has a busy shard read at once what came meanwhile, `load` opens a room, `task` is its loop, `append`
//! how what it gathered becomes durable, `turn` what one batch of calls does, `standing` who may do it, `fill` the
//! writing of an empty text as a whole, `release` what leaves after the append, `outlet` the way to a socket, `snapshot` what bounds the next load,
//! `doze` lets a text go that people have open and nobody needs, `presence` who is here, `review_doc` the document that
//! commands write, `wording` what leads from a recommendation's text to its record.

mod alarm;
mod append;
mod call;
mod content;
mod doze;
mod fill;
mod json;
mod load;
mod outlet;
mod presence;
mod pump;
#[cfg(test)]
mod queue;
mod release;
mod rest;
mod review_doc;
mod seat;
mod shard;
#[cfg(test)]
mod sim;
mod snapshot;
mod standing;
mod task;
#[cfg(test)]
mod tests;
mod turn;
mod window;
mod wording;
mod writers;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::sync::watch;

use self::{
    call::{Call, Published, Tongue},
    shard::{Handle, Shared},
};
use crate::{
    access::{MayRead, MayWrite, Permit},
    clock::Clock,
    ids::{DocumentName, Part, ReportId},
    journal::Journal,
    limits,
    protocol::Address,
    review::{Anchor, Command, Outcome, Refusal, ReviewState, Standing},
};

pub use outlet::Outlet;

#[cfg(test)]
pub(crate) use queue::{Outgoing, Seat};
pub use seat::SeatSender;
pub use window::Window;

/// All rooms of this process. Cheap to clone. When the last clone is dropped the rooms end as after `stop`.
#[derive(Clone)]
pub struct Rooms(Arc<Handle>);

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

/// How rooms behave in time; tests shorten it.
#[derive(Clone, Debug)]
pub(crate) struct Tuning {
    /// How long a room stays in memory without seats.
    pub(crate) idle: Duration,
    /// How long rooms gather before they commit together.
    pub(crate) window: Window,
    /// The least time between two awareness broadcasts of a room.
    pub(crate) presence: Duration,
    /// Entries after which a room writes a snapshot.
    pub(crate) snapshot_entries: u64,
    /// How long nobody types before a wording is noted in its record.
    pub(crate) wording_quiet: Duration,
    /// How long a wording may stay unnoted.
    pub(crate) noted_within: Duration,
    /// Waits between the tries of an append that the journal was not available for.
    pub(crate) retries: Vec<Duration>,
    /// A test's hook: a room panics when it is given this update.
    #[cfg(test)]
    pub(crate) panic_on: Option<Bytes>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            idle: limits::ROOM_IDLE_MAX,
            window: Window::default(),
            presence: limits::PRESENCE_EVERY,
            snapshot_entries: limits::SNAPSHOT_ENTRIES,
            wording_quiet: limits::WORDING_QUIET,
            noted_within: limits::WORDING_NOTED_WITHIN,
            retries: limits::APPEND_RETRIES.to_vec(),
            #[cfg(test)]
            panic_on: None,
        }
    }
}

impl Rooms {
    /// Starts `shards` one-thread runtimes (at least one), whose rooms commit together within `window`.
    pub fn start(journal: Arc<dyn Journal>, clock: Clock, shards: usize, window: Window) -> Self {
        Self::tuned(journal, clock, shards, Tuning { window, ..Tuning::default() })
    }

    pub(crate) fn tuned(journal: Arc<dyn Journal>, clock: Clock, shards: usize, tuning: Tuning) -> Self {
        Self(Arc::new(shard::start(journal, clock, shards, tuning)))
    }

    /// Takes a seat whose words go to an outlet; a new one is made for each try. The room is loaded once, however many
    /// come at once. With an address the seat speaks the
    /// addressed dialect, and its frames carry the address as the client wrote it.
    ///
    /// The plain dialect's server speaks first (sync step 1, then who is here). In the addressed dialect the room
    /// says who is here, and answers the client's sync step 1 by step 2 and its own step 1, as each published
    /// server does.
    pub async fn sit(
        &self,
        may: MayRead,
        name: DocumentName,
        address: Option<Address>,
        outlet: impl Fn() -> Box<dyn Outlet>,
    ) -> Result<SeatSender, RoomError> {
        let tongue = address.map_or(Tongue::Plain, Tongue::Addressed);
        let join = |reply| Call::Join { may, tongue: tongue.clone(), outlet: outlet(), reply };
        self.of_report(may, name)?.ask(name, join).await
    }

    /// Runs a conversation, if one is made, on the thread of a report's rooms: what it says to them, and they to it,
    /// changes no thread. `false`: the server is stopping.
    pub async fn host<F>(
        &self,
        report: ReportId,
        conversation: impl FnOnce() -> Option<F> + Send + 'static,
    ) -> bool
    where
        F: Future<Output = ()> + 'static,
    {
        self.shared().host(report, Box::new(move || Some(Box::pin(conversation()?)))).await
    }

    /// Decides a command inside the review room; the answer comes when it is durable, with the state that holds it.
    ///
    /// Title and text of a recommendation are a document of their own, which the record follows: they are written there,
    /// and only what else the command changes is decided here.
    pub async fn decide(&self, permit: Permit) -> Result<(Outcome, Arc<ReviewState>), RoomError> {
        let report = permit.report();
        let (rewords, permit) = permit.split_wording();
        if let Some((recommendation, whole)) = rewords {
            let wording = DocumentName::wording(report, recommendation);
            self.shared()
                .ask(wording, |reply| Call::Reword { permit: Box::new(whole.clone()), reply })
                .await?;
        }
        // A step is taken on the words as they are, not as they were noted last: before a crash, perhaps.
        if let Command::TakeStep { recommendation, .. } = permit.command() {
            let wording = DocumentName::wording(report, *recommendation);
            match self.shared().ask(wording, |reply| Call::Settle { reply }).await {
                // That there is no such recommendation is the review's to say.
                Ok(()) | Err(RoomError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let name = DocumentName::review(report);
        self.shared().ask(name, |reply| Call::Decide { permit: Box::new(permit.clone()), reply }).await
    }

    /// The review state of a report, no newer than what is durable. `NotFound` when it was never founded.
    pub async fn review(&self, report: ReportId) -> Result<Arc<ReviewState>, RoomError> {
        Ok(self.published(report).await?.state.borrow().clone())
    }

    /// What decides rights on a report, live.
    pub async fn standing(&self, report: ReportId) -> Result<watch::Receiver<Arc<Standing>>, RoomError> {
        Ok(self.published(report).await?.standing)
    }

    /// The review state and what decides rights on a report, no newer than what is durable; the rights are no older than
    /// the state.
    pub async fn as_of_now(&self, report: ReportId) -> Result<(Arc<ReviewState>, Arc<Standing>), RoomError> {
        let published = self.published(report).await?;
        Ok((published.state.borrow().clone(), published.standing.borrow().clone()))
    }

    async fn published(&self, report: ReportId) -> Result<Published, RoomError> {
        self.shared().published(report).await
    }

    /// The whole document as one Yjs v1 update, no newer than what is durable.
    pub async fn document(&self, may: MayRead, name: DocumentName) -> Result<Bytes, RoomError> {
        self.of_report(may, name)?.ask(name, |reply| Call::Document { reply }).await
    }

    /// For each anchor, whether it still stands on words of the body.
    pub async fn attached(
        &self,
        may: MayRead,
        name: DocumentName,
        anchors: Vec<Anchor>,
    ) -> Result<Vec<bool>, RoomError> {
        let shared = self.of_report(may, name)?;
        if name.part == Part::Review {
            return Err(RoomError::NotFound);
        }
        if anchors.is_empty() {
            return Ok(Vec::new());
        }
        shared.ask(name, |reply| Call::Attached { anchors: anchors.clone(), reply }).await
    }

    /// Writes a body that is still empty (sample, import), as the server, by a participant; durable on return.
    pub async fn fill(&self, may: MayWrite, update: Bytes) -> Result<(), RoomError> {
        self.shared().ask(may.name(), |reply| Call::Fill { may, update: update.clone(), reply }).await
    }

    /// Notes all wordings in their records, for a while; closes every seat with 1012, after everything accepted is
    /// durable; then ends the shards.
    pub async fn stop(&self) {
        let settled = self.shared().settle_wordings();
        if tokio::time::timeout(limits::WORDINGS_SETTLE_TIME_MAX, settled).await.is_err() {
            tracing::warn!("some wordings are not noted in their records; they are when somebody opens them");
        }
        self.0.stop().await;
    }

    fn shared(&self) -> &Shared {
        self.0.shared()
    }

    /// A right on one report opens no other's documents.
    fn of_report(&self, may: MayRead, name: DocumentName) -> Result<&Shared, RoomError> {
        if may.report() == name.report { Ok(self.shared()) } else { Err(RoomError::NotFound) }
    }
}
