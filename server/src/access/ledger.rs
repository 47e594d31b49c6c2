//! The access ledger: which secret stands for whom; a journal of its own, held in memory by hash.

use std::sync::Arc;

use jiff::Timestamp;

use super::Secret;
use crate::{
    clock::Clock,
    ids::{ParticipantId, ReportId, SessionId},
    journal::{Journal, JournalError},
};

/// Why access did not do what was asked.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum AccessError {
    /// Unknown, used up, expired and revoked look the same.
    #[error("this invitation is not valid (any more)")]
    InvalidInvitation,
    /// The ledger could not be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The ledger holds something this version cannot read.
    #[error("the access ledger is damaged at entry {at}: {why}")]
    Damaged {
        /// Entry.
        at: u64,
        /// What is wrong.
        why: String,
    },
}

/// What a request brought to say who it is.
pub enum Credential<'a> {
    /// `Authorization: Bearer`, `?token=` or the Hocuspocus auth message: the admin token or an invitation's.
    Bearer(&'a str),
    /// The session cookie's value.
    Session(&'a str),
}

/// Who a request comes from.
#[derive(Clone, PartialEq, Debug)]
pub enum Caller {
    /// Holds the admin token: may create reports, coordinator of all.
    Administrator,
    /// Holds one invitation's token.
    Bearer { report: ReportId, participant: ParticipantId },
    /// A signed-in browser, with a seat in each report whose link it opened.
    Session { id: SessionId, seats: Vec<(ReportId, ParticipantId)>, expires: Timestamp },
}

/// A fresh invitation: the token is also what the link carries.
pub struct Invited {
    /// To be handed over once; only its hash is kept.
    pub token: Secret,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// A fresh session.
pub struct SignedIn {
    /// The cookie's value.
    pub secret: Secret,
    /// Until when it is good.
    pub expires: Timestamp,
    /// Its id (not a secret).
    pub id: SessionId,
    /// The seat that the token stands for.
    pub report: ReportId,
    /// The seat that the token stands for.
    pub participant: ParticipantId,
}

/// The access ledger in memory, with the writer of its journal. Cheap to clone.
#[derive(Clone)]
pub struct Access(#[allow(dead_code)] Arc<()>);

impl Access {
    /// Reads the ledger and takes it over.
    pub async fn open(
        _journal: Arc<dyn Journal>,
        _clock: Clock,
        _admin: Secret,
    ) -> Result<Self, AccessError> {
        todo!()
    }
    /// Makes an invitation for a participant; durable on return.
    pub async fn invite(
        &self,
        _report: ReportId,
        _participant: ParticipantId,
        _valid_days: i64,
    ) -> Result<Invited, AccessError> {
        todo!()
    }
    /// Whose invitation a token is, without using it.
    pub fn invitation(&self, _token: &str) -> Result<(ReportId, ParticipantId), AccessError> {
        todo!()
    }
    /// Exchanges a token for a session (a new secret each time); `current` is the browser's own session, whose other
    /// seats carry over. Durable on return.
    pub async fn sign_in(
        &self,
        _token: &str,
        _current: Option<&str>,
        _keep: bool,
    ) -> Result<SignedIn, AccessError> {
        todo!()
    }
    /// Who this is; `None` when the credential is not good (any more).
    pub fn caller(&self, _credential: Credential<'_>) -> Option<Caller> {
        todo!()
    }
    /// Ends a session.
    pub async fn sign_out(&self, _session: SessionId) -> Result<(), AccessError> {
        todo!()
    }
    /// Ends all invitations and seats of a participant.
    pub async fn revoke(&self, _report: ReportId, _participant: ParticipantId) -> Result<(), AccessError> {
        todo!()
    }
    /// Notes that a report exists; durable on return.
    pub async fn add_report(&self, _report: ReportId) -> Result<(), AccessError> {
        todo!()
    }
    /// All reports of this server, oldest first.
    pub fn reports(&self) -> Vec<ReportId> {
        todo!()
    }
    /// Tells when a caller that was good may no longer be (sign-out, revocation): look it up again.
    pub fn changed(&self) -> tokio::sync::watch::Receiver<u64> {
        todo!()
    }
}

impl Caller {
    /// The participant that this caller is on a report.
    pub fn on(&self, report: ReportId) -> Option<ParticipantId> {
        match self {
            Self::Administrator => Some(ParticipantId::ADMINISTRATOR),
            Self::Bearer { report: own, participant } => (*own == report).then_some(*participant),
            Self::Session { seats, .. } => seats.iter().find(|seat| seat.0 == report).map(|seat| seat.1),
        }
    }
}
