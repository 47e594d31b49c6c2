//! What the journal on disk finds out when it is opened and read: other servers, lost files, damaged bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{
    Journal, JournalError, OpenError,
    contract::{batch, doc, noise},
    crash::{Contents, contents, copy, fill, open, open_database, open_eager, read_all, try_open},
    record,
};

#[tokio::test]
async fn reopening_gives_all_back_and_counts_on() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let before = fill(&journal).await;
    drop(journal);
    for round in 0..3 {
        let journal = open(dir.path());
        let docs: Vec<_> = before.keys().copied().collect();
        assert_eq!(contents(&journal, &docs).await, before);
        let writer = journal.claim(doc(77), "node").await.unwrap();
        assert_eq!((writer.epoch(), writer.tip()), (round + 1, round + 1));
    }
    let writer = open(dir.path()).claim(doc(10), "node").await.unwrap();
    assert_eq!((writer.epoch(), writer.tip()), (3, 74), "the tombstone is kept");
}

#[tokio::test]
async fn a_second_server_on_the_directory_is_refused_by_name() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    assert!(matches!(try_open(dir.path()), Err(OpenError::InUse)));
    drop(journal);
    open(dir.path());
}

#[tokio::test]
async fn a_newer_format_is_refused_by_name_and_left_alone() {
    let dir = TempDir::new().unwrap();
    drop(open(dir.path()));
    fs::write(dir.path().join("format"), format!("plenary journal {}\n", record::FORMAT + 1)).unwrap();
    let outcome = try_open(dir.path()).err();
    let Some(OpenError::NewerFormat { found, known }) = outcome else { panic!("{outcome:?}") };
    assert_eq!((found, known), (record::FORMAT + 1, record::FORMAT));
    fs::write(dir.path().join("format"), format!("plenary journal {}\n", record::FORMAT)).unwrap();
    open(dir.path());
}

#[tokio::test]
async fn a_store_that_lost_a_file_is_reported_and_never_made_anew() {
    for lost in ["sled/db", "sled/conf", "sled", "witness", "format", "wal.0", "wal.1"] {
        let dir = TempDir::new().unwrap();
        let journal = open(dir.path());
        fill(&journal).await;
        drop(journal);
        let path = dir.path().join(lost);
        if path.is_dir() {
            fs::remove_dir_all(path).unwrap()
        } else {
            fs::remove_file(path).unwrap()
        }
        let outcome = try_open(dir.path()).err();
        assert!(matches!(outcome, Some(OpenError::Damaged { .. })), "{lost}: {outcome:?}");
    }
    let dir = TempDir::new().unwrap();
    drop(open(dir.path()));
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    drop(open_database(dir.path().join("sled")).unwrap());
    let outcome = try_open(dir.path()).err();
    assert!(matches!(outcome, Some(OpenError::Damaged { .. })), "an empty database: {outcome:?}");
}

#[tokio::test]
async fn a_store_whose_making_was_cut_short_is_made_again() {
    let dir = TempDir::new().unwrap();
    drop(open(dir.path()));
    fs::remove_file(dir.path().join("format")).unwrap();
    let journal = open(dir.path());
    journal.claim(doc(1), "node").await.unwrap();
    drop(journal);
    let dir = TempDir::new().unwrap();
    fs::create_dir(dir.path().join("sled")).unwrap();
    open(dir.path());
}

