//! Entries that are durable in the write-ahead log and not yet in the database, for whoever reads.

use std::collections::HashMap;

use parking_lot::Mutex;

use super::wal::Run;
use crate::ids::DocId;

/// Runs by document, each document's in order and without a hole: what is before its first is in the database.
#[derive(Default)]
pub(super) struct Recent(Mutex<HashMap<DocId, Vec<Run>>>);

impl Recent {
    /// Adds what became durable, before any head speaks of it.
    pub(super) fn add(&self, runs: Vec<Run>) {
        let mut recent = self.0.lock();
        for run in runs {
            recent.entry(run.doc).or_default().push(run);
        }
    }

    /// A document's runs. Whoever reads the database takes them first: what leaves here is there before.
    pub(super) fn of(&self, doc: DocId) -> Vec<Run> {
        self.0.lock().get(&doc).cloned().unwrap_or_default()
    }

    /// Forgets a document's runs, once they are durable in the database.
    pub(super) fn forget<'a>(&self, docs: impl Iterator<Item = &'a DocId>) {
        let mut recent = self.0.lock();
        for doc in docs {
            recent.remove(doc);
        }
        if recent.is_empty() {
            *recent = HashMap::new();
        }
    }

    /// The documents that have any.
    pub(super) fn docs(&self) -> Vec<DocId> {
        self.0.lock().keys().copied().collect()
    }

    pub(super) fn has(&self, doc: DocId) -> bool {
        self.0.lock().contains_key(&doc)
    }
}
