//! The contract of a journal, held by every implementation.

use std::{collections::BTreeSet, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt as _, future::join_all, poll};

use super::{Entry, Journal, JournalError, Kind, NewEntry, Seq, Writer};
use crate::{
    ids::{DocId, ParticipantId},
    limits,
};

pub(super) fn doc(number: u8) -> DocId {
    DocId::from_bytes([number; 16])
}

pub(super) fn entry(bytes: impl Into<Bytes>) -> NewEntry {
    let participant = ParticipantId::from_bytes([3; 16]);
    NewEntry { at_us: 1_700_000_000_000_000, participant, kind: Kind::Update, bytes: bytes.into() }
}

/// `count` entries that say their place.
pub(super) fn batch(count: usize) -> Vec<NewEntry> {
    (0..count).map(|place| entry(format!("entry {place}"))).collect()
}

async fn claim(journal: &dyn Journal, number: u8) -> Box<dyn Writer> {
    journal.claim(doc(number), "node").await.expect("claim")
}

async fn seqs(journal: &dyn Journal, number: u8) -> Vec<Seq> {
    let entries = journal.read(doc(number), 1, usize::MAX).await.expect("read");
    entries.iter().map(|entry| entry.seq).collect()
}

/// Bytes that do not repeat, so that no chunk can stand in for another.
pub(super) fn noise(len: usize, seed: u32) -> Bytes {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..len).map(|_| next()).collect()
}

pub(super) async fn a_claim_is_an_entry_and_a_later_one_fences_the_earlier(journal: &dyn Journal) {
    let mut first = claim(journal, 1).await;
    assert_eq!((first.epoch(), first.tip(), first.doc()), (1, 1, doc(1)));
    assert_eq!(first.append(batch(2)).await, Ok(2..=3));
    let mut second = claim(journal, 1).await;
    assert_eq!((second.epoch(), second.tip()), (2, 4));
    assert_eq!(first.append(batch(1)).await, Err(JournalError::Fenced));
    assert_eq!(first.append(batch(1)).await, Err(JournalError::Fenced), "final for this writer");
    assert_eq!(first.put_snapshot(3, Bytes::from_static(b"old")).await, Err(JournalError::Fenced));
    assert_eq!(first.truncate(3).await, Err(JournalError::Fenced));
    assert_eq!(second.append(batch(1)).await, Ok(5..=5));
    assert_eq!(seqs(journal, 1).await, [1, 2, 3, 4, 5]);
    let entries = journal.read(doc(1), 1, 9).await.unwrap();
    assert_eq!(entries.iter().map(|entry| entry.epoch).collect::<Vec<_>>(), [1, 1, 1, 2, 2]);
    assert_eq!((entries[3].kind, &entries[3].bytes[..]), (Kind::Claim, &b"node"[..]));
}

pub(super) async fn a_deposed_writer_stays_fenced_after_truncation(journal: &dyn Journal) {
    let mut first = claim(journal, 2).await;
    first.append(batch(5)).await.unwrap();
    let mut second = claim(journal, 2).await;
    second.put_snapshot(7, Bytes::from_static(b"state")).await.unwrap();
    second.truncate(7).await.unwrap();
    assert_eq!(first.append(batch(1)).await, Err(JournalError::Fenced));
    assert_eq!(journal.read(doc(2), 7, 9).await.unwrap().len(), 1, "the last entry stays");
    let third = claim(journal, 2).await;
    assert_eq!((third.epoch(), third.tip()), (3, 8));
}

pub(super) async fn of_racing_claims_each_gets_its_own_epoch_and_one_writes(journal: Arc<dyn Journal>) {
    let claims = (0..32).map(|_| {
        let journal = journal.clone();
        tokio::spawn(async move { claim(&*journal, 3).await })
    });
    let mut writers: Vec<_> = join_all(claims).await.into_iter().map(Result::unwrap).collect();
    let epochs: BTreeSet<_> = writers.iter().map(|writer| writer.epoch()).collect();
    assert_eq!(epochs, (1..=32).collect());
    let appends = join_all(writers.iter_mut().map(|writer| writer.append(batch(1)))).await;
    assert_eq!(appends.iter().filter(|append| append.is_ok()).count(), 1);
    assert_eq!(appends.iter().filter(|append| **append == Err(JournalError::Fenced)).count(), 31);
    assert_eq!(seqs(&*journal, 3).await, (1..=33).collect::<Vec<_>>());
}

