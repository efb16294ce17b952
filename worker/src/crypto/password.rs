//! Passwords of links: only a slow hash is kept, with everything needed to make it
//! again written into it.
//!
//! PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2), for it is the one slow hash that
//! `WebCrypto` has. The platform does at most 100,000 iterations a call, so a hash
//! is several passes, each over the result of the one before it; the sum is what
//! OWASP's cheat sheet on password storage asks of this function, 600,000.

use super::{Crypto, CryptoError, SHA256_BYTES, base64url, same_bytes};

/// Iterations of a pass: as many as the platform does in a call.
const ITERATIONS: u32 = 100_000;

/// Passes of a new hash.
const PASSES: u32 = 6;

/// Most passes that a kept hash may ask for; each takes some 30 ms.
const MOST_PASSES: u32 = 24;

/// Random bytes in a salt.
const SALT_BYTES: usize = 16;

/// Longest password, bytes. A longer one is refused and not cut.
pub const MAX_PASSWORD_BYTES: usize = 512;

/// First part of a hash.
const NAME: &str = "pbkdf2-sha256";

/// Why a password was neither right nor wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Nothing, or more than [`MAX_PASSWORD_BYTES`].
    #[error("A password has 1 to {MAX_PASSWORD_BYTES} bytes.")]
    Length,
    /// What was kept is no hash of ours.
    #[error("What is kept of this password cannot be read.")]
    Hash,
    /// The runtime failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// The hash to keep of a password: `pbkdf2-sha256$<passes>x<iterations>$<salt>$<hash>`.
///
/// # Errors
/// When the password is empty or over its bound, or the runtime fails.
pub async fn hash_password(crypto: &impl Crypto, password: &str) -> Result<String, PasswordError> {
    let salt = crypto.random::<SALT_BYTES>()?;
    let cost = Cost {
        passes: PASSES,
        iterations: ITERATIONS,
    };
    let hash = slow_hash(crypto, password, &salt, cost).await?;
    let (salt, hash) = (base64url::encode(&salt), base64url::encode(&hash));
    Ok(format!("{NAME}${PASSES}x{ITERATIONS}${salt}${hash}"))
}

/// Whether a password is the one a hash was made of. None was made of one that is empty
/// or over its bound.
///
/// # Errors
/// When the hash cannot be read, or the runtime fails.
pub async fn is_password(
    crypto: &impl Crypto,
    password: &str,
    kept: &str,
) -> Result<bool, PasswordError> {
    let Kept { cost, salt, hash } = Kept::read(kept).ok_or(PasswordError::Hash)?;
    match slow_hash(crypto, password, &salt, cost).await {
        Err(PasswordError::Length) => Ok(false),
        made => Ok(same_bytes(&made?, &hash)),
    }
}

#[derive(Clone, Copy)]
struct Cost {
    passes: u32,
    iterations: u32,
}

struct Kept {
    cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Kept {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('$');
        let (name, cost) = (parts.next()?, parts.next()?);
        let (passes, iterations) = cost.split_once('x')?;
        let cost = Cost {
            passes: passes.parse().ok()?,
            iterations: iterations.parse().ok()?,
        };
        let salt = base64url::decode(parts.next()?, SALT_BYTES)?;
        let hash = base64url::decode(parts.next()?, SHA256_BYTES)?;
        let is_ours = name == NAME
            && parts.next().is_none()
            && (1..=MOST_PASSES).contains(&cost.passes)
            && (1..=ITERATIONS).contains(&cost.iterations)
            && salt.len() == SALT_BYTES
            && hash.len() == SHA256_BYTES;
        is_ours.then_some(Self { cost, salt, hash })
    }
}

async fn slow_hash(
    crypto: &impl Crypto,
    password: &str,
    salt: &[u8],
    cost: Cost,
) -> Result<[u8; SHA256_BYTES], PasswordError> {
    if password.is_empty() || password.len() > MAX_PASSWORD_BYTES {
        return Err(PasswordError::Length);
    }
    let mut hash = crypto
        .pbkdf2(password.as_bytes(), salt, cost.iterations)
        .await?;
    for _ in 1..cost.passes {
        hash = crypto.pbkdf2(&hash, salt, cost.iterations).await?;
    }
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::native::{Native, ready};

    #[test]
    fn a_password_is_known_by_its_hash_alone() {
        let native = Native::new();
        let kept = ready(hash_password(&native, "correct horse")).unwrap();
        assert!(kept.starts_with("pbkdf2-sha256$6x100000$"), "{kept}");
        assert_eq!(
            ready(is_password(&native, "correct horse", &kept)),
            Ok(true)
        );
        assert_eq!(
            ready(is_password(&native, "correct horsf", &kept)),
            Ok(false)
        );
        let again = ready(hash_password(&native, "correct horse")).unwrap();
        assert_ne!(kept, again, "each hash has a salt of its own");
    }

    #[test]
    fn one_pass_is_the_standard_function() {
        // RFC 7914 §11: PBKDF2-HMAC-SHA-256 (P="passwd", S="salt", c=1), its first 32 bytes.
        let hash = ready(Native::new().pbkdf2(b"passwd", b"salt", 1)).unwrap();
        assert_eq!(hash[..4], [0x55, 0xac, 0x04, 0x6e]);
        assert_eq!(hash[28..], [0xc2, 0x0d, 0xac, 0xbc]);
    }

    #[test]
    fn a_password_is_neither_empty_nor_endless() {
        let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
        for password in ["", &long] {
            let refused = ready(hash_password(&Native::new(), password));
            assert_eq!(refused, Err(PasswordError::Length));
            let kept = ready(hash_password(&Native::new(), "correct horse")).unwrap();
            let answer = ready(is_password(&Native::new(), password, &kept));
            assert_eq!(answer, Ok(false), "the wrong one, like any other");
        }
    }

    #[test]
    fn what_is_no_hash_of_ours_costs_no_time() {
        let salt = base64url::encode(&[1; SALT_BYTES]);
        let hash = base64url::encode(&[2; SHA256_BYTES]);
        for kept in [
            String::new(),
            "pbkdf2-sha256".to_owned(),
            format!("pbkdf2-sha256$0x1000${salt}${hash}"),
            format!("pbkdf2-sha256$25x1000${salt}${hash}"),
            format!("pbkdf2-sha256$1x100001${salt}${hash}"),
            format!("pbkdf2-sha256$1x0${salt}${hash}"),
            format!("scrypt$1x1000${salt}${hash}"),
            format!("pbkdf2-sha256$1x1000${salt}"),
            format!("pbkdf2-sha256$1x1000${salt}${hash}$"),
            format!("pbkdf2-sha256$1x1000$${hash}"),
            format!("pbkdf2-sha256$1x1000${salt}$"),
        ] {
            let answer = ready(is_password(&Native::new(), "x", &kept));
            assert_eq!(answer, Err(PasswordError::Hash), "{kept}");
        }
    }
}