#[tokio::test]
async fn an_older_state_of_the_database_is_found_out() {
    let (dir, older) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = open(dir.path());
    fill(&journal).await;
    drop(journal);
    copy(&dir.path().join("sled"), older.path());
    open(dir.path()).claim(doc(1), "node").await.unwrap();
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    copy(older.path(), &dir.path().join("sled"));
    let outcome = try_open(dir.path()).err();
    assert!(matches!(outcome, Some(OpenError::Damaged { .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_half_written_sled_snapshot_does_not_keep_the_store_shut() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let before = fill(&journal).await;
    drop(journal);
    let leftover = dir.path().join("sled/snap.FFFFFFFFFFFFFFF.generating");
    fs::write(&leftover, b"half").unwrap();
    let docs: Vec<_> = before.keys().copied().collect();
    assert_eq!(contents(&open(dir.path()), &docs).await, before);
    assert!(!leftover.exists());
}

/// What damage led to.
#[derive(Default, Debug)]
struct Tally {
    intact: u32,
    refused_to_open: u32,
    refused_to_read: u32,
}

/// Opens a damaged store: each document is either whole or its damage is named.
async fn examine(dir: &Path, expected: &Contents, what: &str, tally: &mut Tally) {
    let journal = match try_open(dir) {
        Ok(journal) => journal,
        Err(OpenError::Damaged { .. } | OpenError::NewerFormat { .. } | OpenError::Io(_)) => {
            tally.refused_to_open += 1;
            return;
        }
        Err(other) => panic!("{what}: {other:?}"),
    };
    let mut refused = false;
    for (doc, expected) in expected {
        match read_all(&journal, *doc).await {
            // The older snapshot may stand in for a damaged newer one, with the entries since then.
            Ok((entries, snapshot)) => {
                assert_eq!(entries, expected.0, "{what}: entries of {doc}");
                let same = snapshot == expected.1;
                assert!(same || snapshot.is_some_and(|older| older.upto == 20), "{what}: state of {doc}");
            }
            Err(JournalError::Corrupt { .. } | JournalError::Unavailable(_)) => refused = true,
            Err(other) => panic!("{what}: {other:?}"),
        }
    }
    if refused { tally.refused_to_read += 1 } else { tally.intact += 1 }
}

/// A store as a kill leaves it, and as closing leaves it.
async fn dirty_and_clean() -> (TempDir, TempDir, Contents) {
    let (dirty, clean) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = open(clean.path());
    let expected = fill(&journal).await;
    copy(clean.path(), dirty.path());
    drop(journal);
    (dirty, clean, expected)
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let found = [dir.to_path_buf(), dir.join("sled")].into_iter().flat_map(|dir| fs::read_dir(dir).unwrap());
    found.map(|file| file.unwrap().path()).filter(|path| path.is_file() && !path.ends_with("lock")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_is_without_effect_or_reported_and_never_loses_in_silence() {
    let (dirty, clean, expected) = dirty_and_clean().await;
    let scratch = TempDir::new().unwrap();
    let mut tally = Tally::default();
    for (source, positions) in [(dirty.path(), 90), (clean.path(), 30)] {
        for file in files(source) {
            let name = file.strip_prefix(source).unwrap();
            let large = name.ends_with("db") || name.ends_with("wal.1");
            let positions = if large { positions } else { 8 };
            // A prime step, so that the positions fall on all parts of a record.
            let used = used_bytes(&file);
            if used == 0 {
                continue;
            }
            for place in 0..positions {
                let at = (used / positions * place + place * 37 + 11) % used;
                let target = scratch.path().join("store");
                copy(source, &target);
                let mut bytes = fs::read(target.join(name)).unwrap();
                bytes[at] ^= 1 << (place % 8);
                fs::write(target.join(name), bytes).unwrap();
                examine(&target, &expected, &format!("{}, byte {at}", name.display()), &mut tally).await;
                fs::remove_dir_all(&target).unwrap();
            }
        }
    }
    println!("{tally:?}");
    assert!(tally.refused_to_open > 0 && tally.intact > 0, "{tally:?}");
}

/// Where a file's trailing zeros begin.
fn used_bytes(file: &Path) -> usize {
    let bytes = fs::read(file).unwrap();
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_cut_short_is_reported() {
    let (dirty, clean, expected) = dirty_and_clean().await;
    let scratch = TempDir::new().unwrap();
    let mut tally = Tally::default();
    for source in [dirty.path(), clean.path()] {
        let used = used_bytes(&source.join("sled/db"));
        for part in 0..16 {
            let target = scratch.path().join("store");
            copy(source, &target);
            let db = fs::OpenOptions::new().write(true).open(target.join("sled/db")).unwrap();
            db.set_len((used * part / 16) as u64).unwrap();
            examine(&target, &expected, &format!("cut to {part}/16"), &mut tally).await;
            fs::remove_dir_all(&target).unwrap();
        }
    }
    println!("{tally:?}");
    assert!(tally.refused_to_open > 16, "{tally:?}");
}

#[tokio::test]
async fn a_snapshot_replaces_another_only_once_it_reads_back_equal() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.append(batch(20)).await.unwrap();
    for upto in [5, 10, 15] {
        writer.put_snapshot(upto, noise(20_000, upto as u32)).await.unwrap();
    }
    drop((writer, journal));
    let remove = |generation| {
        let db = open_database(dir.path().join("sled")).unwrap();
        db.remove(record::state_key(doc(1), generation, 1)).unwrap()
    };
    assert!(remove(1).is_none(), "all but one older generation are gone");
    assert!(remove(3).is_some());
    let journal = open(dir.path());
    let older = journal.snapshot(doc(1)).await.unwrap().unwrap();
    assert_eq!((older.upto, older.state), (10, noise(20_000, 10)), "entries since then are all kept");
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.truncate(15).await.unwrap();
    let outcome = journal.snapshot(doc(1)).await;
    assert!(matches!(outcome, Err(JournalError::Corrupt { .. })), "{outcome:?}");
    writer.put_snapshot(22, noise(9, 9)).await.unwrap();
    assert_eq!(journal.snapshot(doc(1)).await.unwrap().unwrap().upto, 22);
}

#[tokio::test]
async fn a_hole_a_wrong_checksum_and_a_foreign_entry_are_named() {
    let dir = TempDir::new().unwrap();
    let journal = open_eager(dir.path());
    for number in 1..=4 {
        let mut writer = journal.claim(doc(number), "node").await.unwrap();
        for one in batch(9) {
            writer.append(vec![one]).await.unwrap();
        }
    }
    drop(journal);
    let db = open_database(dir.path().join("sled")).unwrap();
    let key = |number, seq| record::run_key(doc(number), seq, 0);
    db.remove(key(1, 5)).unwrap();
    db.insert(key(2, 5), b"not what was written").unwrap();
    let other = db.get(key(3, 6)).unwrap().unwrap();
    let other = record::unseal(&key(3, 6), &other).unwrap();
    db.insert(key(3, 5), record::seal(&key(3, 5), other)).unwrap();
    drop(db);
    let journal = open(dir.path());
    for number in 1..=3 {
        let outcome = journal.read(doc(number), 1, 99).await;
        assert!(matches!(&outcome, Err(JournalError::Corrupt { at: 5, .. })), "{number}: {outcome:?}");
        assert_eq!(journal.read(doc(number), 1, 4).await.unwrap().len(), 4, "what is whole is readable");
    }
    assert_eq!(journal.read(doc(4), 1, 99).await.unwrap().len(), 10, "others are served");
}

/// Runs of entries that were appended together: 2 to 10, 11 to 19, 20 to 28.
#[tokio::test]
async fn a_run_that_is_missing_foreign_or_cut_is_named_and_the_runs_before_it_are_read() {
    let dir = TempDir::new().unwrap();
    let journal = open_eager(dir.path());
    for number in 1..=4 {
        let mut writer = journal.claim(doc(number), "node").await.unwrap();
        for _ in 0..3 {
            writer.append(batch(9)).await.unwrap();
        }
    }
    let whole = journal.read(doc(4), 1, 99).await.unwrap();
    drop(journal);
    let db = open_database(dir.path().join("sled")).unwrap();
    let key = |number, last| record::run_key(doc(number), last, 0);
    let value = |number, last| db.get(key(number, last)).unwrap().expect("a run");
    db.remove(key(1, 19)).unwrap().expect("a run");
    let foreign = record::unseal(&key(2, 28), &value(2, 28)).unwrap().to_vec();
    db.insert(key(2, 19), record::seal(&key(2, 19), &foreign)).unwrap();
    let run = record::unseal(&key(3, 19), &value(3, 19)).unwrap().to_vec();
    let first = run.len() / 9;
    db.insert(key(3, 19), record::seal(&key(3, 19), &run[first..])).unwrap();
    drop(db);
    let journal = open(dir.path());
    for number in 1..=3 {
        for from in [1, 11] {
            let outcome = journal.read(doc(number), from, 99).await;
            assert!(
                matches!(&outcome, Err(JournalError::Corrupt { at, .. }) if (11..=12).contains(at)),
                "{outcome:?}"
            );
        }
        assert_eq!(journal.read(doc(number), 1, 10).await.unwrap().len(), 10, "what is whole is readable");
        assert_eq!(journal.read(doc(number), 23, 99).await.unwrap()[0].seq, 23, "from within a run");
    }
    for from in 1..=28 {
        assert_eq!(journal.read(doc(4), from, 99).await.unwrap(), whole[from as usize - 1..]);
    }
}

#[tokio::test]
async fn a_commit_that_a_crash_cut_in_two_is_settled() {
    let (live, earlier) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = open(live.path());
    fill(&journal).await;
    copy(live.path(), earlier.path());
    journal.claim(doc(1), "node").await.unwrap();
    let docs: Vec<_> = (1..=10).map(doc).collect();
    let after = contents(&journal, &docs).await;
    let dir = TempDir::new().unwrap();
    copy(live.path(), dir.path());
    drop(journal);
    // All of the last commit but its last step, and entries of one that got no further.
    let old = open_database(earlier.path().join("sled")).unwrap().get(record::COMMIT_KEY).unwrap().unwrap();
    let witness = fs::read(earlier.path().join("witness")).unwrap();
    let db = open_database(dir.path().join("sled")).unwrap();
    db.insert(record::COMMIT_KEY, old).unwrap();
    let last = after[&doc(2)].0.last().unwrap().seq;
    for (seq, chunk) in [(last + 1, 0), (last + 1, 1), (last + 2, 0)] {
        db.insert(record::run_key(doc(2), seq, chunk), b"cut short").unwrap();
    }
    drop(db);
    fs::write(dir.path().join("witness"), witness).unwrap();
    let journal = open(dir.path());
    assert_eq!(contents(&journal, &docs).await, after, "what lies beyond the head is not shown");
    let mut writer = journal.claim(doc(2), "node").await.unwrap();
    assert_eq!(writer.append(batch(3)).await, Ok(last + 2..=last + 4));
    assert_eq!(journal.read(doc(2), last, 99).await.unwrap().len(), 5);
    drop((writer, journal));
    assert_eq!(open(dir.path()).read(doc(2), last, 99).await.unwrap().len(), 5);
}
