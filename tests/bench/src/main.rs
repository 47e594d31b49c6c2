//! Plenary beside other Yjs servers. See README.md in this folder.

#![expect(unreachable_pub, reason = "a binary: `pub` marks what its other modules use")]

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
use target::{Kind, Setup, Target};

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
    /// Servers, in the order of their turns.
    #[arg(long, value_delimiter = ',', default_value = "bare,plenary,y-websocket,hocuspocus,y-sweet")]
    targets: Vec<Kind>,
    /// Runs of each; medians are reported.
    #[arg(long, default_value_t = 3)]
    runs: u64,
    /// Seconds measured of each run that types.
    #[arg(long, default_value_t = 6.0)]
    seconds: f64,
    /// Seconds of malformed frames.
    #[arg(long, default_value_t = 20.0)]
    hostile_seconds: f64,
    /// Share of clients, documents and keystrokes of the large scenarios; below 1 to try the bench out.
    #[arg(long, default_value_t = 1.0)]
    size: f64,
    /// One more argument of `plenary serve`; may be repeated.
    #[arg(long = "plenary-arg", allow_hyphen_values = true)]
    plenary_args: Vec<String>,
    /// Where results go; `tests/out` of the workspace if not given.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Does not install what is missing.
    #[arg(long)]
    no_install: bool,
}

impl Options {
    fn setup(&self) -> anyhow::Result<Setup> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
        let out = self.out.clone().unwrap_or_else(|| root.join("tests/out"));
        std::fs::create_dir_all(&out)?;
        Ok(Setup { out: out.canonicalize()?, root, plenary_args: self.plenary_args.clone() })
    }

    fn scale(&self) -> Scale {
        Scale { seconds: self.seconds, hostile_seconds: self.hostile_seconds, size: self.size }
    }
}

fn main() -> anyhow::Result<()> {
    raise_files();
    match Line::parse().what {
        What::Bare { listen } => bare::serve(&listen),
        What::All(options) => measure(&options, Scenario::value_variants(), true),
        What::Scenario { names, options } => measure(&options, &names, false),
        What::Install(options) => {
            install::all(&options.setup()?, &options.targets);
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

fn measure(options: &Options, scenarios: &[Scenario], fresh: bool) -> anyhow::Result<()> {
    let setup = options.setup()?;
    if !options.no_install {
        install::all(&setup, &options.targets);
    }
    let mut book = if fresh { Book::default() } else { Book::read(&setup.out).unwrap_or_default() };
    book.facts = machine::facts(&setup.out);
    book.facts.push(("command".into(), std::env::args().skip(1).collect::<Vec<_>>().join(" ")));
    let mut targets: Vec<Target> = Vec::new();
    for kind in &options.targets {
        let found = setup.find(*kind);
        let version = match &found {
            Ok(target) => target.version.clone(),
            Err(why) => format!("not measured: {why}"),
        };
        eprintln!("{}: {version}", kind.name());
        book.versions.insert(kind.name(), version);
        targets.extend(found.ok());
    }
    for scenario in scenarios {
        for target in &targets {
            book.records.retain(|one| one.scenario != scenario.name() || one.target != target.kind.name());
        }
        for run in 0..options.runs {
            let flush = machine::flush_probe(&setup.out)?;
            // Side by side: within a run each server has its turn, so that the machine's moods hit all of them.
            for target in targets.iter().filter(|target| scenario.suits(target.kind)) {
                let result = scenario::run(*scenario, &setup, target.kind, &options.scale(), run);
                let record = Record::new(*scenario, target.kind, run, flush, result);
                eprintln!("{record}");
                book.records.push(record);
                book.write(&setup.out)?;
            }
        }
    }
    report::write(&book, &setup.out)
}
