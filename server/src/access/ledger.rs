//! The access ledger: which secret stands for whom; a journal of its own, held in memory by hash.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use parking_lot::RwLock;
use tokio::sync::{Mutex, watch};

use super::{
    LEDGER, Secret,
    book::{Book, Invitation, Record, Seat, Session},
    caller::{Caller, Credential, Proof, hash_of},
    secret::SecretHash,
};
use crate::{
    clock::Clock,
    ids::{ParticipantId, ReportId, SessionId},
    journal::{Entry, Journal, JournalError, Kind, NewEntry, Writer},
    limits,
};

#[cfg(test)]
mod tests;

/// Why access did not do what was asked.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum AccessError {
    /// Unknown, expired and revoked look the same.
    #[error("This invitation is not valid (any more). Ask the coordinator for a new link.")]
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

/// A fresh invitation: the token is also what the link carries.
#[derive(Debug)]
pub struct Invited {
    /// To be handed over once; only its hash is kept.
    pub token: Secret,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// A fresh session.
#[derive(Debug)]
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
pub struct Access(Arc<Inner>);

struct Inner {
    journal: Arc<dyn Journal>,
    clock: Clock,
    /// `None` when the admin token is empty: then nobody is administrator.
    admin: Option<SecretHash>,
    /// What is durable. Read by every request; never locked across an await.
    book: RwLock<Book>,
    /// One writes at a time. `None` when the outcome of the last write is not known: the ledger is read again first.
    writer: Mutex<Option<Box<dyn Writer>>>,
    changed: watch::Sender<u64>,
}

impl Access {
    /// Reads the ledger and takes it over.
    pub async fn open(journal: Arc<dyn Journal>, clock: Clock, admin: Secret) -> Result<Self, AccessError> {
        let admin = (!admin.reveal().is_empty()).then(|| SecretHash::of(admin.reveal()));
        let (book, writer) = load(journal.as_ref(), clock.now()).await?;
        let inner = Inner {
            journal,
            clock,
            admin,
            book: RwLock::new(book),
            writer: Mutex::new(Some(writer)),
            changed: watch::Sender::new(0),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Makes an invitation for a participant, good for 1 to `limits::INVITATION_DAYS_MAX` days; durable on return.
    /// It can be used again until it expires or is revoked, because people open their link on several devices.
    pub async fn invite(
        &self,
        report: ReportId,
        participant: ParticipantId,
        valid_days: i64,
    ) -> Result<Invited, AccessError> {
        let token = Secret::random(self.0.clock.secret32());
        let hash = SecretHash::of(token.reveal());
        let days = valid_days.clamp(1, limits::INVITATION_DAYS_MAX);
        let expires = later(self.0.clock.now(), days * 24);
        self.commit(move |_| Ok((vec![Record::Invited { hash, report, participant, expires }], ()))).await?;
        Ok(Invited { token, expires })
    }

    /// Whose invitation a token is, without using it.
    pub fn invitation(&self, token: &str) -> Result<(ReportId, ParticipantId), AccessError> {
        let hash = hash_of(token).ok_or(AccessError::InvalidInvitation)?;
        good_invitation(&self.0.book.read(), &hash, self.0.clock.now()).map(|it| it.seat)
    }

    /// Exchanges a token for a session (a new secret each time); `current` is the browser's own session, whose other
    /// seats carry over, and which ends. Durable on return.
    pub async fn sign_in(
        &self,
        token: &str,
        current: Option<&str>,
        keep: bool,
    ) -> Result<SignedIn, AccessError> {
        // Looked up here first, so that a wrong token costs no turn at the writer.
        self.invitation(token)?;
        let invited = SecretHash::of(token);
        let current = current.and_then(hash_of);
        let secret = Secret::random(self.0.clock.secret32());
        let hash = SecretHash::of(secret.reveal());
        let id = SessionId::from_bytes(self.0.clock.id16());
        let now = self.0.clock.now();
        let expires = later(now, if keep { limits::SESSION_KEPT_DAYS * 24 } else { limits::SESSION_HOURS });
        let seat = self
            .commit(move |book| {
                let seat = good_invitation(book, &invited, now)?.seat;
                let old = current.and_then(|hash| book.session(&hash, now));
                Ok((signing_in(Session { id, seats: vec![seat], expires }, hash, old), seat))
            })
            .await?;
        Ok(SignedIn { secret, expires, id, report: seat.0, participant: seat.1 })
    }

    /// Who this is; `None` when the credential is not good (any more).
    pub fn caller(&self, credential: Credential<'_>) -> Option<Caller> {
        self.caller_of(&credential.into())
    }

    /// As `caller`, of one that was shown before.
    pub fn caller_of(&self, proof: &Proof) -> Option<Caller> {
        let (now, hash) = (self.0.clock.now(), proof.hash?);
        if !proof.is_bearer {
            let Session { id, seats, expires } = self.0.book.read().session(&hash, now)?.clone();
            return Some(Caller::Session { id, seats, expires });
        }
        if self.0.admin.is_some_and(|admin| admin.same(&hash)) {
            return Some(Caller::Administrator);
        }
        let (report, participant) = self.0.book.read().invitation(&hash, now)?.seat;
        Some(Caller::Bearer { report, participant })
    }

    /// Ends a session; one that ended before stays ended.
    pub async fn sign_out(&self, session: SessionId) -> Result<(), AccessError> {
        self.commit(move |book| {
            let open = book.is_open(session);
            Ok((open.then_some(Record::SignedOut { id: session }).into_iter().collect(), ()))
        })
        .await
    }

    /// Ends all invitations and seats of a participant.
    pub async fn revoke(&self, report: ReportId, participant: ParticipantId) -> Result<(), AccessError> {
        self.commit(move |_| Ok((vec![Record::Revoked { report, participant }], ()))).await
    }

    /// Notes that a report exists; durable on return. A repeat changes nothing.
    pub async fn add_report(&self, report: ReportId) -> Result<(), AccessError> {
        let at = self.0.clock.now();
        self.commit(move |book| {
            let new = !book.reports().contains(&report);
            Ok((new.then_some(Record::Report { report, at }).into_iter().collect(), ()))
        })
        .await
    }

    /// All reports of this server, oldest first.
    pub fn reports(&self) -> Vec<ReportId> {
        self.0.book.read().reports().to_vec()
    }

    /// Tells when a caller that was good may no longer be (sign-out, revocation): look it up again. Expiry is not told:
    /// it is known beforehand.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.0.changed.subscribe()
    }

    /// Tells all who listen to `changed`, though nothing has.
    pub fn have_all_looked_up_again(&self) {
        self.0.changed.send_modify(|count| *count += 1);
    }

    /// Writes what `decide` makes of the ledger as it stands, and lets it count once it is durable. The write goes on
    /// when the caller goes away, since a broken-off append would have an unknown outcome.
    async fn commit<T: Send + 'static>(
        &self,
        decide: impl FnOnce(&Book) -> Result<(Vec<Record>, T), AccessError> + Send + 'static,
    ) -> Result<T, AccessError> {
        let inner = Arc::clone(&self.0);
        let commit = tokio::spawn(async move { inner.commit(decide).await });
        commit.await.unwrap_or(Err(AccessError::Journal(JournalError::Unknown)))
    }
}

impl Inner {
    async fn commit<T>(
        &self,
        decide: impl FnOnce(&Book) -> Result<(Vec<Record>, T), AccessError>,
    ) -> Result<T, AccessError> {
        let mut place = self.writer.lock().await;
        // Out of its place while it writes: should this end half-way, the next finds none and reads the ledger again.
        let mut writer = match place.take() {
            Some(writer) => writer,
            None => self.reload().await?,
        };
        let decided = decide(&self.book.read());
        let (records, result) = match decided {
            Ok((records, result)) if !records.is_empty() => (records, result),
            nothing => {
                *place = Some(writer);
                return nothing.map(|(_, result)| result);
            }
        };
        let now = self.clock.now();
        let batch = records.iter().map(|record| entry(record, now)).collect::<Result<_, _>>()?;
        match writer.append(batch).await {
            Ok(_) => *place = Some(writer),
            Err(error) => {
                if matches!(error, JournalError::Unavailable(_) | JournalError::Refused(_)) {
                    // Certainly nothing stored: the same writer may try again.
                    *place = Some(writer);
                }
                return Err(error.into());
            }
        }
        let ended = records.iter().any(Record::ends_something);
        {
            let mut book = self.book.write();
            book.prune(now);
            records.into_iter().for_each(|record| book.apply(record));
        }
        if ended {
            self.changed.send_modify(|times| *times += 1);
        }
        Ok(result)
    }

