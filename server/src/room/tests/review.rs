//! The review room: commands, decided one after another, shown when durable.

use futures_util::future::join_all;
use yrs::{Any, Map as _, Out, Transact as _};

use super::{
    client::{Client, shown_in},
    hall::{BODY, Hall, REPORT, REVIEW, founding, text},
    soon,
};
use crate::{
    access::rights,
    ids::{DocumentName, ParticipantId, ReplyId, ReportId, ThreadId},
    journal::Fault,
    protocol::{Dialect, Message},
    review::{Command, Refusal, Role, ThreadState},
    room::{RoomError, Tuning},
};

const THREAD: ThreadId = ThreadId::from_bytes([9; 16]);

#[tokio::test]
async fn a_report_that_was_never_founded_is_not_there_and_leaves_no_trace() {
    let hall = Hall::open().await;
    let nowhere = ReportId::from_bytes([77; 16]);
    assert_eq!(hall.rooms.review(nowhere).await.unwrap_err(), RoomError::NotFound);
    assert_eq!(hall.openings(DocumentName::review(nowhere)).await, 0);
    let elsewhere = hall.rooms.join(hall.admin().await, DocumentName::review(nowhere), Dialect::Plain).await;
    assert_eq!(elsewhere.err(), Some(RoomError::NotFound));
}

#[tokio::test]
async fn a_report_is_founded_once() {
    let hall = Hall::open().await;
    let changes = hall.changes(REVIEW).await;
    let again = hall.rooms.decide(founding()).await.unwrap_err();
    assert!(matches!(again, RoomError::Refused(Refusal::Conflict { .. })), "{again:?}");
    assert_eq!(hall.changes(REVIEW).await, changes, "and what is refused records nothing");
}

#[tokio::test]
async fn what_is_decided_reads_back_after_a_restart() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    hall.comment(bo, THREAD).await;
    hall.recommend(bo, 1).await.unwrap();
    let before = hall.rooms.review(REPORT).await.unwrap();
    hall.rooms.stop().await;
    let again = Hall::over(hall.journal.clone(), Tuning::default());
    assert_eq!(*again.rooms.review(REPORT).await.unwrap(), *before);
}

#[tokio::test]
async fn of_fifty_who_resolve_at_once_one_wins() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    hall.comment(bo, THREAD).await;
    let resolve = || hall.act(bo, Command::Resolve { thread: THREAD });
    let answers = join_all((0..50).map(|_| resolve())).await;
    let won = answers.iter().filter(|answer| answer.is_ok()).count();
    let conflicts = answers
        .iter()
        .filter(|answer| matches!(answer, Err(RoomError::Refused(Refusal::Conflict { .. }))))
        .count();
    assert_eq!((won, conflicts), (1, 49));
    assert_eq!(hall.rooms.review(REPORT).await.unwrap().threads[&THREAD].state, ThreadState::Resolved);
}

#[tokio::test]
async fn numbers_run_without_gap_however_many_recommend_at_once() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    let numbers = join_all((1..=40).map(|n| hall.recommend(bo, n))).await;
    let mut numbers: Vec<_> = numbers.into_iter().map(Result::unwrap).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_right_that_was_lost_while_the_command_waited_does_not_count() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    let standing = hall.rooms.standing(REPORT).await.unwrap().borrow().clone();
    let may = rights::read(&standing, REPORT, bo.participant()).unwrap();
    hall.comment(bo, THREAD).await;
    let permit = may.act(&standing, Command::Resolve { thread: THREAD }).unwrap();
    hall.set_role(bo, Role::Observer).await;
    let refused = hall.rooms.decide(permit).await.unwrap_err();
    assert!(matches!(refused, RoomError::Refused(Refusal::Forbidden { .. })), "{refused:?}");
}

#[tokio::test]
async fn no_command_is_answered_or_shown_before_it_is_durable() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    let mut reader = Client::begin(
        hall.rooms.join(bo, REVIEW, Dialect::Addressed).await.unwrap(),
        Dialect::Addressed,
        REVIEW,
    )
    .await;
    let shown = hall.rooms.published(REPORT).await.unwrap();
    hall.journal.hold_appends();
    let mut decided = std::pin::pin!(hall.comment(bo, THREAD));
    tokio::select! {
        () = &mut decided => panic!("answered before it was durable"),
        () = hall.journal.appends_waiting(1) => {}
    }
    assert!(shown.state.borrow().threads.is_empty());
    reader.catch_up().await;
    assert!(thread_of(&reader).is_none());
    hall.journal.release_appends();
    soon(decided).await;
    assert!(shown.state.borrow().threads.contains_key(&THREAD));
    reader.until(|reader| thread_of(reader).is_some()).await;
}

