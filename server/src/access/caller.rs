//! What a request brought, and who it turned out to come from.

use jiff::Timestamp;

use super::secret::SecretHash;
use crate::{
    ids::{ParticipantId, ReportId, SessionId},
    limits,
};

/// What a request brought to say who it is.
pub enum Credential<'a> {
    /// `Authorization: Bearer`, `?token=` or the Hocuspocus auth message: the admin token or an invitation's.
    Bearer(&'a str),
    /// The session cookie's value.
    Session(&'a str),
}

/// A credential as it is kept by who looks it up again: by its hash alone.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Proof {
    pub(super) is_bearer: bool,
    /// `None`: it cannot be a secret of ours.
    pub(super) hash: Option<SecretHash>,
}

impl From<Credential<'_>> for Proof {
    fn from(credential: Credential<'_>) -> Self {
        match credential {
            Credential::Bearer(token) => Self { is_bearer: true, hash: hash_of(token) },
            Credential::Session(secret) => Self { is_bearer: false, hash: hash_of(secret) },
        }
    }
}

impl Proof {
    /// Whether it is a token and not a session.
    pub const fn is_bearer(&self) -> bool {
        self.is_bearer
    }
}

/// Who a request comes from.
#[derive(Clone, PartialEq, Debug)]
pub enum Caller {
    /// Holds the admin token: may create reports, coordinator of all.
    Administrator,
    /// Holds one invitation's token.
    Bearer {
        /// The report it is for.
        report: ReportId,
        /// Whom it stands for.
        participant: ParticipantId,
    },
    /// A signed-in browser, with a seat in each report whose link it opened.
    Session {
        /// Its id (not a secret).
        id: SessionId,
        /// One a report; the one last gained stands last.
        seats: Vec<(ReportId, ParticipantId)>,
        /// Until when it is good.
        expires: Timestamp,
    },
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

/// The hash of what a request brought; `None` for what cannot be a secret of ours.
pub(super) fn hash_of(secret: &str) -> Option<SecretHash> {
    (1..=limits::TOKEN_BYTES_MAX).contains(&secret.len()).then(|| SecretHash::of(secret))
}
