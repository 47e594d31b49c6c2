use std::time::Duration;

use super::*;
use crate::{
    ids::DocId,
    journal::{Fault, FaultyJournal, MemoryJournal},
};

const REPORT: ReportId = ReportId::from_bytes([7; 16]);
const OTHER: ReportId = ReportId::from_bytes([8; 16]);
const ANA: ParticipantId = ParticipantId::from_bytes([1; 16]);
const BO: ParticipantId = ParticipantId::from_bytes([2; 16]);
const DAY: Duration = Duration::from_secs(24 * 3600);

struct Desk {
    journal: FaultyJournal,
    clock: Clock,
    access: Access,
}

impl Desk {
    async fn new() -> Self {
        let journal = FaultyJournal::new(MemoryJournal::new());
        let clock = Clock::fixed(Timestamp::from_second(1_000_000).unwrap(), 7);
        let access = open(&journal, &clock).await.unwrap();
        Self { journal, clock, access }
    }
    /// What a start after a crash finds.
    async fn again(&self) -> Access {
        open(&self.journal, &self.clock).await.unwrap()
    }
    async fn invite(&self, report: ReportId, who: ParticipantId) -> String {
        self.access.invite(report, who, 60).await.unwrap().token.reveal().to_owned()
    }
    async fn sign_in(&self, token: &str, current: Option<&str>) -> String {
        self.access.sign_in(token, current, false).await.unwrap().secret.reveal().to_owned()
    }
    fn seats(&self, secret: &str) -> Option<Vec<Seat>> {
        seats(&self.access, secret)
    }
    fn is_good(&self, token: &str) -> bool {
        self.access.caller(Credential::Bearer(token)).is_some()
    }
}

async fn open(journal: &FaultyJournal, clock: &Clock) -> Result<Access, AccessError> {
    Access::open(Arc::new(journal.clone()), clock.clone(), Secret::new("the admin's token")).await
}