pub(super) async fn a_batch_is_dense_and_reads_back_as_given(journal: &dyn Journal) {
    let mut writer = claim(journal, 4).await;
    let given = batch(100);
    assert_eq!(writer.append(given.clone()).await, Ok(2..=101));
    assert_eq!(writer.tip(), 101);
    let read = journal.read(doc(4), 2, 1000).await.unwrap();
    let expected: Vec<_> = given
        .into_iter()
        .zip(2..)
        .map(|(new, seq)| {
            let NewEntry { at_us, participant, kind, bytes } = new;
            Entry { doc: doc(4), seq, epoch: 1, at_us, participant, kind, bytes }
        })
        .collect();
    assert_eq!(read, expected);
}

pub(super) async fn a_batch_that_is_refused_leaves_nothing_and_the_writer_open(journal: &dyn Journal) {
    let mut writer = claim(journal, 5).await;
    let large = entry(vec![0; limits::ENTRY_BYTES_MAX + 1]);
    for refused in [vec![], batch(limits::APPEND_ENTRIES_MAX + 1), vec![entry("fits"), large]] {
        let outcome = writer.append(refused).await;
        assert!(matches!(outcome, Err(JournalError::Refused(_))), "{outcome:?}");
    }
    assert_eq!(seqs(journal, 5).await, [1]);
    assert_eq!(writer.append(batch(1)).await, Ok(2..=2));
}

pub(super) async fn a_dropped_append_poisons_the_writer_and_a_claim_settles_it(journal: &dyn Journal) {
    for number in 60..=90 {
        let mut writer = claim(journal, number).await;
        // On a busy machine an append may be done before it is looked at; then it cannot be dropped.
        if poll!(&mut writer.append(batch(3))).is_ready() {
            continue;
        }
        assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown));
        assert_eq!(writer.truncate(1).await, Err(JournalError::Unknown));
        let next = claim(journal, number).await;
        let kept = seqs(journal, number).await;
        assert!(kept == [1, 2] || kept == [1, 2, 3, 4, 5], "all or none: {kept:?}");
        assert_eq!(next.tip(), kept.len() as u64);
        return;
    }
    panic!("no append took any time");
}

pub(super) async fn a_read_starts_and_ends_where_asked(journal: &dyn Journal) {
    assert_eq!(journal.read(doc(7), 1, 10).await, Ok(vec![]), "never claimed");
    let mut writer = claim(journal, 7).await;
    writer.append(batch(9)).await.unwrap();
    let read = |from, limit| async move {
        let entries = journal.read(doc(7), from, limit).await.unwrap();
        entries.iter().map(|entry| entry.seq).collect::<Vec<_>>()
    };
    assert_eq!(read(0, 2).await, [1, 2]);
    assert_eq!(read(4, 3).await, [4, 5, 6]);
    assert_eq!(read(9, 10).await, [9, 10]);
    assert_eq!(read(11, 10).await, Vec::<Seq>::new());
    assert_eq!(read(Seq::MAX, 10).await, Vec::<Seq>::new());
    assert_eq!(read(1, 0).await, Vec::<Seq>::new());
}

pub(super) async fn a_snapshot_and_truncation_keep_what_is_needed(journal: &dyn Journal) {
    let mut writer = claim(journal, 8).await;
    writer.append(batch(9)).await.unwrap();
    assert_eq!(journal.snapshot(doc(8)).await, Ok(None));
    writer.truncate(9).await.unwrap();
    assert_eq!(seqs(journal, 8).await.len(), 10, "nothing is dropped that no snapshot holds");
    let ahead = writer.put_snapshot(11, Bytes::new()).await;
    assert!(matches!(ahead, Err(JournalError::Refused(_))), "{ahead:?}");
    for (upto, len) in [(4, 5), (6, 60_000), (8, 300_000)] {
        writer.put_snapshot(upto, noise(len, 7)).await.unwrap();
        let snapshot = journal.snapshot(doc(8)).await.unwrap().unwrap();
        assert_eq!((snapshot.upto, &snapshot.state), (upto, &noise(len, 7)));
    }
    let older = writer.put_snapshot(7, Bytes::new()).await;
    assert!(matches!(older, Err(JournalError::Refused(_))), "{older:?}");
    writer.truncate(5).await.unwrap();
    assert_eq!(journal.read(doc(8), 5, 9).await, Err(JournalError::Truncated { first: 6 }));
    assert_eq!(journal.read(doc(8), 1, 9).await, Err(JournalError::Truncated { first: 6 }));
    assert_eq!(journal.read(doc(8), 6, 9).await.unwrap().len(), 5);
    writer.truncate(Seq::MAX).await.unwrap();
    assert_eq!(journal.read(doc(8), 8, 9).await, Err(JournalError::Truncated { first: 9 }));
    writer.truncate(2).await.unwrap();
    assert_eq!(journal.read(doc(8), 9, 9).await.unwrap().len(), 2, "truncation never goes back");
    writer.put_snapshot(10, Bytes::from_static(b"all")).await.unwrap();
    writer.truncate(10).await.unwrap();
    assert_eq!(journal.read(doc(8), 10, 9).await.unwrap().len(), 1, "the last entry stays");
    assert_eq!(writer.append(batch(1)).await, Ok(11..=11));
}

