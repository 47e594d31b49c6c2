//! Yjs v1 updates written by hand, byte by byte, as a hostile client would.

use crate::desk::var_uint;

/// A struct's place: client and clock.
pub type Id = (usize, usize);

/// Where a struct stands.
pub enum At {
    /// Under the body itself.
    Root,
    /// Under a root of another name.
    Under(&'static str),
    /// In an element or text.
    In(Id),
    /// An attribute of an element.
    Key(Id, &'static str),
    /// Behind a struct.
    Left(Id),
    /// Before a struct.
    Right(Id),
}

fn text_bytes(out: &mut Vec<u8>, text: &[u8]) {
    var_uint(out, text.len());
    out.extend_from_slice(text);
}

/// A struct whose content is of this kind (its reference number) and these bytes.
pub fn part(at: At, kind: u8, content: &[u8]) -> Vec<u8> {
    let id = |out: &mut Vec<u8>, (client, clock): Id| {
        var_uint(out, client);
        var_uint(out, clock);
    };
    let mut out = Vec::new();
    match at {
        At::Root => return part(At::Under("body"), kind, content),
        At::Under(root) => {
            out.extend_from_slice(&[kind, 1]);
            text_bytes(&mut out, root.as_bytes());
        }
        At::In(parent) => {
            out.extend_from_slice(&[kind, 0]);
            id(&mut out, parent);
        }
        At::Key(parent, key) => {
            out.extend_from_slice(&[kind | 0x20, 0]);
            id(&mut out, parent);
            text_bytes(&mut out, key.as_bytes());
        }
        At::Left(origin) => {
            out.push(kind | 0x80);
            id(&mut out, origin);
        }
        At::Right(origin) => {
            out.push(kind | 0x40);
            id(&mut out, origin);
        }
    }
    out.extend_from_slice(content);
    out
}

/// An element.
pub fn element(at: At, name: &str) -> Vec<u8> {
    let mut content = vec![3];
    text_bytes(&mut content, name.as_bytes());
    part(at, 7, &content)
}

/// A text run's type.
pub fn run(at: At) -> Vec<u8> {
    part(at, 7, &[6])
}

/// Characters.
pub fn words(at: At, text: &str) -> Vec<u8> {
    let mut content = Vec::new();
    text_bytes(&mut content, text.as_bytes());
    part(at, 4, &content)
}

/// An update of sections (client, first clock, structs) and deletions (client, clock, length).
pub fn update(sections: &[(usize, usize, &[Vec<u8>])], deletes: &[(usize, usize, usize)]) -> Vec<u8> {
    let mut out = Vec::new();
    var_uint(&mut out, sections.len());
    for (client, clock, structs) in sections {
        var_uint(&mut out, structs.len());
        var_uint(&mut out, *client);
        var_uint(&mut out, *clock);
        out.extend(structs.iter().flatten());
    }
    var_uint(&mut out, deletes.len());
    for (client, clock, length) in deletes {
        var_uint(&mut out, *client);
        var_uint(&mut out, 1);
        var_uint(&mut out, *clock);
        var_uint(&mut out, *length);
    }
    out
}

/// A paragraph that holds a text, by a client who has written nothing: element, run, characters from clock 2 on.
pub fn paragraph(client: usize, text: &str) -> Vec<u8> {
    let parts = [element(At::Root, "paragraph"), run(At::In((client, 0))), words(At::In((client, 1)), text)];
    update(&[(client, 0, &parts)], &[])
}