    /// Takes the ledger over again, when what became of the last write is not known.
    async fn reload(&self) -> Result<Box<dyn Writer>, AccessError> {
        let (book, writer) = load(self.journal.as_ref(), self.clock.now()).await?;
        *self.book.write() = book;
        self.changed.send_modify(|times| *times += 1);
        Ok(writer)
    }
}

/// Claims the ledger, which settles it, then reads all of it.
async fn load(journal: &dyn Journal, now: Timestamp) -> Result<(Book, Box<dyn Writer>), AccessError> {
    let writer = journal.claim(LEDGER, "access").await?;
    let mut book = Book::default();
    let mut from = 1;
    loop {
        let page = journal.read(LEDGER, from, limits::LEDGER_PAGE_ENTRIES).await?;
        for entry in &page {
            if let Some(record) = record(entry)? {
                book.apply(record);
            }
        }
        match page.last() {
            Some(last) if last.seq < writer.tip() => from = last.seq + 1,
            _ => break,
        }
    }
    book.prune(now);
    Ok((book, writer))
}

/// The record of an entry; a claim has none.
fn record(entry: &Entry) -> Result<Option<Record>, AccessError> {
    let damaged = |why: String| AccessError::Damaged { at: entry.seq, why };
    match entry.kind {
        Kind::Claim => Ok(None),
        Kind::Access => {
            serde_json::from_slice(&entry.bytes).map(Some).map_err(|error| damaged(error.to_string()))
        }
        Kind::Update | Kind::Command | Kind::Writers => {
            Err(damaged("an update does not belong here".to_owned()))
        }
    }
}

fn entry(record: &Record, now: Timestamp) -> Result<NewEntry, AccessError> {
    let bytes = serde_json::to_vec(record).map_err(|error| JournalError::Refused(error.to_string()))?;
    Ok(NewEntry {
        at_us: now.as_microsecond(),
        participant: record.author(),
        kind: Kind::Access,
        bytes: bytes.into(),
    })
}

/// The records of a sign-in: the new session gains the seats of the browser's old one, except one on the same report,
/// and the old one ends, so that a secret planted before the sign-in is worth nothing after it.
fn signing_in(new: Session, hash: SecretHash, old: Option<&Session>) -> Vec<Record> {
    let carried = old.into_iter().flat_map(|old| old.seats.iter().copied());
    let mut seats: Vec<Seat> = carried.filter(|seat| new.seats.iter().all(|new| new.0 != seat.0)).collect();
    seats.extend(new.seats);
    let signed_in = Record::SignedIn { hash, id: new.id, seats, expires: new.expires };
    std::iter::once(signed_in).chain(old.map(|old| Record::SignedOut { id: old.id })).collect()
}

fn good_invitation(book: &Book, hash: &SecretHash, now: Timestamp) -> Result<Invitation, AccessError> {
    book.invitation(hash, now).ok_or(AccessError::InvalidInvitation)
}

fn later(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}
