//! Keys and values as they are stored. All numbers are big-endian, so that keys sort as their numbers do.
//!
//! | key | value |
//! | --- | --- |
//! | `F` | format number (4) |
//! | `C` | the newest commit: count (8), sum of all heads' hashes (16), the first log that is not settled (8; missing before format 4) |
//! | `H` doc (16) | a document's head, see `encode_head` |
//! | `J` doc (16) last seq (8) chunk (4) | a run of entries that were appended together and fit one value, or a piece of one larger entry; each entry: chain before (16), epoch (8), time (8), participant (16), kind (2), length (4), bytes |
//! | `P` doc (16) last seq (8) chunk (4) | a piece of a block of packed entries, see `block` |
//! | `S` doc (16) generation (8) chunk (4) | a piece of a snapshot's state |
//!
//! Every value ends with the CRC-32 of its key and of what stands before it. Heads have their own letter, so that
//! they lie together: all can be checked at opening, and a small head does not share a page with large entries.

use bytes::{BufMut as _, Bytes, BytesMut};
use sha2::{Digest as _, Sha256};

use super::{
    Entry, Kind, Seq,
    head::{Chain, Generation, Head},
};
use crate::{
    ids::{DocId, ParticipantId},
    limits,
};

/// The format that this version writes, and the newest that it reads. What changed with each:
/// 2: blocks of packed entries, and in the head up to where there are some.
/// 3: several entries in one value.
/// 4: the write-ahead log (`wal`).
pub(super) const FORMAT: u32 = 4;
/// The first format with a write-ahead log.
pub(super) const FORMAT_WAL: u32 = 4;
/// The oldest format that this version reads. Opening a store makes it one of `FORMAT`.
pub(super) const FORMAT_OLDEST: u32 = 1;
pub(super) const FORMAT_KEY: &[u8] = b"F";
pub(super) const COMMIT_KEY: &[u8] = b"C";
pub(super) const HEAD_PREFIX: &[u8] = b"H";

const CRC_BYTES: usize = 4;
pub(super) const ENTRY_HEADER_BYTES: usize = 16 + 8 + 8 + 16 + 2 + 4;
/// What one value holds of an entry or a state.
pub(super) const PIECE_BYTES: usize = limits::CHUNK_BYTES_MAX - CRC_BYTES;

const _: () = assert!(ENTRY_HEADER_BYTES < PIECE_BYTES, "the first piece holds the whole header");

/// A stored value is not what was written; says how.
pub(super) type Damage = String;

pub(super) fn head_key(doc: DocId) -> Vec<u8> {
    [HEAD_PREFIX, doc.as_bytes()].concat()
}

/// The document of a head's key.
pub(super) fn doc_of_head_key(key: &[u8]) -> Result<DocId, Damage> {
    let doc = key.get(1..).and_then(|doc| doc.try_into().ok()).ok_or("a head's key has the wrong length")?;
    Ok(DocId::from_bytes(doc))
}

/// Runs are found by their last entry: the first that ends at an entry or beyond holds it.
pub(super) fn run_key(doc: DocId, last: Seq, chunk: u32) -> Vec<u8> {
    [b"J", &doc.as_bytes()[..], &last.to_be_bytes(), &chunk.to_be_bytes()].concat()
}

/// Blocks are found by their last entry: the first that ends at an entry or beyond holds it.
pub(super) fn block_key(doc: DocId, last: Seq, chunk: u32) -> Vec<u8> {
    [b"P", &doc.as_bytes()[..], &last.to_be_bytes(), &chunk.to_be_bytes()].concat()
}

/// The last entry of the block that a key with chunk 0 begins.
pub(super) fn last_of_block_key(doc: DocId, key: &[u8]) -> Option<Seq> {
    last_of_key(doc, key, block_key)
}

/// The last entry of the run that a key with chunk 0 begins.
pub(super) fn last_of_run_key(doc: DocId, key: &[u8]) -> Option<Seq> {
    last_of_key(doc, key, run_key)
}

fn last_of_key(doc: DocId, key: &[u8], made: fn(DocId, Seq, u32) -> Vec<u8>) -> Option<Seq> {
    let last = key.get(17..25)?.try_into().map(u64::from_be_bytes).ok()?;
    (key == made(doc, last, 0)).then_some(last)
}

pub(super) fn state_key(doc: DocId, generation: u64, chunk: u32) -> Vec<u8> {
    [b"S", &doc.as_bytes()[..], &generation.to_be_bytes(), &chunk.to_be_bytes()].concat()
}

