//! The runs of every build, the replay of a kept plan, and proof that the simulation notices.

use std::collections::BTreeMap;

use super::{plan::Plan, *};

/// Runs that are made when nobody says how many.
const SEEDS: u64 = 1_500;
/// Runs at a time.
const THREADS: u64 = 2;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Shrinks a plan that failed, keeps it, and says how to run it again.
fn report(plan: Plan, why: &str) -> String {
    let plan = plan.shrunk(300, |plan| run(plan, Mutant::Sound).is_err());
    let kept = plan.keep().map_or_else(|error| error.to_string(), |path| path.display().to_string());
    let last = run(&plan, Mutant::Sound).err().unwrap_or_default();
    format!("seed {}: {why}\nshrunk ({kept}): {last}\n{plan:#?}", plan.seed)
}

#[test]
fn seeds() {
    let from = number("PLENARY_SIM_FROM").unwrap_or(1);
    let count = number("PLENARY_SIM_SEEDS").unwrap_or(SEEDS);
    let run_some = |thread: u64| {
        for plan in (from..from + count).filter(|seed| seed % THREADS == thread).map(Plan::of) {
            if let Err(why) = run(&plan, Mutant::Sound) {
                panic!("{}", report(plan, &why));
            }
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || run_some(thread));
        }
    });
}

/// Plans that failed once.
#[test]
fn kept_plans() {
    for (plan, what) in [
        (include_str!("plans/reader_of_a_removed_paragraph.json"), "a reader is not refused"),
        (include_str!("plans/laggard_while_changes_wait.json"), "whoever lags is told of all changes"),
        (
            include_str!("plans/review_reset_in_a_round.json"),
            "a room that regains its review holds up no round",
        ),
    ] {
        let plan = serde_json::from_str(plan).expect("a plan");
        assert_eq!(run(&plan, Mutant::Sound).err(), None, "{what}");
    }
}

#[test]
fn replay() {
    let Ok(path) = std::env::var("PLENARY_SIM_PLAN") else { return };
    let plan = Plan::read(&path).expect("a plan");
    if let Err(why) = run(&plan, Mutant::Sound) {
        panic!("seed {}: {why}", plan.seed);
    }
}

#[test]
fn a_run_follows_from_its_seed() {
    for seed in 1..30 {
        let plan = Plan::of(seed);
        assert_eq!(run(&plan, Mutant::Sound), run(&plan, Mutant::Sound), "seed {seed}");
    }
}

/// The first of many seeds that shows what is broken.
fn caught(mutant: Mutant, seeds: u64) -> (u64, String) {
    let found = (1..=seeds).find_map(|seed| Some((seed, run(&Plan::of(seed), mutant).err()?)));
    found.unwrap_or_else(|| panic!("{seeds} runs did not notice {mutant:?}"))
}

#[test]
fn a_journal_that_breaks_its_promise_is_caught() {
    for (broken, signs) in [
        (Broken::ConfirmsBeforeFlush, &["is lost", "there is a gap"][..]),
        (Broken::ConfirmsOnArrival, &["is lost", "there is a gap"]),
        (Broken::LosesAnEntry, &["stands where", "is lost"]),
        (Broken::MixesNamesUp, &["names"]),
        (Broken::RetriesFlush, &["is lost", "there is a gap"]),
    ] {
        let (seed, why) = caught(Mutant::Journal(broken), 200);
        assert!(signs.iter().any(|sign| why.contains(sign)), "{broken:?}: seed {seed}: {why}");
    }
}

#[test]
fn a_network_that_does_what_no_room_may_is_caught() {
    for (lie, signs) in [
        (Lie::LosesAFrame, &["not what is served", "left a gap"][..]),
        (Lie::ConfirmsAtOnce, &["is lost"]),
        (Lie::MixesSeatsUp, &["names", "never to be taken", "more is confirmed", "of another person's"]),
    ] {
        let (seed, why) = caught(Mutant::Network(lie), 200);
        assert!(signs.iter().any(|sign| why.contains(sign)), "{lie:?}: seed {seed}: {why}");
    }
}

/// A simulation in which nothing goes wrong shows nothing.
#[test]
fn the_runs_meet_what_they_are_for() {
    let mut counts = BTreeMap::new();
    for seed in 1..=150 {
        let ran = run(&Plan::of(seed), Mutant::Sound).expect("it holds");
        for (what, count) in ran.counts {
            *counts.entry(what).or_insert(0) += count;
        }
    }
    for what in [
        "crashes",
        "is stopped",
        "is left by a crash",
        "is cut off",
        "is reset",
        "is told of a restart",
        "is refused",
        "is closed for a change",
        "starts afresh",
        "attacks",
        "right changes",
        "looks",
        "is done",
        "rewordings",
        "is refused a command",
        "gives up on a command",
        "writes lost by a crash",
        "writes kept by a crash",
        "flushes failed",
        "appends of unknown outcome",
        "unknown outcomes settled late",
        "writes refused by a full disk",
        "reads refused",
        "snapshots written",
        "snapshots read",
    ] {
        assert!(counts.get(what).is_some_and(|count| *count > 0), "{what:?} did not happen: {counts:#?}");
    }
}
