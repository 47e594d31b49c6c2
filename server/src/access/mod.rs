//! Who is this, what may they do: tokens, sessions, roles → rights.
//!
//! Secrets are at least 256 random bits, kept only as SHA-256 hashes in the access ledger, a journal of its own
//! (`LEDGER`), whose entries are JSON lines of `Kind::Access`. Roles live in the review state alone.

pub mod attempts;
mod book;
mod caller;
mod ledger;
pub mod rights;
mod secret;

pub use attempts::Attempts;
pub use caller::{Caller, Credential, Proof};
pub use ledger::{Access, AccessError, Invited, SignedIn};
pub use rights::{Denied, MayRead, MayWrite, Permit};
pub use secret::Secret;

use crate::ids::DocId;

/// The journal document of the access ledger.
pub const LEDGER: DocId = DocId::from_bytes([0; 16]);
