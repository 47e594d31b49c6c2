//! Plenary beside other Yjs servers. See README.md in this folder.

#![expect(unreachable_pub, reason = "a binary: `pub` marks what its other modules use")]

mod aims;
mod bare;
mod chance;
mod engine;
mod flushes;
mod history;
mod http;
mod install;
mod kind;
mod machine;
mod plot;
mod record;
mod report;
mod scenario;
mod slow;
mod target;
mod wire;
mod yjs;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, Parser, Subcommand, ValueEnum};

use kind::Kind;
use record::{Book, Record};
use scenario::{Scale, Scenario, Variant};
use slow::SlowDisk;
use target::Setup;

/// Files that one process may have open: a socket a client, and room.
const FILES: u64 = 16_384;

#[derive(Parser)]
#[command(about = "Measures Plenary beside other Yjs servers, on this machine only")]
struct Line {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Installs the peers, runs every scenario and writes the report.
    All(Options),
    /// Runs some scenarios, puts them in place of those measured before, and writes the report.
    Scenario {
        /// Which.
        #[arg(required = true)]
        names: Vec<Scenario>,
        #[command(flatten)]
        options: Options,
    },
    /// Installs the peers only.
    Install(Options),
    /// Writes the report again from the last figures.
    Report(Options),
    /// Serves the bare baseline (the bench starts it itself).
    #[command(hide = true)]
    Bare {
        #[arg(long)]
        listen: String,
    },
    /// Prints how long a flush takes here (the bench starts it itself, with flushes slowed).
    #[command(hide = true)]
    FlushProbe { dir: PathBuf },
}

#[derive(Args, Clone)]
struct Options {
    /// Servers, in the order of their turns; without it, those that each scenario's aims speak of.
    #[arg(long, value_delimiter = ',')]
    targets: Vec<Kind>,
    /// Runs of each; medians are reported. `all` runs the long scenarios once.
    #[arg(long, default_value_t = 3)]
    runs: u64,
    /// Seconds measured of each run that types.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Seconds of malformed frames.
    #[arg(long, default_value_t = 60.0)]
    hostile_seconds: f64,
    /// How often Plenary is killed in a run; the others at most five times.
    #[arg(long, default_value_t = 200)]
    kills: u64,
    /// Members set awareness states, and writers' cursors move up to 5 times a second; a row of its own.
    #[arg(long)]
    awareness: bool,
    /// Each flush of a server takes so many milliseconds longer, as on a slow disk (Linux only); rows of their own.
    #[arg(long, value_name = "MS", value_parser = slow::delay)]
    flush_delay: Option<Duration>,
    /// Share of clients, documents and keystrokes of the large scenarios; below 1 to try the bench out.
    #[arg(long, default_value_t = 1.0)]
    size: f64,
    /// One more argument of `plenary serve`; may be repeated.
    #[arg(long = "plenary-arg", allow_hyphen_values = true)]
    plenary_args: Vec<String>,
    /// What makes `plenary-window` wait with each commit as long as a busy one does: `COMMIT_WINDOW_MAX`.
    #[arg(long = "window-arg", allow_hyphen_values = true, default_value = "--commit-window=12")]
    window_args: Vec<String>,
    /// What makes documents fall asleep soon, where they are to.
    #[arg(long = "asleep-arg", allow_hyphen_values = true)]
    asleep_args: Vec<String>,
    /// Seconds after which documents are taken to have fallen asleep.
    #[arg(long, default_value_t = 65.0)]
    idle_seconds: f64,
    /// Where results go; `tests/out` of the workspace if not given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Says what would be run and how long it may take, and ends.
    #[arg(long)]
    plan: bool,
    /// Does not install what is missing.
    #[arg(long)]
    no_install: bool,
}

impl Options {
    fn setup(&self) -> anyhow::Result<Setup> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let out = self.out.clone().unwrap_or_else(|| root.join("tests/out"));
        std::fs::create_dir_all(&out)?;
        Ok(Setup {
            out: out.canonicalize()?,
            root,
            plenary_args: self.plenary_args.clone(),
            window_args: self.window_args.clone(),
            asleep_args: self.asleep_args.clone(),
            awareness: false,
            slow: None,
        })
    }

    fn scale(&self) -> Scale {
        Scale {
            seconds: self.seconds,
            hostile_seconds: self.hostile_seconds,
            idle_seconds: self.idle_seconds,
            kills: self.kills,
            size: self.size,
        }
    }

    /// The servers of a scenario.
    fn targets(&self, scenario: Scenario) -> Vec<Kind> {
        let wanted = if self.targets.is_empty() { scenario.usual() } else { &self.targets };
        wanted.iter().copied().filter(|kind| scenario.suits(*kind)).collect()
    }
}

