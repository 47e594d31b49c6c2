//! Opening a store's directory: nobody else has it, nothing of it is missing, and what it holds is of a known format.
//!
//! | name | what |
//! | --- | --- |
//! | `lock` | locked while a process serves the directory |
//! | `format` | `plenary journal N`, written last when a store is made: from then on there is something to lose |
//! | `witness` | count of the newest confirmed commit (8), number and records of the log as confirmed (8 each), and a CRC-32 (4); written after each flush and not synced: there may be more, never less |
//! | `wal.0`, `wal.1` | the write-ahead log, see `wal` |
//! | `sled/` | the database |

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    os::unix::fs::FileExt as _,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

#[cfg(target_os = "linux")]
use super::sync;
use super::{
    Seq,
    block::BLOCK_ENTRIES,
    commit::Failure,
    record::{self, Commit, Fields},
    wal::{self, Mark, Run, Wal},
};
use crate::ids::DocId;

const FORMAT_NAME: &str = "plenary journal ";
const CACHE_BYTES: u64 = 64 * 1024 * 1024;
/// Also how often sled collects its garbage, so it can't be off.
const SLED_FLUSH_EVERY_MS: u64 = 200;

/// Why a store was not opened. Nothing of it was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process serves this directory.
    #[error("another server uses this data directory")]
    InUse,
    /// A newer version wrote it.
    #[error("the store has format {found}; this version knows formats up to {known}")]
    NewerFormat {
        /// What is there.
        found: u32,
        /// What this version knows.
        known: u32,
    },
    /// Something that was stored is not there, or not as it was written. Restore a backup, or look at a copy.
    #[error("the store is damaged: {what}")]
    Damaged {
        /// What is wrong.
        what: String,
    },
    /// sled's writes do not reach the disk: this program was linked without its own `sync_file_range`.
    #[error("writes would not be synced to disk: the program was linked wrongly")]
    Unsynced,
    /// The directory can't be read or written.
    #[error("the data directory can't be used: {0}")]
    Io(#[from] io::Error),
}

fn damaged(what: impl Into<String>) -> OpenError {
    OpenError::Damaged { what: what.into() }
}

/// An open store. The fields are dropped in this order: the lock goes last.
pub(super) struct Opened {
    pub(super) db: sled::Db,
    pub(super) commit: Commit,
    pub(super) wal: Wal,
    /// Of the log, what may not be in the database.
    pub(super) runs: Vec<Run>,
    pub(super) witness: Witness,
    /// Documents of which something may be packed.
    pub(super) packable: Vec<DocId>,
    pub(super) lock: File,
}

/// Opens the store in `dir`, or makes one if there is none. Blocks.
pub(super) fn open(dir: &Path) -> Result<Opened, OpenError> {
    create_dir_synced(dir)?;
    let lock = lock(dir)?;
    let format = check_format(dir)?;
    let exists = format.is_some();
    let sled_dir = dir.join("sled");
    let witnessed = match format {
        Some(format) => {
            check_files(dir, format)?;
            Witness::read(dir)?
        }
        None => {
            create_dir_synced(&sled_dir)?;
            Witnessed::default()
        }
    };
    remove_half_written_snapshots(&sled_dir)?;
    // sled panics on some damage, at opening and at first reading.
    let (db, commit, packable) =
        catch_unwind(AssertUnwindSafe(|| open_sled(&sled_dir, exists, witnessed.count)))
            .map_err(|panic| damaged(format!("the database gave up: {}", panic_text(&*panic))))??;
    if !exists {
        for name in ["conf", "db", ""] {
            File::open(sled_dir.join(name))?.sync_all()?;
        }
    }
    let files = wal::open_files(dir)?;
    let (runs, highest) = wal::read(&files, commit.settled, witnessed.log)?.map_err(damaged)?;
    let wal = Wal::begin(files, highest + 1)?;
    let witness = Witness::create_or_open(dir, Witnessed { count: commit.count, ..witnessed })?;
    // An older one becomes a new one: from here on older versions refuse it.
    if format != Some(record::FORMAT) {
        write_format(dir, record::FORMAT)?;
    }
    Ok(Opened { db, commit, wal, runs, witness, packable, lock })
}

/// Whether a store of this format has all its files.
fn check_files(dir: &Path, format: u32) -> Result<(), OpenError> {
    let wal = if format < record::FORMAT_WAL { &[][..] } else { &wal::FILES[..] };
    for needed in ["sled/db", "sled/conf"].iter().chain(wal) {
        if !dir.join(needed).is_file() {
            return Err(damaged(format!("{needed} is missing")));
        }
    }
    Ok(())
}

