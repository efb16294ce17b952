//! A passkey made just now (WebAuthn §7.1).

use serde::Deserialize;

use super::client::{Asked, ClientData};
use super::{CHALLENGE_BYTES, MOST_BODY_BYTES, MOST_ID_BYTES, PasskeyError, RelyingParty};
use super::{authenticator, cbor};
use crate::crypto::{Crypto, PublicKey, base64url, sha256};

/// The answer to a request for a new passkey, read but not believed yet.
#[derive(Clone, Debug)]
pub struct Registration {
    id: String,
    client: ClientData,
    attestation: Vec<u8>,
}

/// A passkey to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The credential id, base64url.
    pub id: String,
    /// Its key.
    pub public_key: PublicKey,
    /// What it counts to.
    pub sign_count: u32,
}

/// What `PublicKeyCredential.toJSON()` writes, as far as it is asked about.
#[derive(Deserialize)]
struct Written {
    id: String,
    response: Response,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

impl Registration {
    /// Reads what a browser sends.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(body: &[u8]) -> Result<Self, PasskeyError> {
        const NO_JSON: PasskeyError = PasskeyError::Malformed("it is no JSON of a new passkey");
        let written: Written = serde_json::from_slice(body).map_err(|_error| NO_JSON)?;
        let decode = |text: &str| base64url::decode(text, MOST_BODY_BYTES).ok_or(NO_JSON);
        Ok(Self {
            client: ClientData::read(&decode(&written.response.client_data)?)?,
            attestation: decode(&written.response.attestation_object)?,
            id: written.id,
        })
    }

    /// The challenge it says it answers.
    ///
    /// # Errors
    /// When that has not the form of ours.
    pub fn challenge(&self) -> Result<[u8; CHALLENGE_BYTES], PasskeyError> {
        self.client.challenge()
    }

    /// Checks it. What an attestation statement says is not asked.
    ///
    /// # Errors
    /// When it is no passkey for us, of a kind we asked for.
    pub async fn check(
        &self,
        crypto: &impl Crypto,
        ours: &RelyingParty<'_>,
    ) -> Result<Made, PasskeyError> {
        const NO_OBJECT: PasskeyError = PasskeyError::Malformed("its attestation is no CBOR");
        self.client.check(Asked::Create, ours)?;
        let (object, rest) = cbor::read(&self.attestation).ok_or(NO_OBJECT)?;
        let data = object.named("authData").and_then(cbor::Value::bytes);
        let (Some(data), true) = (data, rest.is_empty()) else {
            return Err(NO_OBJECT);
        };
        let said = authenticator::read(data)?;
        if said.relying_party != sha256(ours.id.as_bytes()) {
            return Err(PasskeyError::OtherQuestion("it is for another site"));
        }
        if !said.is_present {
            return Err(PasskeyError::NotPresent);
        }
        let made = said
            .made
            .ok_or(PasskeyError::Malformed("there is no key in it"))?;
        if base64url::decode(&self.id, MOST_ID_BYTES).as_deref() != Some(made.id) {
            return Err(PasskeyError::Malformed("its id is not the key's"));
        }
        if !crypto.accepts(&made.public_key).await? {
            return Err(PasskeyError::Unusable);
        }
        Ok(Made {
            id: base64url::encode(made.id),
            public_key: made.public_key,
            sign_count: said.sign_count,
        })
    }
}
