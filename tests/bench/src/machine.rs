//! What the machine says: CPU and memory of processes, the price of a flush, what it is.

use std::{
    fs,
    io::Write,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::Context;

/// A process and its descendants.
fn family(pid: u32) -> Vec<u32> {
    let mut all = vec![pid];
    let mut next = 0;
    while let Some(&pid) = all.get(next) {
        next += 1;
        let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) else { continue };
        for task in tasks.flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            all.extend(children.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        }
    }
    all
}

/// User and system CPU seconds of a process and its descendants, from `/proc/PID/stat`.
pub fn cpu_seconds(pid: u32) -> anyhow::Result<f64> {
    let mut ticks = 0;
    for pid in family(pid) {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("the server process is gone")?;
        // The name, in parentheses, may hold spaces: fields are counted from its end.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        for field in [11, 12] {
            ticks += fields.get(field).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
        }
    }
    Ok(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// CPU seconds of the threads that a process and its descendants have now, to the nanosecond, from the scheduler. For
/// short spans: what threads used that have ended since is missing, and 0 where the kernel does not tell.
pub fn fine_cpu_seconds(pid: u32) -> f64 {
    let threads = family(pid).into_iter().filter_map(|pid| fs::read_dir(format!("/proc/{pid}/task")).ok());
    let told = threads.flatten().flatten().filter_map(|thread| {
        let stat = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<u64>().ok()
    });
    told.sum::<u64>() as f64 / 1e9
}

/// User and system CPU seconds of this process.
pub fn own_cpu_seconds() -> anyhow::Result<f64> {
    cpu_seconds(std::process::id()).map(|with_children| {
        with_children - family(std::process::id())[1..].iter().filter_map(|pid| cpu_alone(*pid)).sum::<f64>()
    })
}

fn cpu_alone(pid: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|field| fields.get(*field)?.parse::<u64>().ok()).sum();
    Some(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// Resident KiB of a process and its descendants.
pub fn rss_kib(pid: u32) -> f64 {
    let lines =
        family(pid).into_iter().filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/status")).ok());
    let kib = |status: String| {
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?.to_string();
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    lines.filter_map(kib).sum()
}

/// The median and the 99th percentile, in microseconds, of an append of 256 bytes and its fdatasync, 5 ms apart.
pub fn flush_probe(dir: &Path) -> anyhow::Result<(f64, f64)> {
    let path = dir.join("flush-probe");
    let mut file = fs::File::create(&path)?;
    let mut times = Vec::new();
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(5));
        let began = Instant::now();
        file.write_all(&[0x55; 256])?;
        file.sync_data()?;
        times.push(began.elapsed().as_micros() as u32);
    }
    fs::remove_file(path)?;
    Ok((percentile(&mut times, 0.5), percentile(&mut times, 0.99)))
}

/// The value below which a share of all lie; 0 of none.
pub fn percentile(values: &mut [u32], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let at = ((values.len() - 1) as f64 * share).round() as usize;
    f64::from(*values.select_nth_unstable(at).1)
}

/// The median; `None` of none.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len().checked_sub(1)? / 2;
    Some(if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle] + sorted[middle + 1]) / 2.0 })
}

/// What a command prints, on one line.
pub fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.trim().replace('\n', " ")
}

/// Facts of this machine, as pairs for the report.
pub fn facts(dir: &Path) -> Vec<(String, String)> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.lines().next().unwrap_or_default().trim_start_matches("MemTotal:").trim().to_string();
    let cores = std::thread::available_parallelism().map_or(0, |n| n.get());
    let disk = said("findmnt", &["-no", "FSTYPE,OPTIONS", "-T", &dir.to_string_lossy()]);
    [
        ("cores", cores.to_string()),
        ("processor", model.trim_start_matches([' ', '\t', ':']).to_string()),
        ("memory", memory),
        ("kernel", said("uname", &["-sr"])),
        ("file system", disk),
        ("node", said("node", &["--version"])),
        ("date", said("date", &["-u", "+%Y-%m-%d %H:%M UTC"])),
    ]
    .map(|(name, value)| (name.to_string(), value))
    .to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_medians() {
        let mut values: Vec<u32> = (0..=100).rev().collect();
        assert_eq!(percentile(&mut values, 0.5), 50.0);
        assert_eq!(percentile(&mut values, 0.99), 99.0);
        assert_eq!(percentile(&mut [], 0.5), 0.0);
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn work_of_this_process_shows_in_its_figures() {
        let before = own_cpu_seconds().unwrap();
        let began = Instant::now();
        while own_cpu_seconds().unwrap() < before + 0.02 {
            assert!(began.elapsed() < Duration::from_secs(20));
        }
        // Threads of other tests may end meanwhile, and take their share along.
        while fine_cpu_seconds(std::process::id()) < 0.05 {
            assert!(began.elapsed() < Duration::from_secs(20));
        }
        assert!(rss_kib(std::process::id()) > 100.0);
    }
}
