//! A section's text between its seats.

use futures_util::future::join_all;
use yrs::{Doc, ReadTxn as _, StateVector, Transact as _};

use super::{
    client::{Client, paragraph, shown_in},
    hall::{BODY, Hall},
    soon,
};
use crate::{
    body::Body,
    protocol::{Address, Dialect, Message},
    review::{Refusal, Role},
    room::{Outgoing, RoomError},
};

#[tokio::test]
async fn seats_of_both_dialects_converge() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    let mut bo = hall.drafter("Bo", Dialect::Addressed).await;
    for n in 0..20 {
        ana.write(&format!("Жыллё {n} 🏠")).await;
        bo.write(&format!("Homes {n}")).await;
    }
    ana.until_text("Homes 19").await;
    bo.until_text("Жыллё 19 🏠").await;
    bo.until(|bo| bo.unsaved == 0).await;
    assert_eq!(ana.text(), bo.text());
    assert_eq!(hall.changes(BODY).await, 40, "each author's update is recorded apart");
    assert_eq!(shown_in(&hall.rooms.document(hall.admin().await, BODY).await.unwrap()), ana.text());
}

#[tokio::test]
async fn the_author_does_not_get_their_own_update_back() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    ana.write("one").await;
    bo.until_text("one").await;
    ana.until(|ana| ana.unsaved == 0).await;
    assert!(ana.seat.outbox.try_recv().is_none());
}

#[tokio::test]
async fn what_was_written_offline_arrives_with_the_return() {
    let hall = Hall::open().await;
    for dialect in [Dialect::Plain, Dialect::Addressed] {
        let may = hall.invite("Ana", Role::Drafter).await;
        let mut ana = hall.sit(may, dialect).await;
        ana.paragraph("written offline");
        let mut ana = ana.back_at(hall.rooms.join(may, BODY, dialect).await.unwrap(), BODY);
        ana.ask().await;
        // The very next key reaches the server before the sync does, and builds on what did not arrive.
        ana.write("and one key more").await;
        ana.until(|ana| ana.synced && ana.asked > 0).await;
        let mut bo = hall.drafter("Bo", dialect).await;
        bo.until(|bo| bo.text() == ana.text()).await;
        if dialect == Dialect::Addressed {
            ana.until(|ana| ana.unsaved == 0).await;
            assert_eq!(ana.asked, 1, "asked once for all that was missing");
        }
        assert_eq!(ana.refusals.len(), 0);
    }
}

#[tokio::test]
async fn a_gap_is_asked_for_once_and_nothing_of_it_is_held() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let asked = ana.asked;
    ana.paragraph("lost on the way");
    for n in 0..5 {
        ana.write(&format!("after it {n}")).await;
    }
    ana.until(|ana| ana.unsaved == 0).await;
    assert_eq!(ana.asked, asked + 1);
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    bo.until(|bo| bo.text() == ana.text()).await;
    ana.write("and on").await;
    ana.until(|ana| ana.unsaved == 0).await;
    assert_eq!(ana.refusals.len(), 0);
}

#[tokio::test]
async fn whose_answer_leaves_the_gap_open_is_refused_and_not_asked_again() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let doc = Doc::new();
    paragraph(&doc, "kept back");
    let gapped = paragraph(&doc, "sent");
    ana.seat.send(Message::Update(gapped.clone())).await.unwrap();
    let asked = ana.asked;
    // This client answers each question by the same half of its document.
    soon(async {
        while ana.unsaved_for_ever == 0 {
            let Some(Outgoing::Frame(frame)) = ana.seat.outbox.recv().await else { panic!("closed") };
            match crate::protocol::decode_addressed(&frame).unwrap().1 {
                Message::SyncStep1(_) => {
                    ana.asked += 1;
                    ana.seat.send(Message::SyncStep2(gapped.clone())).await.unwrap();
                }
                Message::Saved(false) => ana.unsaved_for_ever += 1,
                other => panic!("{other:?}"),
            }
        }
    })
    .await;
    assert_eq!(ana.asked, asked + 1);
    ana.until(|ana| !ana.refusals.is_empty()).await;
    assert_eq!(ana.refusals[0]["refused"]["type"], "gap");
}

