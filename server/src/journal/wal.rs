//! The write-ahead log: where appended entries become durable first, by one write and one fdatasync of a plain file.
//! The database takes them over later, many at once (`settle`), and opening it reads here what a crash left.
//!
//! Two files take turns: log number n is in `wal.0` or `wal.1`, as n is even or odd, over what an older log left there.
//! A log may be overwritten once the database has said, durably, that it is settled (`record::Commit::settled`).
//! A file is a sequence of records, each at a multiple of 16 bytes; all numbers are big-endian:
//!
//! | field | bytes |
//! | --- | --- |
//! | `PlWL` | 4 |
//! | length of the payload | 4 |
//! | CRC-32 of the length, and of all that follows | 4 |
//! | zero | 4 |
//! | number of the log | 8 |
//! | place of the record in the log, from 0 on | 8 |
//! | payload | |
//!
//! The record at place 0 holds the number of the log before (8) and how many records that has (8); every other one is a
//! commit: runs of entries, each document (16), number of the last entry (8), length (4), entries (`record`).

#[cfg(all(test, target_os = "linux"))]
use std::os::fd::AsRawFd as _;
use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::FileExt as _,
    path::Path,
};

use bytes::{Buf as _, BufMut as _, Bytes};

use super::{
    Seq,
    record::{Damage, Fields},
};
use crate::ids::DocId;

pub(super) const FILES: [&str; 2] = ["wal.0", "wal.1"];
const MAGIC: [u8; 4] = *b"PlWL";
const HEADER_BYTES: usize = 32;
const ALIGN: usize = 16;
/// A file grows by at least this, ahead of what is written: a sync of bytes that the file had before is cheaper.
const GROW_BYTES: usize = 256 * 1024;

/// Entries of a document that follow one another, as they are stored (`record::encode_entry`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) doc: DocId,
    /// The number of its last entry.
    pub(super) last: Seq,
    pub(super) records: Bytes,
}

/// How far a log is durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) log: u64,
    /// Records of it, the one at place 0 among them.
    pub(super) records: u64,
}

/// The log that is written.
pub(super) struct Wal {
    files: [File; 2],
    /// Bytes that each file has.
    sizes: [u64; 2],
    mark: Mark,
    /// Where the next record goes.
    end: u64,
    buffer: Vec<u8>,
}

impl Wal {
    /// Begins log `first`; every earlier one must be settled.
    pub(super) fn begin(files: [File; 2], first: u64) -> io::Result<Self> {
        let sizes = [files[0].metadata()?.len(), files[1].metadata()?.len()];
        let mark = Mark { log: first, records: 0 };
        let mut wal = Self { files, sizes, mark, end: 0, buffer: Vec::new() };
        wal.open_log(Mark::default());
        Ok(wal)
    }

    /// Begins the next log, over the last but one.
    pub(super) fn turn(&mut self) {
        let before = self.mark();
        self.mark = Mark { log: before.log + 1, records: 0 };
        self.end = 0;
        self.buffer = Vec::new();
        self.open_log(before);
    }

    /// The record at place 0 is written together with the first commit.
    fn open_log(&mut self, before: Mark) {
        let payload = [before.log.to_be_bytes(), before.records.to_be_bytes()].concat();
        self.put(|buffer| buffer.extend(&payload));
    }

    /// How far it is durable.
    pub(super) fn mark(&self) -> Mark {
        if self.end == 0 { Mark { records: 0, ..self.mark } } else { self.mark }
    }

    /// Bytes written to this log.
    pub(super) fn bytes(&self) -> u64 {
        self.end
    }

    /// Writes a commit, and returns once it is durable.
    pub(super) fn append(&mut self, runs: &[Run]) -> io::Result<()> {
        self.put(|buffer| {
            for run in runs {
                buffer.extend(run.doc.as_bytes());
                buffer.put_u64(run.last);
                buffer.put_u32(run.records.len() as u32);
                buffer.extend(&run.records);
            }
        });
        let (file, written) = ((self.mark.log % 2) as usize, self.buffer.len());
        let end = self.end + written as u64;
        if end > self.sizes[file] {
            self.buffer.resize(written.next_multiple_of(GROW_BYTES), 0);
            self.sizes[file] = self.end + self.buffer.len() as u64;
        }
        self.files[file].write_all_at(&self.buffer, self.end)?;
        self.buffer.clear();
        self.end = end;
        sync(&self.files[file])
    }

    /// Puts a record into the buffer.
    fn put(&mut self, payload: impl FnOnce(&mut Vec<u8>)) {
        let start = self.buffer.len();
        self.buffer.put_slice(&MAGIC);
        self.buffer.put_bytes(0, HEADER_BYTES - MAGIC.len());
        payload(&mut self.buffer);
        let record = &mut self.buffer[start..];
        let length = (record.len() - HEADER_BYTES) as u32;
        record[4..8].copy_from_slice(&length.to_be_bytes());
        record[16..24].copy_from_slice(&self.mark.log.to_be_bytes());
        record[24..32].copy_from_slice(&self.mark.records.to_be_bytes());
        let sum = checksum(record);
        record[8..12].copy_from_slice(&sum.to_be_bytes());
        let padded = self.buffer.len().next_multiple_of(ALIGN);
        self.buffer.resize(padded, 0);
        self.mark.records += 1;
    }
}

