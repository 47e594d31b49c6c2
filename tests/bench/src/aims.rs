//! What the project aims at, and whether a book of runs shows it. The report judges; no test asserts a time.

use std::{
    collections::BTreeSet,
    fmt::{self, Write},
};

use crate::{
    machine::median,
    record::Book,
    report::{header, number},
};

/// A limit for one figure of one server in one scenario.
struct Aim {
    scenario: &'static str,
    server: &'static str,
    figure: &'static str,
    what: &'static str,
    limit: Limit,
}

/// Ratios are taken within each round, then their median: a round's servers share the machine's mood.
#[derive(Clone, Copy)]
enum Limit {
    /// So much at most, the median of the runs.
    AtMost(f64),
    /// So much at most in the worst run: for what must not happen.
    Never(f64),
    /// So much at least, in every run.
    AtLeast(f64),
    /// So many milliseconds and two flushes, at most.
    TwoFlushes(f64),
    /// At most so many times the other server's.
    Times(f64, &'static str),
    /// At least so many times the other server's, or the generator was the limit.
    TimesUnlessGenerator(f64, &'static str),
}

/// Generator's CPU, in percent of a core, and lag, in milliseconds, from which it counts as the limit.
const GENERATOR_CPU_PERCENT: f64 = 90.0;
const GENERATOR_LATE_MS: f64 = 100.0;

use Limit::{AtLeast, AtMost, Never, Times, TimesUnlessGenerator, TwoFlushes};

const CPU: (&str, &str) = ("us_per_key", "server CPU a delivered keystroke");
const P99: (&str, &str) = ("p99_ms", "p99, ms");
const RSS: (&str, &str) = ("kib_per_connection", "memory of an idle connection, KiB");

const fn aim(
    scenario: &'static str,
    server: &'static str,
    figure: (&'static str, &'static str),
    limit: Limit,
) -> Aim {
    Aim { scenario, server, figure: figure.0, what: figure.1, limit }
}

const AIMS: &[Aim] = &[
    aim("A", "plenary", CPU, Times(0.6, "hocuspocus")),
    aim("A", "plenary", P99, TwoFlushes(5.0)),
    aim("B", "plenary", CPU, Times(0.6, "hocuspocus")),
    aim("B", "plenary", P99, TwoFlushes(5.0)),
    aim("A", "plenary-window", CPU, Times(1.15, "bare")),
    aim("B", "plenary-window", CPU, Times(1.15, "bare")),
    aim("C", "plenary", CPU, Times(0.7, "bare")),
    aim("C", "plenary", CPU, Times(0.35, "hocuspocus")),
    aim("C", "plenary", P99, TwoFlushes(15.0)),
    aim("A2", "plenary", CPU, Times(1.0, "bare")),
    aim("A2", "plenary", CPU, Times(0.7, "hocuspocus")),
    aim("C-287k", "plenary", CPU, Times(0.4, "bare")),
    aim("C-287k", "plenary", P99, AtMost(25.0)),
    aim(
        "top-rate",
        "plenary",
        ("top_deliveries_per_s", "highest rate, deliveries/s"),
        TimesUnlessGenerator(3.0, "hocuspocus"),
    ),
    aim("idle", "plenary", RSS, AtMost(4.0)),
    aim("idle+awareness", "plenary", RSS, AtMost(4.0)),
    aim("idle-asleep", "plenary", RSS, AtMost(4.0)),
    aim("cold-join", "plenary", ("cold_join_ms", "first join, connect to document, ms"), AtMost(10.0)),
    aim("cold-join", "plenary", ("cold_join_cpu_ms", "first join, server CPU, ms"), AtMost(10.0)),
    aim("cold-join", "plenary", ("rss_after_to_before", "RSS when it sleeps again, to before"), AtMost(1.1)),
    aim("stored", "plenary", ("open_ms", "start with 10,000 documents, ms"), AtMost(2000.0)),
    aim("stored", "plenary", ("rss_mib", "RSS then, MiB"), AtMost(150.0)),
    aim("stored", "plenary", ("missing_of_100", "documents missing"), Never(0.0)),
    aim("growth", "plenary", ("long_to_short", "update after a million, to after a thousand"), AtMost(1.2)),
    aim("growth", "plenary", ("updates_long", "updates of one document by then"), AtLeast(1e6)),
    aim("kill", "plenary", ("kills", "kill -9 under load"), AtLeast(200.0)),
    aim("kill", "plenary", ("gone", "seen keystrokes lost"), Never(0.0)),
    aim("kill", "plenary", ("invented", "keystrokes invented"), Never(0.0)),
    aim("hostile", "plenary", ("frames_per_s", "malformed frames/s written"), AtLeast(9_900.0)),
    aim("hostile", "plenary", ("restarts", "restarts under malformed frames"), Never(0.0)),
    aim("hostile", "plenary", ("rss_after_to_early", "memory at the end, to after a tenth"), AtMost(1.1)),
    aim("hostile", "plenary", ("p99_under_fire_ms", "honest p99 meanwhile, ms"), AtMost(100.0)),
    aim("hostile", "plenary", ("lost", "honest keystrokes lost"), Never(0.0)),
    aim("storm", "plenary", ("all_synced_s", "5,000 back, s"), AtMost(30.0)),
    aim("crowd", "plenary", ("failed_joins", "500 into one cold document: failed joins"), Never(0.0)),
];

/// The row on a slow disk that `all` has, for each aim about flushes; others are judged where they were measured.
const SLOW: &str = "+slow-5ms";

/// What was measured against a limit.
struct Judged {
    measured: String,
    verdict: &'static str,
}

impl Aim {
    /// The rows that it is about. One that allows for flushes holds on a slow disk as well.
    fn rows(&self, book: &Book) -> BTreeSet<String> {
        let mut rows = BTreeSet::from([self.scenario.to_string()]);
        if let TwoFlushes(_) = self.limit {
            rows.insert(format!("{}{SLOW}", self.scenario));
            rows.extend(book.variants(self.scenario).into_iter().filter(|name| name.contains("+slow-")));
        }
        rows
    }

    /// `None` when it was not measured.
    fn judge(&self, scenario: &str, book: &Book) -> Option<Judged> {
        let own = || book.median(scenario, self.server, self.figure);
        let told = |value: f64, holds: bool| Judged {
            measured: number(Some(value)),
            verdict: if holds { "PASS" } else { "MISS" },
        };
        Some(match self.limit {
            AtMost(most) => own().map(|value| told(value, value <= most))?,
            Never(most) => {
                book.worst(scenario, self.server, self.figure).map(|value| told(value, value <= most))?
            }
            AtLeast(least) => own().map(|value| told(value, value >= least))?,
            TwoFlushes(ms) => {
                let most = ms + 2.0 * self.flush_ms(scenario, book)?;
                own().map(|value| told(value, value <= most))?
            }
            Times(most, other) => {
                let ratio = book.ratio(scenario, self.server, other, self.figure)?;
                told(ratio, ratio <= most)
            }
            TimesUnlessGenerator(least, other) => {
                let ratio = book.ratio(scenario, self.server, other, self.figure)?;
                let mut judged = told(ratio, ratio >= least);
                if ratio < least && self.generator_was_the_limit(scenario, book) {
                    judged.verdict = "generator was the limit";
                }
                judged
            }
        })
    }

    fn generator_was_the_limit(&self, scenario: &str, book: &Book) -> bool {
        let over =
            |figure, limit| book.median(scenario, self.server, figure).is_some_and(|value| value >= limit);
        over("bench_cpu_percent", GENERATOR_CPU_PERCENT) || over("bench_late_p99_ms", GENERATOR_LATE_MS)
    }

    /// The median flush of these runs.
    fn flush_ms(&self, scenario: &str, book: &Book) -> Option<f64> {
        let flushes: Vec<f64> = book.of(scenario, self.server).map(|one| one.flush_p50_us / 1e3).collect();
        median(&flushes)
    }

    fn limit(&self, scenario: &str, book: &Book) -> String {
        match self.limit {
            AtMost(most) | Never(most) => format!("at most {most}"),
            AtLeast(least) => format!("at least {least}"),
            TwoFlushes(ms) => {
                let flush = self.flush_ms(scenario, book).map_or_else(
                    || "two flushes".into(),
                    |flush| format!("2 x {} ms of flush", number(Some(flush))),
                );
                format!("at most {ms} + {flush}")
            }
            Times(most, other) => format!("at most {most} x {other}"),
            TimesUnlessGenerator(least, other) => format!("at least {least} x {other}"),
        }
    }
}

/// The table of aims.
pub fn table(book: &Book, out: &mut String) -> fmt::Result {
    *out += "\n## Aims\nRatios are medians of the ratios of each round. \"Not measured\": a scenario or a server is missing.\n";
    if book.size() < 1.0 {
        writeln!(
            out,
            "**A trial at size {}: what the large scenarios say here is no verdict.**",
            book.size()
        )?;
    }
    *out += "\n";
    header(out, "scenario", &["server", "what", "aim", "measured", ""])?;
    let rows = AIMS.iter().flat_map(|aim| aim.rows(book).into_iter().map(move |scenario| (aim, scenario)));
    for (aim, scenario) in rows {
        let (measured, verdict) = aim
            .judge(&scenario, book)
            .map_or(("–".to_string(), "not measured"), |it| (it.measured, it.verdict));
        let verdict = if verdict == "PASS" { verdict.to_string() } else { format!("**{verdict}**") };
        let (server, what, limit) = (aim.server, aim.what, aim.limit(&scenario, book));
        writeln!(out, "| {scenario} | {server} | {what} | {limit} | {measured} | {verdict} |")?;
    }
    *out += "\nThe guard's own price for each keystroke is told by \
             `cargo test --release -p plenary --lib body::tests::measure -- --ignored --nocapture`.\n";
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        kind::Kind,
        record::Record,
        scenario::{Figures, Scenario},
    };

    fn put(book: &mut Book, scenario: Scenario, kind: Kind, run: u64, figures: &[(&str, f64)]) {
        let figures = figures.iter().map(|(name, value)| (name.to_string(), *value)).collect::<Figures>();
        book.records.push(Record::new(scenario.name(), kind, run, (500.0, 900.0), Ok(figures)));
    }

    fn line(book: &Book, start: &str) -> String {
        let mut out = String::new();
        table(book, &mut out).unwrap();
        out.lines()
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("{start} in {out}"))
            .to_string()
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let mut book = Book::default();
        for (run, own, other) in [(0, 4.0, 10.0), (1, 40.0, 80.0), (2, 6.0, 10.0)] {
            put(&mut book, Scenario::A, Kind::Plenary, run, &[("us_per_key", own), ("p99_ms", 5.9)]);
            put(&mut book, Scenario::A, Kind::Hocuspocus, run, &[("us_per_key", other)]);
        }
        let cpu = line(&book, "| A | plenary | server CPU");
        assert!(cpu.ends_with("| at most 0.6 x hocuspocus | 0.50 | PASS |"), "{cpu}");
        let p99 = line(&book, "| A | plenary | p99");
        assert!(p99.ends_with("| at most 5 + 2 x 0.50 ms of flush | 5.90 | PASS |"), "{p99}");
        assert!(line(&book, "| B | plenary | p99").ends_with("| – | **not measured** |"));
    }

