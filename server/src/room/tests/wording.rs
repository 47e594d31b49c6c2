//! The wording of a recommendation: a document of its own, which the record follows.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use yrs::{Doc, Text as _, Transact as _, XmlFragment as _, XmlTextRef};

use super::{
    client::{Client, paragraph, shown_in},
    hall::{Hall, REPORT, REVIEW, title},
    soon,
};
use crate::{
    access::MayRead,
    ids::{DocumentName, ParticipantId, RecommendationId},
    journal::{Fault, Journal as _, Kind, NewEntry},
    protocol::{Dialect, Message},
    review::{Command, FieldsChange, Priority, Recommendation, Refusal, Role},
    room::{RoomError, Tuning},
};

pub(super) const R1: RecommendationId = RecommendationId::from_bytes([1; 16]);
pub(super) const WORDING: DocumentName = DocumentName::wording(REPORT, R1);

/// Rooms that note at once.
pub(super) fn brisk() -> Tuning {
    Tuning { wording_quiet: Duration::from_millis(1), ..Tuning::default() }
}

/// Rooms that never note by themselves.
fn slow() -> Tuning {
    let never = Duration::from_secs(3_600);
    Tuning { wording_quiet: never, noted_within: never, ..Tuning::default() }
}

/// A hall with a recommendation of a reviewer, who is answered, too.
pub(super) async fn proposed(tuning: Tuning) -> (Hall, MayRead) {
    let hall = Hall::tuned(tuning).await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    assert_eq!(hall.recommend(bo, 1).await, Ok(1));
    (hall, bo)
}

async fn record(hall: &Hall) -> Recommendation {
    hall.rooms.review(REPORT).await.unwrap().recommendations[&R1].clone()
}

