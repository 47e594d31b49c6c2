//! y-websocket 3: one document a socket. Its authentication message holds a refusal only (y-protocols `auth.js`).

use crate::lib0::{Reader, put_bytes, put_uint};
use bytes::Bytes;

use super::{
    Malformed, Message,
    frame::{AUTH, AWARENESS, QUERY_AWARENESS, SYNC, capacity, decode_sync, encode_shared, payload},
};

/// Reads a y-websocket frame: one message, and nothing after it.
pub fn decode_plain(frame: &Bytes) -> Result<Message, Malformed> {
    let mut reader = Reader::new(frame);
    let message = match reader.var_uint()? {
        SYNC => decode_sync(frame, &mut reader)?,
        AWARENESS => Message::Awareness(payload(frame, &mut reader)?),
        QUERY_AWARENESS => Message::QueryAwareness,
        AUTH => match reader.var_uint()? {
            0 => Message::Denied { reason: reader.var_str()?.to_owned() },
            _ => return Err(Malformed("unknown authentication message")),
        },
        _ => return Err(Malformed("unknown message")),
    };
    reader.end()?;
    Ok(message)
}

/// Writes a y-websocket frame; `None` for messages that this dialect does not have.
pub fn encode_plain(message: &Message) -> Option<Bytes> {
    let mut out = Vec::with_capacity(capacity(message));
    if !encode_shared(&mut out, message) {
        let Message::Denied { reason } = message else { return None };
        put_uint(&mut out, AUTH);
        put_uint(&mut out, 0);
        put_bytes(&mut out, reason.as_bytes());
    }
    Some(out.into())
}
