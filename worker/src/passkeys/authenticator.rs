//! What an authenticator says (WebAuthn §6.1), and the key it made (RFC 9052 §7).

use super::cbor::{self, Value};
use super::{MOST_ID_BYTES, PasskeyError};
use crate::crypto::{Algorithm, PublicKey, SHA256_BYTES};

const USER_PRESENT: u8 = 0x01;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const HAS_KEY: u8 = 0x40;
const HAS_EXTENSIONS: u8 = 0x80;

/// Bytes of the id of a make of authenticator.
const MAKE_BYTES: usize = 16;

/// Authenticator data, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said<'a> {
    /// For whom it spoke: SHA-256 of the relying party's id.
    pub(super) relying_party: &'a [u8],
    /// Whether somebody touched it.
    pub(super) is_present: bool,
    /// What it counts to.
    pub(super) sign_count: u32,
    /// The key it made just now.
    pub(super) made: Option<MadeKey<'a>>,
}

/// A key made just now, with its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MadeKey<'a> {
    pub(super) id: &'a [u8],
    pub(super) public_key: PublicKey,
}

/// Takes authenticator data apart, to its last byte.
pub(super) fn read(bytes: &[u8]) -> Result<Said<'_>, PasskeyError> {
    const SHORT: PasskeyError = PasskeyError::Malformed("its data is too short");
    let (relying_party, rest) = bytes.split_at_checked(SHA256_BYTES).ok_or(SHORT)?;
    let (&[flags], rest) = rest.split_first_chunk().ok_or(SHORT)?;
    let (count, mut rest) = rest.split_first_chunk().ok_or(SHORT)?;
    let has = |flag| flags & flag != 0;
    if has(BACKED_UP) && !has(BACKUP_ELIGIBLE) {
        return Err(PasskeyError::Malformed("its flags contradict each other"));
    }
    let mut made = None;
    if has(HAS_KEY) {
        let (key, after) = made_key(rest)?;
        (made, rest) = (Some(key), after);
    }
    if has(HAS_EXTENSIONS) {
        match cbor::read(rest) {
            Some((Value::Map(_), after)) => rest = after,
            _ => return Err(PasskeyError::Malformed("its extensions are no map")),
        }
    }
    if !rest.is_empty() {
        return Err(PasskeyError::Malformed("there is more than it says"));
    }
    Ok(Said {
        relying_party,
        is_present: has(USER_PRESENT),
        sign_count: u32::from_be_bytes(*count),
        made,
    })
}

fn made_key(bytes: &[u8]) -> Result<(MadeKey<'_>, &[u8]), PasskeyError> {
    const SHORT: PasskeyError = PasskeyError::Malformed("its key is cut off");
    let (_make, rest) = bytes.split_at_checked(MAKE_BYTES).ok_or(SHORT)?;
    let (length, rest) = rest.split_first_chunk().ok_or(SHORT)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length == 0 || length > MOST_ID_BYTES {
        return Err(PasskeyError::Malformed("its id is too long, or empty"));
    }
    let (id, rest) = rest.split_at_checked(length).ok_or(SHORT)?;
    let (key, after) = cbor::read(rest).ok_or(PasskeyError::Malformed("its key is no CBOR"))?;
    let public_key = public_key(&key)?;
    Ok((MadeKey { id, public_key }, after))
}

/// Reads a COSE key: of the kinds that were asked for, no other.
fn public_key(key: &Value<'_>) -> Result<PublicKey, PasskeyError> {
    const KIND: i64 = 1;
    const ALGORITHM: i64 = 3;
    const TWO_COORDINATES: i64 = 2;
    const RSA: i64 = 3;
    const P_256: i64 = 1;
    let number = |label| match key.numbered(label) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let bytes = |label| {
        let part = key.numbered(label).and_then(Value::bytes);
        part.ok_or(PasskeyError::Malformed("a number of its key is missing"))
    };
    let algorithm = Algorithm::ALL
        .into_iter()
        .find(|known| number(ALGORITHM) == Some(known.cose()));
    match (algorithm, number(KIND)) {
        (Some(Algorithm::Es256), Some(TWO_COORDINATES)) if number(-1) == Some(P_256) => {
            Ok(PublicKey::es256(bytes(-2)?, bytes(-3)?)?)
        }
        (Some(Algorithm::Rs256), Some(RSA)) => Ok(PublicKey::rs256(bytes(-1)?, bytes(-2)?)?),
        _ => Err(PasskeyError::Malformed(
            "its key is of a kind nobody asked for",
        )),
    }
}
