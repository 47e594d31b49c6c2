//! What the write-ahead log and its settling keep: every confirmed entry, through crashes between any two steps.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

use futures_util::poll;
use tempfile::TempDir;

use super::{
    Entry, Journal, Kind, MemoryJournal, OpenError, SledJournal, Writer,
    contract::{batch, doc, entry, noise},
    crash::{copy, open, open_database, open_eager, try_open},
    record,
    wal::FILES,
};

/// A copy of a store as a kill would leave it.
fn crashed(dir: &Path) -> TempDir {
    let copied = TempDir::new().unwrap();
    copy(dir, copied.path());
    copied
}

async fn all(journal: &SledJournal, number: u8) -> Vec<Entry> {
    journal.read(doc(number), 1, usize::MAX).await.unwrap()
}

/// Runs that the database has of a document.
fn stored(dir: &Path, number: u8) -> usize {
    let db = open_database(dir.join("sled")).unwrap();
    db.range(record::run_key(doc(number), 0, 0)..=record::run_key(doc(number), u64::MAX, 0)).count()
}

#[tokio::test]
async fn what_only_the_log_has_is_read_like_all_else_and_survives_a_crash() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    for place in 0..30_u32 {
        writer.append(batch(place as usize % 4 + 1)).await.unwrap();
        writer.append(vec![entry(noise(place as usize * 700, place))]).await.unwrap();
    }
    let whole = all(&journal, 1).await;
    assert_eq!((whole.len() as u64, whole.last().unwrap().seq), (writer.tip(), writer.tip()));
    for from in 0..whole.len() {
        assert_eq!(
            journal.read(doc(1), from as u64 + 1, 7).await.unwrap()[..],
            whole[from..whole.len().min(from + 7)]
        );
    }
    let killed = crashed(dir.path());
    assert_eq!(stored(crashed(dir.path()).path(), 1), 1, "the claim alone");
    drop((writer, journal));
    assert!(stored(dir.path(), 1) > 30, "closing settles");
    for dir in [&killed, &dir] {
        assert_eq!(all(&open(dir.path()), 1).await, whole);
    }
}

#[tokio::test]
async fn settling_puts_entries_of_many_commits_into_one_value() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    for _ in 0..40 {
        writer.append(batch(1)).await.unwrap();
    }
    drop((writer, journal));
    assert_eq!(stored(dir.path(), 1), 2, "the claim and one run");
}

#[tokio::test]
async fn a_crash_in_the_midst_of_settling_takes_nothing_twice_and_loses_nothing() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    for number in 1..=3 {
        let mut writer = journal.claim(doc(number), "node").await.unwrap();
        for _ in 0..5 {
            writer.append(batch(9)).await.unwrap();
        }
    }
    let mut whole = Vec::new();
    for number in 1..=3 {
        whole.push(all(&journal, number).await);
    }
    let killed = crashed(dir.path());
    drop(journal);
    // Of what closing settled, the crashed store got some: a run without its head, and a run that differs in where it
    // ends, as of a settling that was interrupted.
    let settled = open_database(dir.path().join("sled")).unwrap();
    let db = open_database(killed.path().join("sled")).unwrap();
    let key = record::run_key(doc(1), 46, 0);
    db.insert(&key, settled.get(&key).unwrap().expect("a run to the last entry")).unwrap();
    db.insert(record::run_key(doc(2), 20, 0), b"cut short").unwrap();
    drop((settled, db));
    let journal = open(killed.path());
    for number in 1..=3 {
        assert_eq!(all(&journal, number).await, whole[usize::from(number) - 1]);
    }
    // The log that was taken over is not read again, whatever becomes of it.
    drop(journal);
    let newest = killed.path().join(FILES[0]);
    let mut bytes = fs::read(&newest).unwrap();
    bytes.fill(7);
    fs::write(&newest, bytes).unwrap();
    assert_eq!(all(&open(killed.path()), 3).await, whole[2]);
}

#[tokio::test]
async fn a_log_that_lacks_a_confirmed_write_keeps_the_store_shut() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    for _ in 0..9 {
        writer.append(batch(1)).await.unwrap();
    }
    let log =
        FILES.map(|name| dir.path().join(name)).into_iter().find(|log| fs::metadata(log).unwrap().len() > 0);
    let log = log.expect("a log").file_name().unwrap().to_owned();
    let end = fs::read(dir.path().join(&log)).unwrap().iter().rposition(|byte| *byte != 0).unwrap();
    for at in [end / 2, end] {
        let killed = crashed(dir.path());
        let mut bytes = fs::read(killed.path().join(&log)).unwrap();
        bytes[at] ^= 1;
        fs::write(killed.path().join(&log), bytes).unwrap();
        let outcome = try_open(killed.path()).err();
        assert!(matches!(&outcome, Some(OpenError::Damaged { what }) if what.contains("log")), "{outcome:?}");
    }
}