fn seats(access: &Access, secret: &str) -> Option<Vec<Seat>> {
    match access.caller(Credential::Session(secret))? {
        Caller::Session { seats, .. } => Some(seats),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_stands_for_its_participant_as_bearer_and_as_link_as_often_as_wanted() {
    let desk = Desk::new().await;
    let token = desk.invite(REPORT, ANA).await;
    let caller = desk.access.caller(Credential::Bearer(&token)).unwrap();
    assert_eq!(caller, Caller::Bearer { report: REPORT, participant: ANA });
    assert_eq!((caller.on(REPORT), caller.on(OTHER)), (Some(ANA), None));
    for _ in 0..2 {
        assert_eq!(desk.access.invitation(&token), Ok((REPORT, ANA)));
    }
    let (phone, desktop) = (desk.sign_in(&token, None).await, desk.sign_in(&token, None).await);
    assert_ne!(phone, desktop);
    assert_eq!(desk.seats(&phone), Some(vec![(REPORT, ANA)]));
    assert_eq!(desk.seats(&desktop), Some(vec![(REPORT, ANA)]));
}

#[tokio::test]
async fn secrets_of_one_kind_do_not_pass_for_another() {
    let desk = Desk::new().await;
    let token = desk.invite(REPORT, ANA).await;
    let secret = desk.sign_in(&token, None).await;
    assert!(desk.access.caller(Credential::Bearer(&secret)).is_none());
    assert!(desk.access.caller(Credential::Session(&token)).is_none());
    assert!(desk.access.caller(Credential::Session("the admin's token")).is_none());
    assert_eq!(desk.access.caller(Credential::Bearer("the admin's token")), Some(Caller::Administrator));
    for wrong in ["", "the admin's toke", "the admin's token ", &"x".repeat(limits::TOKEN_BYTES_MAX + 1)] {
        assert!(!desk.is_good(wrong), "{wrong}");
    }
}

#[tokio::test]
async fn without_an_admin_token_nobody_is_administrator() {
    let desk = Desk::new().await;
    let journal = Arc::new(MemoryJournal::new());
    let access = Access::open(journal, desk.clock.clone(), Secret::new("")).await.unwrap();
    assert!(access.caller(Credential::Bearer("")).is_none());
}

#[tokio::test]
async fn unknown_expired_and_revoked_invitations_look_the_same() {
    let desk = Desk::new().await;
    let expired = desk.invite(REPORT, ANA).await;
    desk.clock.advance(DAY * 60);
    let revoked = desk.invite(REPORT, BO).await;
    desk.access.revoke(REPORT, BO).await.unwrap();
    for token in ["unknown", &expired, &revoked] {
        assert!(!desk.is_good(token));
        assert_eq!(desk.access.invitation(token), Err(AccessError::InvalidInvitation));
        let error = desk.access.sign_in(token, None, true).await.unwrap_err();
        assert_eq!(error, AccessError::InvalidInvitation);
    }
}

#[tokio::test]
async fn invitations_are_good_for_one_day_at_least_and_a_year_at_most() {
    let desk = Desk::new().await;
    for (asked, given) in [(-5, 1), (0, 1), (7, 7), (i64::MAX, limits::INVITATION_DAYS_MAX)] {
        let expires = desk.access.invite(REPORT, ANA, asked).await.unwrap().expires;
        assert_eq!(expires, later(desk.clock.now(), given * 24));
    }
}

#[tokio::test]
async fn a_session_ends_after_its_hours_or_its_days_when_kept() {
    let desk = Desk::new().await;
    let token = desk.invite(REPORT, ANA).await;
    let short = desk.sign_in(&token, None).await;
    let kept = desk.access.sign_in(&token, None, true).await.unwrap().secret;
    desk.clock.advance(DAY / 2);
    assert_eq!(desk.seats(&short), None);
    assert!(desk.seats(kept.reveal()).is_some());
    desk.clock.advance(DAY * 30);
    assert_eq!(desk.seats(kept.reveal()), None);
}

#[tokio::test]
async fn signing_in_changes_the_secret_ends_the_old_session_and_carries_its_other_seats_over() {
    let desk = Desk::new().await;
    let old = desk.sign_in(&desk.invite(REPORT, ANA).await, None).await;
    let new = desk.sign_in(&desk.invite(OTHER, BO).await, Some(&old)).await;
    assert_eq!(desk.seats(&old), None);
    assert_eq!(desk.seats(&new), Some(vec![(REPORT, ANA), (OTHER, BO)]));
    let newest = desk.sign_in(&desk.invite(REPORT, BO).await, Some(&new)).await;
    assert_eq!(desk.seats(&newest), Some(vec![(OTHER, BO), (REPORT, BO)]), "one seat a report");
    let planted = desk.sign_in(&desk.invite(REPORT, ANA).await, Some("planted")).await;
    assert_eq!((desk.seats("planted"), desk.seats(&planted)), (None, Some(vec![(REPORT, ANA)])));
}

#[tokio::test]
async fn a_wrong_token_leaves_the_browsers_session_as_it_was() {
    let desk = Desk::new().await;
    let session = desk.sign_in(&desk.invite(REPORT, ANA).await, None).await;
    desk.access.sign_in("unknown", Some(&session), false).await.unwrap_err();
    assert_eq!(desk.seats(&session), Some(vec![(REPORT, ANA)]));
}

#[tokio::test]
async fn signing_out_and_revoking_are_told_to_those_who_watch() {
    let desk = Desk::new().await;
    let (ana, bo) = (desk.invite(REPORT, ANA).await, desk.invite(OTHER, BO).await);
    let first = desk.access.sign_in(&ana, None, false).await.unwrap();
    let both = desk.sign_in(&bo, Some(&desk.sign_in(&ana, None).await)).await;
    let mut changed = desk.access.changed();

    desk.access.sign_out(first.id).await.unwrap();
    assert!(changed.has_changed().unwrap());
    changed.mark_unchanged();
    assert_eq!(desk.seats(first.secret.reveal()), None);
    desk.access.sign_out(first.id).await.unwrap();
    assert!(!changed.has_changed().unwrap(), "it was over before");

    desk.access.revoke(REPORT, ANA).await.unwrap();
    assert!(changed.has_changed().unwrap());
    assert_eq!(desk.seats(&both), Some(vec![(OTHER, BO)]), "seats on other reports stay");
    assert!(!desk.is_good(&ana) && desk.is_good(&bo));

    desk.access.revoke(OTHER, BO).await.unwrap();
    assert_eq!(desk.seats(&both), None, "a session without seats is over");
    assert!(desk.is_good(&desk.invite(REPORT, ANA).await), "who comes back gets a new token");
}

#[tokio::test]
async fn everything_that_was_answered_is_there_after_a_restart() {
    let desk = Desk::new().await;
    let mut tokens = Vec::new();
    for n in 0..limits::LEDGER_PAGE_ENTRIES as u128 {
        let participant = ParticipantId::from_bytes((n + 1).to_be_bytes());
        tokens.push((desk.invite(REPORT, participant).await, participant));
    }
    let session = desk.sign_in(&desk.invite(REPORT, ANA).await, None).await;
    let over = desk.access.sign_in(&tokens[0].0, None, false).await.unwrap();
    desk.access.sign_out(over.id).await.unwrap();
    let revoked = desk.invite(OTHER, BO).await;
    desk.access.revoke(OTHER, BO).await.unwrap();
    for report in [OTHER, REPORT, OTHER] {
        desk.access.add_report(report).await.unwrap();
    }

    let again = desk.again().await;
    for (token, participant) in &tokens {
        assert_eq!(again.invitation(token), Ok((REPORT, *participant)));
    }
    assert_eq!(seats(&again, &session), Some(vec![(REPORT, ANA)]));
    assert_eq!(seats(&again, over.secret.reveal()), None);
    assert!(again.invitation(&revoked).is_err());
    assert_eq!(again.reports(), [OTHER, REPORT]);
    assert_eq!(*again.0.book.read(), *desk.access.0.book.read());
}

#[tokio::test]
async fn what_has_expired_takes_no_memory() {
    let desk = Desk::new().await;
    let session = desk.sign_in(&desk.invite(REPORT, ANA).await, None).await;
    desk.clock.advance(DAY * 61);
    desk.access.add_report(REPORT).await.unwrap();
    let mut only_the_report = Book::default();
    only_the_report.apply(Record::Report { report: REPORT, at: desk.clock.now() });
    assert_eq!(*desk.access.0.book.read(), only_the_report);
    let again = desk.again().await;
    assert_eq!(*again.0.book.read(), only_the_report);
    assert_eq!(seats(&again, &session), None);
}

#[tokio::test]
async fn the_journal_holds_hashes_and_no_secret() {
    let desk = Desk::new().await;
    let token = desk.invite(REPORT, ANA).await;
    let session = desk.sign_in(&token, None).await;
    let entries = desk.journal.read(LEDGER, 1, 100).await.unwrap();
    let raw: Vec<u8> = entries.iter().flat_map(|entry| entry.bytes.to_vec()).collect();
    let holds = |needle: &[u8]| raw.windows(needle.len()).any(|window| window == needle);
    for secret in [token.as_str(), &session, "the admin's token"] {
        assert!(!holds(secret.as_bytes()));
        if let Ok(bytes) = base64_bytes(secret) {
            assert!(!holds(&bytes));
        }
    }
    assert!(holds(String::from(SecretHash::of(&token)).as_bytes()), "the test reads the right bytes");
    assert!(entries.iter().skip(1).all(|entry| entry.kind == Kind::Access));
    assert_eq!(format!("{:?}", Secret::new(token)), "Secret(…)");
}

fn base64_bytes(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text)
}

#[tokio::test]
async fn nothing_counts_before_it_is_durable() {
    let desk = Desk::new().await;
    let token = desk.invite(REPORT, ANA).await;
    desk.journal.hold_appends();
    let access = desk.access.clone();
    let revoking = tokio::spawn(async move { access.revoke(REPORT, ANA).await });
    desk.journal.appends_waiting(1).await;
    assert!(desk.is_good(&token));
    desk.journal.release_appends();
    revoking.await.unwrap().unwrap();
    assert!(!desk.is_good(&token));
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_break_its_write_off() {
    let desk = Desk::new().await;
    let token = desk.invite(REPORT, ANA).await;
    let mut changed = desk.access.changed();
    desk.journal.hold_appends();
    let access = desk.access.clone();
    let revoking = tokio::spawn(async move { access.revoke(REPORT, ANA).await });
    desk.journal.appends_waiting(1).await;
    revoking.abort();
    assert!(revoking.await.unwrap_err().is_cancelled());
    desk.journal.release_appends();
    changed.changed().await.unwrap();
    assert!(!desk.is_good(&token));
}

#[tokio::test]
async fn a_write_whose_outcome_is_unknown_is_settled_before_the_next() {
    for (fault, revoked) in [(Fault::UnknownStored, true), (Fault::UnknownLost, false)] {
        let desk = Desk::new().await;
        let token = desk.invite(REPORT, ANA).await;
        desk.journal.fail_next_append(fault);
        let error = desk.access.revoke(REPORT, ANA).await.unwrap_err();
        assert_eq!(error, AccessError::Journal(JournalError::Unknown));
        assert!(desk.is_good(&token), "nothing is confirmed, so nothing counts");
        let mut changed = desk.access.changed();
        desk.invite(OTHER, BO).await;
        assert_eq!(desk.is_good(&token), !revoked, "{fault:?}");
        assert!(changed.borrow_and_update().to_owned() > 0, "those who watch look again");
        assert_eq!(*desk.again().await.0.book.read(), *desk.access.0.book.read());
    }
}

#[tokio::test]
async fn a_journal_that_is_away_for_a_while_loses_nothing() {
    let desk = Desk::new().await;
    desk.journal.fail_next_append(Fault::Unavailable);
    let error = desk.access.invite(REPORT, ANA, 60).await.unwrap_err();
    assert!(matches!(error, AccessError::Journal(JournalError::Unavailable(_))));
    let token = desk.invite(REPORT, ANA).await;
    assert!(desk.again().await.invitation(&token).is_ok());
}

#[tokio::test]
async fn a_ledger_that_cannot_be_read_lets_nobody_in() {
    let journal = FaultyJournal::new(MemoryJournal::new());
    let clock = Clock::fixed(Timestamp::UNIX_EPOCH, 7);
    journal.set_down(true);
    assert!(open(&journal, &clock).await.is_err());
    journal.set_down(false);
    for (kind, bytes) in [(Kind::Access, "{\"type\":\"unheard_of\"}"), (Kind::Update, "{}")] {
        let journal = FaultyJournal::new(MemoryJournal::new());
        let mut writer = journal.claim(LEDGER, "test").await.unwrap();
        let entry = NewEntry { at_us: 0, participant: ANA, kind, bytes: bytes.into() };
        writer.append(vec![entry]).await.unwrap();
        assert!(matches!(open(&journal, &clock).await, Err(AccessError::Damaged { at: 2, .. })));
    }
    assert_eq!(LEDGER, DocId::from_bytes([0; 16]));
}
