//! A document that nobody has written to since it was opened answers from its record.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::future::join_all;
use tokio::{sync::Semaphore, time::Instant};

use super::hall::{BODY, Hall};
use crate::{
    access::rights,
    body::{Block, Body, Cold, Inline, Node, Run},
    clock::Clock,
    ids::ParticipantId,
    journal::{Journal as _, Kind, NewEntry, SledJournal, Snapshot},
    protocol::{Dialect, Message},
    review::Role,
    room::{
        Rooms, Tuning, Window,
        call::Call,
        content::{Content, Form, Text},
        writers::Writers,
    },
};

fn long_text() -> Bytes {
    let words = "word ".repeat(3_000);
    let block = || Block::new(Node::Paragraph).holding(vec![Inline::Run(Run::plain(&words))]);
    Body::from_tree(&[block(), block(), block(), block(), block()], 7)
}

/// A hall whose section holds a long text that no room has in memory.
async fn asleep() -> Hall {
    let hall = Hall::open().await;
    let standing = hall.rooms.standing(super::hall::REPORT).await.unwrap().borrow().clone();
    let may = hall.admin().await.write(&standing, BODY).unwrap();
    hall.rooms.fill(may, long_text()).await.unwrap();
    hall.rooms.stop().await;
    Hall::over(hall.journal.clone(), Tuning::default())
}

#[tokio::test]
async fn five_hundred_who_join_at_once_are_answered_from_one_opening() {
    let hall = asleep().await;
    let before = hall.openings(BODY).await;
    let may = hall.admin().await;
    let clients = join_all(
        (0..500).map(|n| hall.sit(may, if n % 2 == 0 { Dialect::Plain } else { Dialect::Addressed })),
    )
    .await;
    let text = clients[0].text();
    assert!(text.len() > 70_000);
    assert!(clients.iter().all(|client| client.text() == text));
    assert_eq!(hall.openings(BODY).await, before + 1);
}

#[tokio::test]
async fn the_first_change_is_taken_and_all_see_it() {
    let hall = asleep().await;
    let mut readers = [
        hall.sit(hall.invite("Bo", Role::Observer).await, Dialect::Plain).await,
        hall.sit(hall.invite("Cy", Role::Reviewer).await, Dialect::Addressed).await,
    ];
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    let before = hall.changes(BODY).await;
    ana.write("the first change").await;
    ana.until(|ana| ana.unsaved == 0).await;
    for reader in &mut readers {
        reader.until_text("the first change").await;
        assert_eq!(reader.text(), ana.text());
    }
    assert_eq!(hall.changes(BODY).await, before + 1);
    let document = hall.rooms.document(hall.admin().await, BODY).await.unwrap();
    assert_eq!(super::client::shown_in(&document), ana.text());
}