pub(super) async fn an_erased_document_is_empty_and_no_stale_writer_revives_it(journal: &dyn Journal) {
    journal.erase(doc(9)).await.unwrap();
    let mut stale = claim(journal, 9).await;
    assert_eq!(stale.epoch(), 1, "erasing what was never there leaves nothing");
    stale.append(batch(4)).await.unwrap();
    stale.put_snapshot(3, noise(50_000, 1)).await.unwrap();
    journal.erase(doc(9)).await.unwrap();
    assert_eq!(seqs(journal, 9).await, Vec::<Seq>::new());
    assert_eq!(journal.snapshot(doc(9)).await, Ok(None));
    assert_eq!(stale.append(batch(1)).await, Err(JournalError::Fenced));
    assert_eq!(seqs(journal, 9).await, Vec::<Seq>::new());
    let mut next = claim(journal, 9).await;
    assert_eq!((next.epoch(), next.tip()), (3, 6), "neither epoch nor seq is used twice");
    assert_eq!(next.append(batch(1)).await, Ok(7..=7));
    assert_eq!(seqs(journal, 9).await, [6, 7], "read from the beginning");
    assert_eq!(journal.read(doc(9), 3, 9).await, Err(JournalError::Truncated { first: 6 }));
    assert_eq!(journal.snapshot(doc(9)).await, Ok(None));
}

pub(super) async fn a_tail_gives_each_entry_once_in_order_old_and_live(journal: Arc<dyn Journal>) {
    let mut from_start = journal.tail(doc(10), 0);
    let mut writer = claim(&*journal, 10).await;
    writer.append(batch(600)).await.unwrap();
    let mut from_middle = journal.tail(doc(10), 300);
    let live = tokio::spawn(async move {
        for count in 1..=40 {
            writer.append(batch(count)).await.unwrap();
        }
        writer.tip()
    });
    for seq in 1..=1421 {
        assert_eq!(from_start.next().await.unwrap().unwrap().seq, seq);
    }
    for seq in 301..=1421 {
        assert_eq!(from_middle.next().await.unwrap().unwrap().seq, seq);
    }
    assert_eq!(live.await.unwrap(), 1421);
    assert!(poll!(from_start.next()).is_pending(), "it waits at the tip");
    journal.erase(doc(10)).await.unwrap();
    claim(&*journal, 10).await;
    assert_eq!(from_start.next().await.unwrap().unwrap().seq, 1422, "the next one, by the next owner");
    let skipped = from_middle_behind(&*journal).await;
    assert_eq!(skipped, Err(JournalError::Truncated { first: 1422 }));
}

/// A follower that missed entries which are gone ends with an error rather than skip them.
async fn from_middle_behind(journal: &dyn Journal) -> Result<Entry, JournalError> {
    let mut tail = journal.tail(doc(10), 100);
    let first = tail.next().await.unwrap();
    assert!(tail.next().await.is_none(), "an error is the end");
    first
}

pub(super) async fn a_large_entry_reads_back_equal(journal: &dyn Journal) {
    let mut writer = claim(journal, 11).await;
    let edge = limits::CHUNK_BYTES_MAX;
    let sizes = [0, 1, edge - 100, edge - 1, edge, edge + 1, 2 * edge, 100_000, 3_000_000];
    let given: Vec<_> = sizes.iter().zip(1..).map(|(len, seed)| noise(*len, seed)).collect();
    writer.append(given.iter().cloned().map(entry).collect()).await.unwrap();
    let read = journal.read(doc(11), 2, 100).await.unwrap();
    assert_eq!(read.len(), given.len());
    for (read, given) in read.iter().zip(&given) {
        assert!(read.bytes == given, "{} bytes", given.len());
    }
}

