//! What packing keeps: every entry, through crashes at each of its steps, and the word on what is damaged.

use std::fs;

use bytes::Bytes;
use tempfile::TempDir;

use super::{
    Entry, Journal, JournalError, NewEntry, Seq, SledJournal,
    action::Action,
    block::{BLOCK_ENTRIES, decode_block},
    contract::{doc, entry, noise},
    crash::{copy, open, open_database, open_eager},
    head::{Generation, Head},
    packer::make_block,
    record,
};
use crate::ids::ParticipantId;

/// `count` entries as five people type them, with a large one now and then.
pub(super) fn typed(count: usize, seed: u32) -> Vec<NewEntry> {
    let typed = |place: usize| {
        let length = if place % 97 == 50 { 20_000 } else { 30 + place % 3 };
        let participant = ParticipantId::from_bytes([place as u8 % 5; 16]);
        let at_us = 1_700_000_000_000_000 + place as i64 * 150_000;
        NewEntry { at_us, participant, ..entry(noise(length, seed + place as u32)) }
    };
    (0..count).map(typed).collect()
}

/// A document of `count` entries and two claims, and all it holds. Some entries were appended together.
pub(super) async fn history(journal: &SledJournal, number: u8, count: usize) -> Vec<Entry> {
    for seed in [1, 7] {
        let mut writer = journal.claim(doc(number), "node").await.unwrap();
        for together in typed(count / 2 - 1, seed).chunks(7) {
            writer.append(together.to_vec()).await.unwrap();
        }
    }
    let entries = all(journal, number).await.unwrap();
    assert_eq!(entries.len(), count);
    entries
}

pub(super) async fn all(journal: &SledJournal, number: u8) -> Result<Vec<Entry>, JournalError> {
    journal.read(doc(number), 1, usize::MAX).await
}

pub(super) fn head(journal: &SledJournal, number: u8) -> Head {
    journal.line().store.published(doc(number)).unwrap().head
}

/// A snapshot that the packer is not told of.
pub(super) async fn quiet_snapshot(journal: &SledJournal, number: u8, upto: Seq) {
    let head = head(journal, number);
    let generation = Generation { number: head.generation + 1, upto, bytes: 0, hash: record::hash(&[]) };
    let action = Action::Snapshot { epoch: head.epoch, generation };
    journal.line().ask(doc(number), action).await.unwrap();
}

/// Pieces of runs, and of blocks.
pub(super) fn keys(journal: &SledJournal, number: u8) -> (usize, usize) {
    let count = |letter: &[u8]| {
        let prefix = [letter, doc(number).as_bytes()].concat();
        journal.line().store.db().scan_prefix(prefix).count()
    };
    (count(b"J"), count(b"P"))
}

#[tokio::test]
async fn a_snapshot_has_the_whole_blocks_before_it_packed_and_every_read_stays_equal() {
    let dir = TempDir::new().unwrap();
    let journal = open_eager(dir.path());
    let before = history(&journal, 1, 2000).await;
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    let (runs, _) = keys(&journal, 1);
    assert!(runs > 2000 / 7);
    writer.put_snapshot(1900, Bytes::from_static(b"state")).await.unwrap();
    journal.packed().await;
    let packed = head(&journal, 1).packed;
    assert!(packed > 1900 - BLOCK_ENTRIES as Seq && packed <= 1900, "{packed}");
    let (left, pieces) = keys(&journal, 1);
    assert!(left < runs / 2 && pieces > 0, "{left} of {runs} pieces of runs, {pieces} of blocks");
    assert_eq!(all(&journal, 1).await.unwrap()[..2000], before);
    for from in (0..2000).step_by(61).chain([packed as usize - 1, packed as usize]) {
        for limit in [1, 2, 600] {
            let read = journal.read(doc(1), from as Seq + 1, limit).await.unwrap();
            assert_eq!(read[..limit.min(2000 - from)], before[from..2000.min(from + limit)], "from {from}");
        }
    }
    // Too few entries for a block stay as they are.
    writer.put_snapshot(2001, Bytes::from_static(b"state")).await.unwrap();
    journal.packed().await;
    assert_eq!(head(&journal, 1).packed, packed);
    drop((writer, journal));
    assert_eq!(all(&open(dir.path()), 1).await.unwrap()[..2000], before);
}

