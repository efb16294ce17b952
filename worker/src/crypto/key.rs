//! Public keys: the two kinds that passkeys and providers of accounts use, and the
//! text in which one is kept.

use std::fmt;
use std::str::FromStr;

use super::base64url;

/// Bytes of a coordinate of P-256.
pub const COORDINATE_BYTES: usize = 32;

/// Shortest RSA modulus, bytes: 2048 bits (RFC 7518 §3.3).
pub const LEAST_MODULUS_BYTES: usize = 256;

/// Longest RSA modulus, bytes: 4096 bits. More costs time and nobody uses it.
pub const MOST_MODULUS_BYTES: usize = 512;

/// The one RSA exponent that is used, 65537.
pub const EXPONENT: [u8; 3] = [1, 0, 1];

/// How signatures are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256; COSE -7.
    Es256,
    /// RSASSA-PKCS1-v1_5 with SHA-256; COSE -257.
    Rs256,
}

impl Algorithm {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Es256, Self::Rs256];

    /// Its number in the registry of COSE (RFC 9053 §2.1, RFC 8812 §2).
    #[must_use]
    pub fn cose(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::Rs256 => -257,
        }
    }

    /// Its name in JOSE (RFC 7518 §3.1).
    #[must_use]
    pub fn jose(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
        }
    }
}

/// A public key. Its parts have the right lengths; whether they are a key at all,
/// [`super::Crypto::accepts`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Parts);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Parts {
    Es256 {
        x: [u8; COORDINATE_BYTES],
        y: [u8; COORDINATE_BYTES],
    },
    Rs256 {
        modulus: Vec<u8>,
    },
}

/// Why something is no key that is taken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A coordinate is not 32 bytes.
    #[error("A coordinate of P-256 has 32 bytes.")]
    Coordinate,
    /// The modulus is too short, too long, or starts with zeros.
    #[error("An RSA key has 2048 to 4096 bits.")]
    Modulus,
    /// Another exponent than 65537.
    #[error("The exponent of an RSA key is 65537.")]
    Exponent,
    /// Text that is no key of ours.
    #[error("This is not the text of a key.")]
    Text,
}

impl PublicKey {
    /// A key on P-256.
    ///
    /// # Errors
    /// When a coordinate is not 32 bytes.
    pub fn es256(x: &[u8], y: &[u8]) -> Result<Self, KeyError> {
        let coordinate = |bytes: &[u8]| {
            bytes
                .first_chunk()
                .copied()
                .filter(|_| bytes.len() == COORDINATE_BYTES)
        };
        let x = coordinate(x).ok_or(KeyError::Coordinate)?;
        let y = coordinate(y).ok_or(KeyError::Coordinate)?;
        Ok(Self(Parts::Es256 { x, y }))
    }

    /// An RSA key; both numbers big-endian without zeros before them.
    ///
    /// # Errors
    /// When it has under 2048 or over 4096 bits, or another exponent than 65537.
    pub fn rs256(modulus: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        // 256 bytes whose first is below 128 would be a bit too few.
        let has_size = match modulus.len() {
            LEAST_MODULUS_BYTES => modulus.first().is_some_and(|first| *first >= 0x80),
            length => (LEAST_MODULUS_BYTES..=MOST_MODULUS_BYTES).contains(&length),
        };
        if !has_size || modulus.first() == Some(&0) {
            return Err(KeyError::Modulus);
        }
        if exponent != EXPONENT {
            return Err(KeyError::Exponent);
        }
        let modulus = modulus.to_vec();
        Ok(Self(Parts::Rs256 { modulus }))
    }

    /// How it signs.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            Parts::Es256 { .. } => Algorithm::Es256,
            Parts::Rs256 { .. } => Algorithm::Rs256,
        }
    }

    /// The two numbers it consists of: x and y, or modulus and exponent.
    #[must_use]
    pub fn numbers(&self) -> (&[u8], &[u8]) {
        match &self.0 {
            Parts::Es256 { x, y } => (x, y),
            Parts::Rs256 { modulus } => (modulus, &EXPONENT),
        }
    }
}

/// As it is kept in the database: `ES256.<x>.<y>`, `RS256.<n>.<e>`.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.numbers();
        let (first, second) = (base64url::encode(first), base64url::encode(second));
        write!(f, "{}.{first}.{second}", self.algorithm().jose())
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut parts = text.split('.');
        let name = parts.next().ok_or(KeyError::Text)?;
        let mut number = || {
            let part = parts.next().ok_or(KeyError::Text)?;
            base64url::decode(part, MOST_MODULUS_BYTES).ok_or(KeyError::Text)
        };
        let (first, second) = (number()?, number()?);
        match (name, parts.next()) {
            ("ES256", None) => Self::es256(&first, &second),
            ("RS256", None) => Self::rs256(&first, &second),
            _ => Err(KeyError::Text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_text() {
        let points = PublicKey::es256(&[1; 32], &[2; 32]).unwrap();
        let rsa = PublicKey::rs256(&[0xc0; 256], &EXPONENT).unwrap();
        for key in [points, rsa] {
            let text = key.to_string();
            assert!(text.starts_with(key.algorithm().jose()));
            assert_eq!(text.parse(), Ok(key));
        }
    }

    #[test]
    fn other_text_is_no_key() {
        let good = PublicKey::es256(&[1; 32], &[2; 32]).unwrap().to_string();
        for text in [
            "",
            "ES256",
            "ES256.",
            "ES256..",
            &format!("{good}."),
            &good[1..],
        ] {
            assert!(text.parse::<PublicKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_key_has_the_size_it_should() {
        assert_eq!(
            PublicKey::es256(&[1; 31], &[2; 32]),
            Err(KeyError::Coordinate)
        );
        assert_eq!(
            PublicKey::es256(&[1; 32], &[2; 33]),
            Err(KeyError::Coordinate)
        );
        for modulus in [&[0x7f; 256][..], &[0xff; 255], &[0xff; 513], &[0; 300], &[]] {
            assert_eq!(PublicKey::rs256(modulus, &EXPONENT), Err(KeyError::Modulus));
        }
        assert!(PublicKey::rs256(&[0x7f; 257], &EXPONENT).is_ok());
        for exponent in [&[][..], &[3], &[0, 1, 0, 1], &[1, 0, 2]] {
            assert_eq!(
                PublicKey::rs256(&[0xff; 256], exponent),
                Err(KeyError::Exponent)
            );
        }
    }
}
