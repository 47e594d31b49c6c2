//! Blocks: entries that a snapshot holds already, packed without loss. Pure: no I/O.
//!
//! A block's record is: first seq (8), chain before its first and after its last entry (16 each), length of what was
//! compressed and of what became of it (4 each), then that, by DEFLATE (RFC 1951). Inside: the number of participants
//! and their ids (16 each); then of every entry, one column after the other, the epoch and the time (each as the
//! difference from the entry before), the participant's place among those ids, the kind, and the length; then all
//! bytes. Numbers are LEB128, differences zigzag. An entry's bytes stand as the difference, byte by byte, from the
//! entry before it of the same participant and length: one who types changes few of them.

use std::{
    collections::HashMap,
    io::{Read as _, Write as _},
};

use bytes::{BufMut as _, Bytes};
use flate2::{Compression, bufread::DeflateDecoder, write::DeflateEncoder};

use super::{
    Entry, Kind, Seq,
    record::{self, Damage, ENTRY_HEADER_BYTES, Fields, Linked, PIECE_BYTES},
};
use crate::{
    ids::{DocId, ParticipantId},
    limits,
};

/// A block is whole when it holds this many entries,
pub(super) const BLOCK_ENTRIES: usize = 512;
/// or this many bytes of entries; its last entry may go beyond.
pub(super) const BLOCK_BYTES: usize = 256 * 1024;

const HEADER_BYTES: usize = 8 + 16 + 16 + 4 + 4;
/// Of what is compressed: the bytes, and at most 64 for all else of an entry.
const RAW_BYTES_MAX: usize = BLOCK_BYTES + limits::ENTRY_BYTES_MAX + 64 * BLOCK_ENTRIES;

const _: () = assert!(HEADER_BYTES < PIECE_BYTES, "the first piece holds the whole header");

/// How many of these entries make a whole block; `None` if they are too few.
pub(super) fn whole(entries: &[Linked]) -> Option<usize> {
    let mut bytes = 0;
    entries
        .iter()
        .position(|linked| {
            bytes += linked.entry.bytes.len();
            bytes >= BLOCK_BYTES
        })
        .map(|last| last + 1)
        .or((entries.len() >= BLOCK_ENTRIES).then_some(BLOCK_ENTRIES))
        .map(|count| count.min(BLOCK_ENTRIES))
}

/// Entries of one document, which follow each other, as one record, to be stored in pieces. `None` for no entries.
pub(super) fn encode_block(entries: &[Linked]) -> Option<Bytes> {
    let (first, last) = (entries.first()?, entries.last()?);
    let raw = encode_columns(entries);
    let mut record = Vec::with_capacity(HEADER_BYTES + raw.len() / 2);
    record.put_u64(first.entry.seq);
    record.put_slice(&first.before);
    record.put_slice(&last.after);
    record.put_u32(raw.len() as u32);
    let packed_at = record.len();
    record.put_u32(0);
    let mut encoder = DeflateEncoder::new(record, Compression::default());
    // Writing into memory does not fail; if it did, nothing would be packed.
    encoder.write_all(&raw).ok()?;
    let mut record = encoder.finish().ok()?;
    let packed = (record.len() - HEADER_BYTES) as u32;
    record[packed_at..HEADER_BYTES].copy_from_slice(&packed.to_be_bytes());
    Some(record.into())
}

/// How many pieces a block has, from its first one.
pub(super) fn pieces_of_block(first: &[u8]) -> Result<u32, Damage> {
    let mut fields = Fields(first.get(HEADER_BYTES - 4..).ok_or("a block is too short")?);
    let record = HEADER_BYTES as u64 + u64::from(fields.u32()?);
    u32::try_from(record.div_ceil(PIECE_BYTES as u64)).map_err(|_| "a block is too long".into())
}

/// The entries of the block that ends with `last`, just as they were before they were packed: their chain is checked
/// from its first to its last.
pub(super) fn decode_block(doc: DocId, last: Seq, record: &[u8]) -> Result<Vec<Linked>, Damage> {
    let mut fields = Fields(record);
    let first = fields.u64()?;
    let (before, after) = (fields.take()?, fields.take()?);
    let (raw, packed) = (fields.u32()? as usize, fields.u32()? as usize);
    if fields.0.len() != packed {
        return Err(format!("a block of {packed} bytes has {}", fields.0.len()));
    }
    let count = last.checked_sub(first).filter(|more| *more < BLOCK_ENTRIES as u64);
    let count = count.ok_or("a block does not say which entries it holds")? as usize + 1;
    let raw = inflate(fields.0, raw)?;
    let mut entries = Vec::with_capacity(count);
    let mut chain = before;
    let mut columns = Columns::decode(&raw, count)?;
    for (seq, place) in (first..=last).zip(0..count) {
        let entry = columns.entry(doc, seq, place, &entries)?;
        let (record, next) = record::encode_entry(&chain, &entry);
        // Each entry has its own bytes, so that one that is kept does not keep all others.
        let entry = Entry { bytes: record.slice(ENTRY_HEADER_BYTES..), ..entry };
        entries.push(Linked { entry, before: chain, after: next });
        chain = next;
    }
    columns.bytes.end()?;
    if chain != after {
        return Err("the entries of a block are not those that were packed".into());
    }
    Ok(entries)
}

