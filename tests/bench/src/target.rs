//! The servers that are measured, as child processes.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use serde_json::json;

use crate::{
    engine::{Engine, Room},
    flushes::{Flushes, measure},
    http,
    kind::Kind,
    machine,
    slow::SlowDisk,
};

/// The bearer token that Plenary is started with; only this machine sees it.
const ADMIN: &str = "bench-admin-token-0123456789abcdef0123456789";
/// Sections of one report.
const SECTIONS: usize = 250;

/// Where things lie, and what Plenary is started with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Results, logs and data directories; `tests/out`.
    pub out: PathBuf,
    /// The workspace.
    pub root: PathBuf,
    /// More arguments of `plenary serve`.
    pub plenary_args: Vec<String>,
    /// More arguments of `plenary serve` for `plenary-window`.
    pub window_args: Vec<String>,
    /// More arguments of `plenary serve` where rooms are to fall asleep soon.
    pub asleep_args: Vec<String>,
    /// Whether members have awareness states.
    pub awareness: bool,
    /// What slows the servers' flushes, when that is asked for.
    pub slow: Option<SlowDisk>,
}

/// A server that runs, on a directory that outlives it.
pub struct Running {
    /// Which.
    pub kind: Kind,
    /// Where it listens.
    pub address: SocketAddr,
    measures: Option<SocketAddr>,
    awareness: bool,
    slow: Option<SlowDisk>,
    child: Child,
}

impl Setup {
    /// The folder of the Node servers.
    pub fn peers(&self) -> PathBuf {
        self.root.join("tests/bench/peers")
    }

    /// Where `cargo install` puts y-sweet.
    pub fn tools(&self) -> PathBuf {
        self.out.join("tools")
    }

    /// A fresh directory for a server's data.
    pub fn fresh_dir(&self, name: &str) -> anyhow::Result<PathBuf> {
        let dir = self.out.join("data").join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        Ok(dir)
    }

    /// Whether the server's binary is there.
    pub fn built(&self) -> bool {
        self.plenary().exists()
    }