/// A value with its checksum.
pub(super) fn seal(key: &[u8], value: &[u8]) -> Vec<u8> {
    [value, &crc(key, value).to_be_bytes()].concat()
}

/// A stored value without its checksum, once that is right.
pub(super) fn unseal<'a>(key: &[u8], stored: &'a [u8]) -> Result<&'a [u8], Damage> {
    match stored.split_last_chunk::<CRC_BYTES>() {
        Some((value, sum)) if crc(key, value).to_be_bytes() == *sum => Ok(value),
        _ => Err("a checksum is wrong".into()),
    }
}

fn crc(key: &[u8], value: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(key);
    crc.update(value);
    crc.finalize()
}

/// First 16 bytes of the SHA-256.
pub(super) fn hash(parts: &[&[u8]]) -> [u8; 16] {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
    }
    let full: [u8; 32] = sha.finalize().into();
    let mut short = [0; 16];
    short.copy_from_slice(&full[..16]);
    short
}

/// Takes fields off the front of a value.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take<const N: usize>(&mut self) -> Result<[u8; N], Damage> {
        let (field, rest) = self.0.split_first_chunk::<N>().ok_or("a value is too short")?;
        self.0 = rest;
        Ok(*field)
    }

    pub(super) fn slice(&mut self, length: usize) -> Result<&'a [u8], Damage> {
        let (slice, rest) = self.0.split_at_checked(length).ok_or("a value is too short")?;
        self.0 = rest;
        Ok(slice)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Damage> {
        self.take().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Damage> {
        self.take().map(u64::from_be_bytes)
    }

    pub(super) fn end(self) -> Result<(), Damage> {
        if self.0.is_empty() { Ok(()) } else { Err("a value is too long".into()) }
    }
}

/// The newest commit, over all documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Commit {
    /// Commits since the store was made.
    pub(super) count: u64,
    /// Sum of the hashes of all heads: finds a head that went missing or fell back.
    pub(super) sum: u128,
    /// All that older write-ahead logs hold is in the database.
    pub(super) settled: u64,
}

pub(super) fn encode_commit(commit: Commit) -> Vec<u8> {
    let Commit { count, sum, settled } = commit;
    seal(COMMIT_KEY, &[&count.to_be_bytes()[..], &sum.to_be_bytes(), &settled.to_be_bytes()].concat())
}

pub(super) fn decode_commit(stored: &[u8]) -> Result<Commit, Damage> {
    let mut fields = Fields(unseal(COMMIT_KEY, stored)?);
    let (count, sum) = (fields.u64()?, fields.take().map(u128::from_be_bytes)?);
    let settled = if fields.0.is_empty() { 0 } else { fields.u64()? };
    let commit = Commit { count, sum, settled };
    fields.end()?;
    Ok(commit)
}

/// A head as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StoredHead {
    pub(super) head: Head,
    /// The commit that wrote it.
    pub(super) commit: u64,
    /// Hash of the head that it replaced; 0 if there was none. Settles a commit that a crash cut in two.
    pub(super) before: u128,
}

/// A head's value, and its hash: commit (8), hash before (16), epoch, last, base, dropped (8 each), chain (16),
/// generation (8), then newest and older snapshot, each number, upto, length (8 each) and hash (16), number 0: none;
/// then packed (8), which heads of format 1 lack.
pub(super) fn encode_head(doc: DocId, stored: &StoredHead) -> (Vec<u8>, u128) {
    let StoredHead { head, commit, before } = stored;
    let mut value = Vec::with_capacity(184);
    value.put_u64(*commit);
    value.put_u128(*before);
    for number in [head.epoch, head.last, head.base, head.dropped] {
        value.put_u64(number);
    }
    value.put_slice(&head.chain);
    value.put_u64(head.generation);
    for snapshot in [head.snapshot, head.older] {
        let none = Generation { number: 0, upto: 0, bytes: 0, hash: [0; 16] };
        let Generation { number, upto, bytes, hash } = snapshot.unwrap_or(none);
        value.put_u64(number);
        value.put_u64(upto);
        value.put_u64(bytes);
        value.put_slice(&hash);
    }
    value.put_u64(head.packed);
    let hash = hash_of_head(doc, &value);
    (seal(&head_key(doc), &value), hash)
}