#[tokio::test]
async fn a_command_of_unknown_outcome_is_unavailable_and_the_journal_decides() {
    for (fault, stored) in [(Fault::UnknownLost, false), (Fault::UnknownStored, true)] {
        let hall = Hall::open().await;
        let bo = hall.invite("Bo", Role::Reviewer).await;
        let mut reader =
            Client::begin(hall.rooms.join(bo, REVIEW, Dialect::Plain).await.unwrap(), Dialect::Plain, REVIEW)
                .await;
        hall.journal.fail_next_append(fault);
        let open = Command::OpenThread {
            thread: THREAD,
            section: crate::room::tests::hall::SECTION,
            anchor: None,
            text: text("Source?"),
        };
        let answer = hall.act(bo, open).await.unwrap_err();
        assert!(matches!(answer, RoomError::Unavailable(_)), "{answer:?}");
        assert_eq!(reader.until_closed().await.code, 4205);
        let state = hall.rooms.review(REPORT).await.unwrap();
        assert_eq!(state.threads.contains_key(&THREAD), stored);
    }
}

#[tokio::test]
async fn clients_read_records_as_plain_values_and_write_none() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    hall.comment(bo, THREAD).await;
    hall.recommend(bo, 7).await.unwrap();
    for dialect in [Dialect::Plain, Dialect::Addressed] {
        let seat = hall.rooms.join(bo, REVIEW, dialect).await.unwrap();
        let mut client = Client::begin(seat, dialect, REVIEW).await;
        let Some(Any::Map(thread)) = thread_of(&client) else { panic!("a thread is a plain map") };
        assert_eq!(thread["text"], Any::from("Source?"));
        assert_eq!(thread["edited_at"], Any::Null);
        let before = hall.changes(REVIEW).await;
        let forged = {
            let threads = client.doc.get_or_insert_map("threads");
            let mut txn = client.doc.transact_mut();
            threads.insert(&mut txn, "forged", Any::from("text"));
            txn.encode_update_v1()
        };
        client.send(forged.into()).await;
        match dialect {
            Dialect::Plain => assert_eq!(client.until_closed().await.code, 4403),
            Dialect::Addressed => {
                client.until(|client| client.refusals.len() == 1).await;
                assert_eq!(client.refusals[0]["refused"]["type"], "forbidden");
            }
        }
        assert_eq!(hall.changes(REVIEW).await, before);
    }
}

#[tokio::test]
async fn whoever_is_removed_loses_their_seats() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    let mut client =
        Client::begin(hall.rooms.join(bo, REVIEW, Dialect::Plain).await.unwrap(), Dialect::Plain, REVIEW)
            .await;
    hall.administer(Command::RemoveParticipant { participant: bo.participant() }).await;
    assert_eq!(client.until_closed().await.code, 4403);
    assert_eq!(hall.rooms.join(bo, REVIEW, Dialect::Plain).await.err(), Some(RoomError::NotFound));
}

#[tokio::test]
async fn a_random_or_future_state_vector_gets_an_answer_or_a_refusal_and_the_room_lives() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    let vectors: [&[u8]; 5] =
        [&[], &[255, 255, 255, 255, 15], &[1, 1], &[1, 5, 255, 255, 255, 255, 7], &[2, 1, 1]];
    for state_vector in vectors {
        let seat = hall.rooms.join(bo, REVIEW, Dialect::Plain).await.unwrap();
        let mut client = Client::new(seat, Dialect::Plain, REVIEW);
        client.seat.send(Message::SyncStep1(state_vector.to_vec().into())).await.unwrap();
        client.until(|client| client.synced || client.closed.is_some()).await;
    }
    assert_eq!(hall.openings(REVIEW).await, 1, "the room never ended");
}

#[tokio::test]
async fn a_reply_in_the_name_of_another_keeps_the_callers_name() {
    let hall = Hall::open().await;
    let bo = hall.invite("Bo", Role::Reviewer).await;
    hall.comment(bo, THREAD).await;
    let reply = ReplyId::from_bytes([5; 16]);
    let (_, state) = hall
        .act(hall.admin().await, Command::Reply { reply, thread: THREAD, text: text("Here.") })
        .await
        .unwrap();
    assert_eq!(state.replies[&reply].author, ParticipantId::ADMINISTRATOR);
}

#[tokio::test]
async fn documents_hold_no_more_than_one_report() {
    let hall = Hall::open().await;
    let may = hall.admin().await;
    let whole = hall.rooms.document(may, REVIEW).await.unwrap();
    assert!(!whole.is_empty());
    let other = DocumentName::body(ReportId::from_bytes([8; 16]), crate::room::tests::hall::SECTION);
    assert_eq!(hall.rooms.document(may, other).await.unwrap_err(), RoomError::NotFound);
    let absent = DocumentName::body(REPORT, crate::ids::SectionId::from_bytes([99; 16]));
    assert_eq!(hall.rooms.document(may, absent).await.unwrap_err(), RoomError::NotFound);
    assert_eq!(hall.openings(absent).await, 0);
    assert_eq!(shown_in(&hall.rooms.document(may, BODY).await.unwrap()), "");
}

fn thread_of(client: &Client) -> Option<Any> {
    let threads = client.doc.get_or_insert_map("threads");
    let txn = client.doc.transact();
    match threads.get(&txn, &THREAD.to_string())? {
        Out::Any(thread) => Some(thread),
        _ => None,
    }
}
