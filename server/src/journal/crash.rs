//! What the journal on disk withstands: kills and failing disks.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Command, Stdio},
    sync::atomic::Ordering::SeqCst,
    thread,
    time::{Duration, Instant},
};

use futures_util::{future::join_all, poll};
use parking_lot::Mutex;
use tempfile::TempDir;

use super::{
    Entry, Journal, JournalError, OpenError, Seq, SledJournal, Snapshot,
    contract::{batch, doc, entry, noise},
    store::Patience,
    sync::fault::{self, Fault},
};
use crate::{ids::DocId, limits};

/// Held while a child is started and while a store is opened: until its program is loaded, a child holds all files of
/// this process, and so the locks of stores that were just closed.
static STARTING: Mutex<()> = Mutex::new(());

/// sled's I/O threads may hold a database's file, and so its lock, for a moment after it was dropped.
fn once_unlocked<T, E: std::fmt::Display>(mut open: impl FnMut() -> Result<T, E>) -> Result<T, E> {
    let _starting = STARTING.lock();
    let since = Instant::now();
    loop {
        match open() {
            Err(error) if is_locked(&error) && since.elapsed() < LOCKED_MAX => thread::yield_now(),
            outcome => return outcome,
        }
    }
}

fn is_locked(error: &impl std::fmt::Display) -> bool {
    error.to_string().contains("could not acquire lock")
}

/// Far more than a moment.
const LOCKED_MAX: Duration = Duration::from_secs(20);

/// Nothing is settled but with something else, so that what is on disk stays as it is while it is copied.
pub(super) fn try_open(dir: &Path) -> Result<SledJournal, OpenError> {
    open_settling(dir, Duration::from_hours(1))
}

fn open_settling(dir: &Path, settle_after: Duration) -> Result<SledJournal, OpenError> {
    once_unlocked(|| SledJournal::open_with(dir, Patience { settle_after, ..Patience::default() }))
}

pub(super) fn open(dir: &Path) -> SledJournal {
    try_open(dir).expect("open")
}

/// Each commit is in the database before the next begins.
pub(super) fn open_eager(dir: &Path) -> SledJournal {
    open_settling(dir, Duration::ZERO).expect("open")
}

/// The database of a closed store.
pub(super) fn open_database(dir: impl AsRef<Path>) -> sled::Result<sled::Db> {
    once_unlocked(|| sled::open(dir.as_ref()))
}

pub(super) fn copy(from: &Path, to: &Path) {
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
pub(super) type Contents = BTreeMap<DocId, (Vec<Entry>, Option<Snapshot>)>;

pub(super) async fn contents(journal: &SledJournal, docs: &[DocId]) -> Contents {
    let mut contents = Contents::new();
    for doc in docs {
        contents.insert(*doc, read_all(journal, *doc).await.expect("read"));
    }
    contents
}

pub(super) async fn read_all(
    journal: &SledJournal,
    doc: DocId,
) -> Result<(Vec<Entry>, Option<Snapshot>), JournalError> {
    let snapshot = journal.snapshot(doc).await?;
    let from = match journal.read(doc, 1, 1).await {
        Err(JournalError::Truncated { first }) => first,
        other => other.map(|_| 1)?,
    };
    Ok((journal.read(doc, from, usize::MAX).await?, snapshot))
}

/// Ten documents with entries small and large, snapshots, truncation, an erasure and a block.
pub(super) async fn fill(journal: &SledJournal) -> Contents {
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
    let mut writer = journal.claim(doc(8), "node").await.unwrap();
    writer.append(batch(520)).await.unwrap();
    writer.put_snapshot(writer.tip(), noise(9_000, 8)).await.unwrap();
    journal.packed().await;
    contents(journal, &docs).await
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
    let patience = Patience { flush_time: limit, ..Patience::default() };
    let journal = SledJournal::open_with(dir.path(), patience).unwrap();
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    fault::set(dir.path(), Fault::Stall(limit * 5));
    assert_eq!(writer.append(batch(3)).await, Err(JournalError::Unknown));
    assert!(journal.failed());
    assert_eq!(journal.read(doc(1), 1, 99).await.unwrap().len(), 1, "what is not durable is not shown");
}

/// Nobody else asks for anything, so only the journal's own thread can see it.
#[tokio::test]
async fn a_flush_that_hangs_in_the_thread_of_who_gathered_ends_the_journal_too() {
    let dir = TempDir::new().unwrap();
    let limit = Duration::from_millis(200);
    let patience = Patience { flush_time: limit, settle_after: Duration::from_hours(1) };
    let journal = SledJournal::open_with(dir.path(), patience).unwrap();
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    fault::set(dir.path(), Fault::Stall(Duration::from_secs(60)));
    journal.line().committer.lock().flush_of_late = Duration::ZERO;
    let gathers = journal.clone();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let gathering = gathers.gather();
            let mut append = writer.append(batch(3));
            assert!(poll!(&mut append).is_pending());
            drop(gathering);
            append.await
        })
    });
    // The thread hangs on, and ends with the test's process.
    let failed = tokio::time::timeout(Duration::from_secs(20), journal.until_failed());
    assert!(failed.await.is_ok(), "it is seen while it hangs");
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_takes_no_change_and_the_journal_lives_on() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    let least = &journal.line().store.free_bytes_min;
    let before = least.swap(u64::MAX, SeqCst);
    let refusal = writer.append(batch(1)).await.expect_err("no space");
    assert!(matches!(&refusal, JournalError::Unavailable(why) if why.contains("nearly full")), "{refusal:?}");
    assert!(journal.vitals().low_space && !journal.failed());
    let tip = writer.tip();
    assert!(writer.put_snapshot(tip, noise(9, 9)).await.is_err());
    assert_eq!(journal.read(doc(1), 1, usize::MAX).await.unwrap().len() as u64, tip, "reading goes on");
    let mut other = journal.claim(doc(2), "node").await.unwrap();
    other.truncate(1).await.unwrap();
    journal.erase(doc(2)).await.unwrap();
    least.store(before, SeqCst);
    assert_eq!(writer.append(batch(1)).await, Ok(tip + 1..=tip + 1), "the same writer may try again");
    assert!(!journal.vitals().low_space);
}

