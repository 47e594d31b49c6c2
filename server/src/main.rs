//! The `plenary` command.

use std::{
    io::Write as _,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::{Args, Parser, Subcommand, builder::FalseyValueParser};
use parking_lot::Mutex;
use plenary::{
    access::{Access, Attempts, Secret},
    api::{self, App, Condition, Site, Sockets},
    clock::Clock,
    journal::{self, Journal as _, SledJournal},
    limits::{INVITATION_DAYS, STOP_TIME_MAX},
    memory,
    review::Role,
    room::{Rooms, Window},
    sample,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    time::timeout,
};
use tracing_subscriber::EnvFilter;

/// Live review of a draft report by the people of a consultation.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the reports of a data directory.
    Serve(Serve),
    /// Read everything in a data directory whose server is stopped, and say whether it is as it was written.
    Verify(Verify),
    /// Print the OpenAPI description of the HTTP interface.
    Openapi,
}

#[derive(Args)]
struct Serve {
    /// Where everything is kept; made when it isn't there.
    #[arg(long, env = "PLENARY_DATA", default_value = "data")]
    data: PathBuf,
    /// The address and port to listen on.
    #[arg(long, env = "PLENARY_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The bearer token that may create reports and coordinates all of them. Without it a new one is made and
    /// printed at each start.
    #[arg(long, env = "PLENARY_ADMIN_TOKEN", hide_env_values = true)]
    admin_token: Option<String>,
    /// Show measures (Prometheus) at this address and port, under /metrics. Keep it from the public: it is open to all
    /// who reach it. Off when not given.
    #[arg(long, env = "PLENARY_METRICS")]
    metrics: Option<SocketAddr>,
    /// The address that people open, when it is not the one listened on: https://plenary.example.org
    #[arg(long, env = "PLENARY_PUBLIC_URL")]
    public_url: Option<String>,
    /// Load the sample review, and print links into it.
    #[arg(long, env = "PLENARY_SAMPLE", value_parser = FalseyValueParser::new())]
    sample: bool,
    /// Threads that hold live documents; as many as there are cores when none are given.
    #[arg(long, env = "PLENARY_SHARDS")]
    shards: Option<usize>,
    /// How long rooms gather changes before they commit together, in milliseconds: 0..12 waits not at all when little
    /// goes on and up to ten when much does; 10 waits always. Longer costs less and shows changes later.
    #[arg(long, env = "PLENARY_COMMIT_WINDOW", default_value = "0..12")]
    commit_window: Window,
    /// Serve the web client from this folder, in place of the one that is built in.
    #[arg(long, env = "PLENARY_WEB")]
    web: Option<PathBuf>,
}

#[derive(Args)]
struct Verify {
    /// The data directory, or a copy of one.
    #[arg(long, env = "PLENARY_DATA", default_value = "data")]
    data: PathBuf,
}

/// Shortest admin token that is taken, in characters: one that is guessed opens every report.
const ADMIN_TOKEN_CHARS_MIN: usize = 16;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plenary: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Openapi => {
            println!("{}", api::description().to_pretty_json()?);
            Ok(())
        }
        Command::Verify(options) => {
            log()?;
            verify(&options.data)
        }
        Command::Serve(options) => {
            log()?;
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let served = runtime.block_on(serve(options));
            // A read that hangs on a failing disk must not keep the process.
            runtime.shutdown_timeout(Duration::from_secs(1));
            served
        }
    }
}

/// Logs to standard error: `PLENARY_LOG` holds a filter as of `tracing`, and `json` in front of it asks for JSON.
fn log() -> anyhow::Result<()> {
    let wanted = std::env::var("PLENARY_LOG").unwrap_or_default();
    let (json, filter) = match wanted.strip_prefix("json") {
        Some(rest) => (true, rest.trim_start_matches(',')),
        None => (false, wanted.as_str()),
    };
    let filter = EnvFilter::try_new(if filter.is_empty() { "info,sled=warn" } else { filter })
        .context("PLENARY_LOG is not a filter such as info or json,plenary=debug")?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = if json { lines.json().try_init() } else { lines.try_init() };
    set.map_err(|error| anyhow::anyhow!("logging cannot be set up: {error}"))
}

