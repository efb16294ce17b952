//! A browser's way to the provider and back (Core §3.1.2, RFC 7636, RFC 9207).

use serde::{Deserialize, Serialize};

use super::{Client, MOST_ADDRESS_BYTES, OidcError, Provider};
use crate::crypto::{Crypto, CryptoError, base64url, sha256};
use crate::form::{join, value_of};

/// Random bytes of each of the secrets of an attempt.
const SECRET_BYTES: usize = 32;

/// One attempt to sign in by a provider: kept until the browser comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What the provider has to put into the token: it was made for this attempt.
    pub nonce: String,
    /// What only we can show, of what the provider got a hash (PKCE).
    pub verifier: String,
    /// The page to go on to, a path of ours.
    pub next: String,
}

impl Attempt {
    /// A new attempt, and the state by which the browser is known when it is back.
    ///
    /// # Errors
    /// When the runtime has no random bytes.
    pub fn begin(crypto: &impl Crypto, next: String) -> Result<(Self, String), CryptoError> {
        let secret = || Ok(base64url::encode(&crypto.random::<SECRET_BYTES>()?));
        let attempt = Self {
            nonce: secret()?,
            verifier: secret()?,
            next,
        };
        Ok((attempt, secret()?))
    }

    /// Where the browser is sent.
    #[must_use]
    pub fn address(
        &self,
        provider: &Provider,
        client: &Client,
        state: &str,
        callback: &str,
    ) -> String {
        let challenge = base64url::encode(&sha256(self.verifier.as_bytes()));
        let query = join(&[
            ("response_type", "code"),
            ("client_id", &client.id),
            ("redirect_uri", callback),
            ("scope", "openid profile"),
            ("state", state),
            ("nonce", &self.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let mark = if provider.authorization.contains('?') {
            '&'
        } else {
            '?'
        };
        format!("{}{mark}{query}", provider.authorization)
    }
}

/// What a browser came back with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Which attempt it is.
    pub state: String,
    /// What becomes a token.
    pub code: String,
    /// Who says that it sent the browser, if it does.
    issuer: Option<String>,
}

impl Returned {
    /// Reads the query of the address.
    ///
    /// # Errors
    /// When the provider says no, or something is missing.
    pub fn read(query: &str) -> Result<Self, OidcError> {
        if query.len() > MOST_ADDRESS_BYTES {
            return Err(OidcError::Answer(
                "the address it sends you back with is too long",
            ));
        }
        if value_of(query, "error").is_some() {
            return Err(OidcError::Refused);
        }
        match (value_of(query, "state"), value_of(query, "code")) {
            (Some(state), Some(code)) if !state.is_empty() && !code.is_empty() => Ok(Self {
                state,
                code,
                issuer: value_of(query, "iss"),
            }),
            _ => Err(OidcError::Answer("it sent you back without a code")),
        }
    }

    /// Whether it may be this provider that sent the browser.
    ///
    /// # Errors
    /// When it says that it was another one.
    pub fn check(&self, provider: &Provider) -> Result<(), OidcError> {
        match &self.issuer {
            Some(issuer) if *issuer != provider.issuer => {
                Err(OidcError::Answer("another provider sent you back"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::native::Native;
    use crate::oidc::ClientAuthentication;

    fn provider() -> Provider {
        Provider {
            issuer: "https://id.example".to_owned(),
            authorization: "https://id.example/authorize".to_owned(),
            token: String::new(),
            keys: String::new(),
            people: None,
            authentication: ClientAuthentication::Basic,
        }
    }

    #[test]
    fn a_browser_is_sent_with_a_hash_of_what_only_we_know() {
        let client = Client {
            issuer: "https://id.example".to_owned(),
            id: "tan dem".to_owned(),
            secret: "secret".to_owned(),
        };
        let (attempt, state) = Attempt::begin(&Native::new(), "/".to_owned()).unwrap();
        assert!(state != attempt.nonce && attempt.nonce != attempt.verifier);
        assert_eq!(attempt.verifier.len(), 43);
        let callback = "https://tandem.example/sign-in/oidc/callback";
        let address = attempt.address(&provider(), &client, &state, callback);
        assert!(address.starts_with("https://id.example/authorize?response_type=code&"));
        assert!(address.contains("&client_id=tan%20dem&"));
        assert!(!address.contains("secret") && !address.contains(&attempt.verifier));
        let (_, query) = address.split_once('?').unwrap();
        assert_eq!(value_of(query, "redirect_uri").as_deref(), Some(callback));
        assert_eq!(value_of(query, "state"), Some(state));
        let hash = base64url::encode(&sha256(attempt.verifier.as_bytes()));
        assert_eq!(value_of(query, "code_challenge"), Some(hash));
        let more = Provider {
            authorization: "https://id.example/authorize?tenant=1".to_owned(),
            ..provider()
        };
        let address = attempt.address(&more, &client, "s", callback);
        assert!(address.contains("?tenant=1&response_type=code&"));
    }

    #[test]
    fn a_browser_comes_back_with_a_code_or_a_no() {
        let back = Returned::read("code=a%2Bb&state=s&iss=https%3A%2F%2Fid.example").unwrap();
        assert_eq!((back.code.as_str(), back.state.as_str()), ("a+b", "s"));
        assert_eq!(back.check(&provider()), Ok(()));
        let other = Returned::read("code=a&state=s&iss=https%3A%2F%2Fevil.example").unwrap();
        assert!(other.check(&provider()).is_err());
        let refused = Returned::read("error=access_denied&state=s");
        assert_eq!(refused, Err(OidcError::Refused));
        for query in ["", "code=a", "state=s", "code=&state=s", "code=%&state=s"] {
            assert!(
                matches!(Returned::read(query), Err(OidcError::Answer(_))),
                "{query}"
            );
        }
        let long = format!("state=s&code={}", "a".repeat(MOST_ADDRESS_BYTES));
        assert!(Returned::read(&long).is_err());
    }
}
