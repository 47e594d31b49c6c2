//! The report: `bench.md` with its tables and `bench.svg`.

use std::{fmt::Write, fs, path::Path};

use clap::ValueEnum;

use crate::{aims, plot, record::Book, scenario::Scenario};

/// A figure and what it is called in the report.
type Row = (&'static str, &'static str);

/// What is told of many who come at once.
const ARRIVAL: &[Row] = &[
    ("all_synced_s", "all synced after, s"),
    ("client_p99_ms", "a client's wait, p99 ms"),
    ("failed_joins", "joins that failed and were tried again"),
    ("server_cpu_s", "server CPU, s"),
    ("rss_mib", "RSS, MiB"),
];

/// Scenarios beside typing: title and the figures worth a row.
const OTHERS: &[(Scenario, &str, &[Row])] = &[
    (
        Scenario::TopRate,
        "Highest rate with p99 under 200 ms (20 rooms x 10)",
        &[
            ("top_deliveries_per_s", "deliveries/s"),
            ("p99_ms", "p99 there, ms"),
            ("us_per_key", "server CPU there, us a delivered keystroke"),
            ("held_bench_cpu_percent", "the generator's CPU there, % of a core"),
            ("bench_cpu_percent", "the generator's CPU in the step that failed, % of a core"),
            ("bench_late_p99_ms", "its own lag in that step, p99 ms"),
            ("server_cpu_percent", "server CPU in that step, % of a core"),
        ],
    ),
    (
        Scenario::Idle,
        "An idle connection (3,000 over 500 rooms)",
        &[
            ("kib_per_connection", "growth of RSS, KiB a connection"),
            ("rss_before_mib", "RSS before, MiB"),
            ("rss_after_mib", "RSS after, MiB"),
            ("idle_cpu_percent", "CPU while idle, % of a core"),
        ],
    ),
    (
        Scenario::IdleAsleep,
        "An idle connection to a document of 2,000 characters that sleeps (3,000 over 500 rooms)",
        &[
            ("kib_per_connection", "growth of RSS, KiB a connection"),
            ("awake_kib_per_connection", "the same before the documents sleep"),
            ("rooms_in_memory", "documents in memory"),
            ("waited_s", "waited, s"),
            ("rss_before_mib", "RSS before, MiB"),
            ("rss_after_mib", "RSS after, MiB"),
        ],
    ),
    (
        Scenario::ColdJoin,
        "Cold join of a document with 260,000 keystrokes",
        &[
            ("cold_join_ms", "first join after a restart, connect to document, ms"),
            ("cold_join_cpu_ms", "server CPU of it, ms"),
            ("second_join_ms", "second join, ms"),
            ("answer_kib", "bytes received, KiB"),
            ("rss_before_mib", "RSS before, MiB"),
            ("rss_with_mib", "RSS with it, MiB"),
            ("rss_after_mib", "RSS when nobody has been there for a while, MiB"),
            ("rooms_in_memory", "documents in memory then"),
            ("waited_s", "waited, s"),
            ("feed_s", "time to take the history in, s"),
        ],
    ),
    (
        Scenario::Stored,
        "10,000 stored documents",
        &[
            ("open_ms", "start until ready, ms"),
            ("rss_mib", "RSS when ready, MiB"),
            ("join_p50_ms", "join of one of them, p50 ms"),
            ("missing_of_100", "missing, of 100 looked at"),
        ],
    ),
    (
        Scenario::Growth,
        "An update when its document's journal is long",
        &[
            ("us_per_update_short", "server CPU an update after 1,000, us"),
            ("us_per_update_long", "server CPU an update at the end, us"),
            ("long_to_short", "ratio"),
            ("updates_long", "updates before the second measurement"),
            ("fill_s", "time to take them in, s"),
            ("rss_mib", "RSS, MiB"),
        ],
    ),
    (Scenario::Storm, "5,000 clients come back after a restart", ARRIVAL),
    (Scenario::Crowd, "500 clients join one cold document (20,000 keystrokes) at once", ARRIVAL),
    (
        Scenario::Kill,
        "kill -9 while people type",
        &[
            ("kills", "kills a run"),
            ("seen", "keystrokes that another client had seen"),
            ("gone", "of them gone after the restart"),
            ("oldest_gone_s", "age of the oldest that is gone, s"),
            ("invented", "characters there that nobody typed"),
        ],
    ),
    (
        Scenario::Hostile,
        "Malformed frames, 10,000 a second, beside honest editors",
        &[
            ("restarts", "restarts needed"),
            ("p99_calm_ms", "honest p99 before, ms"),
            ("p99_under_fire_ms", "honest p99 meanwhile, ms"),
            ("lost", "honest keystrokes lost"),
            ("honest_closed", "honest sockets closed"),
            ("rss_before_mib", "RSS before, MiB"),
            ("rss_early_mib", "RSS after a tenth of the time, MiB"),
            ("rss_after_mib", "RSS after, MiB"),
            ("server_cpu_percent", "server CPU meanwhile, % of a core"),
            ("frames_per_s", "malformed frames/s written"),
            ("attacker_sockets", "sockets the attacker used"),
        ],
    ),
];

