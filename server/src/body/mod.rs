//! A section's rich text: the schema, the guard before yrs, the body as a tree, anchors.
//!
//! yrs trusts its input: a few hostile bytes crash the process. Nothing reaches it but what `Body::take` let through.

use bytes::Bytes;

use crate::review::Anchor;

/// Why an update is not applied. Nothing of it was.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum Refusal {
    /// Not an update, or one that only a hostile client makes.
    #[error("this change is not well-formed ({0})")]
    Malformed(&'static str),
    /// Something it builds on is missing here: ask for it by sync step 1; nothing is held.
    #[error("this change builds on one that did not arrive")]
    Gap,
    /// Content outside the schema of a body.
    #[error("this change holds content that a section cannot have ({0})")]
    Schema(String),
    /// The body would grow over `limits::BODY_BYTES_MAX`.
    #[error("this section is full; remove text or split it")]
    Full,
}

/// Stored bytes that do not give a document.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("the stored document cannot be read: {0}")]
pub struct Unreadable(pub String);

/// What an update did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// It changed the document: record it.
    New,
    /// Everything in it was known: confirm it, record nothing.
    Known,
}

/// A live body, with what the guard must know of it.
pub struct Body(());

impl Body {
    /// An empty body.
    pub fn new() -> Self {
        todo!()
    }
    /// A body from what the journal holds, oldest first (a snapshot is an update too). Stored bytes passed the guard
    /// once; they pass it again, so that a poisoned record is found here and not inside yrs.
    pub fn load<'a>(_updates: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, Unreadable> {
        todo!()
    }
    /// Guards, checks against the schema, applies.
    pub fn take(&mut self, _update: &[u8]) -> Result<Taken, Refusal> {
        todo!()
    }
    /// "This is what I have", for sync step 1.
    pub fn state_vector(&self) -> Bytes {
        todo!()
    }
    /// What somebody with this state vector lacks, for sync step 2. A random or future state vector gets a normal answer.
    pub fn diff(&self, _state_vector: &[u8]) -> Result<Bytes, Refusal> {
        todo!()
    }
    /// The whole document as one update.
    pub fn encode(&self) -> Bytes {
        todo!()
    }
    /// Whether the anchor still stands on words: both ends resolve, to different places.
    pub fn attached(&self, _anchor: &Anchor) -> bool {
        todo!()
    }
    /// An anchor on the first occurrence of a quote (for sample and import).
    pub fn anchor_of(&self, _quote: &str) -> Option<Anchor> {
        todo!()
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::new()
    }
}