#[tokio::test]
async fn large_entries_are_packed_in_parts_of_bounded_size() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    for seed in [3, 5, 9] {
        writer.append(vec![entry(noise(3_000_000, seed)), entry("small")]).await.unwrap();
    }
    let before = all(&journal, 1).await.unwrap();
    quiet_snapshot(&journal, 1, 7).await;
    let block = make_block(&journal.line().store, doc(1)).unwrap().expect("whole by its bytes");
    assert_eq!((block.from, block.upto), (1, 2), "the claim and the first large entry");
    assert!(block.actions().count() > 10);
    writer.put_snapshot(7, Bytes::new()).await.unwrap();
    journal.packed().await;
    assert_eq!(head(&journal, 1).packed, 6, "the last small one waits for more");
    assert_eq!(all(&journal, 1).await.unwrap(), before);
}

#[tokio::test]
async fn a_crash_at_any_step_leaves_every_entry_and_the_step_is_done_again() {
    let (dir, scratch) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = open(dir.path());
    let before = history(&journal, 1, 700).await;
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    // Does not compress, so that the block is stored in parts.
    let large = vec![entry(noise(90_000, 5)), entry(noise(90_000, 6)), entry(noise(300_000, 7))];
    writer.append(large).await.unwrap();
    let before = [before, journal.read(doc(1), 701, 99).await.unwrap()].concat();
    quiet_snapshot(&journal, 1, 704).await;
    let mut copies = 0;
    let mut crash = |what: &str| {
        let target = scratch.path().join(format!("{copies} {what}"));
        copy(dir.path(), &target);
        copies += 1;
    };
    crash("before");
    let line = journal.line();
    while let Some(block) = make_block(&line.store, doc(1)).unwrap() {
        for action in block.actions() {
            line.ask(doc(1), action).await.unwrap();
            crash("with a part of a block");
        }
        assert_eq!(all(&journal, 1).await.unwrap(), before, "packed, and nothing removed");
        while line.ask(doc(1), Action::Clean).await.unwrap().more {
            crash("with some entries removed");
        }
        crash("with entries removed");
        assert_eq!(all(&journal, 1).await.unwrap(), before);
    }
    let packed = head(&journal, 1).packed;
    assert!(packed > 600 && copies > 5, "{packed}, {copies}");
    drop((writer, journal));
    for store in fs::read_dir(scratch.path()).unwrap().map(|store| store.unwrap().path()) {
        let journal = open(&store);
        let what = store.display();
        assert_eq!(all(&journal, 1).await.unwrap(), before, "{what}");
        // The next snapshot goes on where it stopped.
        let mut writer = journal.claim(doc(1), "node").await.unwrap();
        writer.put_snapshot(704, Bytes::new()).await.unwrap();
        journal.packed().await;
        assert_eq!(head(&journal, 1).packed, packed, "{what}");
        assert!(!journal.line().store.has_stale_entries(doc(1)).unwrap(), "{what}");
        assert_eq!(all(&journal, 1).await.unwrap()[..704], before, "{what}");
    }
}

#[tokio::test]
async fn opening_packs_what_an_earlier_process_left() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let before = history(&journal, 1, 1200).await;
    quiet_snapshot(&journal, 1, 1150).await;
    drop(journal);
    let journal = open(dir.path());
    journal.packed().await;
    assert!(head(&journal, 1).packed > 600);
    assert_eq!(all(&journal, 1).await.unwrap(), before);
}

#[tokio::test]
async fn truncation_and_erasure_reach_into_blocks() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let before = history(&journal, 1, 2000).await;
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.put_snapshot(2001, Bytes::new()).await.unwrap();
    journal.packed().await;
    let (_, pieces) = keys(&journal, 1);
    writer.truncate(1000).await.unwrap();
    let (_, kept) = keys(&journal, 1);
    assert!(kept < pieces && kept > 0, "blocks go once all of them is dropped");
    assert_eq!(journal.read(doc(1), 1000, 9).await, Err(JournalError::Truncated { first: 1001 }));
    assert_eq!(journal.read(doc(1), 1001, 1000).await.unwrap(), before[1000..]);
    writer.truncate(2000).await.unwrap();
    assert_eq!(keys(&journal, 1), (1, 0));
    journal.erase(doc(1)).await.unwrap();
    assert_eq!(keys(&journal, 1), (0, 0));
    // The next life is packed too, from its own first entry on.
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.append(typed(1100, 4)).await.unwrap();
    let before = all(&journal, 1).await.unwrap();
    assert_eq!((before[0].seq, before.len()), (2002, 1101));
    writer.put_snapshot(writer.tip(), Bytes::new()).await.unwrap();
    journal.packed().await;
    assert!(keys(&journal, 1).1 > 0);
    assert_eq!(all(&journal, 1).await.unwrap(), before);
    assert_eq!(journal.read(doc(1), 5, 9).await, Err(JournalError::Truncated { first: 2002 }));
}

