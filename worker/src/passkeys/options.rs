//! What a browser is asked for, as `PublicKeyCredential.parse…OptionsFromJSON`
//! reads it (WebAuthn §5.1.8, §5.1.9).

use realtime::Person;
use serde_json::{Value, json};

use super::{CHALLENGE_BYTES, RelyingParty};
use crate::crypto::{Algorithm, base64url};

/// How long the browser lets a person look for their key, milliseconds. Shorter
/// than a question is open.
const PATIENCE_MS: u32 = 4 * 60 * 1000;

/// Asks for a new passkey. `known` are the ids of those the account has, so that
/// none is made twice on one device.
#[must_use]
pub fn creation(
    ours: &RelyingParty<'_>,
    challenge: &[u8; CHALLENGE_BYTES],
    person: &Person,
    known: &[String],
) -> Value {
    let algorithms: Vec<_> = Algorithm::ALL
        .into_iter()
        .map(|algorithm| json!({ "type": "public-key", "alg": algorithm.cose() }))
        .collect();
    let known: Vec<_> = known
        .iter()
        .map(|id| json!({ "type": "public-key", "id": id }))
        .collect();
    json!({
        "rp": { "id": ours.id, "name": "Tandem" },
        "user": {
            "id": base64url::encode(person.id.as_bytes()),
            "name": person.name,
            "displayName": person.name,
        },
        "challenge": base64url::encode(challenge),
        "pubKeyCredParams": algorithms,
        "timeout": PATIENCE_MS,
        "excludeCredentials": known,
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "preferred",
        },
        "attestation": "none",
    })
}

/// Asks for a signature by any passkey of ours the browser has.
#[must_use]
pub fn request(ours: &RelyingParty<'_>, challenge: &[u8; CHALLENGE_BYTES]) -> Value {
    json!({
        "challenge": base64url::encode(challenge),
        "rpId": ours.id,
        "timeout": PATIENCE_MS,
        "allowCredentials": [],
        "userVerification": "preferred",
    })
}