#[tokio::test]
async fn an_addressed_client_is_answered_at_the_address_it_gave() {
    let hall = Hall::open().await;
    let may = hall.invite("Ana", Role::Drafter).await;
    let address = Address(format!("{BODY}\0tab-2"));
    let mut seat = hall.rooms.join_at(may, BODY, Some(address.clone())).await.unwrap();
    seat.send(Message::SyncStep1(vec![0].into())).await.unwrap();
    let Some(Outgoing::Frame(frame)) = soon(seat.outbox.recv()).await else { panic!("an answer") };
    assert_eq!(crate::protocol::decode_addressed(&frame).unwrap().0, address);
}

#[tokio::test]
async fn five_hundred_who_join_at_once_open_the_room_once() {
    let hall = Hall::open().await;
    hall.drafter("Ana", Dialect::Addressed).await.write("a text").await;
    hall.rooms.stop().await;
    let hall = Hall::over(hall.journal.clone(), Default::default());
    let before = hall.openings(BODY).await;
    let may = hall.admin().await;
    let seats = join_all((0..500).map(|_| hall.rooms.join(may, BODY, Dialect::Plain))).await;
    assert!(seats.iter().all(Result::is_ok));
    assert_eq!(hall.openings(BODY).await, before + 1);
    let seat = seats.into_iter().next_back().unwrap().unwrap();
    assert!(Client::begin(seat, Dialect::Plain, BODY).await.text().contains("a text"));
}

#[tokio::test]
async fn a_body_is_filled_once() {
    let hall = Hall::open().await;
    let mut reader = hall.drafter("Ana", Dialect::Plain).await;
    let standing = hall.rooms.standing(super::hall::REPORT).await.unwrap().borrow().clone();
    let may = hall.admin().await.write(&standing, BODY).unwrap();
    let doc = Doc::new();
    let update = paragraph(&doc, "the sample");
    hall.rooms.fill(may, update.clone()).await.unwrap();
    reader.until_text("the sample").await;
    let again = hall.rooms.fill(may, update).await.unwrap_err();
    assert!(matches!(again, RoomError::Refused(Refusal::Conflict { .. })), "{again:?}");
}

#[tokio::test]
async fn an_anchor_detaches_when_its_words_go() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    ana.write("Homes for all").await;
    ana.write("Schools for all").await;
    bo.until_text("Schools").await;
    let may = hall.admin().await;
    let whole = hall.rooms.document(may, BODY).await.unwrap();
    let anchor = Body::load([&whole[..]]).unwrap().anchor_of("Homes").unwrap();
    assert_eq!(hall.rooms.attached(may, BODY, vec![anchor.clone()]).await, Ok(vec![true]));
    let without = {
        use yrs::XmlFragment as _;
        let body = ana.doc.get_or_insert_xml_fragment("body");
        let mut txn = ana.doc.transact_mut();
        body.remove_range(&mut txn, 0, 1);
        txn.encode_update_v1()
    };
    ana.send(without.into()).await;
    bo.until(|bo| !bo.text().contains("Homes")).await;
    assert_eq!(hall.rooms.attached(may, BODY, vec![anchor]).await, Ok(vec![false]));
}

#[tokio::test]
async fn a_reader_who_has_all_of_a_text_with_deletions_is_not_refused() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    ana.write("gone").await;
    ana.write("here").await;
    {
        use yrs::XmlFragment as _;
        let body = ana.doc.get_or_insert_xml_fragment("body");
        let update = {
            let mut txn = ana.doc.transact_mut();
            body.remove_range(&mut txn, 0, 1);
            txn.encode_update_v1()
        };
        ana.send(update.into()).await;
    }
    for dialect in [Dialect::Plain, Dialect::Addressed] {
        let olaf = hall.invite("Olaf", Role::Observer).await;
        let mut reader = hall.sit(olaf, dialect).await;
        let whole = reader.doc.transact().encode_state_as_update_v1(&StateVector::default());
        reader.seat.send(Message::SyncStep2(whole.into())).await.unwrap();
        ana.write("more").await;
        reader.until_text("more").await;
        assert!(reader.refusals.is_empty() && reader.closed.is_none());
    }
}
