//! What anybody was shown or told is saved, and must therefore be in the journal for ever.

use yrs::{IdSet, Update, updates::decoder::Decode as _};

/// Everything of one document that ever left a room.
#[derive(Default)]
pub(super) struct Seen {
    written: IdSet,
    deleted: IdSet,
}

/// What an update writes and deletes.
fn parts(update: &[u8]) -> Result<(IdSet, IdSet), String> {
    let update = Update::decode_v1(update).map_err(|error| format!("an update is not readable: {error}"))?;
    Ok((update.insertions(true), update.delete_set().clone()))
}

impl Seen {
    /// Somebody saw an update, or was told that it is saved.
    pub(super) fn note(&mut self, update: &[u8]) -> Result<(), String> {
        let (written, deleted) = parts(update)?;
        self.written.merge_with(written);
        self.deleted.merge_with(deleted);
        Ok(())
    }

    /// Whether a whole document, as an update, holds all that was seen.
    pub(super) fn check(&self, whole: &[u8]) -> Result<(), String> {
        let (written, deleted) = parts(whole)?;
        let (text, deletions) = (self.written.diff(&written), self.deleted.diff(&deleted));
        match (text.is_empty(), deletions.is_empty()) {
            (true, true) => Ok(()),
            (false, _) => Err(format!("what was seen is lost: {text}")),
            (true, false) => Err(format!("a deletion that was seen is lost: {deletions}")),
        }
    }
}
