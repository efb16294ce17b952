//! What a provider says of itself (OpenID Connect Discovery 1.0).

use serde::Deserialize;

use super::{Client, MOST_ANSWER_BYTES, OidcError, may_be_asked};

/// A provider, as far as it is asked anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its name for itself, as it stands in what it signs.
    pub issuer: String,
    /// Where browsers are sent.
    pub authorization: String,
    /// Where a code becomes a token.
    pub token: String,
    /// Where its keys are.
    pub keys: String,
    /// Where it says more of people.
    pub people: Option<String>,
    /// How we prove who we are.
    pub authentication: ClientAuthentication,
}

/// How a client proves to a provider who it is (Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthentication {
    /// In a header; what holds where a provider says nothing.
    Basic,
    /// In the body.
    Post,
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

impl Provider {
    /// Where a provider describes itself; `None` for one that must not be asked.
    #[must_use]
    pub fn address(client: &Client) -> Option<String> {
        let issuer = client.issuer.trim_end_matches('/');
        may_be_asked(issuer).then(|| format!("{issuer}/.well-known/openid-configuration"))
    }

    /// Reads the description.
    ///
    /// # Errors
    /// When it is none, another provider's, or sends us to where nobody is asked.
    pub fn read(bytes: &[u8], client: &Client) -> Result<Self, OidcError> {
        const NO_DESCRIPTION: OidcError = OidcError::Answer("it does not describe itself");
        if bytes.len() > MOST_ANSWER_BYTES {
            return Err(NO_DESCRIPTION);
        }
        let found: Document = serde_json::from_slice(bytes).map_err(|_error| NO_DESCRIPTION)?;
        // A slash at the end is what people leave out or add.
        if found.issuer.trim_end_matches('/') != client.issuer.trim_end_matches('/') {
            return Err(OidcError::Answer("it calls itself by another name"));
        }
        let mut asked = vec![
            &found.authorization_endpoint,
            &found.token_endpoint,
            &found.jwks_uri,
        ];
        asked.extend(&found.userinfo_endpoint);
        if !asked.into_iter().all(|address| may_be_asked(address)) {
            return Err(OidcError::Answer("one of its addresses is not encrypted"));
        }
        let methods = found.token_endpoint_auth_methods_supported;
        Ok(Self {
            issuer: found.issuer,
            authorization: found.authorization_endpoint,
            token: found.token_endpoint,
            keys: found.jwks_uri,
            people: found.userinfo_endpoint,
            authentication: authentication(methods.as_deref())?,
        })
    }
}

fn authentication(methods: Option<&[String]>) -> Result<ClientAuthentication, OidcError> {
    let Some(methods) = methods else {
        return Ok(ClientAuthentication::Basic);
    };
    let has = |name| methods.iter().any(|method| method == name);
    if has("client_secret_basic") {
        Ok(ClientAuthentication::Basic)
    } else if has("client_secret_post") {
        Ok(ClientAuthentication::Post)
    } else {
        Err(OidcError::Answer("it takes no client secret"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn client() -> Client {
        Client {
            issuer: "https://id.example".to_owned(),
            id: "tandem".to_owned(),
            secret: "secret".to_owned(),
        }
    }

    fn read(change: &Value) -> Result<Provider, OidcError> {
        let mut document = json!({
            "issuer": "https://id.example",
            "authorization_endpoint": "https://id.example/authorize",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://keys.example/jwks",
            "response_types_supported": ["code"],
        });
        for (name, value) in change.as_object().unwrap() {
            document[name] = value.clone();
        }
        Provider::read(document.to_string().as_bytes(), &client())
    }

    #[test]
    fn a_description_is_where_the_rfc_puts_it() {
        let at = |issuer: &str| {
            Provider::address(&Client {
                issuer: issuer.to_owned(),
                ..client()
            })
        };
        let well_known = "https://id.example/a/.well-known/openid-configuration";
        assert_eq!(at("https://id.example/a").as_deref(), Some(well_known));
        assert_eq!(at("https://id.example/a/").as_deref(), Some(well_known));
        assert_eq!(at("http://id.example"), None);
    }

    #[test]
    fn a_provider_says_how_we_prove_who_we_are() {
        let how = |methods: Value| {
            read(&json!({ "token_endpoint_auth_methods_supported": methods }))
                .map(|provider| provider.authentication)
        };
        assert_eq!(
            read(&json!({})).unwrap().authentication,
            ClientAuthentication::Basic
        );
        let both = json!(["client_secret_post", "client_secret_basic"]);
        assert_eq!(how(both), Ok(ClientAuthentication::Basic));
        let post = json!(["private_key_jwt", "client_secret_post"]);
        assert_eq!(how(post), Ok(ClientAuthentication::Post));
        assert!(how(json!(["private_key_jwt"])).is_err());
    }

    #[test]
    fn a_description_that_leads_elsewhere_is_refused() {
        for change in [
            json!({ "issuer": "https://evil.example" }),
            json!({ "issuer": "https://id.example.evil.example" }),
            json!({ "token_endpoint": "http://id.example/token" }),
            json!({ "jwks_uri": "file:///etc/passwd" }),
            json!({ "authorization_endpoint": "javascript:alert(1)" }),
            json!({ "userinfo_endpoint": "http://id.example/me" }),
            json!({ "token_endpoint": null }),
        ] {
            assert!(read(&change).is_err(), "{change}");
        }
        assert_eq!(
            read(&json!({ "issuer": "https://id.example/" }))
                .unwrap()
                .issuer,
            "https://id.example/"
        );
        for body in ["", "[]", "{}"] {
            assert!(Provider::read(body.as_bytes(), &client()).is_err());
        }
        let long = vec![b' '; MOST_ANSWER_BYTES + 1];
        assert!(Provider::read(&long, &client()).is_err());
    }
}