fn main() -> anyhow::Result<()> {
    raise_files();
    match Line::parse().what {
        What::Bare { listen } => bare::serve(&listen),
        What::FlushProbe { dir } => slow::print_probe(&dir),
        What::All(options) => measure(&options, Scenario::value_variants(), true),
        What::Scenario { names, options } => measure(&options, &names, false),
        What::Install(options) => {
            let all = [Kind::YWebsocket, Kind::Hocuspocus, Kind::YSweet];
            install::all(&options.setup()?, if options.targets.is_empty() { &all } else { &options.targets });
            Ok(())
        }
        What::Report(options) => {
            let setup = options.setup()?;
            report::write(&Book::read(&setup.out)?, &setup.out)
        }
    }
}

/// As many open files as allowed, up to what is needed; servers started from here inherit it.
fn raise_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(FILES, |most| most.min(FILES));
    if limit.current.is_some_and(|current| current < wanted) {
        // Where it is not allowed, the large scenarios fail and say so.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum });
    }
}

/// The delay of `all`, which tells what a slow disk does where people type.
const SLOW_OF_ALL: Duration = Duration::from_millis(5);

/// A scenario with the servers that can be had, and how often.
struct Plan {
    scenario: Scenario,
    variant: Variant,
    kinds: Vec<Kind>,
    runs: u64,
}

impl Plan {
    fn name(&self) -> String {
        self.variant.name(self.scenario)
    }
}

/// What is to be run; `all` tells what an idle connection's awareness state costs and what a slow disk does, too.
fn plans(options: &Options, scenarios: &[Scenario], there: &[Kind], all: bool) -> Vec<Plan> {
    let delay = options.flush_delay;
    let plan = |scenario: Scenario, awareness: bool, delay: Option<Duration>| Plan {
        scenario,
        variant: Variant { awareness, delay },
        kinds: options.targets(scenario).into_iter().filter(|kind| there.contains(kind)).collect(),
        runs: if all { scenario.runs_of_all(options.runs) } else { options.runs },
    };
    let mut plans = Vec::new();
    for &scenario in scenarios {
        if !(options.awareness && scenario.has_people()) {
            plans.push(plan(scenario, false, delay));
        }
        if scenario.has_people() && (options.awareness || (all && scenario == Scenario::Idle)) {
            plans.push(plan(scenario, true, delay));
        }
    }
    if all && delay.is_none() {
        let typing = [Scenario::A, Scenario::B, Scenario::C];
        plans.extend(typing.map(|scenario| {
            let mut plan = plan(scenario, false, Some(SLOW_OF_ALL));
            // A window is longer by choice, and who stores nothing has no disk.
            plan.kinds.retain(|kind| kind.persists() && *kind != Kind::PlenaryWindow);
            plan
        }));
    }
    plans
}

fn measure(options: &Options, scenarios: &[Scenario], fresh: bool) -> anyhow::Result<()> {
    let (setup, scale) = (options.setup()?, options.scale());
    let mut wanted: Vec<Kind> = Vec::new();
    for kind in scenarios.iter().flat_map(|scenario| options.targets(*scenario)) {
        if !wanted.contains(&kind) {
            wanted.push(kind);
        }
    }
    if !options.no_install && !options.plan {
        install::all(&setup, &wanted);
    }
    let mut book = if fresh { Book::default() } else { Book::read(&setup.out).unwrap_or_default() };
    book.facts = machine::facts(&setup.out);
    book.facts.push(("size".into(), options.size.to_string()));
    book.facts.push(("command".into(), std::env::args().skip(1).collect::<Vec<_>>().join(" ")));
    let mut there: Vec<Kind> = Vec::new();
    for kind in wanted {
        let version = match setup.find(kind) {
            Ok(version) => {
                there.push(kind);
                version
            }
            Err(why) => format!("not measured: {why:#}"),
        };
        eprintln!("{}: {version}", kind.name());
        book.versions.insert(kind.name(), version);
    }
    let plans = plans(options, scenarios, &there, fresh);
    announce(&plans, &scale);
    if options.plan {
        return Ok(());
    }
    for plan in &plans {
        let slow = match plan.variant.delay.map(|delay| SlowDisk::build(&setup.out, delay)).transpose() {
            Ok(slow) => slow,
            Err(why) if options.flush_delay.is_some() => return Err(why),
            Err(why) => {
                eprintln!("{} is left out: {why:#}", plan.name());
                book.facts.push((plan.name(), format!("not measured: {why:#}")));
                continue;
            }
        };
        let setup = Setup { awareness: plan.variant.awareness, slow, ..setup.clone() };
        run(plan, &setup, &scale, &mut book)?;
    }
    report::write(&book, &setup.out)
}