fn sync(file: &File) -> io::Result<()> {
    #[cfg(all(test, target_os = "linux"))]
    if super::sync::fault::outcome(file.as_raw_fd()).is_some() {
        return Err(io::Error::last_os_error());
    }
    file.sync_data()
}

/// Of a whole record: the length, and all after the checksum.
fn checksum(record: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&record[4..8]);
    crc.update(&record[12..]);
    crc.finalize()
}

/// Opens both files, made if there are none.
pub(super) fn open_files(dir: &Path) -> io::Result<[File; 2]> {
    let open =
        |name| OpenOptions::new().create(true).truncate(false).read(true).write(true).open(dir.join(name));
    let files = [open(FILES[0])?, open(FILES[1])?];
    for file in &files {
        file.sync_all()?;
    }
    Ok(files)
}

/// A log as it was found.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    mark: Mark,
    /// The log before it, as it was left.
    before: Mark,
    commits: Vec<Bytes>,
}

/// What the files hold of logs that are not settled, in order, and the highest number of a log that is in use.
/// `witnessed` is how far one was confirmed.
pub(super) fn read(
    files: &[File; 2],
    settled: u64,
    witnessed: Mark,
) -> io::Result<Result<(Vec<Run>, u64), Damage>> {
    let mut contents = Vec::new();
    for file in files {
        let mut bytes = vec![0; file.metadata()?.len() as usize];
        file.read_exact_at(&mut bytes, 0)?;
        contents.push(Bytes::from(bytes));
    }
    Ok(runs_of(&contents, settled, witnessed))
}

fn runs_of(contents: &[Bytes], settled: u64, witnessed: Mark) -> Result<(Vec<Run>, u64), Damage> {
    let mut found = Vec::new();
    for bytes in contents {
        found.extend(scan(bytes, settled)?);
    }
    found.sort_by_key(|found: &Found| found.mark.log);
    let befores = found.iter().map(|found| (found.before, true));
    for (mark, whole) in befores.chain([(witnessed, false)]).filter(|(mark, _)| mark.log >= settled) {
        let records =
            found.iter().find(|found| found.mark.log == mark.log).map_or(0, |found| found.mark.records);
        if records < mark.records {
            return Err(format!(
                "the newest {} writes of log {} are missing",
                mark.records - records,
                mark.log
            ));
        }
        if whole && records > mark.records {
            return Err(format!("log {} holds more than was written to it", mark.log));
        }
    }
    let highest = found.last().map_or(settled, |found| found.mark.log).max(witnessed.log);
    let mut runs = Vec::new();
    for commit in found.into_iter().flat_map(|found| found.commits) {
        runs_of_commit(commit, &mut runs)?;
    }
    Ok((runs, highest))
}

/// For the fuzzer: whatever the files hold, it is read or refused.
pub(super) fn read_any(contents: &[Bytes], settled: u64) {
    // Only that it returns is looked at.
    let _ = runs_of(contents, settled, Mark::default());
}

fn runs_of_commit(mut commit: Bytes, runs: &mut Vec<Run>) -> Result<(), Damage> {
    while !commit.is_empty() {
        let mut fields = Fields(&commit);
        let (doc, last, length) = (DocId::from_bytes(fields.take()?), fields.u64()?, fields.u32()? as usize);
        if fields.0.len() < length {
            return Err("a run of the log is cut short".into());
        }
        commit.advance(commit.len() - fields.0.len());
        runs.push(Run { doc, last, records: commit.split_to(length) });
    }
    Ok(())
}

/// The log in a file, up to where a crash cut it; `None` if it is settled or was never begun. What a crash cuts is the
/// last write alone, so a whole record beyond one that is not is damage; but the first two are one write.
fn scan(bytes: &Bytes, settled: u64) -> Result<Option<Found>, Damage> {
    let mut found: Option<Found> = None;
    let mut at = 0;
    while let Some((mark, payload)) = record_at(bytes, at) {
        match &mut found {
            None if mark.records == 0 && mark.log >= settled => {
                let mut fields = Fields(&payload);
                let before = Mark { log: fields.u64()?, records: fields.u64()? };
                found = Some(Found { mark: Mark { records: 1, ..mark }, before, commits: Vec::new() });
            }
            Some(found) if mark == found.mark => {
                found.commits.push(payload.clone());
                found.mark.records += 1;
            }
            _ => break,
        }
        at = (at + HEADER_BYTES + payload.len()).next_multiple_of(ALIGN);
    }
    for at in (at..bytes.len()).step_by(ALIGN) {
        let beyond = |mark: Mark| mark.log >= settled && (found.is_some() || mark.records > 1);
        if record_at(bytes, at).is_some_and(|(mark, _)| beyond(mark)) {
            return Err("a record in the middle of the log is not as it was written".into());
        }
    }
    Ok(found)
}

/// The record that stands at a place, if it is whole: its log and place (as a mark), and its payload.
fn record_at(bytes: &Bytes, at: usize) -> Option<(Mark, Bytes)> {
    let rest = bytes.get(at..)?;
    let length = u32::from_be_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
    let record = rest.get(..HEADER_BYTES.checked_add(length)?)?;
    if !record.starts_with(&MAGIC) || record[8..12] != checksum(record).to_be_bytes() {
        return None;
    }
    let mut fields = Fields(&record[16..]);
    let mark = Mark { log: fields.u64().ok()?, records: fields.u64().ok()? };
    Some((mark, bytes.slice(at + HEADER_BYTES..at + record.len())))
}

#[cfg(test)]
mod tests;
