//! What commits cost, in processor time and wakes. Not tests but measurements, so they only run when asked:
//! `cargo test --release -p plenary --lib -- journal::cost --ignored --nocapture --test-threads 1`

use std::{
    collections::BTreeMap,
    fs,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tempfile::TempDir;

use super::{
    Journal as _, SledJournal, Writer,
    contract::{doc, entry, noise},
};
use crate::measure::meter;

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

/// Runs `work` and prints what it cost a commit.
async fn measured(what: &str, work: impl Future<Output = ()>) {
    let (before, commits, began) = (times(), meter().flush.get_sample_count(), Instant::now());
    work.await;
    let took = began.elapsed();
    let commits = (meter().flush.get_sample_count() - commits).max(1);
    let mut sum = (0, 0);
    let mut parts = String::new();
    for (name, after) in times() {
        let before = before.get(&name).copied().unwrap_or_default();
        let spent = (after.0.saturating_sub(before.0), after.1.saturating_sub(before.1));
        sum = (sum.0 + spent.0, sum.1 + spent.1);
        let (us, turns) = (spent.0 as f64 / 1e3 / commits as f64, spent.1 as f64 / commits as f64);
        if us >= 1.0 {
            parts += &format!("  {name} {us:.0} us/{turns:.1}");
        }
    }
    let (us, turns) = (sum.0 as f64 / 1e3 / commits as f64, sum.1 as f64 / commits as f64);
    println!("{what}: {commits} commits in {took:.1?}, each {us:.0} us and {turns:.1} turns:{parts}");
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
