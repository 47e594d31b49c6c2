//! What is decided of a recommendation is decided on its words as they are, noted or not.

use std::time::Duration;

use super::{
    client::{Client, shown_in},
    hall::{Hall, REPORT, text},
};
use crate::{
    access::MayRead,
    ids::{DocumentName, RecommendationId},
    journal::Journal as _,
    protocol::Dialect,
    review::{Command, Disposition, FieldsChange, NextStep, Recommendation, Refusal, Role},
    room::{RoomError, Tuning},
};

const R1: RecommendationId = RecommendationId::from_bytes([1; 16]);
const WORDING: DocumentName = DocumentName::wording(REPORT, R1);

/// Rooms that never note by themselves.
fn slow() -> Tuning {
    let never = Duration::from_secs(3_600);
    Tuning { wording_quiet: never, noted_within: never, ..Tuning::default() }
}

async fn record(hall: &Hall) -> Recommendation {
    hall.rooms.review(REPORT).await.unwrap().recommendations[&R1].clone()
}

/// Adds a paragraph to the words, which is saved and not noted.
async fn add(hall: &Hall, who: MayRead, words: &str) -> Client {
    let mut client = hall.sit_at(WORDING, who, Dialect::Addressed).await;
    client.write(words).await;
    client.until(|it| it.unsaved == 0).await;
    assert!(!record(hall).await.text.as_str().contains(words));
    client
}

fn agree(seen: u32) -> Command {
    let step = NextStep::Decide(Disposition::Agreed);
    Command::TakeStep { recommendation: R1, seen, step, reason: Some(text("All agree.")) }
}

#[tokio::test]
async fn a_step_after_a_crash_is_taken_on_what_was_saved_before_it() {
    let hall = Hall::tuned(slow()).await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    hall.recommend(bo, 1).await.unwrap();
    let _at_bo = add(&hall, bo, "By 2027.").await;
    // Another process takes the journal over, and nobody opens the words there.
    let again = Hall::over(hall.journal.clone(), slow());
    again.administer(agree(1)).await;
    assert!(record(&again).await.text.as_str().ends_with("By 2027."));
    // They do not change once it is decided.
    let before = again.journal.read(DocumentName::review(REPORT).doc(), 1, 1_000).await.unwrap().len();
    again.rooms.document(again.admin().await, WORDING).await.unwrap();
    again
        .administer(Command::TakeStep { recommendation: R1, seen: 2, step: NextStep::Publish, reason: None })
        .await;
    let after = again.journal.read(DocumentName::review(REPORT).doc(), 1, 1_000).await.unwrap().len();
    assert_eq!(after, before + 1, "the step, and no other words");
}

#[tokio::test]
async fn old_words_of_the_record_do_not_come_back_from_who_may_not_write() {
    let hall = Hall::tuned(slow()).await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    hall.recommend(bo, 1).await.unwrap();
    hall.administer(agree(1)).await;
    let old = record(&hall).await.text;
    let _at_admin = add(&hall, hall.admin().await, "Corrected.").await;
    let change = FieldsChange { text: Some(old), ..FieldsChange::default() };
    let refused = hall.act(bo, Command::EditRecommendation { recommendation: R1, change }).await;
    assert!(matches!(refused, Err(RoomError::Refused(Refusal::Forbidden { .. }))), "{refused:?}");
    let words = hall.rooms.document(hall.admin().await, WORDING).await.unwrap();
    assert!(shown_in(&words).contains("Corrected."));
}
