//! What the browser says it asked the authenticator for (WebAuthn §5.8.1). The
//! authenticator signs a hash of it, so it is as good as the signature.

use serde::Deserialize;

use super::{PasskeyError, RelyingParty};
use crate::crypto::base64url;

/// Bytes of a challenge.
pub const CHALLENGE_BYTES: usize = 32;

/// What the browser asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// A new key.
    Create,
    /// A signature.
    Get,
}

impl Asked {
    fn as_str(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// Client data as far as it is asked about; browsers add to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    #[serde(default)]
    top_origin: Option<String>,
}

impl ClientData {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, PasskeyError> {
        serde_json::from_slice(bytes)
            .map_err(|_error| PasskeyError::Malformed("what the browser says is no JSON"))
    }

    /// The challenge it answers. Whether that was ever put, the database knows.
    pub(super) fn challenge(&self) -> Result<[u8; CHALLENGE_BYTES], PasskeyError> {
        base64url::decode(&self.challenge, CHALLENGE_BYTES)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(PasskeyError::OtherQuestion("the challenge is none of ours"))
    }

    /// Whether it was our own page that asked for this.
    pub(super) fn check(&self, asked: Asked, ours: &RelyingParty<'_>) -> Result<(), PasskeyError> {
        if self.kind != asked.as_str() {
            return Err(PasskeyError::OtherQuestion(
                "it was asked for something else",
            ));
        }
        if self.origin != ours.origin {
            return Err(PasskeyError::OtherQuestion("another site asked it"));
        }
        if self.cross_origin || self.top_origin.is_some() {
            return Err(PasskeyError::OtherQuestion(
                "our page was inside of another",
            ));
        }
        Ok(())
    }
}
