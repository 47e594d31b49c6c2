//! Makes sled's writes durable. sled 0.34 calls `sync_file_range` after each write to its log and takes the data for
//! stable then; that call flushes neither the drive's cache nor the file's size. So this program brings its own
//! `sync_file_range`, which is fdatasync: a symbol defined in the program wins over the C library's.
//! A file's definition only takes part in linking when something else refers to it: `directory` does, and checks
//! after its first flush that the calls came through here.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU64, Ordering};

static CALLS: AtomicU64 = AtomicU64::new(0);

/// Calls that came through this definition since the process began.
pub(super) fn calls() -> u64 {
    CALLS.load(Ordering::SeqCst)
}

/// fdatasync under the name that sled calls. Offset, length and flags are of no use to it.
// SAFETY: the name is the C library's, with its signature, and what this does is more than what is asked of it.
#[unsafe(no_mangle)]
extern "C" fn sync_file_range(
    fd: libc::c_int,
    _offset: libc::off64_t,
    _bytes: libc::off64_t,
    _flags: libc::c_uint,
) -> libc::c_int {
    CALLS.fetch_add(1, Ordering::SeqCst);
    #[cfg(test)]
    if let Some(outcome) = fault::outcome(fd) {
        return outcome;
    }
    // SAFETY: fdatasync takes any number; one that is no open file gives EBADF.
    unsafe { libc::fdatasync(fd) }
}

/// Disks that fail or stall, for tests.
#[cfg(test)]
pub(super) mod fault {
    use std::{
        collections::HashMap,
        path::{Path, PathBuf},
        sync::atomic::{AtomicBool, Ordering},
        time::Duration,
    };

    use parking_lot::Mutex;

    #[derive(Clone, Copy)]
    pub(in crate::journal) enum Fault {
        /// Fails with EIO.
        Io,
        /// Takes this long, and then succeeds.
        Stall(Duration),
    }

    static ANY: AtomicBool = AtomicBool::new(false);
    static FAULTS: Mutex<Option<HashMap<PathBuf, Fault>>> = Mutex::new(None);

    /// From now on, syncs of files below `dir` go wrong.
    pub(in crate::journal) fn set(dir: &Path, fault: Fault) {
        FAULTS.lock().get_or_insert_default().insert(dir.canonicalize().expect("dir"), fault);
        ANY.store(true, Ordering::SeqCst);
    }

    pub(in crate::journal) fn outcome(fd: libc::c_int) -> Option<libc::c_int> {
        if !ANY.load(Ordering::SeqCst) {
            return None;
        }
        let path = std::fs::read_link(format!("/proc/self/fd/{fd}")).ok()?;
        let fault = {
            let faults = FAULTS.lock();
            faults.as_ref()?.iter().find(|(dir, _)| path.starts_with(dir)).map(|(_, fault)| *fault)?
        };
        match fault {
            Fault::Io => {
                // SAFETY: errno is this thread's own.
                unsafe { *libc::__errno_location() = libc::EIO };
                Some(-1)
            }
            Fault::Stall(time) => {
                std::thread::sleep(time);
                None
            }
        }
    }
}
