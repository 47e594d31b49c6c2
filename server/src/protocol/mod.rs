//! Bytes ↔ messages, in both dialects of the Yjs sync protocol; no I/O, no state. Hostile bytes give an error,
//! never a panic or a large allocation.
//!
//! Sources: y-protocols 1 (`sync.js`, `awareness.js`, `auth.js`), y-websocket 3, Hocuspocus 4 (`MessageType`).

mod addressed;
mod awareness;
mod close;
mod frame;
mod plain;
#[cfg(test)]
mod tests;
mod wire;

use bytes::Bytes;

pub use addressed::{decode_addressed, encode_addressed};
pub use awareness::{Presence, State, decode_awareness, encode_awareness, encode_nobody};
pub use plain::{decode_plain, encode_plain};
pub use wire::{Framed, close_frame, goodbye_frame, ping_frame, pong_frame};

/// How a socket speaks.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// y-websocket: one document a socket, no document name in frames.
    Plain,
    /// Hocuspocus: many documents a socket; each frame starts with the document's name.
    Addressed,
}

/// One message about one document, either way.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// "This is what I have": a state vector.
    SyncStep1(Bytes),
    /// The answer: a Yjs v1 update.
    SyncStep2(Bytes),
    /// A change: a Yjs v1 update.
    Update(Bytes),
    /// Awareness states, encoded as y-protocols does.
    Awareness(Bytes),
    /// "Who is here?"
    QueryAwareness,
    /// Hocuspocus: the client's token.
    Token(String),
    /// Hocuspocus: the client may (true: also write) go on.
    Authenticated {
        /// Whether it may write, too.
        write: bool,
    },
    /// The client may not; says why.
    Denied {
        /// For people.
        reason: String,
    },
    /// Hocuspocus: a text outside the document (the server's refusals, as JSON).
    Stateless(String),
    /// Hocuspocus: the changes sent so far are durable (true), or refused (false).
    Saved(bool),
    /// Hocuspocus: this document is over, the socket goes on.
    CloseDocument {
        /// For people who debug; empty from a client.
        reason: String,
    },
    /// Hocuspocus 4 keep-alive.
    Ping,
    /// Its answer.
    Pong,
}

/// A close code with its reason (at most 123 bytes of UTF-8 on the wire).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Close {
    /// See `Close::MALFORMED` and its siblings.
    pub code: u16,
    /// For people who debug; never text of a document.
    pub reason: String,
}

pub use crate::lib0::Malformed;

/// The address on an addressed frame, as the client wrote it: at most 256 bytes; `document` says what it names.
/// Hocuspocus 4 may add a session to the name; answers go to the very same address.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Address(pub String);
