//! Durable before visible: nothing leaves a room before the append that it depends on has returned.

use super::{
    client::{Client, shown_in},
    hall::{BODY, Hall},
    soon,
};
use crate::{
    journal::{Fault, Journal as _},
    protocol::Dialect,
    review::Role,
    room::{RoomError, Tuning},
};

#[tokio::test]
async fn nothing_is_shown_or_confirmed_while_the_append_runs() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    hall.journal.hold_appends();
    ana.write("not yet durable").await;
    soon(hall.journal.appends_waiting(1)).await;
    ana.catch_up().await;
    bo.catch_up().await;
    assert_eq!((ana.unsaved, bo.text().as_str()), (1, ""));
    hall.journal.release_appends();
    bo.until_text("not yet durable").await;
    ana.until(|ana| ana.unsaved == 0).await;
}

#[tokio::test]
async fn what_arrives_while_an_append_runs_is_one_batch() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    hall.journal.hold_appends();
    ana.write("0").await;
    soon(hall.journal.appends_waiting(1)).await;
    for n in 1..50 {
        ana.write(&n.to_string()).await;
    }
    // The next append takes all that waited, so one more failure loses them together.
    hall.journal.fail_next_append(Fault::UnknownLost);
    hall.journal.release_appends();
    assert_eq!(ana.until_closed().await.code, 4205);
    assert_eq!(ana.unsaved, 49, "only the first is confirmed");
    assert_eq!(hall.changes(BODY).await, 1);
}

#[tokio::test]
async fn a_join_during_an_append_that_fails_does_not_see_its_text() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    ana.write("durable").await;
    let bo = hall.invite("Bo", Role::Drafter).await;
    hall.sit(bo, Dialect::Plain).await.until_text("durable").await;
    hall.journal.hold_appends();
    hall.journal.fail_next_append(Fault::UnknownLost);
    ana.write("never stored").await;
    soon(hall.journal.appends_waiting(1)).await;
    let may = hall.admin().await;
    let (joined, document, ()) =
        tokio::join!(hall.rooms.join(bo, BODY, Dialect::Plain), hall.rooms.document(may, BODY), async {
            // Both wait in the inbox of the room that is about to end; they ask its successor without noticing.
            hall.calls_waiting(BODY, 2).await;
            hall.journal.release_appends();
        });
    let bo = Client::begin(joined.unwrap(), Dialect::Plain, BODY).await;
    assert!(bo.text().contains("durable") && !bo.text().contains("never stored"), "{}", bo.text());
    assert!(!shown_in(&document.unwrap()).contains("never stored"));
}

#[tokio::test]
async fn after_an_unknown_outcome_all_rejoin_the_journals_truth() {
    for (fault, stored) in [(Fault::UnknownLost, false), (Fault::UnknownStored, true)] {
        let hall = Hall::open().await;
        let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
        let mut bo = hall.drafter("Bo", Dialect::Plain).await;
        hall.journal.fail_next_append(fault);
        ana.write("who knows").await;
        assert_eq!(ana.until_closed().await.code, 4205);
        assert_eq!(bo.until_closed().await.code, 4205);
        assert_eq!((ana.unsaved, ana.unsaved_for_ever, bo.text().as_str()), (1, 0, ""));
        let mut olaf = hall.drafter("Olaf", Dialect::Plain).await;
        assert_eq!(olaf.text().contains("who knows"), stored);
        // The author returns with what they wrote; merging doubles nothing.
        let may = hall.invite("Ana again", Role::Drafter).await;
        let mut ana = ana.back_at(hall.rooms.join(may, BODY, Dialect::Addressed).await.unwrap(), BODY);
        ana.ask().await;
        ana.until(|ana| ana.unsaved == 0).await;
        olaf.until_text("who knows").await;
        assert_eq!(olaf.text().matches("who knows").count(), 1);
        assert_eq!(olaf.text(), ana.text());
    }
}

#[tokio::test]
async fn a_journal_that_is_away_for_a_moment_loses_nothing() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    hall.journal.fail_next_append(Fault::Unavailable);
    hall.journal.fail_next_append(Fault::Unavailable);
    ana.write("stored at the third try").await;
    ana.until(|ana| ana.unsaved == 0).await;
    assert_eq!(hall.changes(BODY).await, 1);
}

#[tokio::test]
async fn a_journal_that_stays_away_ends_the_room_and_confirms_nothing() {
    let hall = Hall::tuned(Tuning { retries: vec![], ..Tuning::default() }).await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    hall.journal.fail_next_append(Fault::Unavailable);
    ana.write("lost").await;
    assert_eq!(ana.until_closed().await.code, 4205);
    assert_eq!((ana.unsaved, hall.changes(BODY).await), (1, 0));
}

#[tokio::test]
async fn a_load_that_fails_answers_all_who_wait_and_is_tried_again() {
    let hall = Hall::open().await;
    hall.drafter("Ana", Dialect::Addressed).await.write("a text").await;
    hall.rooms.stop().await;
    let hall = Hall::over(hall.journal.clone(), Tuning::default());
    let may = hall.admin().await;
    hall.journal.set_down(true);
    let joins = (0..20).map(|_| hall.rooms.join(may, BODY, Dialect::Plain));
    for joined in futures_util::future::join_all(joins).await {
        assert!(matches!(joined.err(), Some(RoomError::Unavailable(_))));
    }
    hall.journal.set_down(false);
    assert!(hall.sit(may, Dialect::Plain).await.text().contains("a text"), "never a blank document");
}

#[tokio::test]
async fn a_stop_stores_what_was_accepted_and_says_so() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    hall.journal.hold_appends();
    for n in 0..10 {
        ana.write(&format!("accepted {n}")).await;
    }
    soon(hall.journal.appends_waiting(1)).await;
    let ((), ()) = tokio::join!(soon(hall.rooms.stop()), async { hall.journal.release_appends() });
    assert_eq!(ana.until_closed().await.code, 1012);
    assert_eq!(bo.until_closed().await.code, 1012);
    assert_eq!((ana.unsaved, hall.changes(BODY).await), (0, 10));
    assert!(bo.text().contains("accepted 9"));
    let late = hall.rooms.review(super::hall::REPORT).await.unwrap_err();
    assert_eq!(late, RoomError::Stopping);
}

#[tokio::test]
async fn a_snapshot_takes_the_place_of_what_it_holds_and_history_stays() {
    let hall = Hall::tuned(Tuning { snapshot_entries: 10, ..Tuning::default() }).await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    for n in 0..25 {
        ana.write(&format!("line {n}")).await;
        ana.until(|ana| ana.unsaved == 0).await;
    }
    // The confirmation leaves before the snapshot is written; the next answer comes after it.
    hall.rooms.document(hall.admin().await, BODY).await.unwrap();
    let snapshot = hall.journal.snapshot(BODY.doc()).await.unwrap().expect("a snapshot");
    assert!(snapshot.upto >= 20, "{}", snapshot.upto);
    assert_eq!(hall.changes(BODY).await, 25);
    hall.rooms.stop().await;
    let again = Hall::over(hall.journal.clone(), Tuning::default());
    assert_eq!(again.sit(again.admin().await, Dialect::Plain).await.text(), ana.text());
}