fn create_dir_synced(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let parent = dir.canonicalize()?.parent().map(Path::to_path_buf);
    parent.map_or(Ok(()), |parent| File::open(parent)?.sync_all())
}

fn lock(dir: &Path) -> Result<File, OpenError> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The format of the store that was made here, if there is one; refuses a newer one.
fn check_format(dir: &Path) -> Result<Option<u32>, OpenError> {
    let text = match fs::read(dir.join("format")) {
        Ok(text) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let found = text.strip_prefix(FORMAT_NAME).and_then(|number| number.trim_end().parse().ok());
    match found {
        Some(found) if found > record::FORMAT => Err(OpenError::NewerFormat { found, known: record::FORMAT }),
        Some(found) if found >= record::FORMAT_OLDEST => Ok(Some(found)),
        _ => Err(damaged("the file `format` can't be read")),
    }
}

fn write_format(dir: &Path, format: u32) -> io::Result<()> {
    let (new, name) = (dir.join("format.new"), dir.join("format"));
    let mut file = File::create(&new)?;
    writeln!(file, "{FORMAT_NAME}{format}")?;
    file.sync_all()?;
    fs::rename(new, name)?;
    File::open(dir)?.sync_all()
}

/// A crash can leave `snap.*.generating`, which sled would take for its newest snapshot and refuse for ever
/// (spacejam/sled #1527, #1533). The snapshot only saves time: the log holds everything.
fn remove_half_written_snapshots(sled_dir: &Path) -> io::Result<()> {
    for file in fs::read_dir(sled_dir)? {
        let file = file?;
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            tracing::warn!(name = %name, "removing a half-written sled snapshot");
            fs::remove_file(file.path())?;
        }
    }
    Ok(())
}

fn open_sled(
    sled_dir: &Path,
    exists: bool,
    witnessed: u64,
) -> Result<(sled::Db, Commit, Vec<DocId>), OpenError> {
    let db = sled::Config::new()
        .path(sled_dir)
        .cache_capacity(CACHE_BYTES)
        .flush_every_ms(Some(SLED_FLUSH_EVERY_MS))
        .open()
        .map_err(sled_error)?;
    let found = match db.get(record::COMMIT_KEY).map_err(sled_error)? {
        Some(stored) => Some(record::decode_commit(&stored).map_err(damaged)?),
        None => None,
    };
    let heads = read_heads(&db, found.map_or(0, |commit| commit.count))?;
    match (exists, found) {
        (true, None) => return Err(damaged("a store was made here, but the database is empty")),
        (true, Some(found)) if found.count < witnessed => {
            let lost = witnessed - found.count;
            return Err(damaged(format!("the newest {lost} commits are missing")));
        }
        (false, _) if heads.count > 0 => {
            return Err(damaged("the database holds documents, but the file `format` is missing"));
        }
        _ => {}
    }
    if heads.sum_before != found.map_or(0, |commit| commit.sum) {
        return Err(damaged("the heads of documents are not those of the newest commit"));
    }
    check_format_key(&db, exists)?;
    let (count, settled) = found.map_or((0, 0), |commit| (commit.count, commit.settled));
    let commit = Commit { count: count + 1, sum: heads.sum_now, settled };
    settle(&db, commit)?;
    Ok((db, commit, heads.packable))
}

/// The format stands in the database too: a directory put together from two stores is found.
fn check_format_key(db: &sled::Db, exists: bool) -> Result<(), OpenError> {
    match db.get(record::FORMAT_KEY).map_err(sled_error)? {
        Some(stored) => {
            let value = record::unseal(record::FORMAT_KEY, &stored).map_err(damaged)?;
            let found = value.try_into().map(u32::from_be_bytes);
            match found.map_err(|_| damaged("the database's format can't be read"))? {
                record::FORMAT => return Ok(()),
                record::FORMAT_OLDEST..record::FORMAT => {}
                found => return Err(OpenError::NewerFormat { found, known: record::FORMAT }),
            }
        }
        None if exists => return Err(damaged("the database does not say its format")),
        None => {}
    }
    let value = record::seal(record::FORMAT_KEY, &record::FORMAT.to_be_bytes());
    db.insert(record::FORMAT_KEY, value).map_err(sled_error).map(drop)
}

