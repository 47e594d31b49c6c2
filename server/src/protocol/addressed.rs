//! Hocuspocus 4: each frame starts with the document's name, as a `VarString`. A provider with `sessionAwareness`
//! writes `{name}\0{session}` there. Ping and pong concern the socket and stand alone in a frame of one byte.

use crate::lib0::{Reader, put_bytes, put_uint};
use bytes::Bytes;

use super::{
    Address, Malformed, Message,
    frame::{AUTH, AWARENESS, QUERY_AWARENESS, SYNC, capacity, decode_sync, encode_shared, payload},
};
use crate::ids::WireName;

// Hocuspocus `MessageType`, beside those of `frame`.
const SYNC_REPLY: u64 = 4;
const STATELESS: u64 = 5;
const BROADCAST_STATELESS: u64 = 6;
const CLOSE: u64 = 7;
const SYNC_STATUS: u64 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

// Hocuspocus `AuthMessageType`.
const TOKEN: u64 = 0;
const PERMISSION_DENIED: u64 = 1;
const AUTHENTICATED: u64 = 2;

/// Longest address: a document's name, and a session of its own choosing.
const ADDRESS_BYTES_MAX: usize = 256;

impl Address {
    /// The document it names: the text before the session, if any. `None`: it names none.
    pub fn document(&self) -> Option<WireName> {
        let name = self.0.split_once('\0').map_or(&*self.0, |(name, _)| name);
        name.parse().ok()
    }
}

/// Reads a Hocuspocus frame: one message, and nothing after it. Ping and pong come with an empty address.
/// What only a server may say to a server (`BroadcastStateless`) is malformed; what only a server may say to a client
/// is decoded, and is the receiver's to drop.
pub fn decode_addressed(frame: &Bytes) -> Result<(Address, Message), Malformed> {
    match frame[..] {
        [PING] => return Ok((Address(String::new()), Message::Ping)),
        [PONG] => return Ok((Address(String::new()), Message::Pong)),
        _ => {}
    }
    let mut reader = Reader::new(frame);
    let address = decode_address(&mut reader)?;
    let message = match reader.var_uint()? {
        SYNC | SYNC_REPLY => decode_sync(frame, &mut reader)?,
        AWARENESS => Message::Awareness(payload(frame, &mut reader)?),
        AUTH => decode_auth(&mut reader)?,
        QUERY_AWARENESS => Message::QueryAwareness,
        STATELESS => Message::Stateless(reader.var_str()?.to_owned()),
        BROADCAST_STATELESS => return Err(Malformed("a broadcast from a client")),
        // A provider that leaves gives no reason; a server does.
        CLOSE if reader.left() == 0 => Message::CloseDocument { reason: String::new() },
        CLOSE => Message::CloseDocument { reason: reader.var_str()?.to_owned() },
        SYNC_STATUS => match reader.var_int()? {
            0 => Message::Saved(false),
            1 => Message::Saved(true),
            _ => return Err(Malformed("unknown sync status")),
        },
        _ => return Err(Malformed("unknown message")),
    };
    reader.end()?;
    Ok((address, message))
}

fn decode_address(reader: &mut Reader<'_>) -> Result<Address, Malformed> {
    let address = reader.var_str()?;
    let session = address.split_once('\0').map_or("", |(_, session)| session);
    if address.len() > ADDRESS_BYTES_MAX || session.contains('\0') {
        return Err(Malformed("not a document's address"));
    }
    Ok(Address(address.to_owned()))
}

fn decode_auth(reader: &mut Reader<'_>) -> Result<Message, Malformed> {
    match reader.var_uint()? {
        TOKEN => {
            let token = reader.var_str()?.to_owned();
            // The provider's version follows since Hocuspocus 3.
            if reader.left() > 0 {
                reader.var_str()?;
            }
            Ok(Message::Token(token))
        }
        PERMISSION_DENIED => Ok(Message::Denied { reason: reader.var_str()?.to_owned() }),
        AUTHENTICATED => match reader.var_str()? {
            "read-write" => Ok(Message::Authenticated { write: true }),
            "readonly" => Ok(Message::Authenticated { write: false }),
            _ => Err(Malformed("unknown scope")),
        },
        _ => Err(Malformed("unknown authentication message")),
    }
}

/// Writes a Hocuspocus frame. Ping and pong leave the address out.
pub fn encode_addressed(address: &Address, message: &Message) -> Bytes {
    match message {
        Message::Ping => return Bytes::from_static(&[PING]),
        Message::Pong => return Bytes::from_static(&[PONG]),
        _ => {}
    }
    let mut out = Vec::with_capacity(address.0.len() + capacity(message));
    put_bytes(&mut out, address.0.as_bytes());
    if !encode_shared(&mut out, message) {
        encode_own(&mut out, message);
    }
    out.into()
}

fn encode_own(out: &mut Vec<u8>, message: &Message) {
    let (kind, sub, text) = match message {
        Message::Token(token) => (AUTH, Some(TOKEN), Some(token.as_str())),
        Message::Denied { reason } => (AUTH, Some(PERMISSION_DENIED), Some(reason.as_str())),
        Message::Authenticated { write } => {
            (AUTH, Some(AUTHENTICATED), Some(if *write { "read-write" } else { "readonly" }))
        }
        Message::Stateless(text) => (STATELESS, None, Some(text.as_str())),
        Message::CloseDocument { reason } => (CLOSE, None, Some(reason.as_str())),
        Message::Saved(durable) => (SYNC_STATUS, Some(u64::from(*durable)), None),
        // Written by `encode_addressed` and `encode_shared`.
        Message::SyncStep1(_)
        | Message::SyncStep2(_)
        | Message::Update(_)
        | Message::Awareness(_)
        | Message::QueryAwareness
        | Message::Ping
        | Message::Pong => return,
    };
    put_uint(out, kind);
    if let Some(sub) = sub {
        put_uint(out, sub);
    }
    if let Some(text) = text {
        put_bytes(out, text.as_bytes());
    }
}
