//! The client's side of websocket framing and of both dialects, as bytes.
//!
//! Sources: RFC 6455 section 5; y-protocols `sync.js`; Hocuspocus 4 `MessageType`.

use crate::yjs::{Reader, put_bytes, put_uint};

/// How a server is spoken to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// Frames are broadcast as they are; nothing is answered.
    Broadcast,
    /// y-websocket.
    Plain,
    /// Hocuspocus: the document's name before each message.
    Addressed,
}

/// Websocket opcodes used here.
pub mod opcode {
    pub const MORE: u8 = 0;
    pub const TEXT: u8 = 1;
    pub const BINARY: u8 = 2;
    pub const CLOSE: u8 = 8;
    pub const PING: u8 = 9;
    pub const PONG: u8 = 10;
}

/// A server's frame: where its payload lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub last: bool,
    pub opcode: u8,
    pub start: usize,
    pub end: usize,
}

/// Reads a frame's head once its whole payload is there.
pub fn head(bytes: &[u8]) -> Option<Head> {
    let (&first, &second) = (bytes.first()?, bytes.get(1)?);
    let (start, length) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let end = start + usize::try_from(length).ok()?;
    (bytes.len() >= end).then_some(Head { last: first & 0x80 != 0, opcode: first & 0x0f, start, end })
}

/// Appends a masked frame.
pub fn frame(out: &mut Vec<u8>, opcode: u8, payload: &[u8], mask: u32) {
    out.push(0x80 | opcode);
    match payload.len() {
        short @ 0..126 => out.push(0x80 | short as u8),
        middle @ 126..=0xffff => {
            out.push(0x80 | 126);
            out.extend_from_slice(&(middle as u16).to_be_bytes());
        }
        long => {
            out.push(0x80 | 127);
            out.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    let mask = mask.to_be_bytes();
    out.extend_from_slice(&mask);
    out.extend(payload.iter().enumerate().map(|(at, byte)| byte ^ mask[at % 4]));
}

/// The handshake's request.
pub fn request(host: &str, path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

/// Sync messages, by their number in y-protocols.
#[derive(Clone, Copy)]
pub enum Sync {
    Ask = 0,
    Answer = 1,
    Update = 2,
}

/// Appends a sync message's payload.
pub fn sync(out: &mut Vec<u8>, dialect: Dialect, document: &str, kind: Sync, content: &[u8]) {
    if dialect == Dialect::Addressed {
        put_bytes(out, document.as_bytes());
    }
    put_uint(out, 0);
    put_uint(out, kind as u64);
    put_bytes(out, content);
}

/// Appends the Hocuspocus message that shows a token.
pub fn token(out: &mut Vec<u8>, document: &str, token: &str) {
    put_bytes(out, document.as_bytes());
    put_uint(out, 2);
    put_uint(out, 0);
    put_bytes(out, token.as_bytes());
    put_bytes(out, b"4.8.0");
}

/// Appends an awareness message with one member's state, as JSON.
pub fn awareness(out: &mut Vec<u8>, dialect: Dialect, document: &str, client: u64, clock: u64, state: &str) {
    if dialect == Dialect::Addressed {
        put_bytes(out, document.as_bytes());
    }
    let mut update = Vec::with_capacity(state.len() + 16);
    for n in [1, client, clock] {
        put_uint(&mut update, n);
    }
    put_bytes(&mut update, state.as_bytes());
    put_uint(out, 1);
    put_bytes(out, &update);
}

/// What a frame says, as far as the generator cares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Heard<'a> {
    Ask,
    Answer(&'a [u8]),
    Update(&'a [u8]),
    Admitted,
    Denied,
    Aware,
    Other,
}

/// Reads a frame's message. Published clients read one message a frame, so does this.
pub fn read<'a>(dialect: Dialect, frame: &'a [u8]) -> Option<Heard<'a>> {
    let mut read = Reader(frame);
    if dialect == Dialect::Addressed {
        read.bytes()?;
    }
    Some(match read.uint()? {
        // 4 is Hocuspocus's sync message that wants no question back.
        kind @ (0 | 4) if kind == 0 || dialect == Dialect::Addressed => match read.uint()? {
            0 => Heard::Ask,
            1 => Heard::Answer(read.bytes()?),
            2 => Heard::Update(read.bytes()?),
            _ => return None,
        },
        1 => Heard::Aware,
        2 if dialect == Dialect::Addressed => match read.uint()? {
            1 => Heard::Denied,
            2 => Heard::Admitted,
            _ => Heard::Other,
        },
        _ => Heard::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_all_lengths_are_found_once_whole() {
        for length in [0usize, 125, 126, 65_535, 65_536] {
            let mut bytes = Vec::new();
            frame(&mut bytes, opcode::BINARY, &vec![7; length], 0);
            // A server's frame has no mask: take it out.
            bytes[1] &= 0x7f;
            let size = bytes.len() - length - 4;
            bytes.drain(size..size + 4);
            let whole = Head { last: true, opcode: opcode::BINARY, start: size, end: bytes.len() };
            assert_eq!(head(&bytes), Some(whole), "{length}");
            assert_eq!(head(&bytes[..bytes.len() - 1]), None, "{length}");
        }
    }

    #[test]
    fn the_mask_covers_the_payload() {
        let mut bytes = Vec::new();
        frame(&mut bytes, opcode::BINARY, b"hello", 0x0102_0304);
        assert_eq!(bytes, [0x82, 0x85, 1, 2, 3, 4, b'h' ^ 1, b'e' ^ 2, b'l' ^ 3, b'l' ^ 4, b'o' ^ 1]);
    }

    #[test]
    fn messages_are_read_in_both_dialects() {
        for dialect in [Dialect::Plain, Dialect::Addressed] {
            let mut bytes = Vec::new();
            sync(&mut bytes, dialect, "report/section", Sync::Update, b"xyz");
            assert_eq!(read(dialect, &bytes), Some(Heard::Update(b"xyz")));
            assert_eq!(read(dialect, &bytes[..bytes.len() - 1]), None);
        }
        for dialect in [Dialect::Plain, Dialect::Addressed] {
            let mut bytes = Vec::new();
            awareness(&mut bytes, dialect, "d", 300, 7, "{}");
            assert_eq!(read(dialect, &bytes), Some(Heard::Aware));
            assert!(bytes.ends_with(b"\x01\x07\x01\xac\x02\x07\x02{}"), "{bytes:?}");
        }
        assert_eq!(read(Dialect::Addressed, b"\x01d\x02\x02\x0aread-write"), Some(Heard::Admitted));
        assert_eq!(read(Dialect::Addressed, b"\x01d\x04\x00\x01\x00"), Some(Heard::Ask));
    }
}