/// Runs a plan, and puts what it showed in place of what was known.
fn run(plan: &Plan, setup: &Setup, scale: &Scale, book: &mut Book) -> anyhow::Result<()> {
    for kind in &plan.kinds {
        book.records.retain(|one| one.scenario != plan.name() || one.target != kind.name());
    }
    for run in 0..plan.runs {
        let flush = setup.flush_probe()?;
        // Side by side: within a run each server has its turn, so that the machine's moods hit all of them.
        for kind in &plan.kinds {
            let result = scenario::run(plan.scenario, setup, *kind, scale, run);
            let record = Record::new(plan.name(), *kind, run, flush, result);
            eprintln!("{record}");
            book.records.push(record);
            book.write(&setup.out)?;
        }
    }
    Ok(())
}

/// Says what will be run, and how long it may take.
fn announce(plans: &[Plan], scale: &Scale) {
    let mut total = 0.0;
    for plan in plans {
        let round: f64 = plan.kinds.iter().map(|kind| plan.scenario.estimate(*kind, scale)).sum();
        let seconds = plan.runs as f64 * (round + 0.6);
        total += seconds;
        let names: Vec<String> = plan.kinds.iter().map(|kind| kind.name()).collect();
        eprintln!("{}: {} x {} (about {seconds:.0} s)", plan.name(), plan.runs, names.join(", "));
    }
    eprintln!("in all about {:.0} minutes", total / 60.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &[&str]) -> Options {
        match Line::try_parse_from([&["bench", "all"], line].concat()).map(|line| line.what) {
            Ok(What::All(options)) => options,
            _ => panic!("{line:?}"),
        }
    }

    fn names(line: &[&str], all: bool) -> Vec<String> {
        let scenarios = [Scenario::A, Scenario::Idle];
        plans(&options(line), &scenarios, &[Kind::Plenary], all).iter().map(Plan::name).collect()
    }

    #[test]
    fn a_slow_disk_is_asked_for_in_milliseconds() {
        assert_eq!(options(&["--flush-delay", "5"]).flush_delay, Some(Duration::from_millis(5)));
        assert_eq!(options(&["--flush-delay=0.5"]).flush_delay, Some(Duration::from_micros(500)));
        assert_eq!(options(&[]).flush_delay, None);
        assert!(Line::try_parse_from(["bench", "all", "--flush-delay", "slow"]).is_err());
        assert!(Line::try_parse_from(["bench", "all", "--flush-delay"]).is_err());
    }

    #[test]
    fn rows_say_what_was_different() {
        assert_eq!(names(&[], false), ["A", "idle"]);
        assert_eq!(names(&["--awareness"], false), ["A+awareness", "idle+awareness"]);
        assert_eq!(names(&["--flush-delay=5"], false), ["A+slow-5ms", "idle+slow-5ms"]);
        let both = names(&["--awareness", "--flush-delay=0.5"], false);
        assert_eq!(both, ["A+awareness+slow-0.5ms", "idle+awareness+slow-0.5ms"]);
        assert_eq!(
            names(&[], true),
            ["A", "idle", "idle+awareness", "A+slow-5ms", "B+slow-5ms", "C+slow-5ms"]
        );
        assert_eq!(
            names(&["--flush-delay=8"], true),
            ["A+slow-8ms", "idle+slow-8ms", "idle+awareness+slow-8ms"]
        );
    }
}
