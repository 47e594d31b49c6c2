//! Keeps the disk from filling up: what would need more space is refused before any of it is written. A disk that is
//! full in the middle of a commit would end the process.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use super::JournalError;

/// Free space below which nothing is added: enough for what the store still writes by itself (sled moves live data
/// when it collects its garbage), and for an operator to work with.
pub(super) const FREE_BYTES_MIN: u64 = 256 * 1024 * 1024;
/// How often the disk is asked.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Free space on the disk of a directory, as of a moment ago.
pub(super) struct Space {
    dir: PathBuf,
    looked: Option<Instant>,
    free: u64,
    low: bool,
}

impl Space {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self { dir, looked: None, free: u64::MAX, low: false }
    }

    /// Refuses to add anything while less than `least` bytes are free.
    pub(super) fn check(&mut self, least: u64) -> Result<(), JournalError> {
        if self.looked.is_none_or(|looked| looked.elapsed() >= LOOK_EVERY) {
            self.looked = Some(Instant::now());
            // A disk that does not answer this may still take writes, and says so itself if not.
            self.free = fs2::available_space(&self.dir).unwrap_or(u64::MAX);
        }
        self.note(self.free < least, least);
        if self.low {
            let (free, least) = (self.free >> 20, least >> 20);
            let why =
                format!("the disk is nearly full: {free} MiB are free, {least} MiB are needed to go on");
            return Err(JournalError::Unavailable(why));
        }
        Ok(())
    }

    fn note(&mut self, low: bool, least: u64) {
        let (free, dir) = (self.free, self.dir.display());
        match (self.low, low) {
            (false, true) => {
                tracing::error!(free, least, %dir, "the disk is nearly full: no change is taken")
            }
            (true, false) => tracing::info!(free, least, %dir, "the disk has space again: changes are taken"),
            _ => {}
        }
        self.low = low;
    }
}