fn inflate(packed: &[u8], len: usize) -> Result<Vec<u8>, Damage> {
    if len > RAW_BYTES_MAX {
        return Err("a block is too long".into());
    }
    let mut decoder = DeflateDecoder::new(packed);
    let mut raw = Vec::new();
    let read = (&mut decoder).take(len as u64 + 1).read_to_end(&mut raw);
    read.map_err(|error| format!("a block does not unpack: {error}"))?;
    if raw.len() != len || !decoder.into_inner().is_empty() {
        return Err("a block does not unpack to its length".into());
    }
    Ok(raw)
}

fn encode_columns(entries: &[Linked]) -> Vec<u8> {
    let entries = || entries.iter().map(|linked| &linked.entry);
    let mut raw = Vec::new();
    let mut places: HashMap<ParticipantId, u64> = HashMap::new();
    let mut participants = Vec::new();
    for entry in entries() {
        places.entry(entry.participant).or_insert_with(|| {
            participants.push(entry.participant);
            participants.len() as u64 - 1
        });
    }
    put_number(&mut raw, participants.len() as u64);
    for participant in &participants {
        raw.put_slice(participant.as_bytes());
    }
    put_differences(&mut raw, entries().map(|entry| entry.epoch as i64));
    put_differences(&mut raw, entries().map(|entry| entry.at_us));
    for entry in entries() {
        put_number(&mut raw, places[&entry.participant]);
    }
    for entry in entries() {
        put_number(&mut raw, entry.kind as u64);
    }
    for entry in entries() {
        put_number(&mut raw, entry.bytes.len() as u64);
    }
    let mut newest: HashMap<(ParticipantId, usize), &Bytes> = HashMap::new();
    for entry in entries() {
        match newest.insert((entry.participant, entry.bytes.len()), &entry.bytes) {
            Some(before) => {
                raw.extend(entry.bytes.iter().zip(before).map(|(byte, before)| byte.wrapping_sub(*before)));
            }
            None => raw.put_slice(&entry.bytes),
        }
    }
    raw
}

/// What `encode_columns` wrote, but for the bytes, which are read entry by entry.
struct Columns<'a> {
    participants: Vec<ParticipantId>,
    epochs: Vec<i64>,
    times: Vec<i64>,
    whose: Vec<u64>,
    kinds: Vec<u64>,
    lengths: Vec<u64>,
    bytes: Fields<'a>,
    /// By participant and length, the newest entry so far.
    newest: HashMap<(ParticipantId, usize), usize>,
}

impl<'a> Columns<'a> {
    fn decode(raw: &'a [u8], count: usize) -> Result<Self, Damage> {
        let mut fields = Fields(raw);
        let participants = number(&mut fields)?;
        if participants > count as u64 {
            return Err("a block has more participants than entries".into());
        }
        let participants = (0..participants)
            .map(|_| fields.take().map(ParticipantId::from_bytes))
            .collect::<Result<_, _>>()?;
        let (epochs, times) = (differences(&mut fields, count)?, differences(&mut fields, count)?);
        let mut column = || (0..count).map(|_| number(&mut fields)).collect::<Result<Vec<u64>, _>>();
        let (whose, kinds, lengths) = (column()?, column()?, column()?);
        let newest = HashMap::new();
        Ok(Self { participants, epochs, times, whose, kinds, lengths, bytes: fields, newest })
    }

    /// The next entry; `entries` are those before it.
    fn entry(&mut self, doc: DocId, seq: Seq, place: usize, entries: &[Linked]) -> Result<Entry, Damage> {
        let whose = usize::try_from(self.whose[place]).ok();
        let participant = whose.and_then(|whose| self.participants.get(whose));
        let participant = *participant.ok_or("a block does not name a participant")?;
        let kind = u16::try_from(self.kinds[place]).ok().and_then(Kind::from_number);
        let kind = kind.ok_or_else(|| format!("kind {} is not known to this version", self.kinds[place]))?;
        let length = usize::try_from(self.lengths[place]).map_err(|_| "an entry is too long")?;
        let stored = self.bytes.slice(length)?;
        let bytes = match self.newest.insert((participant, length), place) {
            Some(before) => {
                let before = &entries[before].entry.bytes;
                stored.iter().zip(before).map(|(byte, before)| byte.wrapping_add(*before)).collect()
            }
            None => Bytes::copy_from_slice(stored),
        };
        let (epoch, at_us) = (self.epochs[place] as u64, self.times[place]);
        Ok(Entry { doc, seq, epoch, at_us, participant, kind, bytes })
    }
}

