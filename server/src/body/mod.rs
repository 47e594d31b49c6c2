//! Rich text, of a section or a recommendation: the schema, the guard before yrs, the body as a tree, anchors.
//!
//! yrs trusts its input: a few hostile bytes crash the process. Nothing reaches it but what `Body::take` let through.

mod anchor;
mod bytes;
mod cold;
mod guard;
mod index;
mod schema;
mod structs;
#[cfg(test)]
mod tests;
mod tree;
mod value;
mod wording;
mod write;

use ::bytes::Bytes;
use yrs::{
    ClientID, Doc, OffsetKind, Options, ReadTxn as _, StateVector, Transact as _, Update, XmlFragmentRef,
    updates::{decoder::Decode as _, encoder::Encode as _},
};

pub use anchor::{NotAPosition, Spot, check_anchor};
pub use cold::Cold;
pub use schema::{Attr, Mark, Node, is_url};
use structs::{Bounds, ROOT};
pub use tree::{Block, Inline, Run, TooLarge, Tree};
pub use wording::Wording;

use crate::{lib0::Reader, limits::BODY_BYTES_MAX, review::Anchor};

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
    /// It writes under the Yjs client id of another person.
    #[error("this change is written under the id of another person's editor")]
    Foreign,
    /// The body would grow over `limits::BODY_BYTES_MAX`.
    #[error("this section is full; remove text or split it")]
    Full,
    /// The document in memory is not to be trusted any more: load it again from the journal, which does not hold this
    /// change. Every later `take` answers the same.
    #[error("this section must be opened again ({0})")]
    Broken(&'static str),
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

/// What makes two bodies the same: their structs, their deletions, and the characters they show. The order of these may
/// differ where somebody sent a part with neighbours that it never stood between: those who open a document later see
/// it so.
pub struct Essence {
    vector: StateVector,
    deletes: Option<Vec<structs::Deletes>>,
    tree: Option<Tree>,
}

impl PartialEq for Essence {
    fn eq(&self, other: &Self) -> bool {
        let characters = |tree: &Tree| {
            let mut all: Vec<char> = tree.plain_text().chars().collect();
            all.sort_unstable();
            all
        };
        let (Some(ours), Some(theirs)) = (&self.tree, &other.tree) else { return false };
        self.deletes.is_some()
            && (&self.vector, &self.deletes) == (&other.vector, &other.deletes)
            && (ours == theirs || characters(ours) == characters(theirs))
    }
}

/// How much a body may grow, beyond `BODY_BYTES_MAX`, before its size is measured again.
const SIZE_SLACK: usize = BODY_BYTES_MAX / 64;

/// A live body, with what the guard must know of it.
pub struct Body {
    doc: Doc,
    root: XmlFragmentRef,
    index: index::Index,
    /// At least the bytes of `encode`, as far as it matters.
    size: usize,
    broken: Option<&'static str>,
}

impl Body {
    /// An empty body.
    pub fn new() -> Self {
        let doc = new_doc(SERVER_CLIENT);
        let root = doc.get_or_insert_xml_fragment(ROOT);
        Self { doc, root, index: index::Index::new(), size: 0, broken: None }
    }

    /// A body from what the journal holds, oldest first (a snapshot is an update too). Stored bytes passed the guard
    /// once; they pass it again, so that a poisoned record is found here and not inside yrs.
    pub fn load<'a>(updates: impl IntoIterator<Item = &'a [u8]>) -> Result<Self, Unreadable> {
        Cold::read(updates.into_iter().map(Bytes::copy_from_slice).collect())?.build()
    }

    /// A body of updates that passed the guard, which left this index.
    fn built(updates: &[Bytes], index: index::Index) -> Result<Self, Unreadable> {
        let mut body = Self { index, size: updates.iter().map(Bytes::len).sum(), ..Self::new() };
        body.apply(updates).map_err(|refusal| Unreadable(refusal.to_string()))?;
        Ok(body)
    }

    /// Whether everything in an update is known already, so that `take` would answer `Known`. Changes nothing.
    pub fn knows(&self, update: &[u8]) -> Result<bool, Refusal> {
        let parsed = structs::read(update, Bounds::CLIENT)?;
        Ok(guard::check(&self.index, &parsed, Bounds::CLIENT)?.is_empty())
    }

    /// Guards, checks against the schema, applies. After an `Err` nothing of it is in the body.
    pub fn take(&mut self, update: &[u8]) -> Result<Taken, Refusal> {
        self.take_if(update, |_, _| true)
    }

    /// As `take`, if so it may be: asked of each Yjs client that the update brings new structs of, with whether the body
    /// holds any of that client's yet. Deletions have no author, and what is known already is nobody's claim.
    pub fn take_if(
        &mut self,
        update: &[u8],
        mut may: impl FnMut(u64, bool) -> bool,
    ) -> Result<Taken, Refusal> {
        if let Some(why) = self.broken {
            return Err(Refusal::Broken(why));
        }
        let parsed = structs::read(update, Bounds::CLIENT)?;
        let plan = guard::check(&self.index, &parsed, Bounds::CLIENT)?;
        if plan.is_empty() {
            return Ok(Taken::Known);
        }
        if !plan.runs.iter().all(|(client, _)| may(*client, self.index.known(*client) > 0)) {
            return Err(Refusal::Foreign);
        }
        if plan.grows && self.is_full(update.len()) {
            return Err(Refusal::Full);
        }
        self.apply(&[update])?;
        self.index.commit(plan);
        self.size += update.len();
        Ok(Taken::New)
    }

    /// Applies updates in one transaction.
    fn apply(&mut self, updates: &[impl AsRef<[u8]>]) -> Result<(), Refusal> {
        // Nothing is applied yet: yrs reads no less than the guard does.
        let updates: Result<Vec<_>, _> = updates.iter().map(|it| Update::decode_v1(it.as_ref())).collect();
        let updates = updates.map_err(|_| Refusal::Malformed("unknown form"))?;
        let mut txn = self.doc.transact_mut();
        let applied = updates.into_iter().all(|update| txn.apply_update(update).is_ok());
        let why = match (applied, txn.has_missing_updates()) {
            (true, false) => {
                self.index.note_deleted(txn.delete_set());
                return Ok(());
            }
            (false, _) => "a change was applied in part",
            (true, true) => "a change was kept pending",
        };
        drop(txn);
        self.broken = Some(why);
        Err(Refusal::Broken(why))
    }

    fn is_full(&mut self, more: usize) -> bool {
        if self.size + more > BODY_BYTES_MAX + SIZE_SLACK {
            self.size = self.encode().len();
        }
        self.size + more > BODY_BYTES_MAX + SIZE_SLACK
    }

    /// "This is what I have", for sync step 1.
    pub fn state_vector(&self) -> Bytes {
        self.doc.transact().state_vector().encode_v1().into()
    }

    /// What somebody with this state vector lacks, for sync step 2. A random or future state vector gets a normal answer.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Bytes, Refusal> {
        let vector = read_state_vector(state_vector)?;
        Ok(self.doc.transact().encode_diff_v1(&vector).into())
    }

    /// The whole document as one update.
    pub fn encode(&self) -> Bytes {
        self.doc.transact().encode_diff_v1(&StateVector::default()).into()
    }

    /// What makes two bodies the same.
    pub fn essence(&self) -> Essence {
        let deletes = structs::read(&self.encode(), Bounds::STORED).ok().map(|read| {
            let mut deletes = read.deletes;
            deletes.sort_unstable();
            deletes
        });
        Essence { vector: self.doc.transact().state_vector(), deletes, tree: self.tree().ok() }
    }

    /// The body as a tree.
    pub fn tree(&self) -> Result<Tree, TooLarge> {
        tree::read(&self.doc.transact(), &self.root)
    }

    /// Its words, a line for each paragraph or heading.
    pub fn plain_text(&self) -> Result<String, TooLarge> {
        Ok(self.tree()?.plain_text())
    }

    /// An update that gives an empty body these blocks, written by the Yjs client `client` (below 2^53).
    pub fn from_tree(blocks: &[Block], client: u64) -> Bytes {
        write::update(blocks, client)
    }

    /// Whether the anchor still stands on words: both ends resolve, to different places.
    pub fn attached(&self, anchor: &Anchor) -> bool {
        match (self.resolve(&anchor.start), self.resolve(&anchor.end)) {
            (Some(start), Some(end)) => start != end,
            _ => false,
        }
    }

    /// Where a relative position (as JSON) stands now. `None`: malformed, unknown, or what it stood in is gone.
    pub fn resolve(&self, position: &serde_json::Value) -> Option<Spot> {
        if let Some(id) = anchor::named(position) {
            self.index.find(id)?;
        }
        anchor::resolve(&self.doc.transact(), position)
    }

    /// An anchor on the first occurrence of a quote within one paragraph or heading (for sample and import).
    pub fn anchor_of(&self, quote: &str) -> Option<Anchor> {
        anchor::of_quote(&self.doc.transact(), &self.root, quote)
    }
}

