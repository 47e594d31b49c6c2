//! Awareness messages (y-protocols `awareness.js`): a count, then client, clock and state as JSON text for each.

use std::{borrow::Cow, sync::Arc};

use crate::lib0::{Reader, put_bytes, put_uint};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::Malformed;
use crate::limits::{AWARENESS_BYTES_MAX, AWARENESS_STATES_MAX};

/// One client's awareness state. `state` is `None` when the client left.
#[derive(Clone, PartialEq, Debug)]
pub struct Presence<S = Map<String, Value>> {
    /// The Yjs client id.
    pub client: u64,
    /// Its clock.
    pub clock: u32,
    /// Its state: a JSON object.
    pub state: Option<S>,
}

/// A state that can be written.
pub trait State {
    /// As JSON text.
    fn text(&self) -> Cow<'_, str>;
}

impl State for Map<String, Value> {
    fn text(&self) -> Cow<'_, str> {
        Value::Object(self.clone()).to_string().into()
    }
}

/// One that was written already: read into a map it takes ten times as much.
impl State for Arc<str> {
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

/// Reads an awareness message, within `limits::AWARENESS_BYTES_MAX` a state and `limits::AWARENESS_STATES_MAX` states.
/// Published clients send others' states back as they hear them; whose state a connection may set is the room's to say.
pub fn decode_awareness(bytes: &[u8]) -> Result<Vec<Presence>, Malformed> {
    let mut reader = Reader::new(bytes);
    let count = reader.count()?;
    if count > AWARENESS_STATES_MAX {
        return Err(Malformed("too many awareness states"));
    }
    let mut states = Vec::new();
    for _ in 0..count {
        states.push(decode_presence(&mut reader)?);
    }
    reader.end()?;
    Ok(states)
}

fn decode_presence(reader: &mut Reader<'_>) -> Result<Presence, Malformed> {
    let client = reader.var_uint()?;
    // The last clock is refused: nothing could follow it, so nobody could say that this client left.
    let clock = u32::try_from(reader.var_uint()?).ok().filter(|clock| *clock < u32::MAX);
    let clock = clock.ok_or(Malformed("awareness clock too large"))?;
    let text = reader.var_str()?;
    if text.len() > AWARENESS_BYTES_MAX {
        return Err(Malformed("awareness state too large"));
    }
    let state = serde_json::from_str(text).map_err(|_| Malformed("awareness state is not an object"))?;
    Ok(Presence { client, clock, state })
}

/// Writes an awareness message that says nothing of anybody.
pub fn encode_nobody() -> Bytes {
    encode_awareness::<Arc<str>>(&[])
}

/// Writes an awareness message.
pub fn encode_awareness<S: State>(states: &[Presence<S>]) -> Bytes {
    let mut out = Vec::new();
    put_uint(&mut out, states.len() as u64);
    for presence in states {
        put_uint(&mut out, presence.client);
        put_uint(&mut out, u64::from(presence.clock));
        let text = presence.state.as_ref().map_or(Cow::Borrowed("null"), State::text);
        put_bytes(&mut out, text.as_bytes());
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(client: u64, clock: u64, state: &str) -> Vec<u8> {
        let mut out = vec![1];
        put_uint(&mut out, client);
        put_uint(&mut out, clock);
        put_bytes(&mut out, state.as_bytes());
        out
    }

    #[test]
    fn a_state_reads_back_as_written_and_null_means_gone() {
        let state = serde_json::json!({"user": {"name": "Айгуль 😀"}, "cursor": null});
        let states = vec![
            Presence { client: SAFE, clock: u32::MAX - 1, state: state.as_object().cloned() },
            Presence { client: 0, clock: 0, state: None },
        ];
        assert_eq!(decode_awareness(&encode_awareness(&states)), Ok(states));
    }
    const SAFE: u64 = (1 << 53) - 1;

    #[test]
    fn w24_bad_states_are_refused() {
        let cases = [
            (message(1, 1, "{"), "awareness state is not an object"),
            (message(1, 1, "[]"), "awareness state is not an object"),
            (message(1, 1, "7"), "awareness state is not an object"),
            (
                message(1, 1, &format!("{}{}", "{\"a\":".repeat(1_000), "}".repeat(1_000))),
                "awareness state is not an object",
            ),
            (
                message(1, 1, &format!("{{\"a\":\"{}\"}}", "x".repeat(AWARENESS_BYTES_MAX))),
                "awareness state too large",
            ),
            (message(1, u64::from(u32::MAX), "null"), "awareness clock too large"),
            (message(1, u64::from(u32::MAX) + 1, "null"), "awareness clock too large"),
        ];
        for (bytes, why) in cases {
            assert_eq!(decode_awareness(&bytes), Err(Malformed(why)));
        }
        let mut entries = Vec::new();
        put_uint(&mut entries, 100_000);
        for client in 0..100_000 {
            put_uint(&mut entries, client);
            entries.extend_from_slice(&[1, 4, b'n', b'u', b'l', b'l']);
        }
        assert_eq!(decode_awareness(&entries), Err(Malformed("too many awareness states")));
        let mut trailing = message(1, 1, "null");
        trailing.push(0);
        assert_eq!(decode_awareness(&trailing), Err(Malformed("bytes after the end")));
    }
}