struct Heads {
    count: u64,
    /// Sum of the hashes as of the newest whole commit.
    sum_before: u128,
    /// Sum of the hashes of what is there, with heads of a commit that a crash cut in two: their entries were
    /// written before them, nobody was told, and whether such a commit is kept is free.
    sum_now: u128,
    /// Documents that a whole block can be made of, and those that have some: a crash may have left what they replace.
    packable: Vec<DocId>,
}

fn read_heads(db: &sled::Db, newest: u64) -> Result<Heads, OpenError> {
    let mut heads = Heads { count: 0, sum_before: 0, sum_now: 0, packable: Vec::new() };
    for item in db.scan_prefix(record::HEAD_PREFIX) {
        let (key, value) = item.map_err(sled_error)?;
        let doc = record::doc_of_head_key(&key).map_err(damaged)?;
        let (stored, hash) = record::decode_head(doc, &value)
            .map_err(|why| damaged(format!("the head of document {doc}: {why}")))?;
        let before = match stored.commit {
            commit if commit <= newest => hash,
            commit if commit == newest + 1 => stored.before,
            _ => return Err(damaged("a head is newer than the newest commit")),
        };
        let packable = stored.head.packable();
        if stored.head.packed > 0 || packable.start() + BLOCK_ENTRIES as Seq <= packable.end() + 1 {
            heads.packable.push(doc);
        }
        heads.count += 1;
        heads.sum_before = heads.sum_before.wrapping_add(before);
        heads.sum_now = heads.sum_now.wrapping_add(hash);
    }
    Ok(heads)
}

/// Makes what was found the newest commit, and sees that flushing syncs.
fn settle(db: &sled::Db, commit: Commit) -> Result<(), OpenError> {
    #[cfg(target_os = "linux")]
    let calls = sync::calls();
    db.insert(record::COMMIT_KEY, record::encode_commit(commit)).map_err(sled_error)?;
    db.flush().map_err(sled_error)?;
    #[cfg(target_os = "linux")]
    if sync::calls() == calls {
        return Err(OpenError::Unsynced);
    }
    Ok(())
}

fn sled_error(error: sled::Error) -> OpenError {
    match error {
        sled::Error::Io(error) => OpenError::Io(error),
        other => damaged(other.to_string()),
    }
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Sled(error) => sled_error(error),
            Failure::Io(error) => Self::Io(error),
            Failure::Slow(_) => Self::Io(io::Error::new(io::ErrorKind::TimedOut, failure.to_string())),
            Failure::Read(error) => damaged(error.to_string()),
        }
    }
}

/// What a panic said.
pub(super) fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no reason was given").to_owned()
}

/// What was confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Witnessed {
    /// Commits to the database.
    count: u64,
    log: Mark,
}

/// A lower bound of what must be found at the next opening. sled takes a damaged end of its log for one that a crash
/// cut, and drops it in silence, and so does the write-ahead log; what was confirmed after it is missed by this alone.
pub(super) struct Witness(File);

impl Witness {
    fn read(dir: &Path) -> Result<Witnessed, OpenError> {
        let bytes = match fs::read(dir.join("witness")) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(damaged("the file `witness` is missing"));
            }
            Err(error) => return Err(error.into()),
        };
        let unreadable = |_| damaged("the file `witness` can't be read");
        let mut fields = Fields(record::unseal(b"witness", &bytes).map_err(unreadable)?);
        let count = fields.u64().map_err(unreadable)?;
        // Older formats have no log.
        if fields.0.is_empty() {
            return Ok(Witnessed { count, log: Mark::default() });
        }
        let log = Mark { log: fields.u64().map_err(unreadable)?, records: fields.u64().map_err(unreadable)? };
        fields.end().map_err(unreadable)?;
        Ok(Witnessed { count, log })
    }

    fn create_or_open(dir: &Path, witnessed: Witnessed) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join("witness"))?;
        let witness = Self(file);
        witness.write(witnessed.count, witnessed.log)?;
        witness.0.sync_all()?;
        File::open(dir)?.sync_all()?;
        Ok(witness)
    }

    /// Notes what a flush has made durable.
    pub(super) fn write(&self, count: u64, log: Mark) -> io::Result<()> {
        let value = [count, log.log, log.records].map(u64::to_be_bytes).concat();
        self.0.write_all_at(&record::seal(b"witness", &value), 0)
    }
}