pub(super) async fn history_reads_the_same_while_and_after_it_is_packed(journal: Arc<dyn Journal>) {
    let mut writer = claim(&*journal, 14).await;
    writer.append(batch(900)).await.unwrap();
    let mut writer = claim(&*journal, 14).await;
    writer.append(vec![entry(noise(3 * limits::CHUNK_BYTES_MAX, 1)); 3]).await.unwrap();
    writer.append(batch(700)).await.unwrap();
    let before = journal.read(doc(14), 1, usize::MAX).await.unwrap();
    assert_eq!(before.len(), 1605);
    writer.put_snapshot(1600, Bytes::from_static(b"state")).await.unwrap();
    for round in 0..60 {
        let from = round * 977 % 1605;
        let read = journal.read(doc(14), from as Seq + 1, 300).await.unwrap();
        assert_eq!(read, before[from..before.len().min(from + 300)]);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    writer.append(batch(1)).await.unwrap();
    let mut tail = journal.tail(doc(14), 0);
    for expected in &before {
        assert_eq!(&tail.next().await.unwrap().unwrap(), expected);
    }
    writer.truncate(700).await.unwrap();
    assert_eq!(journal.read(doc(14), 700, 9).await, Err(JournalError::Truncated { first: 701 }));
    assert_eq!(journal.read(doc(14), 701, 899).await.unwrap(), before[700..1599]);
}

pub(super) async fn many_documents_are_written_at_once(journal: Arc<dyn Journal>) {
    let writers = (100..140).map(|number| {
        let journal = journal.clone();
        tokio::spawn(async move {
            let mut writer = claim(&*journal, number).await;
            for _ in 0..25 {
                let tip = writer.tip();
                assert_eq!(writer.append(batch(2)).await, Ok(tip + 1..=tip + 2));
            }
        })
    });
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    for number in 100..140 {
        assert_eq!(seqs(&*journal, number).await, (1..=51).collect::<Vec<_>>());
    }
}

pub(super) async fn an_append_ends_whether_a_gathering_does_or_not(journal: &dyn Journal) {
    let mut writer = claim(journal, 12).await;
    let mut other = claim(journal, 13).await;
    let endless = std::thread::scope(|scope| scope.spawn(|| journal.gather()).join()).expect("gathers");
    assert_eq!(writer.append(batch(2)).await, Ok(2..=3));
    let gathering = journal.gather();
    let (mut first, mut second) = (writer.append(batch(1)), other.append(batch(3)));
    assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
    drop(gathering);
    assert_eq!((first.await, second.await), (Ok(4..=4), Ok(2..=4)));
    drop(endless);
    assert_eq!(other.append(batch(1)).await, Ok(5..=5));
}

/// Makes the contract's tests for one implementation; `$open` gives an `Arc<dyn Journal>` and what must outlive it.
macro_rules! contract {
    ($open:expr; $($by_ref:ident),+; $($by_arc:ident),+) => {
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $by_ref() {
            let (journal, _keep) = $open;
            contract::$by_ref(&*journal).await;
        })+
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $by_arc() {
            let (journal, _keep) = $open;
            contract::$by_arc(journal).await;
        })+
    };
    ($open:expr) => {
        contract::contract! { $open;
            a_claim_is_an_entry_and_a_later_one_fences_the_earlier,
            a_deposed_writer_stays_fenced_after_truncation,
            a_batch_is_dense_and_reads_back_as_given,
            a_batch_that_is_refused_leaves_nothing_and_the_writer_open,
            a_dropped_append_poisons_the_writer_and_a_claim_settles_it,
            a_read_starts_and_ends_where_asked,
            a_snapshot_and_truncation_keep_what_is_needed,
            an_erased_document_is_empty_and_no_stale_writer_revives_it,
            a_large_entry_reads_back_equal,
            an_append_ends_whether_a_gathering_does_or_not;
            of_racing_claims_each_gets_its_own_epoch_and_one_writes,
            a_tail_gives_each_entry_once_in_order_old_and_live,
            history_reads_the_same_while_and_after_it_is_packed,
            many_documents_are_written_at_once
        }
    };
}
pub(super) use contract;

mod memory {
    use std::sync::Arc;

    use crate::journal::{Journal, MemoryJournal, contract};

    contract::contract! { (Arc::new(MemoryJournal::new()) as Arc<dyn Journal>, ()) }
}

mod sled {
    use std::sync::Arc;

    use crate::journal::{Journal, SledJournal, contract};

    fn open() -> (Arc<dyn Journal>, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        (Arc::new(SledJournal::open(dir.path()).unwrap()), dir)
    }

    contract::contract! { open() }
}
