//! Who is in a room, as seats hear it.

use serde_json::json;

use super::{
    client::Client,
    hall::{BODY, Hall, REVIEW},
};
use crate::{
    protocol::{Dialect, Message},
    review::Role,
};

#[tokio::test]
async fn a_forged_name_is_overwritten_and_the_cursor_stays() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let olaf = hall.invite("Olaf", Role::Observer).await;
    let mut forger = hall.sit(olaf, Dialect::Plain).await;
    forger
        .show(7, 1, json!({"user": {"name": "Ana", "organization": "Ministry"}, "cursor": {"at": 3}}))
        .await;
    ana.until(|ana| ana.others.contains_key(&7)).await;
    let state = ana.others[&7].state.clone().unwrap();
    let user = json!({"participant": olaf.participant(), "name": "Olaf", "organization": "Ministry", "code":
        state["user"]["code"], "hue": 1, "role": "observer"});
    assert_eq!((&state["user"], &state["cursor"]), (&user, &json!({"at": 3})));
}

#[tokio::test]
async fn newcomers_hear_who_is_here_and_all_hear_who_leaves() {
    let hall = Hall::open().await;
    for document in [BODY, REVIEW] {
        let ana = hall.invite("Ana", Role::Reviewer).await;
        let bo = hall.invite("Bo", Role::Observer).await;
        let mut first = Client::begin(
            hall.rooms.join(ana, document, Dialect::Plain).await.unwrap(),
            Dialect::Plain,
            document,
        )
        .await;
        first.show(1, 1, json!({})).await;
        let seat = hall.rooms.join(bo, document, Dialect::Addressed).await.unwrap();
        let mut second = Client::begin(seat, Dialect::Addressed, document).await;
        second.until(|second| second.others.contains_key(&1)).await;
        second.others.clear();
        second.seat.send(Message::QueryAwareness).await.unwrap();
        second.until(|second| second.others.contains_key(&1)).await;
        drop(first);
        second.until(|second| second.others[&1].state.is_none()).await;
        assert_eq!(second.others[&1].clock, 2);
    }
}

#[tokio::test]
async fn a_thousand_movements_are_few_broadcasts_and_the_last_one_counts() {
    let hall = Hall::open().await;
    let mut ana = hall.drafter("Ana", Dialect::Plain).await;
    let mut bo = hall.drafter("Bo", Dialect::Plain).await;
    let started = std::time::Instant::now();
    for n in 1..=1_000 {
        ana.show(1, n, json!({"at": n})).await;
    }
    bo.until(|bo| bo.others.get(&1).is_some_and(|ana| ana.clock == 1_000)).await;
    let windows = started.elapsed().as_millis() / crate::limits::PRESENCE_EVERY.as_millis() + 2;
    assert!(bo.awareness_heard as u128 <= windows, "{} in {windows} windows", bo.awareness_heard);
}
