//! What the journal on disk withstands: kills, other servers, failing disks, and damage of its files.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{
    Entry, Journal, JournalError, OpenError, Seq, SledJournal, Snapshot,
    contract::{batch, doc, entry, noise},
    sync::fault::{self, Fault},
};
use crate::{clock::Clock, ids::DocId, limits};

fn open(dir: &Path) -> SledJournal {
    SledJournal::open(dir).expect("open")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let (file, kind) = file.map(|file| (file.path(), file.file_type().unwrap())).unwrap();
        let target = to.join(file.file_name().unwrap());
        if kind.is_dir() {
            copy(&file, &target);
        } else {
            fs::copy(&file, &target).unwrap();
        }
    }
}

/// All that can be read of some documents.
type Contents = BTreeMap<DocId, (Vec<Entry>, Option<Snapshot>)>;

async fn contents(journal: &SledJournal, docs: &[DocId]) -> Contents {
    let mut contents = Contents::new();
    for doc in docs {
        contents.insert(*doc, read_all(journal, *doc).await.expect("read"));
    }
    contents
}

async fn read_all(journal: &SledJournal, doc: DocId) -> Result<(Vec<Entry>, Option<Snapshot>), JournalError> {
    let snapshot = journal.snapshot(doc).await?;
    let from = match journal.read(doc, 1, 1).await {
        Err(JournalError::Truncated { first }) => first,
        other => other.map(|_| 1)?,
    };
    Ok((journal.read(doc, from, usize::MAX).await?, snapshot))
}

/// Ten documents with entries small and large, snapshots, truncation and an erasure.
async fn fill(journal: &SledJournal) -> Contents {
    let docs: Vec<_> = (1..=10).map(doc).collect();
    for (doc, number) in docs.iter().zip(1..) {
        let mut writer = journal.claim(*doc, "node").await.unwrap();
        for round in 0..12 {
            writer.append(batch(5)).await.unwrap();
            writer.append(vec![entry(noise(number as usize * 900, round + 1))]).await.unwrap();
        }
        if number % 3 == 0 {
            writer.put_snapshot(20, noise(9_000, number)).await.unwrap();
            writer.put_snapshot(40, noise(30_000, number)).await.unwrap();
            writer.truncate(15).await.unwrap();
        }
    }
    journal.erase(doc(10)).await.unwrap();
    contents(journal, &docs).await
}

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
    assert!(matches!(SledJournal::open(dir.path()), Err(OpenError::InUse)));
    drop(journal);
    open(dir.path());
}

#[tokio::test]
async fn a_newer_format_is_refused_by_name_and_left_alone() {
    let dir = TempDir::new().unwrap();
    drop(open(dir.path()));
    fs::write(dir.path().join("format"), "plenary journal 2\n").unwrap();
    let outcome = SledJournal::open(dir.path()).err();
    assert!(matches!(outcome, Some(OpenError::NewerFormat { found: 2, known: 1 })), "{outcome:?}");
    fs::write(dir.path().join("format"), "plenary journal 1\n").unwrap();
    open(dir.path());
}