/// A small dice, so that a run can be repeated by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// A store beside a model of it, under the same orders.
struct Pair {
    dir: TempDir,
    journal: Option<SledJournal>,
    model: MemoryJournal,
    writers: BTreeMap<u8, [Box<dyn Writer>; 2]>,
}

impl Pair {
    fn journal(&self) -> &SledJournal {
        self.journal.as_ref().expect("open")
    }

    async fn claim(&mut self, number: u8) {
        let one = self.journal().claim(doc(number), "node").await.unwrap();
        let other = self.model.claim(doc(number), "node").await.unwrap();
        self.writers.insert(number, [one, other]);
    }

    async fn order(&mut self, dice: &mut Dice) {
        let number = dice.roll(4) as u8 + 1;
        if !self.writers.contains_key(&number) {
            self.claim(number).await;
        }
        let entries: Vec<_> = (0..dice.roll(12) + 1)
            .map(|_| entry(noise(if dice.roll(20) == 0 { 9_000 } else { 40 }, dice.roll(1 << 30) as u32)))
            .collect();
        let what = dice.roll(24);
        let state = noise(dice.roll(20_000) as usize, 5);
        for writer in self.writers.get_mut(&number).expect("claimed") {
            let tip = writer.tip();
            match what {
                0 => writer.put_snapshot(tip, state.clone()).await.unwrap(),
                1 => writer.truncate(tip / 2).await.unwrap(),
                _ => drop(writer.append(entries.clone()).await.unwrap()),
            }
        }
        if what == 2 {
            self.claim(number).await;
        } else if what == 3 {
            self.writers.remove(&number);
            self.journal().erase(doc(number)).await.unwrap();
            self.model.erase(doc(number)).await.unwrap();
        }
    }

    /// The process ends, by a kill or not, and another opens what it left.
    async fn reopen(&mut self, dice: &mut Dice) {
        self.writers.clear();
        // What the packer does meanwhile, a copy file by file may see in part.
        self.journal().packed().await;
        let killed = crashed(self.dir.path());
        self.journal = None;
        if dice.roll(2) == 0 {
            self.dir = killed;
        }
        let eager = dice.roll(2) == 0;
        self.journal = Some(if eager { open_eager(self.dir.path()) } else { open(self.dir.path()) });
    }

    async fn compare(&self, seed: u64) {
        for number in 1..=4 {
            let mut sides = Vec::new();
            for journal in [self.journal() as &dyn Journal, &self.model] {
                let first = match journal.read(doc(number), 1, 1).await {
                    Err(super::JournalError::Truncated { first }) => first,
                    other => other.map(|_| 1).unwrap(),
                };
                let mut entries = journal.read(doc(number), first, usize::MAX).await.unwrap();
                // Each notes its own time for a claim.
                entries
                    .iter_mut()
                    .filter(|entry| entry.kind == Kind::Claim)
                    .for_each(|claim| claim.at_us = 0);
                sides.push((entries, journal.snapshot(doc(number)).await.unwrap()));
            }
            assert!(sides[0] == sides[1], "seed {seed}, document {number}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_any_orders_and_ends_a_store_holds_what_a_model_holds() {
    for seed in 1..=12 {
        let mut dice = Dice(seed * 0x9e37_79b9);
        let dir = TempDir::new().unwrap();
        let journal = Some(open(dir.path()));
        let mut pair = Pair { dir, journal, model: MemoryJournal::new(), writers: BTreeMap::new() };
        for _ in 0..5 {
            for _ in 0..dice.roll(40) {
                pair.order(&mut dice).await;
            }
            pair.compare(seed).await;
            pair.reopen(&mut dice).await;
            pair.compare(seed).await;
        }
    }
}

#[tokio::test]
async fn a_log_is_settled_before_it_is_written_over_however_much_comes() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    for round in 0..30 {
        writer.append(vec![entry(noise(600_000, round))]).await.unwrap();
    }
    let whole = all(&journal, 1).await;
    let killed = crashed(dir.path());
    for name in FILES {
        assert!(fs::metadata(killed.path().join(name)).unwrap().len() < 8 << 20, "a log is bounded");
    }
    assert_eq!(all(&open(killed.path()), 1).await, whole);
    assert_eq!(whole.len(), 31);
}

#[tokio::test]
async fn a_log_that_is_written_by_who_gathers_is_settled_for_its_size_too() {
    let dir = TempDir::new().unwrap();
    let journal = open(dir.path());
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    for round in 0..400 {
        // On any disk: who gathers writes.
        journal.line().committer.lock().flush_of_late = Duration::ZERO;
        let gathering = journal.gather();
        let mut append = writer.append(vec![entry(noise(50_000, round))]);
        assert!(poll!(&mut append).is_pending());
        drop(gathering);
        append.await.unwrap();
        if FILES.iter().all(|name| fs::metadata(dir.path().join(name)).unwrap().len() > 0) {
            return;
        }
    }
    panic!("20 MB are in one log");
}
