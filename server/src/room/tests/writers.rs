//! R5: a Yjs client id is its first writer's, over restarts and snapshots.

use bytes::Bytes;
use yrs::{Doc, ReadTxn as _, StateVector, Transact as _, Update, updates::decoder::Decode as _};

use super::{
    client::{Client, paragraph},
    hall::{BODY, Hall},
};
use crate::{
    access::MayRead,
    journal::{Journal as _, Kind},
    protocol::{Dialect, Message},
    review::Role,
    room::Tuning,
};

/// What somebody who knows the whole document can write in another's name.
async fn forged(hall: &Hall, victim: &Client, text: &str) -> Bytes {
    let whole = hall.rooms.document(hall.admin().await, BODY).await.unwrap();
    let doc = Doc::with_client_id(victim.doc.client_id().get());
    doc.transact_mut().apply_update(Update::decode_v1(&whole).unwrap()).unwrap();
    paragraph(&doc, text)
}

async fn assert_refused(hall: &Hall, may: MayRead, message: Message) {
    let changes = hall.changes(BODY).await;
    let mut forger = hall.sit(may, Dialect::Addressed).await;
    forger.seat.send(message).await.unwrap();
    forger.until(|forger| !forger.refusals.is_empty()).await;
    let refused = &forger.refusals[0]["refused"];
    assert_eq!(refused["type"], "forbidden");
    assert!(refused["detail"].as_str().unwrap().contains("another person"), "{refused}");
    assert_eq!(hall.changes(BODY).await, changes);
}

async fn write(client: &mut Client, text: &str) {
    client.write(text).await;
    client.until(|client| client.unsaved == 0).await;
}

#[tokio::test]
async fn r5_text_in_anothers_name_is_refused_and_theirs_goes_on() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    write(&mut ana, "mine").await;
    let bo = hall.invite("Bo", Role::Drafter).await;
    let forged = forged(&hall, &ana, "not mine").await;
    assert_refused(&hall, bo, Message::Update(forged.clone())).await;
    assert_refused(&hall, bo, Message::SyncStep2(forged)).await;
    write(&mut ana, "mine, too").await;
    assert!(ana.refusals.is_empty() && !ana.text().contains("not mine"));
}

#[tokio::test]
async fn r5_others_text_may_be_deleted_and_sent_back() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    write(&mut ana, "first").await;
    write(&mut ana, "second").await;
    let mut bo = hall.drafter("Bo", Dialect::Addressed).await;
    write(&mut bo, "third").await;
    let (back, deletion) = {
        let txn = bo.doc.transact();
        let back = txn.encode_state_as_update_v1(&StateVector::default());
        drop(txn);
        let mut txn = bo.doc.transact_mut();
        let body = txn.get_xml_fragment("body").unwrap();
        yrs::XmlFragment::remove_range(&body, &mut txn, 0, 1);
        (back, txn.encode_update_v1())
    };
    bo.seat.send(Message::SyncStep2(back.into())).await.unwrap();
    bo.send(deletion.into()).await;
    ana.until(|ana| !ana.text().contains("first")).await;
    bo.catch_up().await;
    assert!(bo.refusals.is_empty() && bo.closed.is_none());
}

#[tokio::test]
async fn r5_an_id_stays_its_writers_over_snapshot_and_restart() {
    let tuning = Tuning { snapshot_entries: 5, ..Tuning::default() };
    let hall = Hall::tuned(tuning.clone()).await;
    let (may, bo) = (hall.invite("Ana", Role::Drafter).await, hall.invite("Bo", Role::Drafter).await);
    let mut ana = hall.sit(may, Dialect::Addressed).await;
    write(&mut ana, "mine").await;
    let mut bystander = hall.drafter("Cy", Dialect::Plain).await;
    for n in 0..12 {
        bystander.write(&format!("line {n};")).await;
        ana.until_text(&format!("line {n};")).await;
    }
    // The next answer comes after the snapshot.
    hall.rooms.document(hall.admin().await, BODY).await.unwrap();
    hall.rooms.stop().await;
    let snapshot = hall.journal.snapshot(BODY.doc()).await.unwrap().expect("a snapshot");
    let after = hall.journal.read(BODY.doc(), snapshot.upto + 1, 1).await.unwrap();
    assert_eq!(after.first().map(|entry| entry.kind), Some(Kind::Writers));

    let hall = Hall::over(hall.journal.clone(), tuning);
    assert_refused(&hall, bo, Message::Update(forged(&hall, &ana, "not mine").await)).await;
    // The same person, from the same tab: another seat, the same id.
    let seat = hall.rooms.join(may, BODY, Dialect::Addressed).await.unwrap();
    let mut ana = ana.back_at(seat, BODY);
    ana.ask().await;
    ana.until(|ana| ana.synced && ana.unsaved == 0).await;
    write(&mut ana, "mine again").await;
    assert!(ana.refusals.is_empty());
}

#[tokio::test]
async fn r5_a_snapshot_without_its_writers_has_them_from_the_entries_before_it() {
    let hall = Hall::open().await;
    let (may, bo) = (hall.invite("Ana", Role::Drafter).await, hall.invite("Bo", Role::Drafter).await);
    let mut ana = hall.sit(may, Dialect::Addressed).await;
    write(&mut ana, "mine").await;
    let state = hall.rooms.document(may, BODY).await.unwrap();
    hall.rooms.stop().await;
    let mut writer = hall.journal.claim(BODY.doc(), "test").await.unwrap();
    writer.put_snapshot(writer.tip(), state).await.unwrap();
    let hall = Hall::over(hall.journal.clone(), Tuning::default());
    assert_refused(&hall, bo, Message::Update(forged(&hall, &ana, "not mine").await)).await;
    let seat = hall.rooms.join(may, BODY, Dialect::Addressed).await.unwrap();
    let mut ana = ana.back_at(seat, BODY);
    ana.ask().await;
    ana.until(|ana| ana.synced && ana.unsaved == 0).await;
    write(&mut ana, "mine again").await;
}