    fn plenary(&self) -> PathBuf {
        if let Some(path) = std::env::var_os("PLENARY_BIN") {
            return path.into();
        }
        let target =
            std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), PathBuf::from);
        target.join("release/plenary")
    }

    fn package_version(&self, package: &str) -> anyhow::Result<String> {
        let path = self.peers().join("node_modules").join(package).join("package.json");
        let text = fs::read_to_string(path).with_context(|| format!("{package} is not installed"))?;
        let json: serde_json::Value = serde_json::from_str(&text)?;
        Ok(format!("{package} {}", json["version"].as_str().unwrap_or("?")))
    }

    /// The version of a kind, for the report, or why it cannot be started.
    pub fn find(&self, kind: Kind) -> anyhow::Result<String> {
        Ok(match kind {
            Kind::Bare => "tokio-tungstenite broadcast of this crate".to_string(),
            Kind::Plenary | Kind::PlenaryWindow | Kind::PlenaryAddressed => {
                let path = self.plenary();
                ensure!(path.exists(), "not built: cargo build --release -p plenary");
                if kind == Kind::PlenaryWindow {
                    self.takes(&self.window_args).context("name the right one with --window-arg")?;
                }
                // Another binary may be of any revision.
                let revision = std::env::var("PLENARY_BIN").unwrap_or_else(|_| {
                    machine::said(
                        "git",
                        &["-C", &self.root.to_string_lossy(), "rev-parse", "--short", "HEAD"],
                    )
                });
                format!("{} ({revision})", machine::said(&path.to_string_lossy(), &["--version"]))
            }
            Kind::YWebsocket => {
                format!(
                    "{}, {}",
                    self.package_version("@y/websocket-server")?,
                    self.package_version("y-leveldb")?
                )
            }
            Kind::Hocuspocus => format!(
                "{}, {}",
                self.package_version("@hocuspocus/server")?,
                self.package_version("@hocuspocus/extension-sqlite")?
            ),
            Kind::YSweet => {
                let path = self.tools().join("bin/y-sweet");
                ensure!(path.exists(), "not installed");
                format!("y-sweet {}", machine::said(&path.to_string_lossy(), &["version"]))
            }
        })
    }

    fn command(&self, kind: Kind, dir: &Path, port: u16) -> anyhow::Result<Command> {
        let listen = format!("127.0.0.1:{port}");
        let node = |script: PathBuf| {
            let mut command = Command::new("node");
            command.arg(script).env("HOST", "127.0.0.1").env("PORT", port.to_string());
            command.env("NODE_ENV", "production");
            command
        };
        Ok(match kind {
            Kind::Bare => {
                let mut command = Command::new(std::env::current_exe()?);
                command.args(["bare", "--listen", &listen]);
                command
            }
            Kind::Plenary | Kind::PlenaryWindow | Kind::PlenaryAddressed => {
                let mut command = Command::new(self.plenary());
                command.args(["serve", "--listen", &listen, "--admin-token", ADMIN, "--data"]).arg(dir);
                command.args(&self.plenary_args);
                if kind == Kind::PlenaryWindow {
                    command.args(&self.window_args);
                }
                command
            }
            Kind::YWebsocket => {
                let mut command = node(self.peers().join("node_modules/@y/websocket-server/src/server.js"));
                command.env("YPERSISTENCE", dir.join("leveldb"));
                command
            }
            Kind::Hocuspocus => {
                let mut command = node(self.peers().join("hocuspocus.mjs"));
                command.env("DATABASE", dir.join("documents.sqlite"));
                command
            }
            Kind::YSweet => {
                let mut command = Command::new(self.tools().join("bin/y-sweet"));
                command.arg("serve").arg(dir).args(["--port", &port.to_string(), "--host", "127.0.0.1"]);
                command
            }
        })
    }

    /// The median flush and its 99th percentile here, in microseconds, as the servers have it.
    pub fn flush_probe(&self) -> anyhow::Result<(f64, f64)> {
        match &self.slow {
            Some(slow) => slow.flush_probe(&self.out),
            None => machine::flush_probe(&self.out),
        }
    }

    /// Whether `plenary serve` knows these options.
    fn takes(&self, arguments: &[String]) -> anyhow::Result<()> {
        let help = machine::said(&self.plenary().to_string_lossy(), &["serve", "--help"]);
        for argument in arguments {
            let option = argument.split('=').next().unwrap_or_default();
            ensure!(help.contains(option), "this server has no {option}");
        }
        Ok(())
    }

    /// Starts a server on `dir` and waits until it answers.
    pub fn start(&self, kind: Kind, dir: &Path) -> anyhow::Result<Running> {
        self.start_with(kind, dir, &[])
    }

    /// As `start`, with rooms that fall asleep soon where the server can do so.
    pub fn start_sleepy(&self, kind: Kind, dir: &Path) -> anyhow::Result<Running> {
        let can = kind.is_plenary() && self.takes(&self.asleep_args).is_ok();
        self.start_with(kind, dir, if can { &self.asleep_args } else { &[] })
    }

    fn start_with(&self, kind: Kind, dir: &Path, more: &[String]) -> anyhow::Result<Running> {
        let port = free_port()?;
        let log = self.out.join("logs");
        fs::create_dir_all(&log)?;
        let log =
            fs::File::options().create(true).append(true).open(log.join(format!("{}.log", kind.name())))?;
        let mut command = self.command(kind, dir, port)?;
        let mut measures = None;
        if kind.is_plenary() {
            let at = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
            command.args(more).args(["--metrics", &at.to_string()]);
            measures = Some(at);
        }
        if let Some(slow) = &self.slow {
            slow.slow_down(&mut command);
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("starting {}", kind.name()))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let (awareness, slow) = (self.awareness, self.slow.clone());
        let mut running = Running { kind, address, measures, awareness, slow, child };
        let began = Instant::now();
        while !running.is_ready() {
            if let Some(status) = running.child.try_wait()? {
                bail!("{} ended at its start ({status}); see its log", kind.name());
            }
            ensure!(began.elapsed() < Duration::from_secs(120), "{} was not ready within 120 s", kind.name());
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(running)
    }
}

/// Below those that the system gives to connections (from 32,768 on), or one that knocks may take it first.
fn free_port() -> anyhow::Result<u16> {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let began = (std::process::id() % 12_000) as u16;
    for _ in 0..12_000 {
        let port = 20_000 + (began.wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed))) % 12_000;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free")
}

