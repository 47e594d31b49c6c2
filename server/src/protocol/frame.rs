//! What both dialects share: sync messages, and payloads cut out of a frame without copying.
//!
//! y-protocols `sync.js`: 0 step 1, 1 step 2, 2 update, each followed by a `VarUint8Array`.

use crate::lib0::{Reader, put_bytes, put_uint};
use bytes::Bytes;

use super::{Malformed, Message};

/// The number of sync messages, in both dialects.
pub(super) const SYNC: u64 = 0;
/// The number of awareness messages, in both dialects.
pub(super) const AWARENESS: u64 = 1;
/// The number of authentication messages, in both dialects (what follows differs).
pub(super) const AUTH: u64 = 2;
/// The number of awareness queries, in both dialects.
pub(super) const QUERY_AWARENESS: u64 = 3;

/// The next `VarUint8Array` of the frame, sharing the frame's memory.
pub(super) fn payload(frame: &Bytes, reader: &mut Reader<'_>) -> Result<Bytes, Malformed> {
    let length = reader.var_bytes()?.len();
    let end = reader.position();
    Ok(frame.slice(end - length..end))
}

/// Reads what follows the number of a sync message.
pub(super) fn decode_sync(frame: &Bytes, reader: &mut Reader<'_>) -> Result<Message, Malformed> {
    match reader.var_uint()? {
        0 => Ok(Message::SyncStep1(payload(frame, reader)?)),
        1 => Ok(Message::SyncStep2(payload(frame, reader)?)),
        2 => Ok(Message::Update(payload(frame, reader)?)),
        _ => Err(Malformed("unknown sync message")),
    }
}

/// Writes a message that both dialects write alike; `false`: it is not one of those.
pub(super) fn encode_shared(out: &mut Vec<u8>, message: &Message) -> bool {
    let (kind, sync, bytes) = match message {
        Message::SyncStep1(vector) => (SYNC, Some(0), Some(vector)),
        Message::SyncStep2(update) => (SYNC, Some(1), Some(update)),
        Message::Update(update) => (SYNC, Some(2), Some(update)),
        Message::Awareness(states) => (AWARENESS, None, Some(states)),
        Message::QueryAwareness => (QUERY_AWARENESS, None, None),
        _ => return false,
    };
    put_uint(out, kind);
    if let Some(sync) = sync {
        put_uint(out, sync);
    }
    if let Some(bytes) = bytes {
        put_bytes(out, bytes);
    }
    true
}

/// Room for a frame around this message.
pub(super) fn capacity(message: &Message) -> usize {
    let payload = match message {
        Message::SyncStep1(bytes)
        | Message::SyncStep2(bytes)
        | Message::Update(bytes)
        | Message::Awareness(bytes) => bytes.len(),
        Message::Token(text)
        | Message::Stateless(text)
        | Message::Denied { reason: text }
        | Message::CloseDocument { reason: text } => text.len(),
        _ => 0,
    };
    payload + 16
}
