//! The simulated journal keeps the contract, and fails as it is told.

use std::{sync::Arc, time::Duration};

use super::*;
use crate::{
    clock::Clock,
    journal::{
        Journal, JournalError,
        contract::{self, batch, doc},
    },
};

fn open() -> (Arc<dyn Journal>, SimDisk) {
    let disk = SimDisk::new(1);
    // As a disk does, it takes a moment.
    disk.set_pace(1..2, 1..2);
    (Arc::new(start(&disk).0), disk)
}

fn start(disk: &SimDisk) -> (SimJournal, tokio::task::AbortHandle) {
    let (journal, committer) = SimJournal::new(disk, Clock::system());
    (journal, tokio::spawn(committer).abort_handle())
}

contract::contract! { open() }

#[tokio::test(start_paused = true)]
async fn a_crash_keeps_what_was_flushed_and_of_the_rest_all_or_none() {
    let mut kept = [0; 2];
    for seed in 0..20 {
        let disk = SimDisk::new(seed);
        disk.set_pace(1..2, 5..6);
        let (journal, committer) = start(&disk);
        let mut writer = journal.claim(doc(1), "node").await.unwrap();
        writer.append(batch(2)).await.unwrap();
        tokio::select! {
            _ = writer.append(batch(3)) => panic!("confirmed before its flush"),
            () = tokio::time::sleep(Duration::from_millis(3)) => committer.abort(),
        }
        disk.crash();
        match disk.entries(doc(1)).len() {
            3 => kept[0] += 1,
            6 => kept[1] += 1,
            other => panic!("{other} entries"),
        }
    }
    assert!(kept[0] > 2 && kept[1] > 2, "{kept:?}");
}

#[tokio::test(start_paused = true)]
async fn after_a_failed_flush_nothing_is_confirmed_any_more() {
    let disk = SimDisk::new(1);
    let (journal, _) = start(&disk);
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    let mut other = journal.claim(doc(2), "node").await.unwrap();
    disk.trouble(Trouble::FlushFails);
    assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown));
    assert_eq!(other.append(batch(1)).await, Err(JournalError::Unknown));
    assert_eq!(journal.claim(doc(3), "node").await.err(), Some(JournalError::Unknown));
    assert!(*journal.leaving().borrow());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_settled_by_the_next_claim() {
    for (fate, outcomes) in [(Fate::Stored, &[3][..]), (Fate::Lost, &[2][..]), (Fate::Open, &[2, 3][..])] {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..20 {
            let disk = SimDisk::new(seed);
            let (journal, _) = start(&disk);
            let mut writer = journal.claim(doc(1), "node").await.unwrap();
            disk.trouble(Trouble::Unknown(fate));
            assert_eq!(writer.append(batch(1)).await, Err(JournalError::Unknown));
            let tip = journal.claim(doc(1), "node").await.unwrap().tip();
            assert_eq!(journal.read(doc(1), 1, 9).await.unwrap().len() as u64, tip);
            seen.insert(tip);
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), outcomes, "{fate:?}");
    }
}
