//! Plenary beside other Yjs servers. See README.md in this folder.

#![expect(unreachable_pub, reason = "a binary: `pub` marks what its other modules use")]

mod aims;
mod bare;
mod chance;
mod engine;
mod history;
mod http;
mod install;
mod machine;
mod plot;
mod record;
mod report;
mod scenario;
mod target;
mod wire;
mod yjs;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use record::{Book, Record};
use scenario::{Scale, Scenario};
use target::{Kind, Setup};

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
    /// Share of clients, documents and keystrokes of the large scenarios; below 1 to try the bench out.
    #[arg(long, default_value_t = 1.0)]
    size: f64,
    /// One more argument of `plenary serve`; may be repeated.
    #[arg(long = "plenary-arg", allow_hyphen_values = true)]
    plenary_args: Vec<String>,
    /// What makes `plenary-window` wait with each commit as long as it may.
    #[arg(long = "window-arg", allow_hyphen_values = true, default_value = "--commit-window=10")]
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

/// A scenario with the servers that can be had, and how often.
struct Plan {
    scenario: Scenario,
    name: String,
    awareness: bool,
    kinds: Vec<Kind>,
    runs: u64,
}

/// What is to be run; `all` tells what an idle connection's awareness state costs, too.
fn plans(options: &Options, scenarios: &[Scenario], there: &[Kind], all: bool) -> Vec<Plan> {
    let plan = |scenario: Scenario, awareness: bool| Plan {
        scenario,
        name: if awareness { scenario.with_awareness() } else { scenario.name() },
        awareness,
        kinds: options.targets(scenario).into_iter().filter(|kind| there.contains(kind)).collect(),
        runs: if all { scenario.runs_of_all(options.runs) } else { options.runs },
    };
    let mut plans = Vec::new();
    for scenario in scenarios {
        if !(options.awareness && scenario.has_people()) {
            plans.push(plan(*scenario, false));
        }
        if scenario.has_people() && (options.awareness || (all && *scenario == Scenario::Idle)) {
            plans.push(plan(*scenario, true));
        }
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
        for kind in &plan.kinds {
            book.records.retain(|one| one.scenario != plan.name || one.target != kind.name());
        }
        let setup = Setup { awareness: plan.awareness, ..setup.clone() };
        for run in 0..plan.runs {
            let flush = machine::flush_probe(&setup.out)?;
            // Side by side: within a run each server has its turn, so that the machine's moods hit all of them.
            for kind in &plan.kinds {
                let result = scenario::run(plan.scenario, &setup, *kind, &scale, run);
                let record = Record::new(plan.name.clone(), *kind, run, flush, result);
                eprintln!("{record}");
                book.records.push(record);
                book.write(&setup.out)?;
            }
        }
    }
    report::write(&book, &setup.out)
}

/// Says what will be run, and how long it may take.
fn announce(plans: &[Plan], scale: &Scale) {
    let mut total = 0.0;
    for plan in plans {
        let round: f64 = plan.kinds.iter().map(|kind| plan.scenario.estimate(*kind, scale)).sum();
        let seconds = plan.runs as f64 * (round + 0.6);
        total += seconds;
        let names: Vec<String> = plan.kinds.iter().map(|kind| kind.name()).collect();
        eprintln!("{}: {} x {} (about {seconds:.0} s)", plan.name, plan.runs, names.join(", "));
    }
    eprintln!("in all about {:.0} minutes", total / 60.0);
}
