//! The instance's secret, and the tokens made from it.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::crypto::base64url;

/// Shortest secret, characters: `npm start` and `npm run deploy` make longer ones.
pub const MIN_SECRET_CHARS: usize = 32;

/// Fewest different characters in it: a word over and over is no secret.
const MIN_DIFFERENT: usize = 10;

/// Keeps a link's token from being a token for anything else made from the secret.
const LINK_PREFIX: &str = "tandem share link:";

/// Why an instance has no secret to go by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// None is set.
    #[error("INSTANCE_SECRET is not set.")]
    Missing,
    /// It is one that others can guess.
    #[error("INSTANCE_SECRET is too easy to guess.")]
    Weak,
}

/// Judges a secret. An example from a page of documentation fails it.
///
/// # Errors
/// When there is none, or it can be guessed.
pub fn judge(secret: Option<&str>) -> Result<&str, BadSecret> {
    let secret = secret.unwrap_or_default().trim();
    if secret.is_empty() {
        return Err(BadSecret::Missing);
    }
    let mut letters: Vec<char> = secret.to_lowercase().chars().collect();
    letters.sort_unstable();
    letters.dedup();
    let lower = secret.to_lowercase();
    let is_example = ["secret", "change", "example", "default", "password"]
        .iter()
        .any(|word| lower.contains(word));
    if secret.chars().count() < MIN_SECRET_CHARS || letters.len() < MIN_DIFFERENT || is_example {
        return Err(BadSecret::Weak);
    }
    Ok(secret)
}

/// The token of a share link: HMAC-SHA-256 (RFC 2104) of the link's random id under
/// the instance's secret, 256 bits in base64url. Its owner can be shown it again,
/// and who has the database alone cannot make it.
#[must_use]
pub fn link_token(secret: &str, link: Uuid) -> String {
    // A key of any length is one; the error is of other MACs.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(LINK_PREFIX.as_bytes());
    mac.update(link.as_bytes());
    base64url::encode(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "kV3pXq9ZrT7mWc2LhN8sYb4Gf6Jd1AeU";

    #[test]
    fn a_secret_that_can_be_guessed_is_none() {
        assert_eq!(judge(Some(SECRET)), Ok(SECRET));
        assert_eq!(judge(None), Err(BadSecret::Missing));
        assert_eq!(judge(Some("  ")), Err(BadSecret::Missing));
        let repeated = "ab".repeat(40);
        for weak in [
            "short",
            &SECRET[..31],
            &repeated,
            "change-me-change-me-change-me-change-me-1",
            "an example from the docs 0123456789 abcdef",
        ] {
            assert_eq!(judge(Some(weak)), Err(BadSecret::Weak), "{weak}");
        }
    }

    #[test]
    fn a_link_has_one_token_and_only_with_this_secret() {
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let token = link_token(SECRET, one);
        assert_eq!(token.len(), 43);
        assert!(crate::cookies::is_token(&token));
        assert_eq!(token, link_token(SECRET, one));
        assert_ne!(token, link_token(SECRET, other));
        assert_ne!(token, link_token("another", one));
    }
}
