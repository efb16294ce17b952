//! Accounts at a provider (OpenID Connect Core 1.0, the code flow with PKCE).
//!
//! Everything here is a rule on text and bytes: what is asked of the provider and
//! what its answers are worth. The requests are made by `sign_in`, and whose an
//! identity is, `store::accounts` knows.

mod authorization;
mod id_token;
mod key_set;
mod provider;
mod tokens;

pub use authorization::{Attempt, Returned};
pub use id_token::{Expected, IdToken, Identified};
pub use key_set::KeySet;
pub use provider::{ClientAuthentication, Provider};
pub use tokens::{TokenRequest, Tokens, name_of};

use crate::crypto::CryptoError;
use crate::origin::is_loopback;

/// Longest answer of a provider that is read, bytes.
pub const MOST_ANSWER_BYTES: usize = 64 * 1024;

/// Longest address, bytes: those of providers and what they send browsers back with.
pub const MOST_ADDRESS_BYTES: usize = 2048;

/// How far the provider's clock and ours may differ, seconds.
const LEEWAY_SECONDS: i64 = 60;

/// What the instance is to its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The provider's address.
    pub issuer: String,
    /// The name the provider knows us by.
    pub id: String,
    /// What proves that to it.
    pub secret: String,
}

impl Client {
    /// The host of the provider, as people read it on a button.
    #[must_use]
    pub fn issuer_host(&self) -> &str {
        let place = self.issuer.split_once("://").map_or("", |(_, rest)| rest);
        place.split('/').next().unwrap_or_default()
    }
}

/// Why nobody is signed in by a provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The provider is not reached, or answers with an error.
    #[error("The provider of accounts does not answer: {0}.")]
    NoAnswer(String),
    /// What it answers is not what it should be.
    #[error("The provider of accounts answers something that cannot be used: {0}.")]
    Answer(&'static str),
    /// What it says of who this is cannot be believed.
    #[error("What the provider says of who you are cannot be believed: {0}.")]
    Token(&'static str),
    /// It says no.
    #[error("The provider of accounts did not let you in. Try again, or sign in another way.")]
    Refused,
    /// The runtime failed.
    #[error(transparent)]
    Runtime(#[from] CryptoError),
}

/// Whether an address may be asked: encrypted, or of this very machine.
fn may_be_asked(address: &str) -> bool {
    if address.len() > MOST_ADDRESS_BYTES || address.contains(['#', '@', ' ', '\\']) {
        return false;
    }
    let Ok(uri) = address.parse::<http::Uri>() else {
        return false;
    };
    let host = uri.host().unwrap_or_default();
    match uri.scheme_str() {
        Some("https") => !host.is_empty(),
        Some("http") => is_loopback(host),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_addresses_are_asked_but_for_this_machine_s() {
        for fine in [
            "https://id.example",
            "https://id.example:8443/realms/a?b=c",
            "http://localhost:9000/token",
            "http://127.0.0.1:9000",
            "http://[::1]:9000/",
        ] {
            assert!(may_be_asked(fine), "{fine}");
        }
        let long = format!("https://id.example/{}", "a".repeat(MOST_ADDRESS_BYTES));
        for other in [
            "",
            "id.example",
            "http://id.example",
            "http://localhost.evil.example",
            "http://localhost@evil.example",
            "https://user@id.example",
            "https://",
            "ftp://localhost",
            "javascript:alert(1)",
            "https://id.example/#a",
            &long,
        ] {
            assert!(!may_be_asked(other), "{other}");
        }
    }

    #[test]
    fn a_provider_is_called_by_its_host() {
        let client = |issuer: &str| Client {
            issuer: issuer.to_owned(),
            id: String::new(),
            secret: String::new(),
        };
        assert_eq!(client("https://id.example/a").issuer_host(), "id.example");
        let local = client("http://127.0.0.1:9000");
        assert_eq!(local.issuer_host(), "127.0.0.1:9000");
        assert_eq!(client("").issuer_host(), "");
    }
}
