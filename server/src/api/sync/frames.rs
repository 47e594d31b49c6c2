//! Websocket frames as a client sends them (RFC 6455, section 5): bytes in, messages out. A socket keeps bytes only
//! while a frame or a message is half there; most never do.

use bytes::{Buf as _, Bytes, BytesMut};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::limits::FRAME_BYTES_MAX;

/// What a control frame holds at most.
const CONTROL_BYTES_MAX: usize = 125;

/// What a client said.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Came {
    /// A whole binary message.
    Message(Bytes),
    /// To be answered with the same bytes.
    Ping(Bytes),
    Pong,
    /// Nothing follows; to be answered with these bytes.
    Goodbye(Bytes),
}

/// Why these bytes are no message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Broken {
    /// They are against the standard.
    Standard,
    /// A text, where only binary messages are understood.
    Text,
    /// More than `FRAME_BYTES_MAX`.
    TooLarge,
}

/// The frames of one socket.
#[derive(Default)]
pub(super) struct Frames(Option<Box<Begun>>);

/// What is half there.
#[derive(Default)]
struct Begun {
    /// Bytes that no frame was made of yet.
    bytes: BytesMut,
    /// The fragments of a message that came so far.
    message: Option<Vec<u8>>,
}

/// What stands before a payload.
struct Header {
    last: bool,
    kind: u8,
    mask: [u8; 4],
    /// Where the payload begins and ends.
    payload: std::ops::Range<usize>,
}

mod kind {
    pub(super) const CONTINUATION: u8 = 0;
    pub(super) const TEXT: u8 = 1;
    pub(super) const BINARY: u8 = 2;
    pub(super) const CLOSE: u8 = 8;
    pub(super) const PING: u8 = 9;
    pub(super) const PONG: u8 = 10;
}

impl Frames {
    /// `before` came with the handshake.
    pub(super) fn after(before: &[u8]) -> Self {
        let mut frames = Self::default();
        frames.keep(before, None);
        frames
    }

    /// The next message of what is kept.
    pub(super) fn next(&mut self) -> Result<Option<Came>, Broken> {
        let Some(begun) = &mut self.0 else { return Ok(None) };
        let (used, came) = take(&begun.bytes, &mut begun.message)?;
        begun.bytes.advance(used);
        if begun.bytes.is_empty() {
            // Not only emptied: what the bytes took goes back.
            begun.bytes = BytesMut::new();
            if begun.message.is_none() {
                self.0 = None;
            }
        }
        Ok(came)
    }

    /// The next message, after these bytes came. More may be there then: `next` gives them.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Result<Option<Came>, Broken> {
        if let Some(begun) = &mut self.0
            && !begun.bytes.is_empty()
        {
            begun.bytes.extend_from_slice(bytes);
            return self.next();
        }
        let mut message = self.0.take().and_then(|begun| begun.message);
        let (used, came) = take(bytes, &mut message)?;
        self.keep(&bytes[used..], message);
        Ok(came)
    }

    fn keep(&mut self, bytes: &[u8], message: Option<Vec<u8>>) {
        self.0 = (!bytes.is_empty() || message.is_some())
            .then(|| Box::new(Begun { bytes: BytesMut::from(bytes), message }));
    }
}

/// Reads frames until one makes a whole message; and how many bytes they took.
fn take(bytes: &[u8], message: &mut Option<Vec<u8>>) -> Result<(usize, Option<Came>), Broken> {
    let mut used = 0;
    while let Some(header) = header(&bytes[used..], message.as_ref().map(Vec::len))? {
        let Some(payload) = bytes[used..].get(header.payload.clone()) else { break };
        used += header.payload.end;
        let came = match header.kind {
            kind::PING => Came::Ping(unmasked(payload, header.mask).into()),
            kind::PONG => Came::Pong,
            kind::CLOSE => Came::Goodbye(goodbye(unmasked(payload, header.mask))?),
            _ if message.is_none() && header.last => Came::Message(unmasked(payload, header.mask).into()),
            _ => {
                let whole = message.get_or_insert_default();
                let from = whole.len();
                whole.extend_from_slice(payload);
                unmask(&mut whole[from..], header.mask);
                match message.take_if(|_| header.last) {
                    Some(whole) => Came::Message(whole.into()),
                    None => continue,
                }
            }
        };
        return Ok((used, Some(came)));
    }
    Ok((used, None))
}

