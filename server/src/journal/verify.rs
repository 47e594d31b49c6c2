//! Reading a whole store and saying what it holds: every entry, its place in the chain, every snapshot.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use super::{
    JournalError, OpenError, Seq, SledJournal,
    directory::panic_text,
    record::{self, Linked},
    store::Store,
};
use crate::ids::DocId;

/// Entries read at a time.
const PAGE_ENTRIES: usize = 1024;

/// What a document's record was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The document.
    pub doc: DocId,
    /// Entries that were read and are as they were written, up to the first damage.
    pub entries: u64,
    /// Bytes of these entries.
    pub bytes: u64,
    /// The last entry that the newest snapshot holds.
    pub snapshot: Option<Seq>,
    /// What is wrong: the first entry that is not as it was written, and snapshots that are not.
    pub damage: Vec<JournalError>,
}

/// Reads all of the store in `dir`, which no server may use meanwhile, and tells of one document after the other.
/// Opening it does what a server's start does, also to what a crash left. Blocks.
pub fn verify(dir: &Path, mut tell: impl FnMut(Finding)) -> Result<(), OpenError> {
    let journal = SledJournal::open_to_read(dir)?;
    let store = &journal.line().store;
    for key in store.db().scan_prefix(record::HEAD_PREFIX).keys() {
        let damaged = |what: String| OpenError::Damaged { what };
        let key = key.map_err(|error| damaged(error.to_string()))?;
        tell(examine(store, record::doc_of_head_key(&key).map_err(damaged)?));
    }
    Ok(())
}

fn examine(store: &Store, doc: DocId) -> Finding {
    let mut finding = Finding { doc, entries: 0, bytes: 0, snapshot: None, damage: Vec::new() };
    // sled panics on some damage.
    let examined = catch_unwind(AssertUnwindSafe(|| {
        let read = read_entries(store, &mut finding);
        finding.damage.extend(read.err());
        read_snapshots(store, &mut finding)
    }));
    match examined {
        Ok(read) => finding.damage.extend(read.err()),
        Err(panic) => {
            let why = panic_text(&*panic).to_owned();
            finding.damage.push(JournalError::Corrupt { doc, at: 0, why });
        }
    }
    finding
}

fn read_entries(store: &Store, finding: &mut Finding) -> Result<(), JournalError> {
    let doc = finding.doc;
    let head = store.published(doc)?.head;
    let mut before: Option<Linked> = None;
    let mut next = head.first();
    while next <= head.last {
        for linked in store.read_page(doc, next, PAGE_ENTRIES)? {
            let at = linked.entry.seq;
            if let Some(before) = &before
                && (before.after != linked.before || before.entry.epoch > linked.entry.epoch)
            {
                let why = "it does not follow the entry before it".to_owned();
                return Err(JournalError::Corrupt { doc, at, why });
            }
            finding.entries += 1;
            finding.bytes += linked.entry.bytes.len() as u64;
            next = at + 1;
            before = Some(linked);
        }
    }
    Ok(())
}

fn read_snapshots(store: &Store, finding: &mut Finding) -> Result<(), JournalError> {
    let head = store.published(finding.doc)?.head;
    finding.snapshot = head.snapshot.map(|newest| newest.upto);
    for generation in [head.snapshot, head.older].into_iter().flatten() {
        finding.damage.extend(store.read_state(finding.doc, generation).err());
    }
    Ok(())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use bytes::Bytes;
    use tempfile::TempDir;

    use super::*;
    use crate::journal::{
        Journal as _,
        contract::{batch, doc, noise},
        crash::{open, open_database},
    };

    fn findings(dir: &Path) -> Vec<Finding> {
        let mut found = Vec::new();
        verify(dir, |finding| found.push(finding)).expect("it opens");
        found
    }

    #[tokio::test]
    async fn what_is_whole_is_counted_and_what_is_damaged_is_named() {
        let dir = TempDir::new().unwrap();
        let journal = open(dir.path());
        for number in 1..=4 {
            let mut writer = journal.claim(doc(number), "node").await.unwrap();
            writer.append(batch(2999)).await.unwrap();
            writer.put_snapshot(700, noise(9_000, 1)).await.unwrap();
            writer.put_snapshot(900, Bytes::from_static(b"state")).await.unwrap();
        }
        journal.claim(doc(5), "node").await.unwrap();
        journal.erase(doc(5)).await.unwrap();
        journal.packed().await;
        assert!(matches!(verify(dir.path(), drop), Err(OpenError::InUse)));
        drop(journal);
        let whole = findings(dir.path());
        assert_eq!(whole.len(), 5);
        for found in &whole[..4] {
            assert_eq!((found.entries, found.snapshot, found.damage.len()), (3000, Some(900), 0));
        }
        assert_eq!((whole[4].entries, whole[4].snapshot, whole[4].damage.len()), (0, None, 0));
        let db = open_database(dir.path().join("sled")).unwrap();
        let run = db.range(record::run_key(doc(1), 2500, 0)..).keys().next().unwrap().unwrap();
        db.remove(&run).unwrap();
        db.remove(record::block_key(doc(2), 512, 0)).unwrap().expect("a block");
        db.remove(record::state_key(doc(3), 1, 1)).unwrap().expect("an older state");
        drop(db);
        let found = findings(dir.path());
        assert!(matches!(found[0].damage[..], [JournalError::Corrupt { at, .. }] if at <= 2500 && at > 2300));
        assert!(matches!(found[1].damage[..], [JournalError::Corrupt { at: 1, .. }]));
        assert!(matches!(found[2].damage[..], [JournalError::Corrupt { at: 700, .. }]));
        assert_eq!((found[2].entries, &found[3]), (3000, &whole[3]));
    }
}
