//! Which changes leave together, and when.

use std::time::Duration;

use tokio::{
    task::LocalSet,
    time::{Instant, sleep, sleep_until},
};

use super::hall::Hall;
use crate::{protocol::Dialect, room::Tuning};

#[tokio::test(start_paused = true)]
async fn what_comes_as_a_round_begins_goes_with_what_waited_for_it() {
    let window = Duration::from_millis(10);
    let test = async {
        let hall = Hall::beside_the_test(Tuning { window: "10".parse().unwrap(), ..Tuning::default() }).await;
        let mut ana = hall.drafter("Ana", Dialect::Plain).await;
        let mut bo = hall.drafter("Bo", Dialect::Plain).await;
        sleep(window * 10).await;
        let began = Instant::now();
        ana.write("one").await;
        bo.until_text("one").await;
        assert_eq!(began.elapsed(), Duration::ZERO, "a quiet room's change leaves at once");
        ana.write("two").await;
        sleep_until(began + window).await;
        ana.write("three").await;
        let before = bo.frames;
        bo.until_text("three").await;
        assert_eq!((began.elapsed(), bo.frames - before), (window, 1));
        assert!(bo.text().contains("two"));
    };
    LocalSet::new().run_until(test).await;
}
