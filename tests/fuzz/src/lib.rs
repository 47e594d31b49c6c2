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

/// Stored bytes in every part they may be read as.
pub fn journal_record(data: &[u8]) {
    plenary::journal::decode_any_record(data);
}
