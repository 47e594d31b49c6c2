//! lib0's primitives (`lib0/encoding.js`, `lib0/decoding.js`), read with bounds: whole numbers below 2^53, lengths
//! never beyond the bytes at hand.

/// Bytes that are not what they should be.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("malformed frame: {0}")]
pub struct Malformed(pub &'static str);

/// Whole numbers must stay below this, as in lib0 (`Number.MAX_SAFE_INTEGER`).
pub(crate) const SAFE_INTEGER: u64 = 1 << 53;

/// Reads lib0's primitives out of bytes; every error leaves nothing allocated.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes read so far.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// What was read since an earlier position.
    pub(crate) fn since(&self, position: usize) -> &'a [u8] {
        self.bytes.get(position..self.at).unwrap_or_default()
    }

    /// Bytes left.
    pub(crate) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Malformed> {
        let byte = *self.bytes.get(self.at).ok_or(Malformed("cut off"))?;
        self.at += 1;
        Ok(byte)
    }

    pub(crate) fn take(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        if length > self.left() {
            return Err(Malformed("cut off"));
        }
        let taken = &self.bytes[self.at..self.at + length];
        self.at += length;
        Ok(taken)
    }

    /// `readVarUint`: seven bits a byte, least first.
    pub(crate) fn var_uint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0u64;
        for shift in (0..56).step_by(7) {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if value < SAFE_INTEGER { Ok(value) } else { Err(Malformed("number too large")) };
            }
        }
        Err(Malformed("number too long"))
    }

    /// `readVarInt`: the first byte holds a sign and six bits.
    pub(crate) fn var_int(&mut self) -> Result<i64, Malformed> {
        let first = self.u8()?;
        let mut value = u64::from(first & 0x3f);
        let mut more = first & 0x80 != 0;
        let mut shift = 6;
        while more {
            if shift > 48 {
                return Err(Malformed("number too long"));
            }
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            more = byte & 0x80 != 0;
        }
        if value >= SAFE_INTEGER {
            return Err(Malformed("number too large"));
        }
        let value = value as i64;
        Ok(if first & 0x40 != 0 { -value } else { value })
    }

    /// A length of things that each take at least one byte.
    pub(crate) fn count(&mut self) -> Result<usize, Malformed> {
        let count = self.var_uint()?;
        if count > self.left() as u64 {
            return Err(Malformed("more announced than sent"));
        }
        Ok(count as usize)
    }

    /// `readVarUint8Array`.
    pub(crate) fn var_bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.count()?;
        self.take(length)
    }

    /// `readVarString`.
    pub(crate) fn var_str(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.var_bytes()?).map_err(|_| Malformed("text is not UTF-8"))
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.left() == 0 { Ok(()) } else { Err(Malformed("bytes after the end")) }
    }
}

/// `writeVarUint`.
pub(crate) fn put_uint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// `writeVarInt`.
#[cfg(test)]
pub(crate) fn put_int(out: &mut Vec<u8>, value: i64) {
    let mut left = value.unsigned_abs();
    let sign = if value < 0 { 0x40 } else { 0 };
    let mut first = (left & 0x3f) as u8 | sign;
    left >>= 6;
    if left > 0 {
        first |= 0x80;
    }
    out.push(first);
    if left > 0 {
        put_uint(out, left);
    }
}

/// `writeVarUint8Array`, and `writeVarString` for the bytes of a text.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_uint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_read_back_as_written(value in 0..SAFE_INTEGER, negative: bool) {
            let mut out = Vec::new();
            put_uint(&mut out, value);
            let signed = if negative { -(value as i64) } else { value as i64 };
            put_int(&mut out, signed);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.var_uint(), Ok(value));
            prop_assert_eq!(reader.var_int(), Ok(signed));
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn w11_a_number_of_eleven_bytes_is_refused() {
        assert_eq!(Reader::new(&[0xff; 11]).var_uint(), Err(Malformed("number too long")));
        assert_eq!(Reader::new(&[0xff; 11]).var_int(), Err(Malformed("number too long")));
    }

    #[test]
    fn numbers_from_two_to_the_53rd_are_refused() {
        assert_eq!(
            Reader::new(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]).var_uint(),
            Err(Malformed("number too large"))
        );
    }
}
