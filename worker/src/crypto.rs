//! What signing in needs of cryptography: signatures checked, passwords hashed
//! slowly, random bytes. A port, for the Worker has all of it in `WebCrypto` and
//! so carries no code for it; tests do the same with crates of their own.
//!
//! Keys are public ones only: nothing here signs anything.

pub mod base64url;
pub mod der;
pub mod key;
#[cfg(test)]
pub(crate) mod native;
pub mod password;
#[cfg(target_arch = "wasm32")]
pub(crate) mod web;

use std::hint::black_box;

pub use key::{Algorithm, KeyError, PublicKey};
use sha2::{Digest, Sha256};

/// Bytes of a SHA-256.
pub const SHA256_BYTES: usize = 32;

/// Cryptography as the runtime has it.
pub trait Crypto {
    /// Whether a key can be used: for ES256 that is a point on the curve. Asked
    /// before a key is kept, so that nobody is left with one that never works.
    ///
    /// # Errors
    /// When the runtime itself does not do its part; a bad key is `false`.
    fn accepts(&self, key: &PublicKey) -> impl Future<Output = Result<bool, CryptoError>>;

    /// Whether a signature over `message` was made by the key's owner. For ES256
    /// the signature is `r || s`, 64 bytes (RFC 7518 §3.4); what `WebAuthn` sends
    /// comes through [`der::raw_signature`] first. For RS256 it is as long as the
    /// modulus (RFC 8017 §8.2.2).
    ///
    /// # Errors
    /// When the runtime itself does not do its part; a bad signature is `false`.
    fn verifies(
        &self,
        key: &PublicKey,
        message: &[u8],
        signature: &[u8],
    ) -> impl Future<Output = Result<bool, CryptoError>>;

    /// PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), 32 bytes of it.
    ///
    /// # Errors
    /// When the runtime does not do so many iterations.
    fn pbkdf2(
        &self,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
    ) -> impl Future<Output = Result<[u8; SHA256_BYTES], CryptoError>>;

    /// Random bytes that nobody can foretell.
    ///
    /// # Errors
    /// When the runtime has none.
    fn random<const N: usize>(&self) -> Result<[u8; N], CryptoError>;
}

/// The runtime's cryptography failed: a fault of ours or the platform's, never
/// the answer to a wrong key, signature or password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Cryptography does not answer: {0}.")]
pub struct CryptoError(pub String);

/// SHA-256 of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; SHA256_BYTES] {
    Sha256::digest(bytes).into()
}

/// Whether two byte strings are the same, in a time that depends on their length
/// alone and not on where they differ.
#[must_use]
pub fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    let difference = left
        .iter()
        .zip(right)
        .fold(0, |difference, (a, b)| black_box(difference | (a ^ b)));
    left.len() == right.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_the_same_only_as_a_whole() {
        assert!(same_bytes(b"abc", b"abc") && same_bytes(b"", b""));
        for other in [&b"abd"[..], b"bbc", b"ab", b"abcd", b""] {
            assert!(!same_bytes(b"abc", other), "{other:?}");
        }
    }

    #[test]
    fn a_hash_is_sha_256() {
        // FIPS 180-4, the example of one block.
        let hash = sha256(b"abc");
        assert_eq!(hash[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
