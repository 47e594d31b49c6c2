//! Who may write the wording of a recommendation, and who may speak on it.

use bytes::Bytes;
use yrs::{Transact as _, XmlFragment as _};

use super::{
    hall::{Hall, MINISTRY, REPORT, REVIEW, SECTION, name, text, title},
    wording::{R1, WORDING, brisk, proposed},
};
use crate::{
    access::{MayRead, rights},
    ids::{OrganizationId, ParticipantId, ReplyId, ThreadId},
    protocol::Dialect,
    review::{
        Anchor, Change, Command, Disposition, NextStep, OrganizationKind, Quote, Recommendation,
        RecommendationStatus, Refusal, Role,
    },
    room::RoomError,
};

const UNION: OrganizationId = OrganizationId::from_bytes([4; 16]);

async fn may_write(hall: &Hall, may: MayRead) -> bool {
    may.write(&hall.rooms.standing(REPORT).await.unwrap().borrow().clone(), WORDING).is_ok()
}

#[tokio::test]
async fn coordinators_drafters_and_the_organization_that_proposed_it_write_and_others_read() {
    let (hall, bo) = proposed(brisk()).await;
    let (organization, kind) = (UNION, OrganizationKind::CivilSociety);
    hall.administer(Command::AddOrganization { organization, name: name("Union"), code: None, kind }).await;
    let colleague = hall.invite_of(MINISTRY, "Colleague", Role::Reviewer).await;
    let watcher = hall.invite_of(MINISTRY, "Watcher", Role::Observer).await;
    let stranger = hall.invite_of(UNION, "Stranger", Role::Reviewer).await;
    let drafter = hall.invite_of(UNION, "Drafter", Role::Drafter).await;
    for (may, wanted) in [(bo, true), (colleague, true), (watcher, false), (stranger, false), (drafter, true)]
    {
        assert_eq!(may_write(&hall, may).await, wanted);
        let mut client = hall.sit_at(WORDING, may, Dialect::Addressed).await;
        client.write("one more word").await;
        if wanted {
            client.until(|it| it.unsaved == 0).await;
        } else {
            client.until(|it| !it.refusals.is_empty()).await;
            assert_eq!(client.refusals[0]["refused"]["type"], "forbidden");
        }
    }
    assert_eq!(hall.changes(WORDING).await, 4, "the making, and three words");
}

#[tokio::test]
async fn a_role_that_is_taken_away_reaches_open_seats() {
    let (hall, _) = proposed(brisk()).await;
    let dan = hall.invite("Dan", Role::Drafter).await;
    let mut at_dan = hall.sit_at(WORDING, dan, Dialect::Plain).await;
    hall.administer(Command::RemoveParticipant { participant: dan.participant() }).await;
    assert_eq!(at_dan.until_closed().await.code, 4403);
    assert_eq!(hall.rooms.join(dan, WORDING, Dialect::Plain).await.err(), Some(RoomError::NotFound));
}

#[test]
fn a_status_changes_what_decides_rights_and_other_fields_do_not() {
    let state = state_with(RecommendationStatus::Proposed);
    let now = &state.recommendations[&R1];
    let with = |status| {
        Change::Recommendation(Box::new(Recommendation { status, title: title("Other"), ..now.clone() }))
    };
    assert!(!state.changes_standing(&with(RecommendationStatus::Proposed)));
    assert!(state.changes_standing(&with(RecommendationStatus::Agreed)));
    let may = |status| {
        let standing = crate::review::Standing::of(&state_with(status));
        let admin = rights::read(&standing, REPORT, ParticipantId::ADMINISTRATOR).unwrap();
        admin.write(&standing, WORDING).is_ok()
    };
    assert!(may(RecommendationStatus::Agreed) && !may(RecommendationStatus::Published));
}

