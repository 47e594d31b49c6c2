//! Structs as bytes: cut at a clock, joined, and written as an update, without a document.
//! Formats: Yjs 13 `Item.js` (`write` with an offset), `encoding.js` (`writeClientsStructs`), `DeleteSet.js`.

use std::borrow::Cow;

use bytes::Bytes;

use super::{
    Refusal,
    structs::{Id, Parent, Parser},
    value,
};
use crate::lib0::put_uint;

const HAS_LEFT: u8 = 0x80;

/// Structs of one client that follow each other.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) start: u32,
    pub(super) end: u32,
    /// How many.
    pub(super) count: usize,
    pub(super) bytes: Bytes,
}

impl Piece {
    /// Collected garbage.
    pub(super) fn gone(start: u32, end: u32) -> Self {
        let mut bytes = vec![0];
        put_uint(&mut bytes, u64::from(end - start));
        Self { start, end, count: 1, bytes: bytes.into() }
    }

    /// What of it stands at this clock and later, as pieces that follow each other.
    pub(super) fn since(&self, client: u64, clock: u32) -> Result<Vec<Self>, Refusal> {
        if clock <= self.start {
            return Ok(vec![self.clone()]);
        }
        if clock >= self.end {
            return Ok(Vec::new());
        }
        let mut parser = Parser::again(&self.bytes);
        let (mut at, mut before, mut number) = (0, self.start, 0);
        // The piece reaches beyond `clock`, so a struct that does is found.
        let end = loop {
            let end = parser.one(client, before)?.end();
            if end > clock {
                break end;
            }
            (at, before, number) = (parser.reader.position(), end, number + 1);
        };
        let mut pieces = Vec::new();
        if before < clock {
            let half = second_half(&self.bytes[at..], Id { client, clock: before }, clock - before)?;
            pieces.push(Self { start: clock, end, count: 1, bytes: half.into() });
            (at, before, number) = (parser.reader.position(), end, number + 1);
        }
        if before < self.end {
            let (count, bytes) = (self.count - number, self.bytes.slice(at..));
            pieces.push(Self { start: before, end: self.end, count, bytes });
        }
        Ok(pieces)
    }
}

/// A struct without its first units: it stands right of them.
fn second_half(bytes: &[u8], whole: Id, offset: u32) -> Result<Vec<u8>, Refusal> {
    let mut parser = Parser::again(bytes);
    let mut out = Vec::with_capacity(32);
    let info = parser.reader.u8()?;
    if info == 0 {
        out.push(info);
        put_uint(&mut out, u64::from(parser.length(whole.clock)? - offset));
        return Ok(out);
    }
    out.push(info | HAS_LEFT);
    put_id(&mut out, Id { client: whole.client, clock: whole.clock + offset - 1 });
    if let Parent::Beside { right: Some(right), .. } = parser.parent(info)? {
        put_id(&mut out, right);
    }
    match info & 0x1f {
        1 => put_uint(&mut out, u64::from(parser.length(whole.clock)? - offset)),
        4 => {
            let rest = from_unit(parser.reader.var_str()?, offset);
            put_uint(&mut out, rest.len() as u64);
            out.extend_from_slice(rest.as_bytes());
        }
        8 => {
            let count = parser.reader.count()?;
            let mut at = parser.reader.position();
            for number in 0..count {
                if number == offset as usize {
                    at = parser.reader.position();
                }
                value::read(&mut parser.reader, &mut parser.items, 0)?;
            }
            put_uint(&mut out, count as u64 - u64::from(offset));
            out.extend_from_slice(&bytes[at..parser.reader.position()]);
        }
        _ => return Err(Refusal::Malformed("a part that has no halves")),
    }
    Ok(out)
}

/// The text from this UTF-16 unit on. Half a character becomes U+FFFD, as in Yjs.
fn from_unit(text: &str, offset: u32) -> Cow<'_, str> {
    let mut unit = 0;
    for (at, c) in text.char_indices() {
        if unit == offset {
            return Cow::Borrowed(&text[at..]);
        }
        unit += c.len_utf16() as u32;
        if unit > offset {
            return Cow::Owned(format!("\u{fffd}{}", &text[at + c.len_utf8()..]));
        }
    }
    Cow::Borrowed("")
}

fn put_id(out: &mut Vec<u8>, id: Id) {
    put_uint(out, id.client);
    put_uint(out, u64::from(id.clock));
}

/// An update of pieces and deletions, by client.
pub(super) fn update(sections: &[(u64, Vec<Piece>)], deletes: &[(u64, &[(u32, u32)])]) -> Bytes {
    let pieces = sections.iter().flat_map(|(_, pieces)| pieces);
    let size: usize = pieces.map(|piece| piece.bytes.len()).sum();
    let ranges: usize = deletes.iter().map(|(_, ranges)| ranges.len()).sum();
    let mut out = Vec::with_capacity(size + 32 * (sections.len() + deletes.len()) + 10 * ranges);
    put_uint(&mut out, sections.len() as u64);
    for (client, pieces) in sections {
        put_uint(&mut out, pieces.iter().map(|piece| piece.count as u64).sum());
        put_uint(&mut out, *client);
        put_uint(&mut out, pieces.first().map_or(0, |first| u64::from(first.start)));
        pieces.iter().for_each(|piece| out.extend_from_slice(&piece.bytes));
    }
    put_uint(&mut out, deletes.len() as u64);
    for (client, ranges) in deletes {
        put_uint(&mut out, *client);
        put_uint(&mut out, ranges.len() as u64);
        for (start, end) in *ranges {
            put_uint(&mut out, u64::from(*start));
            put_uint(&mut out, u64::from(end - start));
        }
    }
    out.into()
}
