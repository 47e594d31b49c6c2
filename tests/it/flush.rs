//! Durable before visible, as the kernel saw it: fdatasync has returned before the frame leaves.

use std::{process::Stdio, time::Duration};

use plenary_tests::Consultation;
use tokio::io::{AsyncBufReadExt, BufReader};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flush_returns_before_the_frame_leaves() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut writer = ana.sit(&c.sections[0]).await?;
    let mut reader = c.admin.sit(&c.sections[0]).await?;
    writer.write("before").await?;
    reader.until("before").await?;

    let dir = tempfile::tempdir()?;
    let trace = dir.path().join("trace");
    let mut strace = tokio::process::Command::new("strace")
        .args([
            "-f",
            "-y",
            "-s",
            "4096",
            "-e",
            "trace=fdatasync,fsync,pwrite64,recvfrom,read,sendto,write,writev,sendmsg",
        ])
        .arg("-o")
        .arg(&trace)
        .args(["-p", &c.server.pid().to_string()])
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut said = BufReader::new(strace.stderr.take().expect("stderr is piped")).lines();
    while !said.next_line().await?.is_some_and(|line| line.contains("attached")) {}

    writer.write("needle-in-the-journal").await?;
    reader.until("needle-in-the-journal").await?;
    let end = strace.id().expect("strace still runs").to_string();
    std::process::Command::new("kill").args(["-INT", &end]).status()?;
    tokio::time::timeout(Duration::from_secs(10), strace.wait()).await??;

    let text = std::fs::read_to_string(&trace)?;
    let lines: Vec<_> = text.lines().collect();
    let at = |what: &str, from: usize, holds: &dyn Fn(&str) -> bool| {
        let found = lines.iter().skip(from).position(|line| holds(line)).map(|n| n + from);
        found.ok_or_else(|| anyhow::anyhow!("no {what} in the trace:\n{text}"))
    };
    let socket = |line: &str| line.contains("TCP:") || line.contains("socket:");
    // The server unmasks what it read, so the needle stands in clear only where it is written.
    let stored = at("write to the store", 0, &|l| !socket(l) && l.contains("needle-in-the-journal"))?;
    let flush = at("flush", stored, &|l| {
        (l.contains("fdatasync") || l.contains("fsync")) && l.trim_end().ends_with("= 0")
    })?;
    let shown = at("frame", 0, &|l| socket(l) && l.contains("needle-in-the-journal"))?;
    assert!(stored < flush && flush < shown, "store {stored}, flush {flush}, frame {shown}:\n{text}");
    Ok(())
}
