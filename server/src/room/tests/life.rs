//! Rooms fall asleep, wake, and survive their own bugs.

use std::time::Duration;

use bytes::Bytes;
use yrs::Doc;

use super::{
    client::{Client, paragraph},
    hall::{BODY, Hall, REVIEW},
    soon,
};
use crate::{
    ids::ParticipantId,
    journal::{Journal as _, Kind, NewEntry},
    limits::BATCH_MESSAGES_MAX,
    protocol::{Close, Dialect, Message},
    review::Role,
    room::{RoomError, Tuning},
};

/// Rooms that fall asleep almost at once.
fn sleepy() -> Tuning {
    Tuning { idle: Duration::from_millis(1), ..Tuning::default() }
}

#[tokio::test]
async fn an_empty_room_sleeps_and_wakes_with_its_text() {
    let hall = Hall::tuned(sleepy()).await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    ana.write("kept").await;
    ana.until(|ana| ana.unsaved == 0).await;
    drop(ana);
    let may = hall.admin().await;
    soon(async {
        // Each look takes a seat, so a second opening means that the room had slept in between.
        while hall.openings(BODY).await < 2 {
            assert!(hall.sit(may, Dialect::Plain).await.text().contains("kept"));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await;
    assert!(hall.sit(may, Dialect::Plain).await.text().contains("kept"));
}

#[tokio::test]
async fn a_room_with_a_seat_stays_awake_and_so_does_its_review() {
    let hall = Hall::tuned(sleepy()).await;
    let ana = hall.drafter("Ana", Dialect::Plain).await;
    let before = (hall.openings(BODY).await, hall.openings(REVIEW).await);
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(2)).await;
        hall.rooms.review(super::hall::REPORT).await.unwrap();
    }
    assert_eq!((hall.openings(BODY).await, hall.openings(REVIEW).await), before);
    drop(ana);
}

#[tokio::test]
async fn last_leaves_and_first_joins_at_once_a_thousand_times() {
    let hall = Hall::tuned(Tuning { idle: Duration::ZERO, ..Tuning::default() }).await;
    let may = hall.invite("Ana", Role::Drafter).await;
    let mut text = String::new();
    for n in 0..1_000 {
        let mut ana = hall.sit(may, Dialect::Addressed).await;
        assert_eq!(ana.text(), text, "round {n}");
        if n % 50 == 0 {
            ana.write("more ").await;
            ana.until(|ana| ana.unsaved == 0).await;
        }
        text = ana.text();
        if n % 2 == 0 {
            tokio::task::yield_now().await;
        }
    }
    assert!(hall.openings(BODY).await > 1, "the room did sleep");
}

#[tokio::test]
async fn what_was_handed_over_before_leaving_counts() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    hall.journal.hold_appends();
    ana.write("first").await;
    soon(hall.journal.appends_waiting(1)).await;
    // More than one batch, all still in the inbox when the seat is given up.
    let last = 2 * BATCH_MESSAGES_MAX;
    for n in 0..=last {
        ana.write(&format!("line {n};")).await;
    }
    drop(ana);
    hall.journal.release_appends();
    bo.until_text(&format!("line {last};")).await;
}

#[tokio::test]
async fn a_damaged_record_is_read_up_to_its_damage_and_not_written() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    for n in 0..10 {
        ana.write(&format!("good {n};")).await;
    }
    ana.until(|ana| ana.unsaved == 0).await;
    hall.rooms.stop().await;
    let poison = |bytes: Bytes| NewEntry {
        at_us: 0,
        participant: ParticipantId::ADMINISTRATOR,
        kind: Kind::Update,
        bytes,
    };
    let mut writer = hall.journal.claim(BODY.doc(), "test").await.unwrap();
    let later = paragraph(&Doc::new(), "after the damage");
    writer.append(vec![poison(vec![255; 9].into()), poison(later)]).await.unwrap();
    let hall = Hall::over(hall.journal.clone(), Tuning::default());
    let changes = hall.changes(BODY).await;
    let mut bo = hall.sit(hall.admin().await, Dialect::Addressed).await;
    assert!(bo.text().contains("good 9;") && !bo.text().contains("after"), "{}", bo.text());
    bo.write("more").await;
    bo.until(|bo| !bo.refusals.is_empty()).await;
    assert_eq!(hall.changes(BODY).await, changes);
}

#[tokio::test]
async fn a_record_of_which_nothing_can_be_read_is_never_a_blank_document() {
    let hall = Hall::open().await;
    let mut writer = hall.journal.claim(BODY.doc(), "test").await.unwrap();
    let (participant, kind) = (ParticipantId::ADMINISTRATOR, Kind::Update);
    let poison = NewEntry { at_us: 0, participant, kind, bytes: vec![255; 9].into() };
    writer.append(vec![poison]).await.unwrap();
    let joined = hall.rooms.join(hall.admin().await, BODY, Dialect::Plain).await;
    assert!(matches!(joined.err(), Some(RoomError::Unavailable(_))));
}

#[tokio::test]
async fn a_large_body_opens_beside_its_shard() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    for n in 0..40 {
        ana.write(&format!("{n}{}", "word ".repeat(1_000))).await;
    }
    ana.until(|ana| ana.unsaved == 0).await;
    hall.rooms.stop().await;
    let hall = Hall::over(hall.journal.clone(), Tuning::default());
    assert_eq!(hall.sit(hall.admin().await, Dialect::Plain).await.text(), ana.text());
}

async fn provoke(hall: &Hall, bug: &Bytes) -> (Client, Close) {
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    let mut bo = hall.drafter("Bo", Dialect::Addressed).await;
    ana.seat.send(Message::Update(bug.clone())).await.unwrap();
    let close = ana.until_closed().await;
    assert_eq!(bo.until_closed().await, close);
    (bo, close)
}

#[tokio::test]
async fn a_panic_ends_its_room_alone_and_in_the_end_seals_it() {
    let bug = paragraph(&Doc::new(), "the update that hits a bug");
    let hall = Hall::tuned(Tuning { panic_on: Some(bug.clone()), ..Tuning::default() }).await;
    let mut bystander = Client::begin(
        hall.rooms.join(hall.admin().await, REVIEW, Dialect::Plain).await.unwrap(),
        Dialect::Plain,
        REVIEW,
    )
    .await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    ana.write("before").await;
    ana.until(|ana| ana.unsaved == 0).await;
    drop(ana);
    for _ in 0..2 {
        let (bo, close) = provoke(&hall, &bug).await;
        assert_eq!(close.code, Close::RESET);
        assert!(bo.text().contains("before"));
    }
    // Twice is enough: it opens, and takes no more changes.
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    assert!(ana.text().contains("before"));
    ana.write("after").await;
    ana.until(|ana| !ana.refusals.is_empty()).await;
    assert!(ana.refusals[0]["refused"]["detail"].as_str().unwrap().contains("read-only"));
    bystander.catch_up().await;
    assert!(bystander.closed.is_none());
}
