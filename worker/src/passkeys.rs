//! Passkeys: what is asked of a browser, and what its answers are worth (WebAuthn
//! Level 3, §7.1 and §7.2).
//!
//! Everything here is a rule on bytes. Whose challenge it was, whether it is still
//! open and whose key it is, the database knows (`store::accounts`), and the order
//! of the questions is `sign_in`'s. Attestation is not asked for: which make of
//! key somebody has is none of our business.

mod authenticator;
mod cbor;
mod client;
mod options;
mod registration;
mod relying_party;
mod signature;
#[cfg(test)]
mod soft_key;

pub use client::CHALLENGE_BYTES;
pub use options::{creation, request};
pub use registration::{Made, Registration};
pub use relying_party::RelyingParty;
pub use signature::{Kept, Shown};

use crate::crypto::{CryptoError, KeyError};

/// Longest body of an answer, bytes. Attestation statements, which are ignored,
/// may carry certificates.
pub const MOST_BODY_BYTES: usize = 32 * 1024;

/// Longest credential id, bytes (WebAuthn §5.8.3 allows no more).
pub const MOST_ID_BYTES: usize = 1023;

/// Why an answer is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The bytes are not what they should be.
    #[error("The passkey's answer cannot be read: {0}.")]
    Malformed(&'static str),
    /// It answers another question, or comes from elsewhere.
    #[error("The passkey answered another question: {0}.")]
    OtherQuestion(&'static str),
    /// Nobody touched the key.
    #[error("Nobody confirmed the use of the passkey. Try again, and confirm it.")]
    NotPresent,
    /// A key of a kind that is not taken.
    #[error("This kind of passkey is not taken here: {0}")]
    Key(#[from] KeyError),
    /// The runtime says that this is no key.
    #[error("This passkey has no usable key.")]
    Unusable,
    /// The signature is not by the key.
    #[error("The signature is not by this passkey.")]
    Signature,
    /// It counts less than it did: there may be a copy of it.
    #[error("This passkey may have been copied. Sign in another way, and remove it.")]
    Copied,
    /// The runtime failed.
    #[error(transparent)]
    Runtime(#[from] CryptoError),
}