/// The Yjs clients whose structs are in an update of the record.
pub fn writers_in(update: &[u8]) -> Result<Vec<u64>, Refusal> {
    Ok(structs::read(update, Bounds::STORED)?.sections.iter().map(|section| section.client).collect())
}

impl Default for Body {
    fn default() -> Self {
        Self::new()
    }
}

/// The server writes nothing into a live body; its own client id stays unused.
const SERVER_CLIENT: u64 = 1;

/// A document that counts as Yjs does: in UTF-16 units, with garbage collected.
fn new_doc(client: u64) -> Doc {
    let client_id = ClientID::new(client & (crate::lib0::SAFE_INTEGER - 1));
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        skip_gc: false,
        // Deleting superfluous formats is an editor's change; the server makes none.
        cleanup_formatting: false,
        ..Options::with_guid_and_client_id("body".into(), client_id)
    })
}

/// Reads a state vector: each client once, no more clients than bytes say.
pub(crate) fn read_state_vector(bytes: &[u8]) -> Result<StateVector, Refusal> {
    let mut reader = Reader::new(bytes);
    let mut vector = StateVector::default();
    for _ in 0..reader.count()? {
        let client = reader.var_uint()?;
        let clock = u32::try_from(reader.var_uint()?).map_err(|_| Refusal::Malformed("clock too large"))?;
        vector.set_max(ClientID::new(client), clock.min(i32::MAX as u32));
    }
    reader.end()?;
    Ok(vector)
}