/// Until the record says so.
async fn noted(hall: &Hall, says: impl Fn(&Recommendation) -> bool) -> Recommendation {
    soon(async {
        loop {
            let record = record(hall).await;
            if says(&record) {
                return record;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await
}

fn edit(with: FieldsChange) -> Command {
    Command::EditRecommendation { recommendation: R1, change: with }
}

/// Words put at the front of the first block.
fn before_title(doc: &Doc, words: &str) -> Bytes {
    let body = doc.get_or_insert_xml_fragment("body");
    let mut txn = doc.transact_mut();
    let first = body.get(&txn, 0).and_then(|it| it.into_xml_element()).expect("a title");
    let text: XmlTextRef = first.get(&txn, 0).and_then(|it| it.into_xml_text()).expect("its words");
    text.insert(&mut txn, 0, words);
    txn.encode_update_v1().into()
}

async fn entitle(client: &mut Client, words: &str) {
    let update = before_title(&client.doc, words);
    client.send(update).await;
}

#[tokio::test]
async fn it_is_made_from_the_record_once_however_many_come_at_once() {
    let (hall, bo) = proposed(brisk()).await;
    assert_eq!(hall.changes(WORDING).await, 0, "nobody has opened it");
    let all = join_all((0..20).map(|_| hall.sit_at(WORDING, bo, Dialect::Addressed))).await;
    for client in &all {
        assert_eq!(client.text().matches("Build homes").count(), 2, "title and text: {}", client.text());
    }
    assert_eq!(hall.changes(WORDING).await, 1);
    let entries = hall.journal.read(WORDING.doc(), 1, 10).await.unwrap();
    let made = entries.iter().find(|it| it.kind == Kind::Command).unwrap();
    assert_eq!(made.participant, ParticipantId::ADMINISTRATOR);
    let record = record(&hall).await;
    assert_eq!((record.wording, record.edited_at), (1, None), "and the record stays as it was");
}

#[tokio::test]
async fn a_making_whose_outcome_is_not_known_is_repeated_and_doubles_nothing() {
    for fault in [Fault::UnknownStored, Fault::UnknownLost, Fault::Unavailable] {
        let (hall, bo) = proposed(brisk()).await;
        hall.journal.fail_next_append(fault);
        let failed = hall.rooms.document(bo, WORDING).await;
        assert!(matches!(failed, Err(RoomError::Unavailable(_))), "{fault:?}: {failed:?}");
        let shown = shown_in(&hall.rooms.document(bo, WORDING).await.unwrap());
        assert_eq!(shown.matches("Build homes").count(), 2, "{fault:?}: {shown}");
        assert_eq!(hall.changes(WORDING).await, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn what_is_typed_is_noted_by_its_last_writer_when_it_rests() {
    let (hall, bo) = proposed(brisk()).await;
    let dan = hall.invite("Dan", Role::Drafter).await;
    let (mut at_bo, mut at_dan) =
        (hall.sit_at(WORDING, bo, Dialect::Addressed).await, hall.sit_at(WORDING, dan, Dialect::Plain).await);
    entitle(&mut at_bo, "Let us: ").await;
    at_dan.until_text("Let us: ").await;
    at_dan.write("And soon.").await;
    at_bo.until_text("And soon.").await;
    let record = noted(&hall, |it| it.text.as_str().ends_with("And soon.")).await;
    assert_eq!(
        (record.title.as_str(), record.text.as_str()),
        ("Let us: Build homes", "Build homes\nAnd soon.")
    );
    assert!(record.wording > 1 && record.edited_at.is_some());
    let entries = hall.journal.read(REVIEW.doc(), 1, 1_000).await.unwrap();
    assert_eq!(entries.last().unwrap().participant, dan.participant());
}

#[tokio::test]
async fn while_people_go_on_typing_it_is_noted_all_the_same() {
    let tuning = Tuning { noted_within: Duration::from_millis(30), ..Tuning::default() };
    let (hall, bo) = proposed(Tuning { wording_quiet: Duration::from_secs(3_600), ..tuning }).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    entitle(&mut at_bo, "A ").await;
    noted(&hall, |it| it.title.as_str() == "A Build homes").await;
}

#[tokio::test]
async fn what_does_not_fit_a_record_keeps_its_old_value_until_it_does() {
    let (hall, bo) = proposed(brisk()).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    entitle(&mut at_bo, &"long ".repeat(80)).await;
    at_bo.write("More.").await;
    let now = noted(&hall, |it| it.text.as_str().ends_with("More.")).await;
    assert_eq!(now.title.as_str(), "Build homes");
    hall.act(bo, edit(FieldsChange { title: Some(title("Short")), ..FieldsChange::default() }))
        .await
        .unwrap();
    assert_eq!(record(&hall).await.title.as_str(), "Short");
    at_bo.until_text("Short").await;
}

#[tokio::test]
async fn a_title_given_over_http_is_written_where_others_write() {
    let (hall, bo) = proposed(slow()).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    at_bo.write("Typed.").await;
    at_bo.until(|it| it.unsaved == 0).await;
    let (new_title, priority) = (Some(title("Build good homes")), Some(Some(Priority::High)));
    let change = FieldsChange { title: new_title, priority, ..FieldsChange::default() };
    let (_, state) = hall.act(hall.admin().await, edit(change.clone())).await.unwrap();
    let record = &state.recommendations[&R1];
    // What was typed before is in the record, too: the record is what the text says.
    assert_eq!((record.title.as_str(), record.text.as_str()), ("Build good homes", "Build homes\nTyped."));
    assert_eq!((record.priority, record.wording), (Some(Priority::High), 2));
    at_bo.until_text("Build good homes").await;
    let changes = (hall.changes(WORDING).await, hall.changes(REVIEW).await);
    hall.act(hall.admin().await, edit(change)).await.unwrap();
    assert_eq!((hall.changes(WORDING).await, hall.changes(REVIEW).await), changes, "a repeat writes nothing");
}

#[tokio::test]
async fn a_refused_edit_is_in_neither_document() {
    let (hall, bo) = proposed(slow()).await;
    let dan = hall.invite("Dan", Role::Drafter).await;
    let change = FieldsChange { title: Some(title("Mine")), ..FieldsChange::default() };
    // A drafter words what others proposed, in the wording; the fields of the record are its author's.
    let refused = hall.act(dan, edit(change.clone())).await;
    assert!(matches!(refused, Err(RoomError::Refused(Refusal::Forbidden { .. }))), "{refused:?}");
    let nowhere = RecommendationId::from_bytes([99; 16]);
    let absent = hall.act(bo, Command::EditRecommendation { recommendation: nowhere, change }).await;
    assert!(absent.is_err());
    assert!(!shown_in(&hall.rooms.document(bo, WORDING).await.unwrap()).contains("Mine"));
    assert_eq!(record(&hall).await.title.as_str(), "Build homes");
}

#[tokio::test]
async fn after_a_crash_between_the_two_the_next_opening_makes_them_equal() {
    let (hall, bo) = proposed(slow()).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    entitle(&mut at_bo, "Never noted: ").await;
    at_bo.until(|it| it.unsaved == 0).await;
    assert_eq!(record(&hall).await.title.as_str(), "Build homes");
    // Another process takes the journal over; the first is gone with what it had in memory.
    let again = Hall::over(hall.journal.clone(), brisk());
    again.rooms.document(again.may(bo.participant()).await, WORDING).await.unwrap();
    let now = noted(&again, |it| it.title.as_str() == "Never noted: Build homes").await;
    assert_eq!(now.wording, 2);
}

#[tokio::test]
async fn a_server_that_stops_notes_what_was_typed() {
    let (hall, bo) = proposed(slow()).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    entitle(&mut at_bo, "In time: ").await;
    at_bo.until(|it| it.unsaved == 0).await;
    hall.rooms.stop().await;
    let again = Hall::over(hall.journal.clone(), brisk());
    assert_eq!(record(&again).await.title.as_str(), "In time: Build homes");
}

#[tokio::test]
async fn a_room_stays_awake_until_what_was_typed_is_noted() {
    let quiet = Duration::from_millis(100);
    let hasty = Tuning { idle: Duration::from_millis(1), wording_quiet: quiet, ..Tuning::default() };
    let (hall, bo) = proposed(hasty).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    entitle(&mut at_bo, "Last words: ").await;
    drop(at_bo);
    noted(&hall, |it| it.title.as_str() == "Last words: Build homes").await;
    assert_eq!(hall.openings(WORDING).await, 1, "nobody opened it again for that");
}

#[tokio::test]
async fn a_note_that_fails_is_made_again() {
    for fault in [Fault::UnknownLost, Fault::Unavailable] {
        let (hall, bo) = proposed(Tuning { retries: Vec::new(), ..brisk() }).await;
        let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
        let openings = hall.openings(REVIEW).await;
        // The append of the words has its order already when the next one, which is the note's, is told to fail.
        hall.journal.hold_appends();
        entitle(&mut at_bo, "Again: ").await;
        soon(hall.journal.appends_waiting(1)).await;
        hall.journal.fail_next_append(fault);
        hall.journal.release_appends();
        at_bo.until(|it| it.unsaved == 0).await;
        noted(&hall, |it| it.title.as_str() == "Again: Build homes").await;
        assert_eq!(hall.openings(REVIEW).await, openings + 1, "{fault:?} ended the room of the record");
        assert_eq!(hall.openings(WORDING).await, 1, "{fault:?}: and its text noted it again");
        assert_eq!(at_bo.closed, None, "{fault:?}");
    }
}

#[tokio::test]
async fn what_a_section_refuses_a_wording_refuses_too() {
    let (hall, bo) = proposed(brisk()).await;
    let elsewhere = |doc: &Doc| {
        let other = doc.get_or_insert_text("other");
        let mut txn = doc.transact_mut();
        other.insert(&mut txn, 0, "x");
        Bytes::from(txn.encode_update_v1())
    };
    let gap = || {
        let doc = Doc::new();
        paragraph(&doc, "kept back");
        paragraph(&doc, "sent")
    };
    let script = |doc: &Doc| {
        let body = doc.get_or_insert_xml_fragment("body");
        let mut txn = doc.transact_mut();
        body.push_back(&mut txn, yrs::XmlElementPrelim::empty("script"));
        Bytes::from(txn.encode_update_v1())
    };
    // W1: bytes that crash a reader who trusts them; another root; an element that no text has.
    let crasher = Bytes::from_static(&[1, 255, 255, 255, 255, 15, 1, 0, 0]);
    for (hostile, kind) in
        [(crasher, "malformed"), (elsewhere(&Doc::new()), "schema"), (script(&Doc::new()), "schema")]
    {
        let mut client = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
        client.send(hostile).await;
        client.until(|it| !it.refusals.is_empty()).await;
        assert_eq!(client.refusals[0]["refused"]["type"], kind);
    }
    let mut client = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    client.seat.send(Message::Update(gap())).await.unwrap();
    // It is asked for once more, and its answer leaves the gap as it was.
    client.until(|it| it.asked > 1 || !it.refusals.is_empty()).await;
    assert_eq!(hall.changes(WORDING).await, 1, "only what the server made");
}

#[tokio::test]
async fn a_damaged_text_is_read_and_never_noted() {
    let (hall, bo) = proposed(slow()).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    entitle(&mut at_bo, "Good: ").await;
    at_bo.until(|it| it.unsaved == 0).await;
    let mut writer = hall.journal.claim(WORDING.doc(), "test").await.unwrap();
    let (participant, kind) = (ParticipantId::ADMINISTRATOR, Kind::Update);
    let poison = NewEntry { at_us: 0, participant, kind, bytes: vec![255; 9].into() };
    writer.append(vec![poison]).await.unwrap();
    let again = Hall::over(hall.journal.clone(), brisk());
    let may = again.may(bo.participant()).await;
    let mut reader = again.sit_at(WORDING, may, Dialect::Addressed).await;
    assert!(reader.text().contains("Good: "));
    reader.write("more").await;
    reader.until(|it| !it.refusals.is_empty()).await;
    let change = FieldsChange { title: Some(title("Over it")), ..FieldsChange::default() };
    let refused = again.act(again.admin().await, edit(change)).await;
    assert!(matches!(refused, Err(RoomError::Unavailable(_))), "{refused:?}");
    assert_eq!(record(&again).await.title.as_str(), "Build homes");
}
