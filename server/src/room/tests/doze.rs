//! A text that people have open and nobody needs is let go, and comes back without anybody noticing.

use std::time::Duration;

use serde_json::json;

use super::{
    client::shown_in,
    hall::{BODY, Hall},
    soon,
};
use crate::{
    limits::OUTBOX_LAG_BYTES_MAX,
    protocol::Dialect,
    review::{Role, Stage},
    room::Tuning,
};

/// Rooms that let go of their text almost at once.
async fn drowsy() -> Hall {
    Hall::tuned(Tuning { idle: Duration::from_millis(1), ..Tuning::default() }).await
}

/// Returns once the text of the section was let go and read again for who asked.
async fn dozed(hall: &Hall) {
    let (before, may) = (hall.journal.readings(), hall.admin().await);
    soon(async {
        while hall.journal.readings() == before {
            tokio::time::sleep(Duration::from_millis(3)).await;
            hall.rooms.document(may, BODY).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn who_writes_reads_or_joins_finds_the_text_as_it_was() {
    let hall = drowsy().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let mut bo = hall.sit(hall.invite("Bo", Role::Reviewer).await, Dialect::Plain).await;
    let openings = hall.openings(BODY).await;
    for n in 0..20 {
        dozed(&hall).await;
        ana.write(&format!("line {n};")).await;
        ana.until(|ana| ana.unsaved == 0).await;
        bo.until_text(&format!("line {n};")).await;
    }
    dozed(&hall).await;
    bo.ask().await;
    let cy = hall.sit(hall.invite("Cy", Role::Observer).await, Dialect::Addressed).await;
    assert_eq!((cy.text(), bo.text()), (ana.text(), ana.text()));
    assert_eq!(shown_in(&hall.rooms.document(hall.admin().await, BODY).await.unwrap()), ana.text());
    assert_eq!(hall.openings(BODY).await, openings, "no seat was disturbed");
    assert!(ana.closed.is_none() && bo.closed.is_none());
}

#[tokio::test]
async fn rights_and_who_wrote_under_which_id_hold_over_it() {
    let hall = drowsy().await;
    let may = hall.invite("Ana", Role::Drafter).await;
    let mut ana = hall.sit(may, Dialect::Addressed).await;
    let mut bo = hall.drafter("Bo", Dialect::Addressed).await;
    ana.write("mine").await;
    ana.until(|ana| ana.unsaved == 0).await;
    bo.until_text("mine").await;
    dozed(&hall).await;
    let as_ana = ana.paragraph("not mine");
    bo.send(as_ana).await;
    bo.until(|bo| !bo.refusals.is_empty()).await;
    assert_eq!(bo.refusals[0]["refused"]["type"], "forbidden");
    dozed(&hall).await;
    hall.set_stage(Stage::Locked).await;
    ana.write("too late").await;
    ana.until(|ana| !ana.refusals.is_empty()).await;
    assert!(!shown_in(&hall.rooms.document(hall.admin().await, BODY).await.unwrap()).contains("late"));
}

#[tokio::test]
async fn cursors_move_without_the_text() {
    let hall = drowsy().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    ana.write("a text").await;
    bo.until_text("a text").await;
    dozed(&hall).await;
    let readings = hall.journal.readings();
    // Presence waits longer than the text is kept, so it is let go between two of these.
    for clock in 1..20 {
        let large = "x".repeat(OUTBOX_LAG_BYTES_MAX / 100);
        ana.show(7, clock, json!({"cursor": clock, "more": large})).await;
        bo.until(|bo| bo.others.get(&7).is_some_and(|seen| seen.clock >= clock)).await;
    }
    assert_eq!(hall.journal.readings(), readings);
}

#[tokio::test]
async fn a_text_that_does_not_come_back_is_opened_again() {
    let hall = drowsy().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    ana.write("kept").await;
    hall.journal.set_down(true);
    // Asked for until it was let go: then it cannot be read.
    let may = hall.admin().await;
    soon(async {
        while hall.rooms.document(may, BODY).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    })
    .await;
    assert_eq!(ana.until_closed().await.code, 4205);
    hall.journal.set_down(false);
    assert_eq!(hall.sit(may, Dialect::Plain).await.text(), ana.text());
}