#[tokio::test]
async fn vitals_tell_of_a_flush_that_hangs_and_of_what_waits_behind_it() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    assert_eq!(journal.vitals().since_commit, None);
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    let healthy = journal.vitals();
    assert!(healthy.since_commit.is_some() && healthy.flush.is_some() && !healthy.failed, "{healthy:?}");
    fault::set(dir.path(), Fault::Stall(Duration::from_secs(1)));
    let under_way = tokio::spawn(async move { writer.append(batch(3)).await });
    while journal.vitals().commit_under_way.is_none() {
        tokio::task::yield_now().await;
    }
    let mut behind = journal.claim(doc(2), "node");
    assert!(poll!(&mut behind).is_pending());
    let hangs = journal.vitals();
    assert_eq!((hangs.waiting, hangs.failed), (1, false), "{hangs:?}");
    assert_eq!(under_way.await.unwrap(), Ok(2..=4));
    behind.await.unwrap();
    let after = journal.vitals();
    assert_eq!((after.waiting, after.commit_under_way), (0, None), "{after:?}");
    assert!(after.flush >= Some(Duration::from_millis(500)), "{after:?}");
}

#[tokio::test]
async fn what_many_rooms_gather_is_one_commit() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writers = Vec::new();
    for number in 1..=20 {
        writers.push(journal.claim(doc(number), "node").await.unwrap());
    }
    // Every write to the log is counted in the witness.
    let commits = || fs::read(dir.path().join("witness")).unwrap()[23];
    // The first one begins the log.
    journal.claim(doc(21), "node").await.unwrap().append(batch(1)).await.unwrap();
    let before = commits();
    let gathering = journal.gather();
    let mut appends: Vec<_> = writers.iter_mut().map(|writer| writer.append(batch(1))).collect();
    for append in &mut appends {
        assert!(poll!(append).is_pending());
    }
    drop(gathering);
    for outcome in join_all(appends).await {
        assert_eq!(outcome, Ok(2..=2));
    }
    assert_eq!(commits() - before, 1);
}

/// The first fills a commit; nobody may wait for the next gathering, or for a flush that hangs.
#[tokio::test]
async fn what_does_not_fit_a_commit_with_what_was_gathered_follows_at_once() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let (mut one, mut two) =
        (journal.claim(doc(1), "node").await.unwrap(), journal.claim(doc(2), "node").await.unwrap());
    let large = noise(limits::COMMIT_BYTES_MAX, 1);
    let gathering = journal.gather();
    let mut appends = [one.append(vec![entry(large)]), two.append(batch(1))];
    for append in &mut appends {
        assert!(poll!(append).is_pending());
    }
    drop(gathering);
    let all = tokio::time::timeout(limits::FLUSH_TIME_MAX / 2, join_all(appends)).await;
    assert_eq!(all.expect("nobody waits"), [Ok(2..=2), Ok(2..=2)]);
}

#[tokio::test]
async fn a_failed_sync_is_told_to_all_who_were_gathered() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let (mut one, mut two) =
        (journal.claim(doc(1), "node").await.unwrap(), journal.claim(doc(2), "node").await.unwrap());
    fault::set(dir.path(), Fault::Io);
    let gathering = journal.gather();
    let mut appends = [one.append(batch(1)), two.append(batch(1))];
    for append in &mut appends {
        assert!(poll!(append).is_pending());
    }
    drop(gathering);
    for outcome in join_all(appends).await {
        assert_eq!(outcome, Err(JournalError::Unknown));
        assert!(journal.failed(), "who learns that also learns that it is over");
    }
}

const CHILD: &str = "PLENARY_JOURNAL_CHILD_DIR";
const KILLS: u64 = 20;

fn content(doc: u8, seq: Seq) -> Vec<u8> {
    let len = if seq.is_multiple_of(50) { 2 * limits::CHUNK_BYTES_MAX } else { 60 };
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
        let starting = STARTING.lock();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal::crash::all_that_was_confirmed_survives_a_kill", "--nocapture"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        drop(starting);
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
        assert!(*number <= 2 || entries[0].seq == 1, "the whole history is kept");
        assert!(entries[0].seq <= held + 1, "nothing is missing between snapshot and entries");
        if let Some(snapshot) = snapshot {
            assert!(snapshot.state == noise(20_000, snapshot.upto as u32), "round {round}: a snapshot");
        }
    }
}

fn child(dir: &Path) {
    println!("opening");
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let journal = open_settling(dir, Duration::from_millis(20)).expect("open");
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
                        // Half of the documents keep their whole history, packed.
                        if number <= 2 {
                            writer.truncate(tip - 5).await.unwrap();
                        }
                        upto = tip;
                    }
                    let line = format!("confirmed {number} {} {upto}\n", writer.tip());
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            })
        });
        join_all(writers).await;
    });
}
