//! A provider's keys (RFC 7517), as far as they sign in ways that are taken.

use serde::Deserialize;

use super::{MOST_ANSWER_BYTES, OidcError};
use crate::crypto::key::MOST_MODULUS_BYTES;
use crate::crypto::{Algorithm, PublicKey, base64url};

/// Most keys of one provider; what comes after them is not looked at.
const MOST_KEYS: usize = 32;

/// Keys, each with its name if it has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet(Vec<(Option<String>, PublicKey)>);

#[derive(Deserialize)]
struct Written {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct WrittenKey {
    kty: String,
    #[serde(default)]
    kid: Option<String>,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    crv: Option<String>,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
}

impl KeySet {
    /// Reads a set. Keys of other kinds are left out; providers have some.
    ///
    /// # Errors
    /// When it is no set of keys.
    pub fn read(bytes: &[u8]) -> Result<Self, OidcError> {
        const NO_KEYS: OidcError = OidcError::Answer("there are no keys in it");
        if bytes.len() > MOST_ANSWER_BYTES {
            return Err(NO_KEYS);
        }
        let written: Written = serde_json::from_slice(bytes).map_err(|_error| NO_KEYS)?;
        let keys = written.keys.into_iter().take(MOST_KEYS).filter_map(|key| {
            let key: WrittenKey = serde_json::from_value(key).ok()?;
            Some((key.kid.clone(), public_key(&key)?))
        });
        Ok(Self(keys.collect()))
    }

    /// The keys that may have signed: of this kind, and by this name where one is
    /// said.
    pub(super) fn candidates(
        &self,
        algorithm: Algorithm,
        name: Option<&str>,
    ) -> impl Iterator<Item = &PublicKey> {
        self.0.iter().filter_map(move |(known, key)| {
            let is_meant = name.is_none() || known.as_deref() == name;
            (is_meant && key.algorithm() == algorithm).then_some(key)
        })
    }
}

fn public_key(key: &WrittenKey) -> Option<PublicKey> {
    if key.usage.as_deref().is_some_and(|usage| usage != "sig") {
        return None;
    }
    let number = |text: &str| base64url::decode(text, MOST_MODULUS_BYTES);
    let (algorithm, found) = match (key.kty.as_str(), key.crv.as_deref()) {
        ("EC", Some("P-256")) => (
            Algorithm::Es256,
            PublicKey::es256(&number(&key.x)?, &number(&key.y)?),
        ),
        ("RSA", _) => (
            Algorithm::Rs256,
            PublicKey::rs256(&number(&key.n)?, &number(&key.e)?),
        ),
        _ => return None,
    };
    let is_for_it = key.alg.as_deref().is_none_or(|alg| alg == algorithm.jose());
    found.ok().filter(|_| is_for_it)
}
