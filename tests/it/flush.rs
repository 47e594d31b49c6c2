//! Durable before visible, as the kernel saw it: what came in was written to a file of the data directory, and a flush
//! of that very file began after it and returned before the frame left. Which file and which thread does not matter.

use std::{collections::HashMap, path::Path, process::Stdio, time::Duration};

use anyhow::Context;
use plenary_tests::{
    Consultation,
    siege::update_frame,
    update,
    wire::{BINARY, Wire, header},
};
use tokio::io::{AsyncBufReadExt, BufReader};

const NEEDLE: &str = "needle-in-the-journal";
const TAKES: [&str; 4] = ["read", "readv", "recvfrom", "recvmsg"];
const GIVES: [&str; 7] = ["write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg"];
const FLUSHES: [&str; 2] = ["fsync", "fdatasync"];

/// A system call of the trace.
#[derive(Debug, Default)]
struct Call {
    name: String,
    /// The first argument: a descriptor and what it is open on.
    on: String,
    /// All arguments, and what came back.
    text: String,
    /// Lines on which it was begun and returned.
    begun: usize,
    ended: usize,
}

impl Call {
    fn is(&self, names: &[&str]) -> bool {
        names.contains(&self.name.as_str())
    }

    fn on_socket(&self) -> bool {
        self.on.contains("socket:") || self.on.contains("TCP")
    }

    fn with_needle(&self) -> bool {
        self.text.contains(NEEDLE)
    }

    fn succeeded(&self) -> bool {
        self.text.rsplit_once(" = ").is_some_and(|(_, result)| result.trim() == "0")
    }
}

/// The calls of `strace -f -y -xx`, where other threads' calls may stand between a call and its return.
fn calls(trace: &str) -> Vec<Call> {
    let (mut calls, mut unfinished) = (Vec::<Call>::new(), HashMap::<&str, usize>::new());
    for (at, line) in trace.lines().enumerate() {
        let Some((thread, said)) = line.split_once(' ') else { continue };
        let said = said.trim_start();
        if let Some(rest) = said.strip_prefix("<... ") {
            let call = unfinished.remove(thread).and_then(|number| calls.get_mut(number));
            if let (Some(call), Some((_, rest))) = (call, rest.split_once("resumed>")) {
                call.text += &plain(rest);
                call.ended = at;
            }
        } else if let Some((name, arguments)) = said.split_once('(') {
            let cut = arguments.strip_suffix("<unfinished ...>");
            if cut.is_some() {
                unfinished.insert(thread, calls.len());
            }
            let arguments = cut.unwrap_or(arguments);
            let first = arguments.split([',', ')']).next().unwrap_or_default().trim_end();
            let (on, text) = (plain(first), plain(arguments));
            // One that has not returned yet ends after all others.
            let ended = if cut.is_some() { usize::MAX } else { at };
            calls.push(Call { name: name.into(), on, text, begun: at, ended });
        }
    }
    calls
}

/// Bytes that stand as `\x6e` in clear, as far as they are ASCII.
fn plain(text: &str) -> String {
    let mut parts = text.split("\\x");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        out.push(u8::from_str_radix(hex, 16).ok().filter(u8::is_ascii).map_or('?', char::from));
        out += rest;
    }
    out
}

/// Whether what came in was flushed to a file below `dir` before it went out; the error says what is missing.
fn flushed_before_shown(calls: &[Call], dir: &Path) -> anyhow::Result<()> {
    let dir = format!("<{}/", dir.display());
    let kept = |call: &&Call| call.on.contains(&dir);
    let taken = calls.iter().find(|call| call.is(&TAKES) && call.on_socket() && call.with_needle());
    let taken = taken.context("the frame was not seen to come in")?;
    let shown = calls.iter().find(|call| call.is(&GIVES) && call.on_socket() && call.with_needle());
    let shown = shown.context("the frame was not seen to leave")?;
    let mut stored = calls.iter().filter(kept).filter(|call| {
        call.is(&GIVES) && call.with_needle() && call.begun > taken.ended && call.ended < shown.begun
    });
    let flushed = stored.any(|stored| {
        calls.iter().filter(kept).any(|flush| {
            flush.is(&FLUSHES)
                && flush.succeeded()
                && path(&flush.on) == path(&stored.on)
                && flush.begun > stored.ended
                && flush.ended < shown.begun
        })
    });
    flushed.then_some(()).context("no flush of what was stored returned before the frame left")
}

