//! A passkey shown to sign in (WebAuthn §7.2).

use serde::Deserialize;
use uuid::Uuid;

use super::authenticator;
use super::client::{Asked, ClientData};
use super::{CHALLENGE_BYTES, MOST_BODY_BYTES, MOST_ID_BYTES, PasskeyError, RelyingParty};
use crate::crypto::{Algorithm, Crypto, PublicKey, base64url, der, sha256};

/// The answer to a request for a signature, read but not believed yet.
#[derive(Clone, Debug)]
pub struct Shown {
    id: String,
    client: ClientData,
    /// As the authenticator signed it: a hash of what the browser said.
    client_hash: [u8; 32],
    authenticator_data: Vec<u8>,
    signature: Vec<u8>,
    person: Option<Vec<u8>>,
}

/// What is kept of a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Whose it is.
    pub person: Uuid,
    /// Its key.
    pub public_key: PublicKey,
    /// What it counted to when it last signed.
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
    authenticator_data: String,
    signature: String,
    #[serde(default)]
    user_handle: Option<String>,
}

impl Shown {
    /// Reads what a browser sends.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(body: &[u8]) -> Result<Self, PasskeyError> {
        const NO_JSON: PasskeyError = PasskeyError::Malformed("it is no JSON of a passkey");
        let written: Written = serde_json::from_slice(body).map_err(|_error| NO_JSON)?;
        let decode = |text: &str| base64url::decode(text, MOST_BODY_BYTES).ok_or(NO_JSON);
        let response = written.response;
        let client = decode(&response.client_data)?;
        let id = base64url::decode(&written.id, MOST_ID_BYTES).ok_or(NO_JSON)?;
        Ok(Self {
            id: base64url::encode(&id),
            client: ClientData::read(&client)?,
            client_hash: sha256(&client),
            authenticator_data: decode(&response.authenticator_data)?,
            signature: decode(&response.signature)?,
            person: response.user_handle.as_deref().map(decode).transpose()?,
        })
    }

    /// The challenge it says it answers.
    ///
    /// # Errors
    /// When that has not the form of ours.
    pub fn challenge(&self) -> Result<[u8; CHALLENGE_BYTES], PasskeyError> {
        self.client.challenge()
    }

    /// The credential id by which the passkey is found, base64url.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Checks it against what is kept of the passkey. Returns what it counts to.
    ///
    /// # Errors
    /// When it was not this passkey that signed, for us, just now.
    pub async fn check(
        &self,
        crypto: &impl Crypto,
        ours: &RelyingParty<'_>,
        kept: &Kept,
    ) -> Result<u32, PasskeyError> {
        self.client.check(Asked::Get, ours)?;
        // Nobody was named when the browser was asked, so it has to say who it is.
        if self.person.as_deref() != Some(kept.person.as_bytes().as_slice()) {
            return Err(PasskeyError::OtherQuestion("it is somebody else's"));
        }
        let said = authenticator::read(&self.authenticator_data)?;
        if said.relying_party != sha256(ours.id.as_bytes()) {
            return Err(PasskeyError::OtherQuestion("it is for another site"));
        }
        if !said.is_present {
            return Err(PasskeyError::NotPresent);
        }
        let message = [self.authenticator_data.as_slice(), &self.client_hash].concat();
        let signature = match kept.public_key.algorithm() {
            Algorithm::Es256 => der::raw_signature(&self.signature)
                .ok_or(PasskeyError::Signature)?
                .to_vec(),
            Algorithm::Rs256 => self.signature.clone(),
        };
        if !crypto
            .verifies(&kept.public_key, &message, &signature)
            .await?
        {
            return Err(PasskeyError::Signature);
        }
        // Most authenticators count nothing, and say zero every time.
        let counts = said.sign_count != 0 || kept.sign_count != 0;
        if counts && said.sign_count <= kept.sign_count {
            return Err(PasskeyError::Copied);
        }
        Ok(said.sign_count)
    }
}
