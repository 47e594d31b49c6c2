//! What commits cost, in processor time and wakes, and what a long history takes on disk. Not tests but measurements,
//! so they only run when asked:
//! `cargo test --release -p plenary --lib -- journal::cost --ignored --nocapture --test-threads 1`
//! With `TMPDIR` on a memory disk, syncs cost next to nothing, and `history` is done in minutes.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt as _,
    path::Path,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tempfile::TempDir;

use super::{
    Journal as _, NewEntry, SledJournal, Writer,
    block::put_number,
    contract::{doc, entry, noise},
};
use crate::{ids::ParticipantId, limits, measure::meter};

/// Processor time (user and system, in ns) and turns on a processor, by name of thread.
type Times = BTreeMap<String, (u64, u64)>;

/// From `schedstat`: time run in ns, time waited, turns.
fn times() -> Times {
    let mut times = Times::new();
    for task in fs::read_dir("/proc/self/task").unwrap().flatten() {
        let file = |name| fs::read_to_string(task.path().join(name));
        // A thread may end meanwhile.
        let (Ok(name), Ok(stat)) = (file("comm"), file("schedstat")) else { continue };
        let fields: Vec<u64> = stat.split_whitespace().map(|field| field.parse().unwrap()).collect();
        let name = name.trim().trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let sum = times.entry(name).or_default();
        *sum = (sum.0 + fields[0], sum.1 + fields[2]);
    }
    times
}

/// What some work cost in all: commits, processor time in ns and turns, each also by thread.
#[derive(Default)]
struct Cost {
    commits: u64,
    threads: Times,
}

impl Cost {
    async fn add(&mut self, work: impl Future<Output = ()>) {
        let (before, commits) = (times(), meter().flush.get_sample_count());
        work.await;
        self.commits += meter().flush.get_sample_count() - commits;
        for (name, after) in times() {
            let before = before.get(&name).copied().unwrap_or_default();
            let sum = self.threads.entry(name).or_default();
            sum.0 += after.0.saturating_sub(before.0);
            sum.1 += after.1.saturating_sub(before.1);
        }
    }

    /// Microseconds and turns of one commit.
    fn each(&self, spent: (u64, u64)) -> (f64, f64) {
        let commits = self.commits.max(1) as f64;
        (spent.0 as f64 / 1e3 / commits, spent.1 as f64 / commits)
    }

    fn total(&self) -> (f64, f64) {
        let sum = self.threads.values().fold((0, 0), |sum, spent| (sum.0 + spent.0, sum.1 + spent.1));
        self.each(sum)
    }

    fn print(&self, what: &str) {
        let (us, turns) = self.total();
        print!("{what}: {} commits, each {us:.0} us and {turns:.1} turns:", self.commits);
        for (name, spent) in &self.threads {
            let (us, turns) = self.each(*spent);
            if us >= 1.0 {
                print!("  {name} {us:.0} us/{turns:.1}");
            }
        }
        println!();
    }
}

/// Runs `work` and prints what it cost a commit.
async fn measured(what: &str, work: impl Future<Output = ()>) {
    let mut cost = Cost::default();
    cost.add(work).await;
    cost.print(what);
}

async fn writers(journal: &SledJournal, count: u8) -> Vec<Box<dyn Writer>> {
    let mut writers = Vec::new();
    for number in 1..=count {
        writers.push(journal.claim(doc(number), "node").await.unwrap());
    }
    writers
}

async fn append_each(writers: &mut [Box<dyn Writer>]) {
    for outcome in join_all(writers.iter_mut().map(|writer| writer.append(vec![entry(noise(60, 1))]))).await {
        outcome.unwrap();
    }
}

#[tokio::test]
#[ignore = "a measurement"]
async fn commits() {
    for rooms in [1, 10] {
        let dir = TempDir::new().unwrap();
        let journal = SledJournal::open(dir.path()).unwrap();
        let mut writers = writers(&journal, rooms).await;
        measured(&format!("{rooms} rooms, full speed"), async {
            for _ in 0..1000 {
                append_each(&mut writers).await;
            }
        })
        .await;
        measured(&format!("{rooms} rooms, every 10 ms"), async {
            let mut ticks = tokio::time::interval(Duration::from_millis(10));
            for _ in 0..1000 {
                ticks.tick().await;
                append_each(&mut writers).await;
            }
        })
        .await;
    }
}

/// A Yjs update that types one character between two others, as the `place`-th of a document that five people write:
/// some thirty bytes.
fn keystroke(place: u64) -> NewEntry {
    const CLIENTS: [u64; 5] =
        [3_141_592_653, 1_618_033_988, 2_718_281_828, 577_215_664, 4_669_201_609 - 1_000_000_000];
    const TEXT: &[u8] = b"the consultation on the draft report of the commission for regional development ";
    // People take turns of some words.
    let (client, clock) = (CLIENTS[(place / 37 % 5) as usize], place / 185 * 37 + place % 37);
    let mut bytes = vec![1, 1];
    for (client, clock, info) in
        [(client, clock, Some(0xc4)), (client, clock.max(1) - 1, None), (CLIENTS[0], 99_999, None)]
    {
        put_number(&mut bytes, client);
        put_number(&mut bytes, clock);
        bytes.extend(info);
    }
    bytes.extend([1, TEXT[place as usize % TEXT.len()], 0]);
    let participant = ParticipantId::from_bytes([client as u8; 16]);
    // No two pauses are alike.
    let at_us = 1_700_000_000_000_000 + (place * 150_000 + place * 7_919 % 99_991) as i64;
    NewEntry { at_us, participant, ..entry(bytes) }
}

