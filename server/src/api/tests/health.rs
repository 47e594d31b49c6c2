//! `/health`, for whoever decides where requests go.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::House;
use crate::{
    api::{App, Condition, router},
    journal::Vitals,
};

/// A house that asks how saving goes this way.
async fn house(condition: Condition) -> House {
    let house = House::new().await;
    let app = App { condition, ..house.app.clone() };
    House { router: router(app), ..house }
}

#[tokio::test]
async fn a_server_is_ready_for_anybody_who_asks() {
    let house = house(Condition::new(|| Vitals {
        commit_under_way: Some(Duration::from_secs(3)),
        ..Vitals::default()
    }))
    .await;
    let answer = house.get("", "/health").await;
    assert_eq!((answer.status.as_u16(), answer.text("status")), (200, "ready".into()));
    assert_eq!((answer.text("durability"), answer.text("saving")), ("none".into(), "slow".into()));
    assert_eq!(answer.json()["waiting_ms"], 3000);
}

#[tokio::test]
async fn a_store_that_fails_takes_the_readiness_with_it() {
    let failed = Arc::new(AtomicBool::new(false));
    let seen = failed.clone();
    let house =
        house(Condition::new(move || Vitals { failed: seen.load(Ordering::Relaxed), ..Vitals::default() }))
            .await;
    assert_eq!(house.get("", "/health").await.status.as_u16(), 200);
    failed.store(true, Ordering::Relaxed);
    let answer = house.get("", "/health").await;
    assert_eq!(answer.problem(), (503, "unavailable".into()));
    assert_eq!(answer.header("retry-after"), "5");
}

#[tokio::test]
async fn a_server_that_stops_is_not_ready() {
    let condition = Condition::default();
    let house = house(condition.clone()).await;
    assert_eq!(house.get("", "/health").await.status.as_u16(), 200);
    condition.stop();
    let answer = house.get("", "/health").await;
    assert_eq!(answer.problem(), (503, "unavailable".into()));
    assert!(answer.text("detail").contains("stopping"));
}
