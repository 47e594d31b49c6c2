//! A disk that takes longer to flush: a library (`slow_disk.c`) that is preloaded into the servers that are measured.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, ensure};

use crate::machine;

/// The longest delay; Plenary gives its store up when a commit takes ten seconds.
const DELAY_MAX: Duration = Duration::from_secs(2);
const SOURCE: &str = include_str!("../slow_disk.c");

/// What makes the flushes of a process it is preloaded into take longer.
#[derive(Clone, Debug)]
pub struct SlowDisk {
    library: PathBuf,
    delay: Duration,
}

/// A delay as the command line has it: milliseconds.
pub fn delay(text: &str) -> Result<Duration, String> {
    let ms: f64 = text.parse().map_err(|_| format!("{text} is no number of milliseconds"))?;
    let most = DELAY_MAX.as_secs_f64() * 1e3;
    if !(0.001..=most).contains(&ms) {
        return Err(format!("a delay is more than 0 and at most {most} ms"));
    }
    Ok(Duration::from_micros((ms * 1e3).round() as u64))
}

/// A delay as names and tables have it.
pub fn told(delay: Duration) -> String {
    format!("{}ms", delay.as_micros() as f64 / 1e3)
}

impl SlowDisk {
    /// Compiles the library into `out`.
    pub fn build(out: &Path, delay: Duration) -> anyhow::Result<Self> {
        ensure!(cfg!(target_os = "linux"), "flushes can be slowed on Linux only");
        let (source, library) = (out.join("slow_disk.c"), out.join("slow_disk.so"));
        std::fs::write(&source, SOURCE)?;
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-O2", "-o"]).arg(&library).arg(&source).arg("-ldl");
        let said = cc.output().context("flushes are slowed by a library that needs a C compiler, cc")?;
        ensure!(said.status.success(), "cc: {}", String::from_utf8_lossy(&said.stderr));
        Ok(Self { library, delay })
    }

    /// Slows the flushes of what this command starts.
    pub fn slow_down(&self, command: &mut Command) {
        command.env("LD_PRELOAD", &self.library);
        command.env("PLENARY_BENCH_FLUSH_DELAY_US", self.delay.as_micros().to_string());
    }

    /// The flush of a process that is slowed, as `machine::flush_probe` tells it.
    pub fn flush_probe(&self, dir: &Path) -> anyhow::Result<(f64, f64)> {
        let mut probe = Command::new(std::env::current_exe()?);
        probe.arg("flush-probe").arg(dir).stderr(Stdio::inherit());
        self.slow_down(&mut probe);
        let said = probe.output()?;
        ensure!(said.status.success(), "the probe of a slow flush failed ({})", said.status);
        let flush = parse_probe(&String::from_utf8_lossy(&said.stdout))?;
        self.ensure_in_effect("the probe", flush.0)?;
        Ok(flush)
    }

    /// That a flush of so many microseconds, the usual one of `whose`, is slowed.
    pub fn ensure_in_effect(&self, whose: &str, us: f64) -> anyhow::Result<()> {
        ensure!(
            us >= self.delay.as_micros() as f64,
            "flushes of {whose} are not slowed by {}: they take {:.2} ms. Is it linked statically, or does it flush \
             in a way that slow_disk.c does not know?",
            told(self.delay),
            us / 1e3
        );
        Ok(())
    }
}

/// Prints what a probe of this process' flushes says.
pub fn print_probe(dir: &Path) -> anyhow::Result<()> {
    let (p50, p99) = machine::flush_probe(dir)?;
    println!("{p50} {p99}");
    Ok(())
}

fn parse_probe(text: &str) -> anyhow::Result<(f64, f64)> {
    let (p50, p99) = text.trim().split_once(' ').context("a probe that says nothing")?;
    Ok((p50.parse()?, p99.parse()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_read_in_milliseconds_and_told_as_it_was_given() {
        for (text, us) in [("5", 5_000), ("0.25", 250), ("2000", 2_000_000)] {
            assert_eq!(delay(text), Ok(Duration::from_micros(us)));
            assert_eq!(told(delay(text).unwrap()), format!("{text}ms"));
        }
        for text in ["0", "-1", "2001", "5ms", "", "NaN", "inf"] {
            assert!(delay(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_a_probe_prints_is_read() {
        assert_eq!(parse_probe("5120 6080\n").unwrap(), (5120.0, 6080.0));
        assert!(parse_probe("").is_err());
        assert!(parse_probe("5120 x").is_err());
    }

    #[test]
    fn a_server_that_is_not_slowed_is_told() {
        let slow = SlowDisk { library: PathBuf::new(), delay: Duration::from_millis(5) };
        slow.ensure_in_effect("plenary", 5_100.0).unwrap();
        let told = slow.ensure_in_effect("plenary", 480.0).unwrap_err().to_string();
        assert!(told.contains("plenary are not slowed by 5ms: they take 0.48 ms"), "{told}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_started_with_the_library_gets_the_delay_and_runs() {
        let out = std::env::temp_dir().join(format!("plenary-slow-disk-{}", std::process::id()));
        std::fs::create_dir_all(&out).unwrap();
        let slow = SlowDisk::build(&out, Duration::from_micros(1)).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "cat /proc/$$/maps; echo delay=$PLENARY_BENCH_FLUSH_DELAY_US"]);
        slow.slow_down(&mut command);
        let said = String::from_utf8(command.output().unwrap().stdout).unwrap();
        std::fs::remove_dir_all(&out).unwrap();
        assert!(said.contains("slow_disk.so") && said.contains("delay=1\n"), "{said}");
    }
}
