//! A Yjs v1 update, read into structs without trusting any of it. Formats: Yjs 13 `encoding.js`, `Item.js`,
//! `UpdateDecoder.js` (V1), `DeleteSet.js`.
//!
//! What is refused here crashes or corrupts yrs 0.28.1 whatever document it meets: a client listed twice, clocks that
//! wrap, empty structs, content of refs 2 and 9, bytes after the end.

use super::{Refusal, schema::Node, value, value::Value};
use crate::{
    lib0::Reader,
    limits::{UPDATE_CLIENTS_MAX, UPDATE_CUT_UNITS_MAX, UPDATE_ITEMS_MAX, UPDATE_WRITERS_MAX},
};

/// Clocks stay below this: yrs computes with 32 bits, partly signed.
const CLOCK_END: u64 = 1 << 31;
/// The one root of a body.
pub(super) const ROOT: &str = "body";

/// The name of one unit of content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct Id {
    pub(super) client: u64,
    pub(super) clock: u32,
}

/// Where a struct says it stands.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Parent<'a> {
    /// Beside its origins.
    Beside { left: Option<Id>, right: Option<Id> },
    /// In the root, which has no attributes.
    Root { key: Option<&'a str> },
    /// In a node.
    Node { id: Id, key: Option<&'a str> },
}

/// What a struct holds.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Content<'a> {
    /// Collected garbage: nothing is known of it but that it was.
    Gone,
    /// Deleted, with its place.
    Deleted,
    /// Text.
    Text(&'a str),
    /// A mark starts (or, with null, ends) here.
    Format { key: &'a str, json: &'a str },
    /// An element or a text.
    Node(Node),
    /// Plain values.
    Values(Vec<Value<'a>>),
}

/// One struct: `length` units from `clock` on.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Struct<'a> {
    pub(super) clock: u32,
    pub(super) length: u32,
    pub(super) parent: Parent<'a>,
    pub(super) content: Content<'a>,
}

impl Struct<'_> {
    /// The clock after its last unit.
    pub(super) fn end(&self) -> u32 {
        self.clock + self.length
    }
}

/// What one client wrote, without holes.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Section<'a> {
    pub(super) client: u64,
    pub(super) structs: Vec<Struct<'a>>,
    /// The structs as they were sent.
    pub(super) bytes: &'a [u8],
}

/// What of one client's is deleted: ranges of start and end, ascending, apart from one another.
pub(super) type Deletes = (u64, Vec<(u32, u32)>);

/// A whole update.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Update<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) deletes: Vec<Deletes>,
}

/// How much one update may hold. What a room stored itself may hold more than what one client sends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Bounds {
    /// Clients with structs.
    pub(super) writers: usize,
    /// Clients with deletions.
    pub(super) clients: usize,
    /// Structs, values and deleted ranges together.
    pub(super) items: usize,
    /// UTF-16 units of the texts that are cut in two.
    pub(super) cuts: u64,
}

impl Bounds {
    /// For what a client sends.
    pub(super) const CLIENT: Self = Self {
        writers: UPDATE_WRITERS_MAX,
        clients: UPDATE_CLIENTS_MAX,
        items: UPDATE_ITEMS_MAX,
        cuts: UPDATE_CUT_UNITS_MAX,
    };
    /// For what the journal holds: as much as its bytes can say.
    pub(super) const STORED: Self =
        Self { writers: usize::MAX, clients: usize::MAX, items: usize::MAX, cuts: u64::MAX };
}

impl From<crate::lib0::Malformed> for Refusal {
    fn from(malformed: crate::lib0::Malformed) -> Self {
        Self::Malformed(malformed.0)
    }
}

/// Reads an update.
pub(super) fn read(bytes: &[u8], bounds: Bounds) -> Result<Update<'_>, Refusal> {
    let mut reader = Parser { reader: Reader::new(bytes), items: bounds.items };
    let mut sections = Vec::new();
    for _ in 0..reader.clients(bounds.writers)? {
        sections.push(reader.section()?);
    }
    once(sections.iter().map(|section| section.client))?;
    let mut deletes = Vec::new();
    for _ in 0..reader.clients(bounds.clients)? {
        deletes.push(reader.deletes()?);
    }
    once(deletes.iter().map(|(client, _)| *client))?;
    reader.reader.end()?;
    Ok(Update { sections, deletes })
}

fn once(clients: impl Iterator<Item = u64>) -> Result<(), Refusal> {
    let mut clients: Vec<u64> = clients.collect();
    clients.sort_unstable();
    if clients.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Refusal::Malformed("a client listed twice"));
    }
    Ok(())
}

pub(super) struct Parser<'a> {
    pub(super) reader: Reader<'a>,
    /// How many more there may be.
    pub(super) items: usize,
}

impl<'a> Parser<'a> {
    /// For bytes that were read before.
    pub(super) fn again(bytes: &'a [u8]) -> Self {
        Self { reader: Reader::new(bytes), items: usize::MAX }
    }

    fn clients(&mut self, most: usize) -> Result<usize, Refusal> {
        let count = self.reader.count()?;
        if count > most { Err(Refusal::Malformed("too many clients in one change")) } else { Ok(count) }
    }

    fn items(&mut self) -> Result<usize, Refusal> {
        let count = self.reader.count()?;
        if count == 0 {
            return Err(Refusal::Malformed("a client with nothing"));
        }
        self.items =
            self.items.checked_sub(count).ok_or(Refusal::Malformed("too many parts in one change"))?;
        Ok(count)
    }

    fn clock(&mut self) -> Result<u32, Refusal> {
        let clock = self.reader.var_uint()?;
        if clock >= CLOCK_END { Err(Refusal::Malformed("clock too large")) } else { Ok(clock as u32) }
    }