/// The header of a frame, judged before its payload is waited for; `None` while it is not whole. `begun`: the bytes of
/// the fragments that came before.
fn header(bytes: &[u8], begun: Option<usize>) -> Result<Option<Header>, Broken> {
    let [first, second, ..] = *bytes else { return Ok(None) };
    let (last, reserved, kind) = (first & 0x80 != 0, first & 0x70, first & 0x0f);
    let (masked, short) = (second & 0x80 != 0, usize::from(second & 0x7f));
    if reserved != 0 || !masked {
        return Err(Broken::Standard);
    }
    match (kind, begun) {
        (kind::CLOSE | kind::PING | kind::PONG, _) if last && short <= CONTROL_BYTES_MAX => {}
        (kind::CONTINUATION, Some(_)) | (kind::BINARY, None) => {}
        (kind::TEXT, None) => return Err(Broken::Text),
        _ => return Err(Broken::Standard),
    }
    let (length, at) = match (short, bytes) {
        (126, [_, _, a, b, ..]) => (u64::from(u16::from_be_bytes([*a, *b])), 4),
        (127, [_, _, a, b, c, d, e, f, g, h, ..]) => {
            (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), 10)
        }
        (126 | 127, _) => return Ok(None),
        _ => (short as u64, 2),
    };
    let length = usize::try_from(length).map_err(|_| Broken::TooLarge)?;
    let before = begun.filter(|_| kind == kind::CONTINUATION).unwrap_or(0);
    if length.saturating_add(before) > FRAME_BYTES_MAX {
        return Err(Broken::TooLarge);
    }
    let Some(&mask) = bytes[at..].first_chunk::<4>() else { return Ok(None) };
    Ok(Some(Header { last, kind, mask, payload: at + 4..at + 4 + length }))
}

fn unmasked(payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mut bytes = payload.to_vec();
    unmask(&mut bytes, mask);
    bytes
}

fn unmask(bytes: &mut [u8], [a, b, c, d]: [u8; 4]) {
    let twice = [a, b, c, d, a, b, c, d];
    let (words, rest) = bytes.as_chunks_mut::<8>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ u64::from_ne_bytes(twice)).to_ne_bytes();
    }
    rest.iter_mut().zip(twice).for_each(|(byte, mask)| *byte ^= mask);
}

