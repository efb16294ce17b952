//! ECDSA signatures as authenticators send them, made into the form that
//! `WebCrypto` reads.
//!
//! `WebAuthn` signatures are `SEQUENCE { r INTEGER, s INTEGER }` in DER (`WebAuthn`
//! Level 3 §6.5.5, RFC 3279 §2.2.3); `WebCrypto` and JOSE want `r || s`.

/// Bytes of a number of P-256.
const NUMBER_BYTES: usize = 32;

/// Bytes of `r || s`.
pub const RAW_SIGNATURE_BYTES: usize = 2 * NUMBER_BYTES;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;

/// The `r || s` of a signature in DER. `None` for what is not DER to the letter:
/// longer forms of lengths, needless zeros, negative numbers, anything after it.
#[must_use]
pub fn raw_signature(der: &[u8]) -> Option<[u8; RAW_SIGNATURE_BYTES]> {
    let (content, after) = element(der, SEQUENCE)?;
    let (r, rest) = element(content, INTEGER)?;
    let (s, more) = element(rest, INTEGER)?;
    if !after.is_empty() || !more.is_empty() {
        return None;
    }
    let mut raw = [0; RAW_SIGNATURE_BYTES];
    let (left, right) = raw.split_at_mut(NUMBER_BYTES);
    put(left, r)?;
    put(right, s)?;
    Some(raw)
}

/// One element with a length below 128, which all of a signature's have, and what
/// comes after it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, length], rest) = bytes.split_first_chunk::<2>()?;
    if found != tag || length >= 0x80 {
        return None;
    }
    rest.split_at_checked(usize::from(length))
}

/// Puts a positive number at the end of a field that is zero.
fn put(field: &mut [u8], number: &[u8]) -> Option<()> {
    let digits = match number {
        [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => digits,
        [first, ..] if (1..0x80).contains(first) => number,
        _ => return None,
    };
    let start = field.len().checked_sub(digits.len())?;
    field.get_mut(start..)?.copy_from_slice(digits);
    Some(())
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{Signature, SigningKey};

    use super::*;

    #[test]
    fn what_a_signer_writes_is_read() {
        let key = SigningKey::from_slice(&[7; 32]).unwrap();
        for number in 0..200_u8 {
            let signature: Signature = key.sign(&[number]);
            let raw = raw_signature(signature.to_der().as_bytes()).unwrap();
            assert_eq!(raw[..], signature.to_bytes()[..]);
        }
    }

    #[test]
    fn a_short_number_is_filled_with_zeros() {
        let raw = raw_signature(&[0x30, 6, 2, 1, 5, 2, 1, 9]).unwrap();
        assert_eq!((raw[31], raw[63]), (5, 9));
        assert_eq!(raw.iter().filter(|byte| **byte != 0).count(), 2);
    }

    #[test]
    fn there_is_one_way_to_write_a_signature() {
        let too_long = [&[0x30, 38, 2, 33, 1][..], &[1; 32], &[2, 1, 9]].concat();
        for odd in [
            &[][..],
            &[0x30],
            &[0x30, 0],
            &[0x30, 6, 2, 1, 5, 2, 1],
            &[0x30, 6, 2, 1, 5, 2, 1, 9, 0],
            &[0x30, 7, 2, 1, 5, 2, 1, 9, 0],
            &[0x31, 6, 2, 1, 5, 2, 1, 9],
            &[0x30, 6, 3, 1, 5, 2, 1, 9],
            &[0x30, 0x81, 6, 2, 1, 5, 2, 1, 9],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 9],
            &[0x30, 6, 2, 1, 0, 2, 1, 9],
            &[0x30, 7, 2, 2, 0, 5, 2, 1, 9],
            &[0x30, 5, 2, 0, 2, 1, 9],
            &too_long,
        ] {
            assert_eq!(raw_signature(odd), None, "{odd:?}");
        }
    }
}
