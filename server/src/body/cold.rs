//! A body as its record holds it: guarded, and not built. It answers from stored bytes, since most who open a document
//! only read it.

use std::{collections::BTreeMap, sync::OnceLock};

use bytes::Bytes;
use yrs::{ClientID, StateVector};

use super::{
    Body, Refusal, Unreadable,
    bytes::{self as pieces, Piece},
    guard,
    index::{Held, Index},
    read_state_vector,
    structs::{self, Bounds, Content, Id, Parser, Section, Struct},
};
use crate::lib0::put_uint;

/// A body that nobody has needed built.
///
/// Its record passed the guard whole, so what it answers is what a body built from it would: the same structs and
/// deletions, if not the same bytes. What was deleted since the last snapshot is still among them.
pub struct Cold {
    /// Oldest first.
    record: Vec<Bytes>,
    index: Index,
    /// What each client wrote, from clock 0 on.
    writers: BTreeMap<u64, Vec<Piece>>,
    /// Each client, with the number of the update that first brought structs of it.
    firsts: Vec<(u64, usize)>,
    /// The answer to who has nothing.
    whole: OnceLock<Bytes>,
}

impl Cold {
    /// Guards what the journal holds, oldest first (a snapshot is an update too). Stored bytes passed the guard once;
    /// they pass it again, so that a poisoned record is found here, and neither inside yrs nor by who is answered.
    pub fn read(record: Vec<Bytes>) -> Result<Self, Unreadable> {
        let mut cold = Self {
            record,
            index: Index::new(),
            writers: BTreeMap::new(),
            firsts: Vec::new(),
            whole: OnceLock::new(),
        };
        for number in 0..cold.record.len() {
            let update = cold.record[number].clone();
            cold.add(number, &update).map_err(|refusal| Unreadable(format!("record {number}: {refusal}")))?;
        }
        Ok(cold)
    }

    fn add(&mut self, number: usize, update: &Bytes) -> Result<(), Refusal> {
        let parsed = structs::read(update, Bounds::STORED)?;
        let plan = guard::check(&self.index, &parsed, Bounds::STORED)?;
        let lost = plan.lost;
        let known: Vec<u32> = parsed.sections.iter().map(|it| self.index.known(it.client)).collect();
        self.index.commit(plan);
        for (section, known) in parsed.sections.iter().zip(known) {
            let new = section.structs.partition_point(|one| one.end() <= known);
            if section.structs[new..].is_empty() {
                continue;
            }
            let written = self.writers.entry(section.client).or_insert_with(|| {
                self.firsts.push((section.client, number));
                Vec::new()
            });
            for piece in pieces_of(update, section, lost.then_some(&self.index))? {
                written.extend(piece.since(section.client, known)?);
            }
        }
        Ok(())
    }

    /// The body itself.
    pub fn build(&self) -> Result<Body, Unreadable> {
        Body::built(&self.record, self.index.clone())
    }

    /// Each Yjs client that wrote, with the number of the update in the record that first brought structs of it.
    pub fn firsts(&self) -> &[(u64, usize)] {
        &self.firsts
    }

    /// Bytes of the record: what building it costs.
    pub fn size(&self) -> usize {
        self.record.iter().map(Bytes::len).sum()
    }

    /// "This is what I have", for sync step 1.
    pub fn state_vector(&self) -> Bytes {
        let mut out = Vec::new();
        put_uint(&mut out, self.writers.len() as u64);
        for client in self.writers.keys().rev() {
            put_uint(&mut out, *client);
            put_uint(&mut out, u64::from(self.index.known(*client)));
        }
        out.into()
    }

    /// What somebody with this state vector lacks, for sync step 2. A random or future state vector gets a normal answer.
    pub fn diff(&self, state_vector: &[u8]) -> Result<Bytes, Refusal> {
        let vector = read_state_vector(state_vector)?;
        if vector.is_empty() { Ok(self.encode()) } else { self.write(&vector) }
    }

    /// The whole document as one update. Made once for all who come.
    pub fn encode(&self) -> Bytes {
        let whole = self.whole.get_or_init(|| match &self.record[..] {
            [only] => only.clone(),
            _ => {
                let sections: Vec<_> = self.writers.iter().rev().map(|(id, it)| (*id, it.clone())).collect();
                pieces::update(&sections, &self.index.deletes())
            }
        });
        whole.clone()
    }

    /// Whether everything in an update is known.
    pub fn knows(&self, update: &[u8]) -> Result<bool, Refusal> {
        let parsed = structs::read(update, Bounds::CLIENT)?;
        Ok(guard::check(&self.index, &parsed, Bounds::CLIENT)?.is_empty())
    }

    fn write(&self, vector: &StateVector) -> Result<Bytes, Refusal> {
        let mut sections = Vec::new();
        for (client, written) in self.writers.iter().rev() {
            let theirs = vector.get(&ClientID::new(*client));
            let mut lacking = Vec::new();
            for piece in written {
                lacking.extend(piece.since(*client, theirs)?);
            }
            if !lacking.is_empty() {
                sections.push((*client, lacking));
            }
        }
        Ok(pieces::update(&sections, &self.index.deletes()))
    }
}

/// A section as it was sent; but what stands beside collected garbage is garbage too, and is sent as such: to who still
/// has what was collected it would seem to stand in two places. `index` is given when there is such content.
fn pieces_of(update: &Bytes, section: &Section<'_>, index: Option<&Index>) -> Result<Vec<Piece>, Refusal> {
    let client = section.client;
    let lost = |one: &Struct<'_>| {
        let last = index.and_then(|index| index.find(Id { client, clock: one.end() - 1 }));
        one.content != Content::Gone && last.is_some_and(|run| run.held == Held::Gone)
    };
    let piece = |first: &Struct<'_>, end: u32, count: usize, bytes: &[u8]| Piece {
        start: first.clock,
        end,
        count,
        bytes: update.slice_ref(bytes),
    };
    let (Some(first), Some(last)) = (section.structs.first(), section.structs.last()) else {
        return Ok(Vec::new());
    };
    if index.is_none() {
        return Ok(vec![piece(first, last.end(), section.structs.len(), section.bytes)]);
    }
    let mut parser = Parser::again(section.bytes);
    section
        .structs
        .iter()
        .map(|one| {
            let at = parser.reader.position();
            parser.one(client, one.clock)?;
            let bytes = parser.reader.since(at);
            Ok(if lost(one) { Piece::gone(one.clock, one.end()) } else { piece(one, one.end(), 1, bytes) })
        })
        .collect()
}