    #[test]
    fn on_a_slow_disk_two_of_its_flushes_are_allowed_for() {
        let mut book = Book::default();
        for (row, flush, p99) in
            [("A", 500.0, 9.0), ("A+slow-5ms", 5_500.0, 15.9), ("A+slow-8ms", 8_500.0, 30.0)]
        {
            let figures = Figures::from([("p99_ms".to_string(), p99)]);
            let flush = (flush, 9_900.0);
            book.records.push(Record::new(row.into(), Kind::Plenary, 0, flush, Ok(figures)));
        }
        let end = |start| line(&book, start).split(" | ").skip(3).collect::<Vec<_>>().join(" | ");
        assert_eq!(end("| A | plenary | p99"), "at most 5 + 2 x 0.50 ms of flush | 9 | **MISS** |");
        assert_eq!(end("| A+slow-5ms | plenary | p99"), "at most 5 + 2 x 5.50 ms of flush | 15.9 | PASS |");
        assert_eq!(end("| A+slow-8ms | plenary | p99"), "at most 5 + 2 x 8.50 ms of flush | 30 | **MISS** |");
        assert!(line(&book, "| C+slow-5ms | plenary | p99").ends_with("| – | **not measured** |"));
    }

    #[test]
    fn one_lost_keystroke_in_one_run_is_a_miss() {
        let mut book = Book::default();
        for (run, gone) in [(0, 0.0), (1, 1.0), (2, 0.0)] {
            put(&mut book, Scenario::Kill, Kind::Plenary, run, &[("gone", gone), ("kills", 200.0)]);
        }
        assert!(line(&book, "| kill | plenary | seen keystrokes lost").ends_with("| 1 | **MISS** |"));
        assert!(line(&book, "| kill | plenary | kill -9").ends_with("| 200 | PASS |"));
    }

    #[test]
    fn a_generator_at_its_limit_is_named() {
        let mut book = Book::default();
        put(&mut book, Scenario::TopRate, Kind::Hocuspocus, 0, &[("top_deliveries_per_s", 100.0)]);
        let top = [("top_deliveries_per_s", 250.0), ("bench_cpu_percent", 97.0)];
        put(&mut book, Scenario::TopRate, Kind::Plenary, 0, &top);
        assert!(line(&book, "| top-rate").ends_with("| 2.50 | **generator was the limit** |"));
    }
}
