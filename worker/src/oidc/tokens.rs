//! A code becomes a token (Core §3.1.3), and what else a provider says of
//! somebody (Core §5.3).

use serde::Deserialize;

use super::{Attempt, Client, ClientAuthentication, MOST_ANSWER_BYTES, OidcError, Provider};
use crate::crypto::base64url;
use crate::form::{encode, join};

/// A request to the provider, a POST of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRequest {
    /// The form.
    pub body: String,
    /// The `Authorization` header, where the provider wants one.
    pub authorization: Option<String>,
}

impl TokenRequest {
    /// Asks for the token of a code.
    #[must_use]
    pub fn new(
        provider: &Provider,
        client: &Client,
        attempt: &Attempt,
        code: &str,
        callback: &str,
    ) -> Self {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", callback),
            ("code_verifier", attempt.verifier.as_str()),
        ];
        let authorization = match provider.authentication {
            // Both parts are encoded as in a form first (RFC 6749 §2.3.1).
            ClientAuthentication::Basic => Some(format!(
                "Basic {}",
                base64(&format!(
                    "{}:{}",
                    encode(&client.id),
                    encode(&client.secret)
                ))
            )),
            ClientAuthentication::Post => {
                form.push(("client_id", &client.id));
                form.push(("client_secret", &client.secret));
                None
            }
        };
        Self {
            body: join(&form),
            authorization,
        }
    }
}

/// What a provider gives for a code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Tokens {
    /// Who it is, signed.
    pub id_token: String,
    /// With what more may be asked.
    #[serde(default)]
    pub access_token: Option<String>,
}

impl Tokens {
    /// Reads the answer.
    ///
    /// # Errors
    /// When there is no token of identity in it.
    pub fn read(bytes: &[u8]) -> Result<Self, OidcError> {
        const NO_TOKEN: OidcError = OidcError::Answer("there is no token in it");
        if bytes.len() > MOST_ANSWER_BYTES {
            return Err(NO_TOKEN);
        }
        serde_json::from_slice(bytes).map_err(|_error| NO_TOKEN)
    }
}

/// The name of this somebody, by what the provider says of people. Nothing else
/// of that is read, least of all an address.
#[must_use]
pub fn name_of(bytes: &[u8], subject: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Person {
        sub: String,
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        preferred_username: Option<String>,
    }
    if bytes.len() > MOST_ANSWER_BYTES {
        return None;
    }
    let person: Person = serde_json::from_slice(bytes).ok()?;
    // It might be about somebody else (Core §5.3.2).
    if person.sub != subject {
        return None;
    }
    super::id_token::chosen_name(person.name, person.preferred_username)
}

/// base64 with its padding (RFC 4648 §4), which only `Basic` still wants.
fn base64(text: &str) -> String {
    let mut encoded = base64url::encode(text.as_bytes())
        .replace('-', "+")
        .replace('_', "/");
    while !encoded.len().is_multiple_of(4) {
        encoded.push('=');
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider(authentication: ClientAuthentication) -> Provider {
        Provider {
            issuer: String::new(),
            authorization: String::new(),
            token: String::new(),
            keys: String::new(),
            people: None,
            authentication,
        }
    }

    #[test]
    fn the_secret_goes_where_the_provider_wants_it() {
        let client = Client {
            issuer: String::new(),
            id: "tandem".to_owned(),
            secret: "a:b c".to_owned(),
        };
        let attempt = Attempt {
            nonce: "n".to_owned(),
            verifier: "v".to_owned(),
            next: "/".to_owned(),
        };
        let request =
            |how| TokenRequest::new(&provider(how), &client, &attempt, "c/d", "https://t");
        let basic = request(ClientAuthentication::Basic);
        let form = "grant_type=authorization_code&code=c%2Fd&redirect_uri=https%3A%2F%2Ft\
                    &code_verifier=v";
        assert_eq!(basic.body, form);
        // base64 of "tandem:a%3Ab%20c".
        let header = "Basic dGFuZGVtOmElM0FiJTIwYw==";
        assert_eq!(basic.authorization.as_deref(), Some(header));
        let post = request(ClientAuthentication::Post);
        assert_eq!(post.authorization, None);
        let secret = "&client_id=tandem&client_secret=a%3Ab%20c";
        assert_eq!(post.body, format!("{form}{secret}"));
    }

    #[test]
    fn a_name_is_taken_only_of_the_same_somebody() {
        let said = br#"{"sub": "1", "name": " Ada  L. ", "email": "ada@example.org"}"#;
        assert_eq!(name_of(said, "1").as_deref(), Some("Ada L."));
        assert_eq!(name_of(said, "2"), None);
        let only_mail = br#"{"sub": "1", "preferred_username": "ada@example.org"}"#;
        assert_eq!(name_of(only_mail, "1"), None);
        assert_eq!(name_of(b"", "1"), None);
    }

    #[test]
    fn an_answer_without_a_token_is_none() {
        let tokens = Tokens::read(br#"{"id_token": "a.b.c", "token_type": "Bearer"}"#).unwrap();
        assert_eq!(
            (tokens.id_token.as_str(), tokens.access_token),
            ("a.b.c", None)
        );
        for body in ["", "{}", r#"{"access_token": "x"}"#, r#"{"error": "no"}"#] {
            assert!(Tokens::read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