const HISTORY: u64 = 1_000_000;
/// Entries of one commit, as of a busy room.
const TOGETHER: u64 = 5;

/// Bytes that a store takes on disk.
fn on_disk(dir: &Path) -> u64 {
    let files = fs::read_dir(dir.join("sled")).unwrap();
    files.map(|file| file.unwrap().metadata().unwrap().blocks() * 512).sum()
}

fn print_size(what: &str, dir: &Path, entries: u64, bytes: u64) {
    let disk = on_disk(dir);
    let (each, multiple) = (disk as f64 / entries as f64, disk as f64 / bytes as f64);
    println!(
        "{what}: {entries} entries of {bytes} bytes in all take {disk} bytes, {each:.1} each, {multiple:.2} times"
    );
}

/// One document written to its end, with snapshots as rooms make them.
async fn write_history(journal: &SledJournal, dir: &Path, packs: bool) -> u64 {
    let mut writer = journal.claim(doc(1), "node").await.unwrap();
    let (mut place, mut bytes) = (0, 0);
    while place < HISTORY {
        if [1_000, 10_000, 100_000].contains(&place) {
            print_size("so far", dir, place, bytes);
        }
        let together: Vec<_> = (place..place + TOGETHER).map(keystroke).collect();
        bytes += together.iter().map(|entry| entry.bytes.len() as u64).sum::<u64>();
        writer.append(together).await.unwrap();
        place += TOGETHER;
        if place.is_multiple_of(limits::SNAPSHOT_ENTRIES) {
            // A text takes about a byte a character.
            writer.put_snapshot(writer.tip(), noise(place as usize, place as u32)).await.unwrap();
            if packs {
                journal.packed().await;
            }
        }
    }
    bytes
}

/// What an append to the long document costs, and one to a short document of another store, by turns.
async fn compare_with_short(long: &SledJournal) {
    let dir = TempDir::new().unwrap();
    let short = SledJournal::open(dir.path()).unwrap();
    let mut writers = [long.claim(doc(1), "node").await.unwrap(), short.claim(doc(1), "node").await.unwrap()];
    writers[1].append((0..1_000).map(keystroke).collect()).await.unwrap();
    let mut costs = [Cost::default(), Cost::default()];
    // Few enough for the short one to stay short.
    for round in 0..10 {
        for (writer, cost) in writers.iter_mut().zip(&mut costs) {
            cost.add(async {
                for place in 0..100 {
                    writer.append(vec![keystroke(round * 100 + place)]).await.unwrap();
                }
            })
            .await;
        }
    }
    costs[0].print("appends to a million entries");
    costs[1].print("appends to a thousand entries");
    println!("ratio {:.2}", costs[0].total().0 / costs[1].total().0);
}

/// Until sled has collected what it can.
async fn settle(dir: &Path) {
    let mut before = 0;
    while before != on_disk(dir) {
        before = on_disk(dir);
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
}

#[tokio::test]
#[ignore = "a measurement"]
async fn history_packed_as_it_grows() {
    let dir = TempDir::new().unwrap();
    let journal = SledJournal::open(dir.path()).unwrap();
    let bytes = write_history(&journal, dir.path(), true).await;
    settle(dir.path()).await;
    print_size("packed as it grew", dir.path(), HISTORY, bytes);
    compare_with_short(&journal).await;
    drop(journal);
    let began = Instant::now();
    let journal = SledJournal::open(dir.path()).unwrap();
    println!("opened in {:.1?}", began.elapsed());
    print_size("opened again", dir.path(), HISTORY, bytes);
    let began = Instant::now();
    let entries = journal.read(doc(1), 1, usize::MAX).await.unwrap();
    println!("{} entries read in {:.1?}", entries.len(), began.elapsed());
}

#[tokio::test]
#[ignore = "a measurement"]
async fn history_packed_afterwards() {
    let dir = TempDir::new().unwrap();
    let journal = SledJournal::open_to_read(dir.path()).unwrap();
    let bytes = write_history(&journal, dir.path(), false).await;
    settle(dir.path()).await;
    print_size("not packed", dir.path(), HISTORY, bytes);
    drop(journal);
    let journal = SledJournal::open(dir.path()).unwrap();
    let (began, mut cost) = (Instant::now(), Cost::default());
    cost.add(journal.packed()).await;
    let each = cost.total().0 * cost.commits as f64 / HISTORY as f64;
    println!("packed in {:.1?}, {each:.1} us an entry", began.elapsed());
    settle(dir.path()).await;
    print_size("packed afterwards", dir.path(), HISTORY, bytes);
}