#[tokio::test]
async fn a_store_that_lost_a_file_is_reported_and_never_made_anew() {
    for lost in ["sled/db", "sled/conf", "sled", "witness", "format"] {
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
        let outcome = SledJournal::open(dir.path()).err();
        assert!(matches!(outcome, Some(OpenError::Damaged { .. })), "{lost}: {outcome:?}");
    }
    let dir = TempDir::new().unwrap();
    drop(open(dir.path()));
    fs::remove_dir_all(dir.path().join("sled")).unwrap();
    drop(sled::open(dir.path().join("sled")).unwrap());
    let outcome = SledJournal::open(dir.path()).err();
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
    let outcome = SledJournal::open(dir.path()).err();
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
    let journal = match SledJournal::open(dir) {
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
            let len = fs::metadata(&file).unwrap().len() as usize;
            let positions = if name.ends_with("db") { positions } else { 8 };
            // A prime step, so that the positions fall on all parts of a record.
            let used = if name.ends_with("db") { used_bytes(&file) } else { len };
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
    bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1
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
        let db = sled::open(dir.path().join("sled")).unwrap();
        db.remove(super::record::state_key(doc(1), generation, 1)).unwrap()
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
    let journal = open(dir.path());
    for number in 1..=4 {
        journal.claim(doc(number), "node").await.unwrap().append(batch(9)).await.unwrap();
    }
    drop(journal);
    let db = sled::open(dir.path().join("sled")).unwrap();
    let key = |number, seq| super::record::entry_key(doc(number), seq, 0);
    db.remove(key(1, 5)).unwrap();
    db.insert(key(2, 5), b"not what was written").unwrap();
    let other = db.get(key(3, 6)).unwrap().unwrap();
    let other = super::record::unseal(&key(3, 6), &other).unwrap();
    db.insert(key(3, 5), super::record::seal(&key(3, 5), other)).unwrap();
    drop(db);
    let journal = open(dir.path());
    for number in 1..=3 {
        let outcome = journal.read(doc(number), 1, 99).await;
        assert!(matches!(&outcome, Err(JournalError::Corrupt { at: 5, .. })), "{number}: {outcome:?}");
        assert_eq!(journal.read(doc(number), 1, 4).await.unwrap().len(), 4, "what is whole is readable");
    }
    assert_eq!(journal.read(doc(4), 1, 99).await.unwrap().len(), 10, "others are served");
}

#[tokio::test]
async fn a_failed_sync_confirms_nothing_and_ends_the_journal() {
    let (dir, after) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    writer.append(batch(3)).await.unwrap();
    fault::set(dir.path(), Fault::Io);
    assert_eq!(writer.append(batch(3)).await, Err(JournalError::Unknown));
    assert!(journal.failed());
    journal.until_failed().await;
    assert_eq!(writer.append(batch(3)).await, Err(JournalError::Unknown), "poisoned");
    assert!(matches!(journal.claim(doc(1), "node").await, Err(JournalError::Unavailable(_))));
    if let Ok(entries) = journal.read(doc(1), 1, 99).await {
        assert_eq!(entries.len(), 4, "what is not durable is not shown");
    }
    copy(dir.path(), after.path());
    let count = open(after.path()).read(doc(1), 1, 99).await.unwrap().len();
    assert!(count == 4 || count == 7, "all or none: {count}");
}

#[tokio::test]
async fn a_flush_that_takes_too_long_confirms_nothing_and_ends_the_journal() {
    let dir = TempDir::new().unwrap();
    let limit = Duration::from_millis(200);
    let journal = SledJournal::open_with(dir.path(), Clock::system(), limit).unwrap();
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    fault::set(dir.path(), Fault::Stall(limit * 5));
    assert_eq!(writer.append(batch(3)).await, Err(JournalError::Unknown));
    assert!(journal.failed());
    assert_eq!(journal.read(doc(1), 1, 99).await.unwrap().len(), 1, "what is not durable is not shown");
}

const CHILD: &str = "PLENARY_JOURNAL_CHILD_DIR";
const KILLS: u64 = 20;

fn content(doc: u8, seq: Seq) -> Vec<u8> {
    let len = if seq % 50 == 0 { 2 * limits::CHUNK_BYTES_MAX } else { 60 };
    noise(len, (seq * 31 + u64::from(doc)) as u32).to_vec()
}

/// Starts itself as a child that writes and says what was confirmed, kills it, and looks.
#[test]
fn all_that_was_confirmed_survives_a_kill() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return child(Path::new(&dir));
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let dir = TempDir::new().unwrap();
    let mut confirmed: BTreeMap<u8, (Seq, Seq)> = BTreeMap::new();
    for round in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal::crash::all_that_was_confirmed_survives_a_kill", "--nocapture"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        // Some rounds die while opening or at their first commits, others with some hundred behind them.
        let lines = [0, 1, 7, 150, 400][(round % 5) as usize];
        let mut seen = 0;
        let mut killed = false;
        for line in stdout.lines() {
            let line = line.unwrap();
            let mut words = line.split(' ');
            if words.next() == Some("confirmed") {
                let mut number = || words.next().unwrap().parse::<u64>().unwrap();
                let (doc, last, upto) = (number() as u8, number(), number());
                confirmed.insert(doc, (last, upto));
                seen += 1;
            }
            // What the pipe still holds after the kill was confirmed too, so reading goes on to its end.
            if !killed && seen >= lines {
                child.kill().unwrap();
                killed = true;
            }
        }
        child.wait().unwrap();
        assert!(killed, "the child of round {round} ended by itself");
        runtime.block_on(verify(dir.path(), &confirmed, round));
    }
    assert_eq!(confirmed.len(), 4);
}

async fn verify(dir: &Path, confirmed: &BTreeMap<u8, (Seq, Seq)>, round: u64) {
    let journal = open(dir);
    for (number, (last, upto)) in confirmed {
        let (entries, snapshot) = read_all(&journal, doc(*number)).await.unwrap();
        assert!(entries.last().unwrap().seq >= *last, "round {round}: document {number} lost entries");
        for entry in entries.iter().filter(|entry| entry.kind != super::Kind::Claim) {
            assert!(entry.bytes == content(*number, entry.seq), "round {round}: entry {}", entry.seq);
        }
        let held = snapshot.as_ref().map_or(0, |snapshot| snapshot.upto);
        assert!(held >= *upto, "round {round}: document {number} lost a snapshot");
        assert!(entries[0].seq <= held + 1, "nothing is missing between snapshot and entries");
        if let Some(snapshot) = snapshot {
            assert!(snapshot.state == noise(20_000, snapshot.upto as u32), "round {round}: a snapshot");
        }
    }
}

fn child(dir: &Path) {
    println!("opening");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let journal = open(dir);
        let writers = (1..=4).map(|number| {
            let journal = journal.clone();
            tokio::spawn(async move {
                let mut writer = journal.claim(doc(number), "node").await.unwrap();
                let mut upto = 0;
                for turn in 1.. {
                    let next = writer.tip() + 1;
                    let range = next..next + turn % 9 + 1;
                    writer.append(range.map(|seq| entry(content(number, seq))).collect()).await.unwrap();
                    if turn % 40 == 0 {
                        let tip = writer.tip();
                        writer.put_snapshot(tip, noise(20_000, tip as u32)).await.unwrap();
                        writer.truncate(tip - 5).await.unwrap();
                        upto = tip;
                    }
                    let line = format!("confirmed {number} {} {upto}\n", writer.tip());
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            })
        });
        futures_util::future::join_all(writers).await;
    });
}
