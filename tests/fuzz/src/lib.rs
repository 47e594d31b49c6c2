//! What each fuzz target does with its bytes. A target fails by a panic, by running out of time, or of memory.

use bytes::Bytes;
use plenary::{
    body::{Body, Refusal, Taken},
    protocol::{
        decode_addressed, decode_awareness, decode_plain, encode_addressed, encode_awareness, encode_plain,
    },
};
use yrs::{StateVector, updates::decoder::Decode as _};

/// A frame of either dialect, or awareness bytes: what is read is written and read again as the same.
pub fn protocol(data: &[u8]) {
    let bytes = Bytes::copy_from_slice(data);
    if let Ok(message) = decode_plain(&bytes)
        && let Some(frame) = encode_plain(&message)
    {
        assert_eq!(decode_plain(&frame).as_ref(), Ok(&message));
    }
    if let Ok((address, message)) = decode_addressed(&bytes) {
        let frame = encode_addressed(&address, &message);
        assert_eq!(decode_addressed(&frame), Ok((address, message)));
    }
    if let Ok(states) = decode_awareness(data) {
        assert_eq!(decode_awareness(&encode_awareness(&states)).as_ref(), Ok(&states));
    }
}

/// Updates, each behind its length (two bytes, little-endian), to one body: the guard, then yrs. What is refused
/// leaves the body as it was; what is taken leaves one that reads, encodes, and is the same after a restart.
pub fn body(data: &[u8]) {
    let mut body = Body::new();
    for update in updates(data) {
        let before = body.encode();
        match body.take(update) {
            Ok(Taken::New) => {}
            Ok(Taken::Known) => assert_eq!(body.encode(), before, "nothing was new, and the body changed"),
            Err(Refusal::Broken(why)) => panic!("the guard let through what yrs does not take: {why}"),
            Err(_) => assert_eq!(body.encode(), before, "a refused update changed the body"),
        }
    }
    let encoded = body.encode();
    let reloaded = Body::load([&encoded[..]]).expect("what the body wrote is read again");
    assert_eq!(words(&reloaded), words(&body));
    assert_eq!(vector(&reloaded), vector(&body));
}

fn updates(mut data: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = data.split_first_chunk::<2>()?;
        let (update, rest) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
        data = rest;
        Some(update)
    })
}

/// Sorted: parts that claim places which never were may come to stand in another order (see the body's own tests).
fn words(body: &Body) -> Vec<char> {
    let text = body.plain_text().expect("a body that takes an update can be read");
    let mut words: Vec<char> = text.chars().collect();
    words.sort_unstable();
    words
}

fn vector(body: &Body) -> StateVector {
    StateVector::decode_v1(&body.state_vector()).expect("the body's own state vector is read")
}

/// Stored bytes in every part they may be read as: as they are, and behind the checksums and the compression that
/// would stop nearly all of them at the door.
pub fn journal_record(data: &[u8]) {
    plenary::journal::decode_any_record(data);
    plenary::journal::decode_any_record(&logs(data));
    if let Some(block) = block(data) {
        plenary::journal::decode_any_record(&block);
    }
}

/// Both files of the write-ahead log, one behind the other and equally long, with records as `journal/wal.rs` describes
/// them. Each is told by a byte of flags (1: the second file; 2: its checksum is wrong), its log, its place, the length
/// of its payload (two bytes, little-endian), and the payload.
fn logs(mut data: &[u8]) -> Vec<u8> {
    let mut files = [Vec::new(), Vec::new()];
    while let Some((&[flags, log, place, low, high], rest)) = data.split_first_chunk() {
        let (payload, rest) = rest.split_at(usize::from(u16::from_le_bytes([low, high])).min(rest.len()));
        data = rest;
        let length = (payload.len() as u32).to_be_bytes();
        let place = [[0; 4], [0; 4], [0, 0, 0, log], [0; 4], [0, 0, 0, place]].concat();
        let sum = crc32(&[&length, &place[..], payload]) ^ u32::from(flags & 2);
        let file = &mut files[usize::from(flags & 1)];
        for part in [&b"PlWL"[..], &length, &sum.to_be_bytes(), &place, payload] {
            file.extend(part);
        }
        file.resize(file.len().next_multiple_of(16), 0);
    }
    let longest = files[0].len().max(files[1].len());
    files.iter_mut().for_each(|file| file.resize(longest, 0));
    files.concat()
}

fn crc32(parts: &[&[u8]]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    parts.iter().for_each(|part| crc.update(part));
    crc.finalize()
}

/// A block as `journal/block.rs` describes it: its head, and all else as the columns that it packs. They are packed in
/// deflate's form for bytes as they are, by hand: a compressor's memory costs more than all that is looked at here.
fn block(data: &[u8]) -> Option<Vec<u8>> {
    let (head, columns) = data.split_at_checked(40)?;
    let length = u16::try_from(columns.len()).ok()?;
    let packed = [&[1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), columns].concat();
    let (raw, length) = ((columns.len() as u32).to_be_bytes(), (packed.len() as u32).to_be_bytes());
    Some([head, &raw, &length, &packed].concat())
}
