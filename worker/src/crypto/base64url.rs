//! base64url without padding (RFC 4648 §5), as `WebAuthn` and JOSE write bytes.
//! Each byte string has one spelling: padding, line ends, letters of the other
//! alphabet and stray last bits are refused.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes bytes.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for group in bytes.chunks(3) {
        let mut bits = 0_u32;
        for place in 0..3 {
            bits = (bits << 8) | u32::from(group.get(place).copied().unwrap_or(0));
        }
        // A group of n bytes takes n + 1 letters; the last one is filled with zeros.
        for letter in 0..=group.len() {
            let index = usize::try_from((bits >> (18 - 6 * letter)) & 0x3f).unwrap_or(0);
            text.extend(LETTERS.get(index).copied().map(char::from));
        }
    }
    text
}

/// Reads bytes; `None` for what [`encode`] would not have written, and for what
/// would be more than `most` bytes, which is found before anything is read.
#[must_use]
pub fn decode(text: &str, most: usize) -> Option<Vec<u8>> {
    let whole = (text.len() / 4).checked_mul(3)?;
    let length = whole.checked_add((text.len() % 4).saturating_sub(1))?;
    if length > most || text.len() % 4 == 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(length);
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_u32;
        for place in 0..4 {
            let value = match group.get(place) {
                Some(letter) => value_of(*letter)?,
                None => 0,
            };
            bits = (bits << 6) | value;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        let all = [first, second, third];
        let (kept, left) = all.split_at_checked(group.len().saturating_sub(1))?;
        // The bits of the last letter that stand for no byte must be zero.
        if left.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

fn value_of(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_every_length_come_back() {
        for length in 0..70_u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37)).collect();
            assert_eq!(decode(&encode(&bytes), 70), Some(bytes));
        }
        // RFC 4648 §10, without its padding.
        assert_eq!(encode(b"foobar"), "Zm9vYmFy");
        assert_eq!(encode(b"foob"), "Zm9vYg");
        assert_eq!(encode(&[0xfb, 0xff]), "-_8");
    }

    #[test]
    fn bytes_have_one_spelling() {
        for other in [
            "Zm9vYg==", "Zm9vYh", "Zm9vY", "Zm9v Yg", "+_8", "-/8", "é", "A",
        ] {
            assert_eq!(decode(other, 99), None, "{other}");
        }
    }

    #[test]
    fn more_than_is_allowed_is_not_read() {
        assert_eq!(decode("Zm9vYmFy", 6).as_deref(), Some(&b"foobar"[..]));
        assert_eq!(decode("Zm9vYmFy", 5), None);
        assert_eq!(decode("Zm9vYg", 3), None);
    }
}