/// The snapshot of the section, once there is one.
async fn first_snapshot(hall: &Hall) -> Snapshot {
    super::soon(async {
        loop {
            if let Some(snapshot) = hall.journal.snapshot(BODY.doc()).await.unwrap() {
                return snapshot;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

fn heard(message: Message) -> Call {
    let weight = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
    Call::Hear { seat: 0, message, weight, came: Instant::now() }
}

#[tokio::test]
async fn a_snapshot_that_is_due_is_written_when_the_readers_have_gone() {
    let hall = asleep().await;
    hall.rooms.stop().await;
    let tuning = Tuning { snapshot_entries: 1, idle: Duration::from_millis(1), ..Tuning::default() };
    let hall = Hall::over(hall.journal.clone(), tuning);
    let reader = hall.sit(hall.admin().await, Dialect::Plain).await;
    assert_eq!(hall.journal.snapshot(BODY.doc()).await.unwrap(), None);
    drop(reader);
    first_snapshot(&hall).await;
    assert!(hall.sit(hall.admin().await, Dialect::Plain).await.text().len() > 70_000);
}

#[tokio::test]
async fn a_snapshot_holds_nothing_that_still_waits_for_its_append() {
    // Due at once, and not again before the end.
    let tuning = Tuning { snapshot_entries: 3, ..Tuning::default() };
    let hall = Hall::over(asleep().await.journal, tuning);
    // The snapshot is put off while the text is cold; this change has it built.
    let mut ana = hall.drafter("Ana", Dialect::Addressed).await;
    ana.write("the first change").await;
    ana.until(|ana| ana.unsaved == 0).await;
    let snapshot = first_snapshot(&hall).await;
    let entries = hall.journal.read(BODY.doc(), 1, 1_000).await.unwrap();
    let held: Vec<_> =
        entries.iter().filter(|it| it.kind == Kind::Update || it.kind == Kind::Command).collect();
    let held = held.iter().filter(|it| it.seq <= snapshot.upto).map(|it| &it.bytes[..]);
    let (state, held) = (Body::load([&snapshot.state[..]]).unwrap(), Body::load(held).unwrap());
    assert_eq!(state.plain_text(), held.plain_text(), "up to entry {}", snapshot.upto);
}

#[tokio::test]
async fn only_what_needs_the_document_has_it_built() {
    let whole = long_text();
    let cold = Cold::read(vec![whole.clone()]).unwrap();
    let mut content = Content::Body(Text { form: Form::Cold(Arc::new(cold)), writers: Writers::default() });
    let change = Body::from_tree(&[Block::new(Node::Paragraph)], 8);
    let (attached, _answer) = tokio::sync::oneshot::channel();
    let (document, _answer) = tokio::sync::oneshot::channel();
    let needs = [
        heard(Message::Update(change.clone())),
        heard(Message::SyncStep2(change.clone())),
        Call::Attached { anchors: Vec::new(), reply: attached },
    ];
    let others = [
        heard(Message::SyncStep1(vec![0].into())),
        heard(Message::SyncStep2(vec![0, 0].into())),
        heard(Message::SyncStep2(whole.clone())),
        heard(Message::Update(whole)),
        heard(Message::Update(b"\xff".to_vec().into())),
        heard(Message::QueryAwareness),
        Call::Document { reply: document },
    ];
    for (at, call) in needs.iter().enumerate() {
        assert!(content.is_too_cold_for(call), "call {at} needs it");
    }
    for (at, call) in others.iter().enumerate() {
        assert!(!content.is_too_cold_for(call), "call {at} does not need it");
    }
    let before = content.encode();
    content.build().await.unwrap();
    assert!(matches!(content, Content::Body(Text { form: Form::Built(_), .. })));
    assert_eq!(content.encode().unwrap().len(), before.unwrap().len());
    assert!(!needs.iter().any(|call| content.is_too_cold_for(call)));
}

/// Figures, not a check: `cargo test --release -p plenary --lib room::tests::cold -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "prints figures"]
async fn opening_from_disk_a_long_text_and_two_thousand_keystrokes() {
    let dir = tempfile::tempdir().unwrap();
    let clock = || Clock::fixed("2026-11-25T12:00:00Z".parse().unwrap(), 5);
    let open = || SledJournal::open(dir.path()).unwrap();
    let standing = async |rooms: &Rooms| rooms.standing(super::hall::REPORT).await.unwrap().borrow().clone();
    let journal = open();
    let rooms = Rooms::start(Arc::new(journal.clone()), clock(), 1, Window::default());
    rooms.decide(super::hall::founding()).await.unwrap();
    let now = standing(&rooms).await;
    let may = rights::read(&now, super::hall::REPORT, ParticipantId::ADMINISTRATOR).unwrap();
    rooms.fill(may.write(&now, BODY).unwrap(), long_text()).await.unwrap();
    let state = rooms.document(may, BODY).await.unwrap();
    rooms.stop().await;
    let mut writer = journal.claim(BODY.doc(), "test").await.unwrap();
    writer.put_snapshot(writer.tip(), state).await.unwrap();
    let doc = yrs::Doc::new();
    let keys = (0..1_900).map(|_| NewEntry {
        at_us: 0,
        participant: ParticipantId::ADMINISTRATOR,
        kind: Kind::Update,
        bytes: super::client::paragraph(&doc, "k"),
    });
    writer.append(keys.collect()).await.unwrap();
    drop((rooms, writer, journal));
    for _ in 0..4 {
        let journal = open();
        let start = Instant::now();
        let writer = journal.claim(BODY.doc(), "test").await.unwrap();
        let claimed = start.elapsed();
        let snapshot = journal.snapshot(BODY.doc()).await.unwrap().unwrap();
        let had = start.elapsed();
        let entries = journal.read(BODY.doc(), snapshot.upto + 1, 4_000).await.unwrap();
        println!(
            "claim {claimed:?}, snapshot {:?}, {} entries {:?}",
            had - claimed,
            entries.len(),
            start.elapsed() - had
        );
        drop((writer, journal));
        let rooms = Rooms::start(Arc::new(open()), clock(), 1, Window::default());
        standing(&rooms).await;
        let start = Instant::now();
        let mut seat = rooms.join(may, BODY, Dialect::Plain).await.unwrap();
        let joined = start.elapsed();
        seat.send(Message::SyncStep1(vec![0].into())).await.unwrap();
        let mut bytes = 0;
        while bytes < 60_000 {
            match seat.outbox.recv().await.unwrap() {
                crate::room::Outgoing::Frame(frame) => bytes = frame.len(),
                crate::room::Outgoing::Close(close) => panic!("{close:?}"),
            }
        }
        println!("joined {joined:?}, first sync of {bytes} bytes {:?}", start.elapsed());
        drop(seat);
        rooms.stop().await;
    }
}