fn state_with(status: RecommendationStatus) -> crate::review::ReviewState {
    let at = "2026-11-24T12:00:00Z";
    let json = serde_json::json!({"id": R1, "number": 1, "title": "Build homes", "text": "Build homes",
        "section": SECTION, "status": status, "author": ParticipantId::ADMINISTRATOR, "created_at": at});
    let mut state = crate::review::ReviewState::default();
    state.read("recommendations", &R1.to_string(), json).unwrap();
    state
}

#[tokio::test]
async fn comments_stand_on_its_words() {
    let (hall, bo) = proposed(brisk()).await;
    let mut at_bo = hall.sit_at(WORDING, bo, Dialect::Addressed).await;
    let anchor = {
        let shown = hall.rooms.document(bo, WORDING).await.unwrap();
        let mut body = crate::body::Body::new();
        body.take(&shown).unwrap();
        body.anchor_of("homes").unwrap()
    };
    let thread = ThreadId::from_bytes([9; 16]);
    let comment = Command::CommentWording {
        thread,
        recommendation: R1,
        anchor: Some(anchor.clone()),
        text: text("Which?"),
    };
    let (_, state) = hall.act(bo, comment.clone()).await.unwrap();
    let opened = &state.threads[&thread];
    assert_eq!((opened.section, opened.recommendation), (SECTION, Some(R1)));
    let changes = hall.changes(REVIEW).await;
    hall.act(bo, comment).await.unwrap();
    assert_eq!(hall.changes(REVIEW).await, changes, "a repeat makes nothing");
    let attached = async || hall.rooms.attached(bo, WORDING, vec![anchor.clone()]).await.unwrap();
    assert_eq!(attached().await, [true]);
    // A locked section is about its own text; its recommendations are still worded and discussed.
    hall.set_stage(crate::review::Stage::Locked).await;
    hall.act(bo, Command::Resolve { thread }).await.unwrap();
    hall.act(bo, Command::Reopen { thread }).await.unwrap();
    let update = {
        let body = at_bo.doc.get_or_insert_xml_fragment("body");
        let mut txn = at_bo.doc.transact_mut();
        body.remove_range(&mut txn, 0, 1);
        Bytes::from(txn.encode_update_v1())
    };
    at_bo.send(update).await;
    at_bo.until(|it| it.unsaved == 0).await;
    assert_eq!(attached().await, [false]);
    let quote = Quote::try_from("x".to_owned()).unwrap();
    let nowhere = serde_json::json!({"tname": "body"});
    let anywhere = Anchor { start: nowhere.clone(), end: nowhere, quote };
    hall.act(bo, Command::PlaceThread { thread, anchor: anywhere }).await.unwrap();
}

#[tokio::test]
async fn comments_follow_its_status() {
    let (hall, bo) = proposed(brisk()).await;
    let thread = |n| ThreadId::from_bytes([n; 16]);
    let comment = |n| {
        let (recommendation, anchor, text) = (R1, None, text("Which?"));
        Command::CommentWording { thread: thread(n), recommendation, anchor, text }
    };
    hall.act(bo, comment(1)).await.unwrap();
    hall.administer(step(1, NextStep::Decide(Disposition::Agreed), Some("All agree."))).await;
    hall.act(bo, comment(2)).await.unwrap();
    hall.act(bo, Command::Resolve { thread: thread(1) }).await.unwrap();
    hall.administer(step(2, NextStep::Publish, None)).await;
    let late = [
        comment(3),
        Command::Reply { reply: ReplyId::from_bytes([1; 16]), thread: thread(2), text: text("?") },
    ];
    for late in late {
        let refused = hall.act(bo, late.clone()).await.map(drop);
        let forbidden = matches!(refused, Err(RoomError::Refused(Refusal::Forbidden { .. })));
        assert!(forbidden, "{late:?}: {refused:?}");
    }
    assert_eq!(hall.rooms.review(REPORT).await.unwrap().threads.len(), 2);
}

fn step(seen: u32, step: NextStep, reason: Option<&str>) -> Command {
    Command::TakeStep { recommendation: R1, seen, step, reason: reason.map(text) }
}
