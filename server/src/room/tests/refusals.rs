//! What a room does not take, and how it says so in each dialect.

use serde_json::json;
use yrs::{Doc, Transact as _, WriteTxn as _, XmlElementPrelim, XmlFragment as _};

use super::{
    client::paragraph,
    hall::{BODY, Hall},
};
use crate::{
    protocol::{Close, Dialect, Message},
    review::{Role, Stage},
    room::{Outgoing, queue::FRAMES_MAX},
};

/// An update with an element that no section may have.
fn outside_the_schema() -> Vec<u8> {
    let doc = Doc::new();
    let mut txn = doc.transact_mut();
    let body = txn.get_or_insert_xml_fragment("body");
    body.push_back(&mut txn, XmlElementPrelim::empty("script"));
    txn.encode_update_v1()
}

#[tokio::test]
async fn observers_and_reviewers_read_and_do_not_write() {
    for role in [Role::Observer, Role::Reviewer] {
        let hall = Hall::open().await;
        let mut ana = hall.drafter("Ana", Dialect::Plain).await;
        for dialect in [Dialect::Plain, Dialect::Addressed] {
            let may = hall.invite("Olaf", role).await;
            let mut olaf = hall.sit(may, dialect).await;
            olaf.write("forbidden").await;
            match dialect {
                Dialect::Plain => assert_eq!(olaf.until_closed().await.code, Close::FORBIDDEN),
                Dialect::Addressed => {
                    olaf.until(|olaf| !olaf.refusals.is_empty()).await;
                    assert_eq!(olaf.refusals[0]["refused"]["type"], "forbidden");
                    assert!(olaf.refusals[0]["refused"]["detail"].as_str().unwrap().len() > 10);
                    ana.write("still read").await;
                    olaf.until_text("still read").await;
                }
            }
        }
        assert!(!ana.text().contains("forbidden"));
        assert_eq!(hall.changes(BODY).await, 1);
    }
}

#[tokio::test]
async fn a_lowered_role_and_a_locked_section_reach_open_seats() {
    let hall = Hall::open().await;
    let may = hall.invite("Ana", Role::Drafter).await;
    let mut ana = hall.sit(may, Dialect::Plain).await;
    let mut bo = hall.drafter("Bo", Dialect::Addressed).await;
    ana.write("allowed").await;
    bo.until_text("allowed").await;
    hall.set_role(may, Role::Observer).await;
    ana.write("too late").await;
    assert_eq!(ana.until_closed().await.code, Close::FORBIDDEN);
    hall.set_stage(Stage::Locked).await;
    bo.write("too late, too").await;
    bo.until(|bo| bo.refusals.len() == 1).await;
    assert_eq!(hall.changes(BODY).await, 1);
}

#[tokio::test]
async fn what_is_queued_behind_a_refusal_is_not_applied() {
    for dialect in [Dialect::Plain, Dialect::Addressed] {
        let hall = Hall::open().await;
        let mut ana = hall.drafter("Ana", dialect).await;
        ana.send(outside_the_schema().into()).await;
        for n in 0..5 {
            let behind = paragraph(&Doc::new(), &format!("behind {n}"));
            // The room may have closed the seat by now.
            let _ = ana.seat.send(Message::Update(behind)).await;
        }
        match dialect {
            Dialect::Plain => assert_eq!(ana.until_closed().await.code, Close::FORBIDDEN),
            Dialect::Addressed => ana.until(|ana| !ana.refusals.is_empty()).await,
        }
        let mut bo = hall.drafter("Bo", Dialect::Addressed).await;
        bo.write("the room lives").await;
        bo.until(|bo| bo.unsaved == 0).await;
        assert_eq!((bo.text().contains("behind"), hall.changes(BODY).await), (false, 1));
    }
}

#[tokio::test]
async fn a_refusal_is_said_once_and_the_change_is_not_asked_for_again() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    ana.send(outside_the_schema().into()).await;
    ana.until(|ana| !ana.refusals.is_empty()).await;
    assert_eq!(
        ana.refusals,
        [json!({"refused": {"type": "schema", "detail": ana.refusals[0]["refused"]["detail"]}})]
    );
    let asked = ana.asked;
    ana.ask().await;
    ana.send(paragraph(&Doc::new(), "more")).await;
    bo.write("a marker").await;
    ana.until_text("a marker").await;
    assert_eq!((ana.asked, ana.refusals.len(), ana.unsaved_for_ever), (asked, 1, 1));
}

#[tokio::test]
async fn malformed_bytes_end_that_seat_and_no_other() {
    let hall = Hall::open().await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    let hostile: [Message; 4] = [
        Message::Update(vec![255; 40].into()),
        Message::SyncStep2(vec![].into()),
        Message::SyncStep1(vec![255, 255, 255, 255, 15].into()),
        Message::Awareness(vec![3, 255].into()),
    ];
    for message in hostile {
        let mut mallory = hall.drafter("Mallory", Dialect::Plain).await;
        mallory.seat.send(message).await.unwrap();
        assert_eq!(mallory.until_closed().await.code, Close::MALFORMED);
    }
    bo.write("untouched").await;
    assert!(hall.drafter("Ana", Dialect::Plain).await.text().contains("untouched"));
    assert_eq!(hall.openings(BODY).await, 1, "the room never ended");
}

#[tokio::test]
async fn a_reader_who_lags_gets_the_difference_and_the_others_do_not_wait() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    let mut slow = hall.drafter("Slow", Dialect::Plain).await;
    let last = FRAMES_MAX + 100;
    for n in 0..=last {
        ana.write(&format!("line {n};")).await;
        // So that each leaves in a frame of its own.
        ana.until(|ana| ana.unsaved == 0).await;
        bo.catch_up().await;
    }
    bo.until_text(&format!("line {last};")).await;
    let before = slow.frames;
    slow.until_text(&format!("line {last};")).await;
    assert!(slow.frames - before < last, "what was held back came as one");
    assert_eq!(slow.text(), ana.text());
    ana.write("and on;").await;
    slow.until_text("and on;").await;
    assert!(slow.closed.is_none() && ana.closed.is_none() && bo.closed.is_none());
}

#[tokio::test]
async fn a_reader_who_asks_and_never_reads_is_closed() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    let slow = hall.drafter("Slow", Dialect::Plain).await;
    let (sender, mut outbox) = slow.seat.split();
    for _ in 0..2 * FRAMES_MAX {
        if sender.send(Message::SyncStep1(vec![0].into())).await.is_err() {
            break;
        }
    }
    let mut waiting = 0;
    let close = super::soon(async {
        loop {
            match outbox.recv().await {
                Some(Outgoing::Frame(_)) => waiting += 1,
                Some(Outgoing::Close(close)) => return close,
                None => panic!("the reason is told"),
            }
        }
    });
    assert_eq!(close.await.code, Close::TOO_SLOW);
    assert!(waiting <= FRAMES_MAX, "{waiting}");
    ana.write("untouched").await;
    assert!(hall.drafter("Bo", Dialect::Plain).await.text().contains("untouched"));
}
