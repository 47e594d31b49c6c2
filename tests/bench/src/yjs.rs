//! Just enough of the Yjs v1 update format to type and to see what was typed, without a CRDT: a generator that kept
//! documents would measure itself.
//!
//! Source: Yjs 13 `src/utils/encoding.js`, `src/structs/*.js`; lib0 `encoding.js`.

/// Clocks that a writer's own paragraph and text take before its first keystroke.
pub const OPENING: u32 = 2;

/// Client ids as long on the wire as those that Yjs draws.
const CLIENTS_FROM: u64 = 0x7000_0000;

/// The Yjs client id of a room's writer. Rooms are documents of their own, so each may count from 0.
pub fn client_id(writer: usize) -> u64 {
    CLIENTS_FROM + writer as u64
}

/// The writer of a client id.
pub fn writer_of(client: u64) -> Option<usize> {
    usize::try_from(client.checked_sub(CLIENTS_FROM)?).ok().filter(|writer| *writer < WRITERS_MAX)
}

/// Writers a room may have.
const WRITERS_MAX: usize = 10_000;

/// Appends an unsigned number in lib0's form.
pub fn put_uint(out: &mut Vec<u8>, mut n: u64) {
    while n > 0x7f {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Appends a length and the bytes.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

const TYPE: u8 = 7;
const STRING: u8 = 4;
const LEFT: u8 = 0x80;
const RIGHT: u8 = 0x40;

/// Where a character goes: after `left`, before `right` (clocks of the same client), in the text at `text`.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    /// Clock of the character before.
    pub left: Option<u32>,
    /// Clock of the character after.
    pub right: Option<u32>,
    /// Clock of the `Y.XmlText`, for a text that is still empty.
    pub text: u32,
}

/// An update that makes a paragraph and its text at `clock` and `clock + 1`, after the client's paragraph at `after`.
pub fn paragraph(out: &mut Vec<u8>, client: u64, clock: u32, after: Option<u32>) {
    put_uint(out, 1);
    put_uint(out, 2);
    put_uint(out, client);
    put_uint(out, u64::from(clock));
    match after {
        Some(after) => {
            out.push(TYPE | LEFT);
            put_uint(out, client);
            put_uint(out, u64::from(after));
        }
        None => {
            out.push(TYPE);
            put_uint(out, 1);
            put_bytes(out, b"body");
        }
    }
    put_uint(out, 3);
    put_bytes(out, b"paragraph");
    out.push(TYPE);
    put_uint(out, 0);
    put_uint(out, client);
    put_uint(out, u64::from(clock));
    put_uint(out, 6);
    put_uint(out, 0);
}

/// An update that types one ASCII character.
pub fn key(out: &mut Vec<u8>, client: u64, clock: u32, spot: Spot, letter: u8) {
    insert(out, client, clock, spot, &[letter]);
}

/// An update that inserts ASCII characters.
pub fn insert(out: &mut Vec<u8>, client: u64, clock: u32, spot: Spot, letters: &[u8]) {
    put_uint(out, 1);
    put_uint(out, 1);
    put_uint(out, client);
    put_uint(out, u64::from(clock));
    let flags = spot.left.map_or(0, |_| LEFT) | spot.right.map_or(0, |_| RIGHT);
    out.push(STRING | flags);
    for id in [spot.left, spot.right].into_iter().flatten() {
        put_uint(out, client);
        put_uint(out, u64::from(id));
    }
    if flags == 0 {
        put_uint(out, 0);
        put_uint(out, client);
        put_uint(out, u64::from(spot.text));
    }
    put_bytes(out, letters);
    put_uint(out, 0);
}

/// An update that deletes one character.
pub fn delete(out: &mut Vec<u8>, client: u64, clock: u32) {
    for n in [0, 1, client, 1, u64::from(clock), 1] {
        put_uint(out, n);
    }
}

/// The nth letter of a writer's text: words of six letters.
pub fn letter(n: u32) -> u8 {
    if n % 7 == 6 { b' ' } else { b'a' + (n % 26) as u8 }
}

/// A state vector.
pub fn state_vector(known: &[(u64, u32)]) -> Vec<u8> {
    let mut out = Vec::new();
    put_uint(&mut out, known.len() as u64);
    for (client, clock) in known {
        put_uint(&mut out, *client);
        put_uint(&mut out, u64::from(*clock));
    }
    out
}

/// Reads lib0 values from a slice.
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// An unsigned number.
    pub fn uint(&mut self) -> Option<u64> {
        let (mut n, mut shift) = (0u64, 0);
        loop {
            let byte = self.byte()?;
            n |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(n);
            }
            shift += 7;
        }
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A length and as many bytes.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.uint()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// Skips lib0's "any" value.
    fn any(&mut self) -> Option<()> {
        match self.byte()? {
            127 | 126 | 121 | 120 => {}
            125 => while self.byte()? >= 0x80 {},
            124 => self.0 = self.0.get(4..)?,
            123 | 122 => self.0 = self.0.get(8..)?,
            119 | 116 => drop(self.bytes()?),
            118 => {
                for _ in 0..self.uint()? {
                    self.bytes()?;
                    self.any()?;
                }
            }
            117 => {
                for _ in 0..self.uint()? {
                    self.any()?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// Skips a struct's content and gives how many clocks it covers.
    fn content(&mut self, kind: u8) -> Option<u64> {
        Some(match kind {
            0 | 1 | 10 => self.uint()?,
            2 => {
                let length = self.uint()?;
                for _ in 0..length {
                    self.bytes()?;
                }
                length
            }
            3 | 5 => {
                self.bytes()?;
                1
            }
            STRING => std::str::from_utf8(self.bytes()?).ok()?.encode_utf16().count() as u64,
            6 => {
                self.bytes()?;
                self.bytes()?;
                1
            }
            TYPE => {
                if matches!(self.uint()?, 3 | 5) {
                    self.bytes()?;
                }
                1
            }
            8 => {
                let length = self.uint()?;
                for _ in 0..length {
                    self.any()?;
                }
                length
            }
            9 => {
                self.bytes()?;
                self.any()?;
                1
            }
            _ => return None,
        })
    }

    fn place(&mut self, info: u8) -> Option<()> {
        for flag in [LEFT, RIGHT] {
            if info & flag != 0 {
                self.uint()?;
                self.uint()?;
            }
        }
        if info & (LEFT | RIGHT) == 0 {
            if self.uint()? == 1 {
                self.bytes()?;
            } else {
                self.uint()?;
                self.uint()?;
            }
            if info & 0x20 != 0 {
                self.bytes()?;
            }
        }
        Some(())
    }
}

/// Calls `each(client, from, to)` for every run of clocks that an update brings, joined where they meet. `None`: not
/// an update that this reader knows.
pub fn runs(update: &[u8], mut each: impl FnMut(u64, u32, u32)) -> Option<()> {
    let mut read = Reader(update);
    for _ in 0..read.uint()? {
        let structs = read.uint()?;
        let client = read.uint()?;
        let mut clock = u32::try_from(read.uint()?).ok()?;
        let mut from = clock;
        for _ in 0..structs {
            let info = read.byte()?;
            let kind = info & 0x1f;
            if !matches!(kind, 0 | 10) {
                read.place(info)?;
            }
            let end = clock.checked_add(u32::try_from(read.content(kind)?).ok()?)?;
            if kind == 10 {
                if clock > from {
                    each(client, from, clock);
                }
                from = end;
            }
            clock = end;
        }
        if clock > from {
            each(client, from, clock);
        }
    }
    Some(())
}

/// Calls `each(client, clock, text)` for every piece of text that an update brings. `None`: not an update that this
/// reader knows.
pub fn strings<'a>(update: &'a [u8], mut each: impl FnMut(u64, u32, &'a str)) -> Option<()> {
    let mut read = Reader(update);
    for _ in 0..read.uint()? {
        let structs = read.uint()?;
        let client = read.uint()?;
        let mut clock = u32::try_from(read.uint()?).ok()?;
        for _ in 0..structs {
            let info = read.byte()?;
            let kind = info & 0x1f;
            if !matches!(kind, 0 | 10) {
                read.place(info)?;
            }
            if kind == STRING {
                each(client, clock, std::str::from_utf8(Reader(read.0).bytes()?).ok()?);
            }
            clock = clock.checked_add(u32::try_from(read.content(kind)?).ok()?)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests;