pub(super) fn decode_head(doc: DocId, stored: &[u8]) -> Result<(StoredHead, u128), Damage> {
    let value = unseal(&head_key(doc), stored)?;
    let mut fields = Fields(value);
    let commit = fields.u64()?;
    let before = fields.take().map(u128::from_be_bytes)?;
    let (epoch, last, base, dropped) = (fields.u64()?, fields.u64()?, fields.u64()?, fields.u64()?);
    let chain = fields.take()?;
    let generation = fields.u64()?;
    let snapshot = decode_generation(&mut fields)?;
    let older = decode_generation(&mut fields)?;
    let packed = if fields.0.is_empty() { 0 } else { fields.u64()? };
    fields.end()?;
    let head = Head { epoch, last, base, dropped, packed, chain, generation, snapshot, older };
    Ok((StoredHead { head, commit, before }, hash_of_head(doc, value)))
}

fn decode_generation(fields: &mut Fields<'_>) -> Result<Option<Generation>, Damage> {
    let (number, upto, bytes, hash) = (fields.u64()?, fields.u64()?, fields.u64()?, fields.take()?);
    Ok((number > 0).then_some(Generation { number, upto, bytes, hash }))
}

fn hash_of_head(doc: DocId, value: &[u8]) -> u128 {
    u128::from_be_bytes(hash(&[doc.as_bytes(), value]))
}

/// An entry as one record, to be stored in pieces, and the chain after it.
pub(super) fn encode_entry(before: &Chain, entry: &Entry) -> (Bytes, Chain) {
    let mut record = BytesMut::with_capacity(ENTRY_HEADER_BYTES + entry.bytes.len());
    record.put_slice(before);
    record.put_u64(entry.epoch);
    record.put_i64(entry.at_us);
    record.put_slice(entry.participant.as_bytes());
    record.put_u16(entry.kind as u16);
    record.put_u32(entry.bytes.len() as u32);
    record.put_slice(&entry.bytes);
    let after = hash(&[entry.doc.as_bytes(), &entry.seq.to_be_bytes(), &record]);
    (record.freeze(), after)
}

/// An entry read back, with the chain before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Linked {
    pub(super) entry: Entry,
    pub(super) before: Chain,
    pub(super) after: Chain,
}

/// Bytes that an entry takes as a record.
pub(super) fn length_of(linked: &Linked) -> usize {
    ENTRY_HEADER_BYTES + linked.entry.bytes.len()
}

/// How many pieces the run has that begins with this one: those of several entries have one.
pub(super) fn pieces_of_run(first: &[u8]) -> Result<u32, Damage> {
    let record = length_of_entry(first)?;
    u32::try_from(record.div_ceil(PIECE_BYTES as u64)).map_err(|_| "an entry is too long".into())
}

/// Bytes of the record of the entry that stands here.
fn length_of_entry(record: &[u8]) -> Result<u64, Damage> {
    let at = ENTRY_HEADER_BYTES - 4;
    let len = record.get(at..).and_then(|rest| rest.first_chunk()).ok_or("an entry is too short")?;
    Ok(ENTRY_HEADER_BYTES as u64 + u64::from(u32::from_be_bytes(*len)))
}

/// The records of a run and the number of its first entry, given the last one's.
pub(super) fn split_run(last: Seq, run: Bytes) -> Result<(Seq, Vec<Bytes>), Damage> {
    let mut records = Vec::new();
    let mut rest = run;
    while records.is_empty() || !rest.is_empty() {
        let length = length_of_entry(&rest)?.min(rest.len() as u64) as usize;
        records.push(rest.split_to(length));
    }
    let first = last.checked_sub(records.len() as u64 - 1).filter(|first| *first > 0);
    Ok((first.ok_or("a run has more entries than there are before its last")?, records))
}

/// The entries of a run, given its last one's number.
pub(super) fn decode_run(doc: DocId, last: Seq, run: Bytes) -> Result<Vec<Linked>, Damage> {
    let (first, mut records) = split_run(last, run)?;
    if let [record] = &mut records[..] {
        return decode_entry(doc, last, std::mem::take(record)).map(|entry| vec![entry]);
    }
    // Each entry has its own bytes, so that one that is kept does not keep all others.
    let owned = records.iter().map(|record| Bytes::copy_from_slice(record));
    (first..=last).zip(owned).map(|(seq, record)| decode_entry(doc, seq, record)).collect()
}