/// LEB128: seven bits a byte, least first.
pub(super) fn put_number(raw: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        raw.put_u8(number as u8 | 0x80);
        number >>= 7;
    }
    raw.put_u8(number as u8);
}

fn number(fields: &mut Fields<'_>) -> Result<u64, Damage> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = fields.take()?;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            break;
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err("a number is too large".into())
}

/// Each number as its zigzag difference from the one before.
fn put_differences(raw: &mut Vec<u8>, numbers: impl Iterator<Item = i64>) {
    let mut before = 0i64;
    for number in numbers {
        let difference = number.wrapping_sub(before);
        put_number(raw, (difference << 1 ^ difference >> 63) as u64);
        before = number;
    }
}

fn differences(fields: &mut Fields<'_>, count: usize) -> Result<Vec<i64>, Damage> {
    let mut before = 0i64;
    let next = |_| {
        let zigzag = number(fields)?;
        before = before.wrapping_add((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64));
        Ok(before)
    };
    (0..count).map(next).collect()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::journal::{
        contract::{doc, noise},
        head::Chain,
    };

    /// Entries of random times, epochs, people, kinds and lengths, tied together from a random beginning.
    fn entries() -> impl Strategy<Value = Vec<Linked>> {
        let length = prop_oneof![8 => 0..60usize, 1 => 0..3000usize, 1 => Just(2 * limits::CHUNK_BYTES_MAX)];
        let entry = (any::<i64>(), any::<u64>(), 0..12u8, 0..4u16, length, any::<u32>());
        (any::<Chain>(), 1..u64::MAX / 2, vec(entry, 1..=BLOCK_ENTRIES)).prop_map(
            |(chain, first, entries)| {
                let mut chain = chain;
                let link = |((at_us, epoch, person, kind, length, seed), seq)| {
                    let participant = ParticipantId::from_bytes([person; 16]);
                    let kind = Kind::from_number(kind).expect("one of the four");
                    let bytes = noise(length, seed);
                    let entry = Entry { doc: doc(1), seq, epoch, at_us, participant, kind, bytes };
                    let (_, after) = record::encode_entry(&chain, &entry);
                    let before = std::mem::replace(&mut chain, after);
                    Linked { entry, before, after }
                };
                entries.into_iter().zip(first..).map(link).collect()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_packed_unpacks_equal(entries in entries()) {
            let record = encode_block(&entries).expect("entries");
            let last = entries.last().expect("entries").entry.seq;
            prop_assert_eq!(decode_block(doc(1), last, &record), Ok(entries));
            let pieces = record.len().div_ceil(PIECE_BYTES) as u32;
            prop_assert_eq!(pieces_of_block(&record[..record.len().min(PIECE_BYTES)]), Ok(pieces));
        }

        #[test]
        fn a_block_that_is_not_what_was_packed_is_never_read(entries in entries(), at: prop::sample::Index, bit in 0..8u8) {
            let record = encode_block(&entries).expect("entries");
            let last = entries.last().expect("entries").entry.seq;
            let mut flipped = record.to_vec();
            flipped[at.index(record.len())] ^= 1 << bit;
            // Some bits mean nothing, such as those that fill up the last byte.
            if let Ok(read) = decode_block(doc(1), last, &flipped) {
                prop_assert_eq!(&read, &entries);
            }
            prop_assert!(decode_block(doc(1), last, &record[..at.index(record.len())]).is_err());
            prop_assert!(decode_block(doc(2), last, &record).is_err(), "it belongs to its document");
            prop_assert!(decode_block(doc(1), last + 1, &record).is_err(), "and to its place");
        }

        #[test]
        fn unpacking_takes_any_bytes(bytes in vec(any::<u8>(), 0..300), last in 1..u64::MAX) {
            let _ = decode_block(doc(1), last, &bytes);
            let _ = pieces_of_block(&bytes);
        }
    }

    #[test]
    fn a_block_is_whole_by_its_entries_or_by_its_bytes() {
        let entry = |length: usize| {
            let participant = ParticipantId::from_bytes([3; 16]);
            let bytes = vec![0; length].into();
            let entry =
                Entry { doc: doc(1), seq: 1, epoch: 1, at_us: 0, participant, kind: Kind::Update, bytes };
            Linked { entry, before: [0; 16], after: [0; 16] }
        };
        let of = |lengths: &[usize]| whole(&lengths.iter().map(|length| entry(*length)).collect::<Vec<_>>());
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[1; BLOCK_ENTRIES - 1]), None);
        assert_eq!(of(&[1; BLOCK_ENTRIES + 9]), Some(BLOCK_ENTRIES));
        assert_eq!(of(&[10, BLOCK_BYTES, 10]), Some(2));
        assert_eq!(of(&[10, limits::ENTRY_BYTES_MAX]), Some(2));
    }
}
