//! What the access ledger says: its records, and the state that they add up to.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::secret::SecretHash;
use crate::ids::{ParticipantId, ReportId, SessionId};

/// One participant on one report.
pub(super) type Seat = (ReportId, ParticipantId);

/// One record of the ledger, as a JSON object. Stored: extend, never rename.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Record {
    /// A token was made for a participant.
    Invited { hash: SecretHash, report: ReportId, participant: ParticipantId, expires: Timestamp },
    /// A token was exchanged for a session.
    SignedIn { hash: SecretHash, id: SessionId, seats: Vec<Seat>, expires: Timestamp },
    /// A session ended.
    SignedOut { id: SessionId },
    /// All tokens and seats of a participant ended.
    Revoked { report: ReportId, participant: ParticipantId },
    /// A report was created.
    Report { report: ReportId, at: Timestamp },
}

impl Record {
    /// Who made the change, as far as the ledger knows.
    pub(super) fn author(&self) -> ParticipantId {
        match self {
            Self::SignedIn { seats, .. } => seats.last().map_or(ParticipantId::ADMINISTRATOR, |seat| seat.1),
            _ => ParticipantId::ADMINISTRATOR,
        }
    }
    /// Whether somebody who was let in before may no longer be.
    pub(super) fn ends_something(&self) -> bool {
        matches!(self, Self::SignedOut { .. } | Self::Revoked { .. })
    }
}

/// A token that stands for a participant.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Invitation {
    pub(super) seat: Seat,
    pub(super) expires: Timestamp,
}

/// A signed-in browser.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Session {
    pub(super) id: SessionId,
    /// One a report; the one last gained stands last.
    pub(super) seats: Vec<Seat>,
    pub(super) expires: Timestamp,
}

/// All that is good, by the hash of its secret.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Book {
    invitations: HashMap<SecretHash, Invitation>,
    sessions: HashMap<SecretHash, Session>,
    reports: Vec<ReportId>,
}

impl Book {
    pub(super) fn apply(&mut self, record: Record) {
        match record {
            Record::Invited { hash, report, participant, expires } => {
                self.invitations.insert(hash, Invitation { seat: (report, participant), expires });
            }
            Record::SignedIn { hash, id, seats, expires } => {
                self.sessions.insert(hash, Session { id, seats, expires });
            }
            Record::SignedOut { id } => self.sessions.retain(|_, session| session.id != id),
            Record::Revoked { report, participant } => self.revoke((report, participant)),
            Record::Report { report, .. } => {
                if !self.reports.contains(&report) {
                    self.reports.push(report);
                }
            }
        }
    }

    fn revoke(&mut self, gone: Seat) {
        self.invitations.retain(|_, invitation| invitation.seat != gone);
        self.sessions.retain(|_, session| {
            session.seats.retain(|seat| *seat != gone);
            !session.seats.is_empty()
        });
    }

    /// Drops what is no longer good, so that memory follows what is in use and not all that ever was.
    pub(super) fn prune(&mut self, now: Timestamp) {
        self.invitations.retain(|_, invitation| invitation.expires > now);
        self.sessions.retain(|_, session| session.expires > now);
    }

    /// The invitation with this hash, while it is good.
    pub(super) fn invitation(&self, hash: &SecretHash, now: Timestamp) -> Option<Invitation> {
        self.invitations.get(hash).copied().filter(|invitation| invitation.expires > now)
    }
    /// The session with this hash, while it is good.
    pub(super) fn session(&self, hash: &SecretHash, now: Timestamp) -> Option<&Session> {
        self.sessions.get(hash).filter(|session| session.expires > now)
    }
    /// Whether a session is open.
    pub(super) fn is_open(&self, id: SessionId) -> bool {
        self.sessions.values().any(|session| session.id == id)
    }
    /// All reports, oldest first.
    pub(super) fn reports(&self) -> &[ReportId] {
        &self.reports
    }
}