fn path(on: &str) -> Option<&str> {
    Some(on.split_once('<')?.1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flush_returns_before_the_frame_leaves() -> anyhow::Result<()> {
    let c = Consultation::new(&["Housing"]).await?;
    let ana = c.invite("Ana", "Ministry", "drafter").await?;
    let mut reader = c.admin.sit(&c.sections[0]).await?;
    let mut writer = Wire::sit(&ana, &c.sections[0]).await?;
    writer.say(&update_frame(&update::paragraph(7, "before"))).await?;
    reader.until("before").await?;

    let dir = tempfile::tempdir()?;
    let trace = dir.path().join("trace");
    let names = [&TAKES[..], &GIVES[..], &FLUSHES[..]].concat().join(",");
    let mut strace = tokio::process::Command::new("strace")
        .args(["-f", "-y", "-xx", "-s", "1000000", "-e", &format!("trace={names}"), "-o"])
        .arg(&trace)
        .args(["-p", &c.server.pid().to_string()])
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let mut said = BufReader::new(strace.stderr.take().expect("stderr is piped")).lines();
    while !said.next_line().await?.is_some_and(|line| line.contains("attached")) {}

    // A mask of zeros: the words stand in clear where they come in, too.
    let mut writer = Wire::sit(&ana, &c.sections[0]).await?;
    let frame = update_frame(&update::paragraph(8, NEEDLE));
    writer.raw(&[header(BINARY, frame.len() as u64), vec![0; 4], frame].concat()).await?;
    reader.until(NEEDLE).await?;
    let end = strace.id().expect("strace still runs").to_string();
    std::process::Command::new("kill").args(["-INT", &end]).status()?;
    tokio::time::timeout(Duration::from_secs(10), strace.wait()).await??;

    let text = std::fs::read_to_string(&trace)?;
    flushed_before_shown(&calls(&text), &c.server.dir().canonicalize()?).with_context(|| text)
}

/// A trace as strace writes it, of calls on `S` (a socket), `W` and `D` (files of the data directory) and `O` (another
/// file); `!` stands for the words, and one that starts with `...` returns then.
fn trace(lines: &[&str]) -> String {
    let hex = |text: &str| text.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>();
    let whole = |line: &str| {
        let line = line.replace("(S", &format!("(9<{}>", hex("socket:[77]")));
        let line = line.replace("(W", &format!("(5<{}>", hex("/data/wal-1")));
        let line = line.replace("(D", &format!("(6<{}>", hex("/data/sled/db")));
        let line = line.replace("(O", &format!("(7<{}>", hex("/elsewhere/wal-1")));
        line.replace('!', &hex(NEEDLE)) + "\n"
    };
    lines.iter().map(|line| whole(line)).collect()
}

#[test]
fn a_flush_of_any_file_and_thread_counts_once_it_has_returned() -> anyhow::Result<()> {
    let dir = Path::new("/data");
    for honest in [
        &[
            "11 recvfrom(S, \"ab!\", 99) = 23",
            "12 pwrite64(D, \"!\", 21, 4096) = 21",
            "12 fdatasync(D) = 0",
            "11 sendto(S, \"!\", 21) = 21",
        ][..],
        &[
            "11 recvfrom(S,  <unfinished ...>",
            "13 fdatasync(D <unfinished ...>",
            "11 <... recvfrom resumed>\"!\", 99) = 21",
            "12 pwritev(W, [{iov_base=\"head\", iov_len=4}, {iov_base=\"!\", iov_len=21}], 2, 0) = 25",
            "12 fdatasync(W <unfinished ...>",
            "13 <... fdatasync resumed>) = 0",
            "12 <... fdatasync resumed>) = 0",
            "14 writev(S, [{iov_base=\"!\", iov_len=21}], 1) = 21",
            "12 pwrite64(D, \"!\", 21, 4096) = 21",
        ],
    ] {
        let text = trace(honest);
        flushed_before_shown(&calls(&text), dir).with_context(|| text)?;
    }
    Ok(())
}

#[test]
fn a_flush_that_is_late_early_failed_or_elsewhere_is_none() {
    let taken = "11 recvfrom(S, \"!\", 99) = 21";
    let (stored, flushed) = ("12 pwrite64(W, \"!\", 21, 0) = 21", "12 fdatasync(W) = 0");
    let shown = "11 sendto(S, \"!\", 21) = 21";
    for (why, lies) in [
        ("late", vec![taken, stored, shown, flushed]),
        ("early", vec![taken, flushed, stored, shown]),
        (
            "begun early",
            vec![taken, "13 fdatasync(W <unfinished ...>", stored, "13 <... fdatasync resumed>) = 0", shown],
        ),
        (
            "not over",
            vec![taken, stored, "12 fdatasync(W <unfinished ...>", shown, "12 <... fdatasync resumed>) = 0"],
        ),
        ("failed", vec![taken, stored, "12 fdatasync(W) = -1 EIO (Input/output error)", shown]),
        ("of another file", vec![taken, stored, "12 fdatasync(D) = 0", shown]),
        ("elsewhere", vec![taken, "12 pwrite64(O, \"!\", 21, 0) = 21", "12 fdatasync(O) = 0", shown]),
        ("of other words", vec![taken, "12 pwrite64(W, \"other\", 5, 0) = 5", flushed, shown]),
    ] {
        let text = trace(&lies);
        let judged = flushed_before_shown(&calls(&text), Path::new("/data"));
        assert_eq!(
            judged.map_err(|error| error.to_string()),
            Err("no flush of what was stored returned before the frame left".to_owned()),
            "{why}:\n{text}"
        );
    }
    assert!(flushed_before_shown(&calls(&trace(&[taken, stored, flushed])), Path::new("/data")).is_err());
    assert!(flushed_before_shown(&calls(&trace(&[stored, flushed, shown])), Path::new("/data")).is_err());
}