/// Figures of which the worst run is told, not the median.
const WORST: &[&str] =
    &["gone", "oldest_gone_s", "lost", "restarts", "missing_of_100", "honest_closed", "gaps", "invented"];

/// Writes the report and the plot.
pub fn write(book: &Book, out: &Path) -> anyhow::Result<()> {
    book.write(out)?;
    fs::write(out.join("bench.svg"), plot::svg(book))?;
    let text = text(book)?;
    fs::write(out.join("bench.md"), &text)?;
    println!("{text}\nwritten: {0}/bench.md, {0}/bench.svg, {0}/bench.json", out.display());
    Ok(())
}

fn text(book: &Book) -> Result<String, std::fmt::Error> {
    let mut out = String::from("# Bench\n\n");
    for (name, value) in &book.facts {
        writeln!(out, "- {name}: {value}")?;
    }
    out += "\nRepeat with `cargo run --release -p plenary-bench -- all`. Medians of the runs; where a loss is counted, \
            the worst run.\n\n| server | version |\n| --- | --- |\n";
    for (name, version) in &book.versions {
        writeln!(out, "| {name} | {version} |")?;
    }
    aims::table(book, &mut out)?;
    typing(book, &mut out)?;
    for (scenario, title, rows) in OTHERS {
        for name in book.variants(&scenario.name()) {
            others(book, &mut out, &name, title, rows)?;
        }
    }
    errors(book, &mut out)?;
    out += "\n![server CPU and p99](bench.svg)\n";
    Ok(out)
}

/// The names of the rows about typing that have records.
pub fn typed(book: &Book) -> Vec<String> {
    let all = Scenario::value_variants().iter().filter(|one| one.shape().is_some());
    all.flat_map(|one| book.variants(&one.name())).collect()
}

fn typing(book: &Book, out: &mut String) -> std::fmt::Result {
    let (names, scenarios) = (book.targets(), typed(book));
    let targets: Vec<&str> = names.iter().map(String::as_str).collect();
    if scenarios.is_empty() {
        return Ok(());
    }
    *out += "\n## Typing at random phases\nServer CPU in us for each delivered keystroke (p50 / p99 ms to the other clients). \
             `+slow-…`: each flush of a server takes that much longer.\n\n";
    header(out, "scenario", &targets)?;
    for name in &scenarios {
        write!(out, "| {name} |")?;
        for target in &targets {
            let figure = |figure| number(book.median(name, target, figure));
            write!(out, " {} ({} / {})", figure("us_per_key"), figure("p50_ms"), figure("p99_ms"))?;
            for (figure, word) in [
                ("lost", "lost"),
                ("gaps", "jumped over"),
                ("closed", "closed"),
                ("unread", "unread"),
                ("failed_joins", "failed joins"),
            ] {
                if let Some(many) = book.worst(name, target, figure).filter(|many| *many > 0.0) {
                    write!(out, " **{word} {many}**")?;
                }
            }
            *out += " |";
        }
        *out += "\n";
    }
    if targets.contains(&"plenary") && targets.len() > 1 {
        *out += "\nPlenary's CPU in relation to the others' of the same round (below 1: Plenary costs less), the median of the rounds.\n\n";
        let rest: Vec<&str> = targets.iter().copied().filter(|target| *target != "plenary").collect();
        header(out, "scenario", &rest)?;
        for name in &scenarios {
            write!(out, "| {name} |")?;
            for target in &rest {
                write!(out, " {} |", number(book.ratio(name, "plenary", target, "us_per_key")))?;
            }
            *out += "\n";
        }
    }
    *out += "\nThe generator itself: CPU in % of a core / its lag in ms (p99), so that it is seen to be no bottleneck; and \
             an append with fdatasync in us (p50 / p99) just before, slowed as the servers' are; and Plenary's own flush in \
             the run, the mean in ms.\n\n";
    let mut columns = targets.clone();
    columns.extend(["fdatasync", "plenary's flush"]);
    header(out, "scenario", &columns)?;
    for name in &scenarios {
        write!(out, "| {name} |")?;
        for target in &targets {
            let figure = |figure| number(book.median(name, target, figure));
            write!(out, " {} / {} |", figure("bench_cpu_percent"), figure("bench_late_p99_ms"))?;
        }
        let own = number(book.median(name, "plenary", "flush_mean_ms"));
        writeln!(out, " {} | {own} |", flush(book, name))?;
    }
    Ok(())
}