#[tokio::test]
async fn a_block_of_what_was_truncated_or_packed_meanwhile_is_refused() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let before = history(&journal, 1, 1200).await;
    quiet_snapshot(&journal, 1, 1100).await;
    let line = journal.line();
    let block = make_block(&line.store, doc(1)).unwrap().expect("a whole one");
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.truncate(100).await.unwrap();
    for action in block.actions() {
        let outcome = line.ask(doc(1), action).await;
        assert!(matches!(outcome, Err(JournalError::Refused(_))), "{outcome:?}");
    }
    assert_eq!(keys(&journal, 1).1, 0);
    assert_eq!(journal.read(doc(1), 101, 1100).await.unwrap(), before[100..]);
    let beyond = Action::Pack { from: 101, upto: 1101, first: 0, pieces: vec![], whole: true };
    let outcome = line.ask(doc(1), beyond).await;
    assert!(matches!(outcome, Err(JournalError::Refused(_))), "no snapshot holds it: {outcome:?}");
}

/// Four equal documents whose first block is damaged, each in another way.
#[tokio::test]
async fn a_damaged_block_is_named_and_what_is_whole_is_served() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut before = Vec::new();
    for number in 1..=5 {
        before.push(history(&journal, number, 1500).await);
        let mut writer = journal.claim(doc(number), "node").await.unwrap();
        writer.put_snapshot(1500, Bytes::from_static(b"state")).await.unwrap();
    }
    journal.packed().await;
    drop(journal);
    let db = open_database(dir.path().join("sled")).unwrap();
    let first_block = |number: u8| {
        let range = record::block_key(doc(number), 0, 0)..;
        let (key, value) = db.range(range).next().unwrap().unwrap();
        (record::last_of_block_key(doc(number), &key).unwrap(), key, value)
    };
    let (last, key, value) = first_block(1);
    for at in [0, 100, value.len() - 9, value.len() - 1] {
        let mut flipped = value.to_vec();
        flipped[at] ^= 4;
        db.insert(&key, flipped).unwrap();
        assert!(record::unseal(&key, &db.get(&key).unwrap().unwrap()).is_err());
    }
    db.remove(first_block(2).1).unwrap();
    db.remove(record::block_key(doc(3), first_block(3).0, 1)).unwrap();
    // The right checksum on what another document's block holds.
    let (_, key, value) = first_block(4);
    let foreign = record::unseal(&first_block(5).1, &first_block(5).2).unwrap().to_vec();
    assert_ne!(foreign, record::unseal(&key, &value).unwrap());
    db.insert(&key, record::seal(&key, &foreign)).unwrap();
    drop(db);
    let journal = open(dir.path());
    for number in 1..=4 {
        for (from, limit) in [(1, usize::MAX), (last / 2, 1)] {
            let outcome = journal.read(doc(number), from, limit).await;
            let at_block = matches!(outcome, Err(JournalError::Corrupt { at, .. }) if at <= last);
            assert!(at_block, "document {number} from {from}: {outcome:?}");
        }
        let after = journal.read(doc(number), last + 1, usize::MAX).await.unwrap();
        assert_eq!(after[..1500 - last as usize], before[number as usize - 1][last as usize..]);
        assert_eq!(journal.snapshot(doc(number)).await.unwrap().unwrap().upto, 1500);
    }
    assert_eq!(all(&journal, 5).await.unwrap()[..1500], before[4]);
}

#[tokio::test]
async fn a_block_that_is_not_the_one_before_is_found_by_the_chain() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    history(&journal, 1, 1500).await;
    quiet_snapshot(&journal, 1, 1500).await;
    let block = make_block(&journal.line().store, doc(1)).unwrap().expect("whole");
    let mut other = decode_block(doc(1), block.upto, &block.record).unwrap();
    // A well-formed block of the same length, in which one entry is another.
    other[40].entry.at_us += 1;
    let mut chain = other[0].before;
    for linked in &mut other {
        linked.before = chain;
        chain = record::encode_entry(&chain, &linked.entry).1;
        linked.after = chain;
    }
    let forged = super::packer::Block { record: super::block::encode_block(&other).unwrap(), ..block };
    for action in forged.actions() {
        journal.line().ask(doc(1), action).await.unwrap();
    }
    let outcome = all(&journal, 1).await;
    let at_seam = matches!(outcome, Err(JournalError::Corrupt { at, .. }) if at == forged.upto + 1);
    assert!(at_seam, "{outcome:?}");
}
