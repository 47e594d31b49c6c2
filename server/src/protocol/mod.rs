//! Bytes ↔ messages, in both dialects of the Yjs sync protocol; no I/O, no state. Hostile bytes give an error,
//! never a panic or a large allocation.
//!
//! Sources: y-protocols 1 (`sync.js`, `awareness.js`, `auth.js`), y-websocket 3, Hocuspocus 4 (`MessageType`).

use bytes::Bytes;

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
    Authenticated { write: bool },
    /// The client may not; says why.
    Denied { reason: String },
    /// Hocuspocus: a text outside the document (the server's refusals, as JSON).
    Stateless(String),
    /// Hocuspocus: the changes sent so far are durable (true), or refused (false).
    Saved(bool),
    /// Hocuspocus: this document is over, the socket goes on.
    CloseDocument { reason: String },
    /// Hocuspocus 4 keep-alive.
    Ping,
    /// Its answer.
    Pong,
}

/// A close code with its reason (at most 123 bytes of UTF-8 on the wire).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Close {
    /// See the constants.
    pub code: u16,
    /// For people who debug; never text of a document.
    pub reason: String,
}

/// A frame that does not follow the protocol.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("malformed frame: {0}")]
pub struct Malformed(pub &'static str);

/// The address on an addressed frame, as the client wrote it (checked for length and form by the caller's parse).
/// Hocuspocus 4 may add a session to the name; answers go to the very same address.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Address(pub String);

/// Reads a y-websocket frame.
pub fn decode_plain(_frame: &Bytes) -> Result<Message, Malformed> {
    todo!()
}

/// Reads a Hocuspocus frame.
pub fn decode_addressed(_frame: &Bytes) -> Result<(Address, Message), Malformed> {
    todo!()
}

/// Writes a y-websocket frame; `None` for messages that this dialect does not have.
pub fn encode_plain(_message: &Message) -> Option<Bytes> {
    todo!()
}

/// Writes a Hocuspocus frame.
pub fn encode_addressed(_address: &Address, _message: &Message) -> Bytes {
    todo!()
}

/// One client's awareness state. `state` is `None` when the client left.
#[derive(Clone, PartialEq, Debug)]
pub struct Presence {
    /// The Yjs client id.
    pub client: u64,
    /// Its clock.
    pub clock: u32,
    /// Its state: a JSON object.
    pub state: Option<serde_json::Map<String, serde_json::Value>>,
}

/// Reads an awareness message, within `limits::AWARENESS_BYTES_MAX` a state and `limits::AWARENESS_CLIENTS_MAX` states.
pub fn decode_awareness(_bytes: &[u8]) -> Result<Vec<Presence>, Malformed> {
    todo!()
}

/// Writes an awareness message.
pub fn encode_awareness(_states: &[Presence]) -> Bytes {
    todo!()
}
