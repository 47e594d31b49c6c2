//! Updates written by hand, byte by byte, as a hostile client would.

use crate::lib0::{put_bytes, put_uint};

pub(super) type Id = (u64, u32);

/// Where a struct stands, with the info bits that say so.
pub(super) enum At {
    Root,
    In(Id),
    Key(Id, &'static str),
    Left(Id),
    Right(Id),
    Between(Id, Id),
}

fn put_id(out: &mut Vec<u8>, (client, clock): Id) {
    put_uint(out, client);
    put_uint(out, u64::from(clock));
}

/// A struct of content `kind` with these bytes of content.
pub(super) fn part(at: At, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match at {
        At::Root => {
            out.extend_from_slice(&[kind, 1]);
            put_bytes(&mut out, b"body");
        }
        At::In(id) => {
            out.extend_from_slice(&[kind, 0]);
            put_id(&mut out, id);
        }
        At::Key(id, key) => {
            out.extend_from_slice(&[kind | 0x20, 0]);
            put_id(&mut out, id);
            put_bytes(&mut out, key.as_bytes());
        }
        At::Left(id) => {
            out.push(kind | 0x80);
            put_id(&mut out, id);
        }
        At::Right(id) => {
            out.push(kind | 0x40);
            put_id(&mut out, id);
        }
        At::Between(left, right) => {
            out.push(kind | 0xc0);
            put_id(&mut out, left);
            put_id(&mut out, right);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(super) fn text(at: At, words: &str) -> Vec<u8> {
    let mut content = Vec::new();
    put_bytes(&mut content, words.as_bytes());
    part(at, 4, &content)
}

pub(super) fn element(at: At, name: &str) -> Vec<u8> {
    let mut content = vec![3];
    put_bytes(&mut content, name.as_bytes());
    part(at, 7, &content)
}

pub(super) fn xml_text(at: At) -> Vec<u8> {
    part(at, 7, &[6])
}

pub(super) fn format(at: At, key: &str, json: &str) -> Vec<u8> {
    let mut content = Vec::new();
    put_bytes(&mut content, key.as_bytes());
    put_bytes(&mut content, json.as_bytes());
    part(at, 6, &content)
}

/// An attribute's value as text.
pub(super) fn text_value(at: At, value: &str) -> Vec<u8> {
    let mut content = vec![1, 119];
    put_bytes(&mut content, value.as_bytes());
    part(at, 8, &content)
}

pub(super) fn gone(length: u64) -> Vec<u8> {
    let mut out = vec![0];
    put_uint(&mut out, length);
    out
}

pub(super) fn deleted(at: At, length: u64) -> Vec<u8> {
    let mut content = Vec::new();
    put_uint(&mut content, length);
    part(at, 1, &content)
}

/// An update of sections (client, first clock, structs) and deletions (client, ranges of clock and length).
pub(super) fn update(sections: &[(u64, u64, &[Vec<u8>])], deletes: &[(u64, &[(u64, u64)])]) -> Vec<u8> {
    let mut out = Vec::new();
    put_uint(&mut out, sections.len() as u64);
    for (client, clock, structs) in sections {
        put_uint(&mut out, structs.len() as u64);
        put_uint(&mut out, *client);
        put_uint(&mut out, *clock);
        out.extend(structs.iter().flatten());
    }
    put_uint(&mut out, deletes.len() as u64);
    for (client, ranges) in deletes {
        put_uint(&mut out, *client);
        put_uint(&mut out, ranges.len() as u64);
        for (clock, length) in *ranges {
            put_uint(&mut out, *clock);
            put_uint(&mut out, *length);
        }
    }
    out
}