fn others(book: &Book, out: &mut String, name: &str, title: &str, rows: &[Row]) -> std::fmt::Result {
    let names = book.targets();
    let targets: Vec<&str> =
        names.iter().map(String::as_str).filter(|target| book.of(name, target).next().is_some()).collect();
    if targets.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n## {title}\nfdatasync {} us (p50 / p99).\n", flush(book, name))?;
    header(out, name, &targets)?;
    for (figure, label) in rows {
        write!(out, "| {label} |")?;
        for target in &targets {
            let worst = WORST.contains(figure);
            let value =
                if worst { book.worst(name, target, figure) } else { book.median(name, target, figure) };
            write!(out, " {} |", number(value))?;
        }
        *out += "\n";
    }
    Ok(())
}

fn errors(book: &Book, out: &mut String) -> std::fmt::Result {
    let mut failed = book.records.iter().filter_map(|one| Some((one, one.error.as_ref()?))).peekable();
    if failed.peek().is_some() {
        *out += "\n## Runs that failed\n";
    }
    for (record, error) in failed {
        writeln!(out, "- {} {} run {}: {error}", record.scenario, record.target, record.run + 1)?;
    }
    Ok(())
}

/// A table's head.
pub fn header(out: &mut String, first: &str, columns: &[&str]) -> std::fmt::Result {
    writeln!(out, "| {first} | {} |\n| --- |{}", columns.join(" | "), " --- |".repeat(columns.len()))
}

fn flush(book: &Book, scenario: &str) -> String {
    let of = |take: fn(&crate::record::Record) -> f64| {
        let values: Vec<f64> = book.records.iter().filter(|one| one.scenario == scenario).map(take).collect();
        number(crate::machine::median(&values))
    };
    format!("{} / {}", of(|one| one.flush_p50_us), of(|one| one.flush_p99_us))
}

/// Three digits where there are decimals; a dash for nothing.
pub fn number(value: Option<f64>) -> String {
    match value {
        None => "–".to_string(),
        Some(value) if value.fract() == 0.0 || value.abs() >= 100.0 => format!("{value:.0}"),
        Some(value) if value.abs() >= 10.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kind::Kind, scenario::Figures};

    fn record(kind: Kind, run: u64, us: f64, gone: f64) -> crate::record::Record {
        let figures = Figures::from([("us_per_key".into(), us), ("lost".into(), gone)]);
        crate::record::Record::new(Scenario::A.name(), kind, run, (100.0, 200.0), Ok(figures))
    }

    #[test]
    fn the_median_is_told_and_losses_by_the_worst_run() {
        let mut book = Book::default();
        for (run, us) in [(0, 5.0), (1, 6.5), (2, 30.0)] {
            book.records.push(record(Kind::Plenary, run, us, if run == 1 { 3.0 } else { 0.0 }));
            book.records.push(record(Kind::Bare, run, 13.0, 0.0));
        }
        let text = text(&book).unwrap();
        assert!(text.contains("| A | 13 (– / –) | 6.50 (– / –) **lost 3** |"), "{text}");
        assert!(text.contains("| A | 0.50 |"), "{text}");
    }

    #[test]
    fn a_run_that_failed_is_told() {
        let mut book = Book::default();
        let failed = Err(anyhow::anyhow!("no upgrade"));
        book.records.push(crate::record::Record::new(
            Scenario::Kill.name(),
            Kind::YSweet,
            0,
            (1.0, 1.0),
            failed,
        ));
        assert!(text(&book).unwrap().contains("- kill y-sweet run 1: no upgrade"));
    }
}
