//! The `plenary` binary as a child process on a directory of its own.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use anyhow::{Context, bail};

/// The admin token that every test server is started with.
pub const ADMIN: &str = "test-admin-token-0123456789abcdef0123456789abcdef";

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub base: String,
    dir: PathBuf,
    owned: Option<tempfile::TempDir>,
}

/// The binary under test: `PLENARY_BIN`, else the newest of the workspace's builds.
pub fn binary() -> anyhow::Result<PathBuf> {
    if let Ok(path) = std::env::var("PLENARY_BIN") {
        return Ok(path.into());
    }
    let target = std::env::var("CARGO_TARGET_DIR")
        .map(PathBuf::from)
        .unwrap_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"));
    ["release", "debug"]
        .iter()
        .map(|profile| target.join(profile).join("plenary"))
        .filter(|path| path.exists())
        .max_by_key(|path| path.metadata().and_then(|m| m.modified()).ok())
        .context("build the server first: cargo build --release -p plenary")
}

/// A command that serves `dir` on a free port.
pub fn command(dir: &Path) -> anyhow::Result<Command> {
    let mut command = Command::new(binary()?);
    command.args(["serve", "--listen", "127.0.0.1:0", "--admin-token", ADMIN, "--data"]).arg(dir);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}

impl Server {
    /// A server on an empty directory.
    pub fn start() -> anyhow::Result<Self> {
        let owned = tempfile::tempdir()?;
        let mut server = Self::start_in(&owned.path().join("data"))?;
        server.owned = Some(owned);
        Ok(server)
    }

    /// A server on this directory.
    pub fn start_in(dir: &Path) -> anyhow::Result<Self> {
        Ok(Self::launch(dir, &[], 1)?.0)
    }

    /// A server on an empty directory that shows its measures, and their address.
    pub fn start_measured() -> anyhow::Result<(Self, String)> {
        let owned = tempfile::tempdir()?;
        let options = ["--metrics", "127.0.0.1:0"];
        let (mut server, measures) = Self::launch(&owned.path().join("data"), &options, 2)?;
        server.owned = Some(owned);
        Ok((server, measures))
    }

    /// A server on this directory that goes on when a file may not grow (`--fsize` of `limit`), as on a full disk: the
    /// write fails with an error, and is not answered by a signal that ends the process.
    pub fn start_with_room_running_out(dir: &Path) -> anyhow::Result<Self> {
        let own = command(dir)?;
        let mut env = Command::new("env");
        env.arg("--ignore-signal=XFSZ").arg(own.get_program()).args(own.get_args());
        Ok(Self::launched(env.stdout(Stdio::piped()).stderr(Stdio::piped()), dir, 1)?.0)
    }

    /// Waits until so many addresses were printed; gives the last of them too.
    fn launch(dir: &Path, options: &[&str], addresses: usize) -> anyhow::Result<(Self, String)> {
        Self::launched(command(dir)?.args(options), dir, addresses)
    }

    fn launched(command: &mut Command, dir: &Path, addresses: usize) -> anyhow::Result<(Self, String)> {
        let mut child = command.spawn()?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        let mut stderr = child.stderr.take().context("stderr is piped")?;
        let (say, hear) = mpsc::sync_channel(addresses);
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(at) = line.find("http://") {
                    let base: String = line[at..].chars().take_while(|c| !c.is_whitespace()).collect();
                    let _ = say.try_send(base.trim_end_matches('/').to_string());
                }
            }
        });
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = std::io::Read::read_to_string(&mut stderr, &mut text);
            text
        });
        let said: Result<Vec<_>, _> =
            (0..addresses).map(|_| hear.recv_timeout(Duration::from_secs(30))).collect();
        match said.ok().and_then(|said| said.first().cloned().zip(said.last().cloned())) {
            Some((base, last)) => Ok((Self { child, base, dir: dir.to_path_buf(), owned: None }, last)),
            None => {
                let _ = child.kill();
                let status = child.wait()?;
                bail!("the server did not start ({status}): {}", log.join().unwrap_or_default())
            }
        }
    }

    /// `ws://127.0.0.1:PORT`
    pub fn sockets(&self) -> String {
        self.base.replacen("http", "ws", 1)
    }

    /// The data directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that the process had resident since it started, or since `forget_peak`, in bytes (Linux).
    pub fn memory_peak(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("VmHWM")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }

    /// How much its memory grew over what `forget_peak` said, in bytes; what it gave back since is no growth.
    pub fn grown_since(&self, before: u64) -> anyhow::Result<u64> {
        Ok(self.memory_peak()?.saturating_sub(before))
    }

    /// From now on the peak is counted anew (proc(5), `clear_refs`); gives what is resident now.
    pub fn forget_peak(&self) -> anyhow::Result<u64> {
        std::fs::write(format!("/proc/{}/clear_refs", self.pid()), "5")?;
        self.memory_peak()
    }

    /// Sets limits of the running process, as `prlimit` names them: `--nofile=64:64`.
    pub fn limit(&self, limits: &str) -> anyhow::Result<()> {
        let pid = self.pid().to_string();
        let set = Command::new("prlimit").args(["--pid", &pid, limits]).status()?;
        anyhow::ensure!(set.success(), "prlimit {limits}: {set}");
        Ok(())
    }

    /// `kill -9`, waits for the end, and gives the directory's guard for the next start.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts again on the same directory after `kill` or `stop`; the port is a new one.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        let owned = self.owned.take();
        let next = Self::start_in(&self.dir)?;
        *self = next;
        self.owned = owned;
        Ok(())
    }

    /// SIGTERM, and the exit status.
    pub fn stop(&mut self) -> anyhow::Result<std::process::ExitStatus> {
        self.ask_to_stop()?;
        self.ended()
    }

    /// Asks it to stop (SIGTERM) and does not wait.
    pub fn ask_to_stop(&self) -> anyhow::Result<()> {
        let status = Command::new("kill").arg(self.pid().to_string()).status()?;
        anyhow::ensure!(status.success(), "the server was gone already");
        Ok(())
    }

    /// Waits for the end that `ask_to_stop` asked for, and gives the exit status.
    pub fn ended(&mut self) -> anyhow::Result<std::process::ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