impl Running {
    fn is_ready(&self) -> bool {
        match self.kind {
            Kind::Bare => std::net::TcpStream::connect(self.address).is_ok(),
            kind if kind.is_plenary() => {
                http::call(self.address, "GET", "/health", "", None).is_ok_and(|(status, _)| status == 200)
            }
            _ => http::call(self.address, "GET", "/", "", None).is_ok(),
        }
    }

    /// A generator for it, with these rooms.
    pub fn engine(&self, rooms: Vec<Room>) -> anyhow::Result<Engine> {
        let mut engine = Engine::new(self.address, self.kind.dialect(), rooms)?;
        engine.awareness = self.awareness;
        Ok(engine)
    }

    /// Documents that it has in memory, where it says so.
    pub fn awake(&self) -> Option<f64> {
        measure(&self.measures()?, "plenary_rooms")
    }

    /// Flushes of its store until now, where it says so.
    pub fn flushes(&self) -> Option<Flushes> {
        let text = self.measures()?;
        let of = |name| measure(&text, name);
        Some(Flushes { count: of("plenary_flush_seconds_count")?, seconds: of("plenary_flush_seconds_sum")? })
    }

    /// Milliseconds of its flushes since then, in the mean; an error when they should have been slowed and were not.
    pub fn flush_mean_ms(&self, since: Option<Flushes>) -> anyhow::Result<Option<f64>> {
        let mean = self.flushes().zip(since).and_then(|(now, then)| now.mean_ms(then));
        if let (Some(slow), Some(ms)) = (&self.slow, mean) {
            slow.ensure_in_effect(&self.kind.name(), ms * 1e3)?;
        }
        Ok(mean)
    }

    fn measures(&self) -> Option<String> {
        let (_, body) = http::call(self.measures?, "GET", "/metrics", "", None).ok()?;
        Some(String::from_utf8_lossy(&body).into_owned())
    }

    /// Waits so long that what was typed is stored: Hocuspocus stores at most 10 s after a change, y-sweet every 10 s.
    pub fn settle(&self) {
        if !self.kind.is_plenary() {
            std::thread::sleep(Duration::from_secs(12));
        }
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// `kill -9`.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, and `kill -9` when it does not end within 60 s.
    pub fn stop(mut self) -> anyhow::Result<()> {
        machine::said("kill", &[&self.child.id().to_string()]);
        let began = Instant::now();
        while self.child.try_wait()?.is_none() {
            if began.elapsed() > Duration::from_secs(60) {
                return self.kill();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Makes so many documents and says where each is reached.
    pub fn rooms(&self, count: usize) -> anyhow::Result<Vec<Room>> {
        if !self.kind.is_plenary() {
            return Ok((0..count).map(|number| self.room(&format!("document-{number}"))).collect());
        }
        let mut rooms = Vec::with_capacity(count);
        while rooms.len() < count {
            let titles: Vec<_> = (0..SECTIONS.min(count - rooms.len()))
                .map(|number| json!({"title": format!("Section {}", number + 1)}))
                .collect();
            let report = json!({"title": "Bench", "template": "blank", "sections": titles});
            let report = http::post(self.address, "/api/reports", ADMIN, &report)?;
            let id = report["id"].as_str().context("a report without an id")?;
            let sections = report["sections"].as_array().context("a report without sections")?;
            ensure!(sections.len() == titles.len(), "a report of {} sections", sections.len());
            for section in sections {
                let section = section["id"].as_str().context("a section without an id")?;
                rooms.push(self.room(&format!("{id}/{section}")));
            }
        }
        Ok(rooms)
    }

    fn room(&self, name: &str) -> Room {
        let path = match self.kind {
            Kind::Plenary | Kind::PlenaryWindow => format!("/sync/{name}?token={ADMIN}"),
            Kind::PlenaryAddressed => "/sync".to_string(),
            Kind::Bare | Kind::YWebsocket => format!("/{name}"),
            Kind::Hocuspocus => "/".to_string(),
            Kind::YSweet => format!("/d/{name}/ws/{name}"),
        };
        Room::new(path, name, ADMIN)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only for a server that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