async fn serve(options: Serve) -> anyhow::Result<()> {
    let site = Site::new(options.public_url.as_deref())?;
    let clock = Clock::system();
    let (admin, made) = admin_token(options.admin_token.as_deref(), &clock)?;
    let journal = open(&options.data).await?;
    let store = Arc::new(journal.clone());
    let access = Access::open(store.clone(), clock.clone(), admin.clone()).await.context(
        "the access ledger cannot be opened; restore the data directory from a backup, or ask for help with a copy",
    )?;
    let shards = options.shards.unwrap_or_else(cores).max(1);
    let rooms = Rooms::start(store, clock.clone(), shards, options.commit_window);
    let listener = listen(options.listen, "--listen").await?;
    let measures = match options.metrics {
        Some(address) => Some(listen(address, "--metrics").await?),
        None => None,
    };
    let address = listener.local_addr()?;
    let here = site.base(Some(&address.to_string()));
    let links_at = site.base(Some(&reachable(address)));
    let saving = journal.clone();
    let condition = Condition::new(move || saving.vitals());
    let app = App {
        rooms: rooms.clone(),
        access: access.clone(),
        clock: clock.clone(),
        durability: journal.durability(),
        condition: condition.clone(),
        site,
        sockets: Sockets::default(),
        attempts: Arc::new(Mutex::new(Attempts::default())),
        web: options.web,
    };
    let sockets = app.sockets.clone();
    let links = if options.sample { sample_links(&rooms, &access, &clock, &links_at).await? } else { vec![] };
    let connections = api::serve(listener, api::router(app));
    announce(&here, made.then_some(&admin), &links)?;
    // Answers until the process ends: how a stop goes can be seen too.
    let _measures = measures.map(|listener| show_measures(listener, access.clone())).transpose()?;

    let failed = tokio::select! {
        never = memory::keep_giving_back() => match never {},
        () = told_to_stop()? => false,
        () = journal.until_failed() => true,
    };
    if failed {
        tracing::error!("a write to the store failed: nothing more can be confirmed, so the server stops");
    }
    condition.stop();
    sockets.stop(&access);
    let (_, stopped) = tokio::join!(connections.stop(), timeout(STOP_TIME_MAX, rooms.stop()));
    let closed = timeout(STOP_TIME_MAX, sockets.closed()).await;
    if failed {
        bail!(
            "a write to the store failed. What was confirmed is stored. Look at the disk (full? failing?), \
             then start again: the store is checked when it opens"
        );
    }
    if stopped.is_err() || closed.is_err() {
        tracing::warn!("stopped before everybody was told; what was confirmed is stored");
    }
    Ok(())
}

async fn listen(address: SocketAddr, option: &str) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("cannot listen on {address}; choose another with {option}"))
}

fn show_measures(listener: TcpListener, access: Access) -> anyhow::Result<api::Connections> {
    writeln!(std::io::stdout(), "Measures are at http://{}/metrics", listener.local_addr()?)?;
    Ok(api::serve(listener, api::metrics(access)))
}

/// The operator's token, or a fresh one (`true`) that is kept nowhere.
fn admin_token(given: Option<&str>, clock: &Clock) -> anyhow::Result<(Secret, bool)> {
    match given {
        Some(token) if token.chars().count() < ADMIN_TOKEN_CHARS_MIN => {
            bail!("the admin token is too short: use at least {ADMIN_TOKEN_CHARS_MIN} random characters")
        }
        Some(token) if token.chars().any(|c| c.is_whitespace() || c.is_control()) => {
            bail!("the admin token must not contain white space")
        }
        Some(token) => Ok((Secret::new(token), false)),
        None => Ok((Secret::random(clock.secret32()), true)),
    }
}

async fn open(data: &Path) -> anyhow::Result<SledJournal> {
    let folder = data.to_owned();
    let opened = tokio::task::spawn_blocking(move || SledJournal::open(&folder)).await?;
    opened.with_context(|| format!("cannot open the data directory {}", data.display()))
}

/// Prints what is damaged, then a line about the whole; fails if there is damage.
fn verify(data: &Path) -> anyhow::Result<()> {
    // Opening would make a store where there is none.
    if !data.join("format").is_file() {
        bail!("there is no store in {}", data.display());
    }
    let mut out = std::io::stdout().lock();
    let (mut documents, mut entries, mut bytes, mut damaged) = (0u64, 0u64, 0u64, 0u64);
    let mut printed = Ok(());
    journal::verify(data, |found| {
        documents += 1;
        entries += found.entries;
        bytes += found.bytes;
        damaged += u64::from(!found.damage.is_empty());
        for damage in &found.damage {
            let line = writeln!(out, "{damage}");
            printed = std::mem::replace(&mut printed, Ok(())).and(line);
        }
    })
    .with_context(|| format!("cannot open the data directory {}", data.display()))?;
    printed?;
    if damaged > 0 {
        bail!(
            "{damaged} of {documents} documents are damaged: restore a backup, or ask for help with a copy"
        );
    }
    writeln!(out, "All is as it was written: {documents} documents, {entries} entries, {bytes} bytes")?;
    Ok(())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// The address as a browser on this machine opens it.
fn reachable(address: SocketAddr) -> String {
    if address.ip().is_unspecified() || address.ip().is_loopback() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}

/// Fresh links for one person of each role in the sample.
async fn sample_links(
    rooms: &Rooms,
    access: &Access,
    clock: &Clock,
    here: &str,
) -> anyhow::Result<Vec<(Role, String)>> {
    let sample = sample::load(rooms, access, clock).await.context("the sample review cannot be loaded")?;
    let mut links = Vec::with_capacity(sample.seats.len());
    for (role, participant) in sample.seats {
        let invited = access.invite(sample.report, participant, INVITATION_DAYS).await?;
        links.push((role, format!("{here}/join#{}", invited.token.reveal())));
    }
    Ok(links)
}

/// Prints where the server is, and what is shown only now. Secrets go to standard output, never into the log.
fn announce(here: &str, made: Option<&Secret>, links: &[(Role, String)]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Plenary is ready at {here}")?;
    if let Some(token) = made {
        writeln!(out, "Admin token of this run (set --admin-token to keep one): {}", token.reveal())?;
    }
    for (role, link) in links {
        let role = format!("{role:?}").to_lowercase();
        writeln!(out, "{role:<12} {link}")?;
    }
    out.flush()?;
    Ok(())
}

/// Resolves at SIGTERM or SIGINT.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