    fn id(&mut self) -> Result<Id, Refusal> {
        Ok(Id { client: self.reader.var_uint()?, clock: self.clock()? })
    }

    pub(super) fn length(&mut self, clock: u32) -> Result<u32, Refusal> {
        let length = self.reader.var_uint()?;
        checked_length(clock, length)
    }

    fn section(&mut self) -> Result<Section<'a>, Refusal> {
        let count = self.items()?;
        let client = self.reader.var_uint()?;
        let mut clock = self.clock()?;
        let from = self.reader.position();
        let mut structs = Vec::with_capacity(count.min(1_024));
        for _ in 0..count {
            let next = self.one(client, clock)?;
            clock = next.end();
            structs.push(next);
        }
        Ok(Section { client, structs, bytes: self.reader.since(from) })
    }

    pub(super) fn one(&mut self, client: u64, clock: u32) -> Result<Struct<'a>, Refusal> {
        let info = self.reader.u8()?;
        match info {
            0 => {
                let length = self.length(clock)?;
                let parent = Parent::Root { key: None };
                return Ok(Struct { clock, length, parent, content: Content::Gone });
            }
            // An honest client sends a hole only when it merged updates that it could not apply itself.
            10 => return Err(Refusal::Gap),
            _ => {}
        }
        let parent = self.parent(info)?;
        if let Parent::Beside { left, right } = parent {
            let itself = |id: Option<Id>| id.is_some_and(|id| id.client == client && id.clock >= clock);
            if itself(left) || itself(right) {
                return Err(Refusal::Malformed("a part beside itself"));
            }
            if left == right {
                return Err(Refusal::Malformed("a part on both sides of another"));
            }
        }
        let (content, length) = self.content(info & 0x1f, clock)?;
        Ok(Struct { clock, length, parent, content })
    }

    pub(super) fn parent(&mut self, info: u8) -> Result<Parent<'a>, Refusal> {
        let left = if info & 0x80 != 0 { Some(self.id()?) } else { None };
        let right = if info & 0x40 != 0 { Some(self.id()?) } else { None };
        if left.is_some() || right.is_some() {
            return Ok(Parent::Beside { left, right });
        }
        let root = match self.reader.var_uint()? {
            1 => {
                let root = self.reader.var_str()?;
                if root != ROOT {
                    return Err(Refusal::Schema(format!("root {:?}", clipped(root))));
                }
                None
            }
            0 => Some(self.id()?),
            _ => return Err(Refusal::Malformed("unknown kind of parent")),
        };
        let key = if info & 0x20 != 0 { Some(self.reader.var_str()?) } else { None };
        Ok(match root {
            None => Parent::Root { key },
            Some(id) => Parent::Node { id, key },
        })
    }

    fn content(&mut self, kind: u8, clock: u32) -> Result<(Content<'a>, u32), Refusal> {
        Ok(match kind {
            1 => (Content::Deleted, self.length(clock)?),
            4 => {
                let text = self.reader.var_str()?;
                (Content::Text(text), checked_length(clock, utf16_length(text))?)
            }
            6 => {
                let (key, json) = (self.reader.var_str()?, self.reader.var_str()?);
                (Content::Format { key, json }, checked_length(clock, 1)?)
            }
            7 => (Content::Node(self.node()?), checked_length(clock, 1)?),
            8 => {
                let count = self.reader.count()?;
                let length = checked_length(clock, count as u64)?;
                let mut values = Vec::new();
                for _ in 0..count {
                    values.push(value::read(&mut self.reader, &mut self.items, 0)?);
                }
                (Content::Values(values), length)
            }
            2 => return Err(Refusal::Schema("a JSON list".into())),
            3 => return Err(Refusal::Schema("binary data".into())),
            5 => return Err(Refusal::Schema("an embedded object".into())),
            9 => return Err(Refusal::Schema("a document inside".into())),
            _ => return Err(Refusal::Malformed("unknown kind of content")),
        })
    }

    fn node(&mut self) -> Result<Node, Refusal> {
        match self.reader.var_uint()? {
            3 => {
                let name = self.reader.var_str()?;
                Node::named(name).ok_or_else(|| Refusal::Schema(format!("element {:?}", clipped(name))))
            }
            6 => Ok(Node::Text),
            _ => Err(Refusal::Schema("a shared type that is no element and no text".into())),
        }
    }

    fn deletes(&mut self) -> Result<Deletes, Refusal> {
        let client = self.reader.var_uint()?;
        let count = self.items()?;
        let mut ranges: Vec<(u32, u32)> = Vec::with_capacity(count.min(1_024));
        for _ in 0..count {
            let start = self.clock()?;
            let end = start + self.length(start)?;
            match ranges.last_mut() {
                Some(last) if last.1 > start => return Err(Refusal::Malformed("deletions out of order")),
                Some(last) if last.1 == start => last.1 = end,
                _ => ranges.push((start, end)),
            }
        }
        Ok((client, ranges))
    }
}

fn checked_length(clock: u32, length: u64) -> Result<u32, Refusal> {
    if length == 0 {
        return Err(Refusal::Malformed("an empty part"));
    }
    if length >= CLOCK_END || u64::from(clock) + length >= CLOCK_END {
        return Err(Refusal::Malformed("clock too large"));
    }
    Ok(length as u32)
}

/// Length in UTF-16 units, which clocks count.
pub(super) fn utf16_length(text: &str) -> u64 {
    text.bytes().map(|byte| u64::from(byte & 0xc0 != 0x80) + u64::from(byte >= 0xf0)).sum()
}

/// The start of a name that a client sent, for a message.
pub(super) fn clipped(name: &str) -> &str {
    &name[..name.floor_char_boundary(40)]
}
