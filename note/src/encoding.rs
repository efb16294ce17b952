//! The lib0 encoding: the byte alphabet that Yjs peers write.
//!
//! Knows numbers, byte strings and text; knows nothing of updates or frames.
//! Nothing here allocates, so a declared length costs nothing until its bytes
//! have been seen.

use thiserror::Error;

/// The widest number a Yjs peer writes: JavaScript's safe integers have 53 bits.
const MAX_NUMBER_BITS: u32 = 53;

/// The bits of one byte of a number; the eighth says that another byte follows.
const BITS_A_BYTE: u32 = 7;

/// Why bytes could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The bytes end before the value does.
    #[error("the bytes end in the middle of a value")]
    Ended,
    /// A number is wider than 53 bits, or not written in its shortest form.
    #[error("a number is too large, or longer than it need be")]
    Overflow,
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    NotUtf8,
}

/// Reads values one after the other; a clone is a bookmark.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first of the bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Whether everything has been read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Everything that is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Reads one byte.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        let (&byte, rest) = self.rest.split_first().ok_or(DecodeError::Ended)?;
        self.rest = rest;
        Ok(byte)
    }

    /// Reads a number of up to 53 bits.
    ///
    /// Only the shortest form is taken: `yrs` wraps the longer ones, so that it
    /// and this reader could disagree about what was written.
    pub fn var_u64(&mut self) -> Result<u64, DecodeError> {
        let first = self.u8()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let mut value = u64::from(first & 0x7f);
        let mut shift = BITS_A_BYTE;
        loop {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift + (u64::BITS - bits.leading_zeros()) > MAX_NUMBER_BITS {
                return Err(DecodeError::Overflow);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return if byte == 0 {
                    Err(DecodeError::Overflow)
                } else {
                    Ok(value)
                };
            }
            shift += BITS_A_BYTE;
            if shift >= MAX_NUMBER_BITS {
                return Err(DecodeError::Overflow);
            }
        }
    }

    /// Reads a number that fits 32 bits.
    pub fn var_u32(&mut self) -> Result<u32, DecodeError> {
        u32::try_from(self.var_u64()?).or(Err(DecodeError::Overflow))
    }

    /// Reads a length and as many bytes.
    pub fn var_bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = usize::try_from(self.var_u64()?).or(Err(DecodeError::Ended))?;
        let (bytes, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(DecodeError::Ended)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// Reads a length and as many bytes of text.
    pub fn var_str(&mut self) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.var_bytes()?).or(Err(DecodeError::NotUtf8))
    }
}

/// Writes a number in its shortest form.
pub fn write_var_u64(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        // The mask leaves seven bits, so nothing is cut off.
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= BITS_A_BYTE;
    }
    out.push(value as u8);
}

/// Writes a length and the bytes.
pub fn write_var_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_var_u64(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_width_of_number_comes_back() {
        for bits in 0..53 {
            for value in [(1u64 << bits) - 1, 1 << bits, (1 << bits) + 1] {
                let value = value.min((1 << 53) - 1);
                let mut bytes = Vec::new();
                write_var_u64(&mut bytes, value);
                let mut reader = Reader::new(&bytes);
                assert_eq!(reader.var_u64(), Ok(value));
                assert!(reader.is_empty());
            }
        }
    }

    #[test]
    fn numbers_wider_than_javascripts_are_refused() {
        let mut bytes = Vec::new();
        write_var_u64(&mut bytes, 1 << 53);
        assert_eq!(Reader::new(&bytes).var_u64(), Err(DecodeError::Overflow));
        assert_eq!(
            Reader::new(&[0xff; 12]).var_u64(),
            Err(DecodeError::Overflow)
        );
    }

    #[test]
    fn only_the_shortest_form_is_taken() {
        assert_eq!(
            Reader::new(&[0x80, 0x00]).var_u64(),
            Err(DecodeError::Overflow)
        );
        assert_eq!(
            Reader::new(&[0x81, 0x80, 0x00]).var_u64(),
            Err(DecodeError::Overflow)
        );
        assert_eq!(Reader::new(&[0x00]).var_u64(), Ok(0));
    }

    #[test]
    fn what_ends_early_is_refused() {
        assert_eq!(Reader::new(&[]).u8(), Err(DecodeError::Ended));
        assert_eq!(Reader::new(&[0x80]).var_u64(), Err(DecodeError::Ended));
        assert_eq!(Reader::new(&[3, b'a']).var_bytes(), Err(DecodeError::Ended));
        assert_eq!(Reader::new(&[1, 0xff]).var_str(), Err(DecodeError::NotUtf8));
    }

    #[test]
    fn bytes_and_text_come_back() {
        let mut bytes = Vec::new();
        write_var_bytes(&mut bytes, "é😀".as_bytes());
        write_var_bytes(&mut bytes, b"");
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.var_str(), Ok("é😀"));
        assert_eq!(reader.var_bytes(), Ok(&b""[..]));
        assert_eq!(reader.remaining(), 0);
    }
}