/// What answers a goodbye: the same, when it is one (section 7.4).
fn goodbye(payload: Vec<u8>) -> Result<Bytes, Broken> {
    let code = match payload[..] {
        [] => return Ok(Bytes::new()),
        [high, low, ref reason @ ..] if std::str::from_utf8(reason).is_ok() => {
            u16::from_be_bytes([high, low])
        }
        _ => return Err(Broken::Standard),
    };
    if CloseCode::from(code).is_allowed() {
        Ok(payload.into())
    } else {
        Ok(Bytes::copy_from_slice(&u16::from(CloseCode::Protocol).to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MASK: [u8; 4] = [0xa1, 0x5b, 3, 0x77];

    /// As a client writes it; `first` holds the final bit, the reserved bits and the kind.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut out = vec![first];
        match payload.len() {
            short @ 0..=125 => out.push(0x80 | short as u8),
            middle @ 126..=0xffff => {
                out.push(0x80 | 126);
                out.extend((middle as u16).to_be_bytes());
            }
            long => {
                out.push(0x80 | 127);
                out.extend((long as u64).to_be_bytes());
            }
        }
        out.extend(MASK);
        out.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        out
    }

    /// All that a client said, when its bytes come in such pieces.
    fn heard(bytes: &[u8], piece: usize) -> Result<Vec<Came>, Broken> {
        let (mut frames, mut all) = (Frames::default(), vec![]);
        for bytes in bytes.chunks(piece) {
            let mut next = frames.hear(bytes)?;
            while let Some(came) = next {
                all.push(came);
                next = frames.next()?;
            }
        }
        Ok(all)
    }

    fn message(bytes: &[u8]) -> Came {
        Came::Message(Bytes::copy_from_slice(bytes))
    }

    #[test]
    fn messages_of_all_lengths_are_heard_and_nothing_is_kept() {
        for length in [0, 1, 7, 8, 9, 125, 126, 65_535, 65_536, 100_000] {
            let payload: Vec<u8> = (0..length).map(|n| n as u8).collect();
            let mut frames = Frames::default();
            assert_eq!(frames.hear(&frame(0x82, &payload)), Ok(Some(message(&payload))), "{length}");
            assert!(frames.0.is_none(), "{length}");
        }
    }

    #[test]
    fn a_ping_within_a_message_is_answered_first() {
        let parts = [frame(2, b"ab"), frame(0x89, b"!"), frame(0, b""), frame(0x80, b"c"), frame(0x8a, b"x")];
        let said = heard(&parts.concat(), usize::MAX).unwrap();
        assert_eq!(said, [Came::Ping(Bytes::from_static(b"!")), message(b"abc"), Came::Pong]);
    }

    #[test]
    fn what_came_with_the_handshake_comes_first() {
        let all = [frame(0x82, b"one"), frame(0x82, b"two")].concat();
        let mut frames = Frames::after(&all[..12]);
        assert_eq!(frames.next(), Ok(Some(message(b"one"))));
        assert_eq!(frames.next(), Ok(None));
        assert_eq!(frames.hear(&all[12..]), Ok(Some(message(b"two"))));
        assert!(frames.0.is_none());
    }

    #[test]
    fn what_is_against_the_standard_is_refused_by_its_header_alone() {
        let claims = |first: u8, length: u64| [&[first, 0xff][..], &length.to_be_bytes()].concat();
        let cases: &[(&str, Vec<u8>, Broken)] = &[
            ("no mask", vec![0x82, 1, 3], Broken::Standard),
            ("a reserved bit", vec![0xc2, 0x81], Broken::Standard),
            ("an unknown kind", vec![0x83, 0x81], Broken::Standard),
            ("an unknown control", vec![0x8b, 0x81], Broken::Standard),
            ("a continuation of nothing", vec![0x80, 0x81], Broken::Standard),
            ("a ping in parts", vec![0x09, 0x81], Broken::Standard),
            ("a long ping", vec![0x89, 0xfe], Broken::Standard),
            ("a text", vec![0x81, 0x81], Broken::Text),
            ("a text in parts", vec![0x01, 0x81], Broken::Text),
            ("a message in a message", [frame(2, b"x"), vec![0x82, 0x81]].concat(), Broken::Standard),
            ("half a code", frame(0x88, &[3]), Broken::Standard),
            ("a reason that is no text", frame(0x88, &[3, 0xe8, 0xff]), Broken::Standard),
            ("too much", claims(0x82, FRAME_BYTES_MAX as u64 + 1), Broken::TooLarge),
            ("all there is", claims(0x82, u64::MAX), Broken::TooLarge),
            (
                "too much in all",
                [frame(2, b"x"), claims(0x80, FRAME_BYTES_MAX as u64)].concat(),
                Broken::TooLarge,
            ),
        ];
        for (label, bytes, broken) in cases {
            assert_eq!(heard(bytes, usize::MAX), Err(*broken), "{label}");
            assert_eq!(heard(bytes, 1), Err(*broken), "{label}, byte by byte");
        }
    }

    #[test]
    fn a_goodbye_is_answered_with_itself_unless_its_code_is_none() {
        let answer = |payload: &[u8]| heard(&frame(0x88, payload), usize::MAX).unwrap();
        for good in [&b""[..], b"\x03\xe8", b"\x03\xe8bye", b"\x11\x31moved"] {
            assert_eq!(answer(good), [Came::Goodbye(Bytes::copy_from_slice(good))]);
        }
        assert_eq!(answer(b"\x03\xed"), [Came::Goodbye(Bytes::from_static(b"\x03\xea"))]);
    }

    proptest! {
        #[test]
        fn how_the_bytes_are_cut_changes_nothing(
            messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..6),
            parts in 1..4_usize,
            piece in 1..40_usize,
        ) {
            let mut bytes = vec![];
            for payload in &messages {
                let parts: Vec<_> = payload.chunks(payload.len().div_ceil(parts).max(1)).collect();
                for (number, part) in parts.iter().enumerate() {
                    let last = if number + 1 == parts.len() { 0x80 } else { 0 };
                    bytes.extend(frame(last | if number == 0 { 2 } else { 0 }, part));
                }
                if parts.is_empty() {
                    bytes.extend(frame(0x82, b""));
                }
            }
            let said: Vec<_> = messages.iter().map(|payload| message(payload)).collect();
            prop_assert_eq!(&heard(&bytes, piece).unwrap(), &said);
            prop_assert_eq!(&heard(&bytes, usize::MAX).unwrap(), &said);
        }

        #[test]
        fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), piece in 1..50_usize) {
            let _ = heard(&bytes, piece);
        }
    }
}