fn decode_entry(doc: DocId, seq: Seq, record: Bytes) -> Result<Linked, Damage> {
    let mut fields = Fields(&record);
    let before = fields.take()?;
    let epoch = fields.u64()?;
    let at_us = fields.take().map(i64::from_be_bytes)?;
    let participant = ParticipantId::from_bytes(fields.take()?);
    let number = fields.take().map(u16::from_be_bytes)?;
    let kind = Kind::from_number(number).ok_or(format!("kind {number} is not known to this version"))?;
    let len = fields.take().map(u32::from_be_bytes)?;
    if fields.0.len() as u64 != u64::from(len) {
        return Err(format!("an entry of {len} bytes has {}", fields.0.len()));
    }
    let after = hash(&[doc.as_bytes(), &seq.to_be_bytes(), &record]);
    let bytes = record.slice(ENTRY_HEADER_BYTES..);
    Ok(Linked { entry: Entry { doc, seq, epoch, at_us, participant, kind, bytes }, before, after })
}

/// For the fuzzer: reads bytes in every way that stored bytes are read. What is an entry is written as it was read.
pub fn decode_any_record(bytes: &[u8]) {
    const DOC: DocId = DocId::from_bytes([5; 16]);
    if let Ok(linked) = decode_entry(DOC, 1, Bytes::copy_from_slice(bytes)) {
        assert_eq!(
            encode_entry(&linked.before, &linked.entry),
            (Bytes::copy_from_slice(bytes), linked.after)
        );
    }
    // These stand for themselves: that they return is what is looked at.
    let _ = pieces_of_run(bytes);
    if let Ok(run) = decode_run(DOC, Seq::MAX, Bytes::copy_from_slice(bytes)) {
        let written = run.iter().flat_map(|linked| encode_entry(&linked.before, &linked.entry).0);
        assert_eq!(written.collect::<Vec<_>>(), bytes);
    }
    let _ = decode_commit(&seal(COMMIT_KEY, bytes));
    if let Ok((head, _)) = decode_head(DOC, &seal(&head_key(DOC), bytes)) {
        let (value, again) = encode_head(DOC, &head);
        assert_eq!(decode_head(DOC, &value), Ok((head, again)));
    }
    let _ = super::block::pieces_of_block(bytes);
    let last = bytes.first_chunk().map_or(1, |first| u64::from_be_bytes(*first).saturating_add(9));
    let _ = super::block::decode_block(DOC, last, bytes);
    let (one, other) = bytes.split_at(bytes.len() / 2);
    super::wal::read_any(&[Bytes::copy_from_slice(one), Bytes::copy_from_slice(other)], 0);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DOC: DocId = DocId::from_bytes([5; 16]);

    #[test]
    fn a_head_reads_back_as_written_and_no_flipped_bit_passes() {
        let snapshot = Generation { number: 7, upto: 8, bytes: 9, hash: [4; 16] };
        let head = Head {
            epoch: 1,
            last: 12,
            base: 3,
            dropped: 4,
            packed: 6,
            snapshot: Some(snapshot),
            ..Head::default()
        };
        let stored = StoredHead { head, commit: 99, before: 1 << 100 };
        let (value, hash) = encode_head(DOC, &stored);
        assert_eq!(decode_head(DOC, &value), Ok((stored, hash)));
        assert!(decode_head(DocId::from_bytes([6; 16]), &value).is_err(), "a value belongs to its key");
        for bit in 0..value.len() * 8 {
            let mut flipped = value.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode_head(DOC, &flipped).is_err());
        }
    }

    /// Found by fuzzing: counting went beyond the last number there is.
    #[test]
    fn a_run_may_end_with_the_last_number_there_is() {
        let entry = |seq| {
            let (participant, kind, bytes) =
                (ParticipantId::from_bytes([3; 16]), Kind::Update, Bytes::from_static(b"change"));
            Entry { doc: DOC, seq, epoch: 1, at_us: 0, participant, kind, bytes }
        };
        let (first, chain) = encode_entry(&[0; 16], &entry(Seq::MAX - 1));
        let (second, _) = encode_entry(&chain, &entry(Seq::MAX));
        let run = decode_run(DOC, Seq::MAX, [first, second].concat().into()).expect("two entries");
        assert_eq!(run.iter().map(|linked| linked.entry.seq).collect::<Vec<_>>(), [Seq::MAX - 1, Seq::MAX]);
    }

    proptest! {
        #[test]
        fn decoding_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            decode_any_record(&bytes);
            prop_assert!(unseal(b"other key", &seal(b"key", &bytes)).is_err());
        }
    }
}
