//! Tokens are kept as hashes only: who reads the database cannot use them.

use std::hint::black_box;

use sha2::{Digest, Sha256};

/// SHA-256 of a token in lower-case hex. Tokens are 256 random bits, so one
/// round without salt is enough.
#[must_use]
pub fn hash_token(token: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(token.as_bytes()) {
        for nibble in [byte >> 4, byte & 0xf] {
            hex.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    hex
}

/// Whether two hashes are the same, in a time that does not tell where they differ.
#[must_use]
pub fn same_hash(left: &str, right: &str) -> bool {
    let difference = left
        .bytes()
        .zip(right.bytes())
        .fold(0, |difference, (a, b)| black_box(difference | (a ^ b)));
    left.len() == right.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_sha_256_in_hex() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hash_token("abc"), abc);
    }

    #[test]
    fn hashes_are_the_same_only_as_a_whole() {
        assert!(same_hash("00ff", "00ff"));
        assert!(!same_hash("00ff", "00fe"));
        assert!(!same_hash("00ff", "10ff"));
        assert!(!same_hash("00ff", "00"));
        assert!(!same_hash("", "0"));
    }
}
