//! The token that says who somebody is (Core §2, §3.1.3.7; RFC 7519).

use serde::Deserialize;

use super::{KeySet, LEEWAY_SECONDS, MOST_ANSWER_BYTES, OidcError};
use crate::crypto::{Algorithm, Crypto, base64url, same_bytes};

/// Longest subject, bytes (Core §2).
const MOST_SUBJECT_BYTES: usize = 255;

/// Most keys that are tried where a token names none.
const MOST_TRIES: usize = 4;

/// A token, taken apart but not believed yet.
#[derive(Clone, Debug)]
pub struct IdToken {
    header: Header,
    claims: Claims,
    signed: String,
    signature: Vec<u8>,
}

/// What a token must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected<'a> {
    /// Who made it.
    pub issuer: &'a str,
    /// For whom.
    pub client_id: &'a str,
    /// In which attempt.
    pub nonce: &'a str,
    /// Now, milliseconds of the epoch.
    pub now_ms: u64,
}

/// Who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identified {
    /// Who, at the provider.
    pub subject: String,
    /// What they are called there.
    pub name: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
    /// What has to be understood and is not.
    #[serde(default)]
    crit: Option<serde_json::Value>,
}

#[derive(Clone, Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    exp: f64,
    iat: f64,
    #[serde(default)]
    nbf: Option<f64>,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    preferred_username: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl IdToken {
    /// Takes a token apart.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(text: &str) -> Result<Self, OidcError> {
        const NO_TOKEN: OidcError = OidcError::Token("it is no token");
        let (signed, signature) = text.rsplit_once('.').ok_or(NO_TOKEN)?;
        let (header, claims) = signed.split_once('.').ok_or(NO_TOKEN)?;
        let decode = |part| base64url::decode(part, MOST_ANSWER_BYTES).ok_or(NO_TOKEN);
        let header = serde_json::from_slice(&decode(header)?).map_err(|_error| NO_TOKEN)?;
        let claims = serde_json::from_slice(&decode(claims)?).map_err(|_error| NO_TOKEN)?;
        Ok(Self {
            header,
            claims,
            signed: signed.to_owned(),
            signature: decode(signature)?,
        })
    }

    /// Believes it, or says why not.
    ///
    /// # Errors
    /// When it is not by the provider, for us, of this attempt, and of now.
    pub async fn check(
        self,
        crypto: &impl Crypto,
        keys: &KeySet,
        expected: &Expected<'_>,
    ) -> Result<Identified, OidcError> {
        self.check_signature(crypto, keys).await?;
        self.check_claims(expected)?;
        let Claims {
            sub,
            name,
            preferred_username,
            ..
        } = self.claims;
        Ok(Identified {
            subject: sub,
            name: chosen_name(name, preferred_username),
        })
    }

    async fn check_signature(&self, crypto: &impl Crypto, keys: &KeySet) -> Result<(), OidcError> {
        let algorithm = Algorithm::ALL
            .into_iter()
            .find(|known| known.jose() == self.header.alg);
        let Some(algorithm) = algorithm else {
            return Err(OidcError::Token("it is not signed in a way that is taken"));
        };
        if self.header.crit.is_some() {
            return Err(OidcError::Token("it wants to be understood in another way"));
        }
        let candidates = keys.candidates(algorithm, self.header.kid.as_deref());
        for key in candidates.take(MOST_TRIES) {
            if crypto
                .verifies(key, self.signed.as_bytes(), &self.signature)
                .await?
            {
                return Ok(());
            }
        }
        Err(OidcError::Token("it is not signed by the provider"))
    }

    fn check_claims(&self, expected: &Expected<'_>) -> Result<(), OidcError> {
        let claims = &self.claims;
        if claims.iss != expected.issuer {
            return Err(OidcError::Token("it is by another provider"));
        }
        let (is_meant, is_several) = match &claims.aud {
            Audience::One(one) => (one == expected.client_id, false),
            Audience::Several(all) => (
                all.iter().any(|one| one == expected.client_id),
                all.len() > 1,
            ),
        };
        let is_party = match &claims.azp {
            Some(party) => party == expected.client_id,
            None => !is_several,
        };
        if !is_meant || !is_party {
            return Err(OidcError::Token("it is for another site"));
        }
        let nonce = claims.nonce.as_deref().unwrap_or_default();
        if !same_bytes(nonce.as_bytes(), expected.nonce.as_bytes()) {
            return Err(OidcError::Token("it is of another attempt"));
        }
        let is_subject = (1..=MOST_SUBJECT_BYTES).contains(&claims.sub.len());
        if !is_subject || claims.sub.contains(char::is_control) {
            return Err(OidcError::Token("it names nobody"));
        }
        check_times(claims, expected.now_ms)
    }
}

/// What somebody is called: presentable, and no address of theirs.
pub(super) fn chosen_name(name: Option<String>, username: Option<String>) -> Option<String> {
    [name, username].into_iter().flatten().find_map(|name| {
        let words: Vec<_> = name
            .split(|letter: char| letter.is_whitespace() || letter.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        let name = words.join(" ");
        (!name.is_empty() && !name.contains('@')).then_some(name)
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of the epoch stay far below 2^53"
)]
fn check_times(claims: &Claims, now_ms: u64) -> Result<(), OidcError> {
    let now = (now_ms / 1000) as f64;
    let leeway = LEEWAY_SECONDS as f64;
    let has_come = |time: f64| time <= now + leeway;
    if claims.exp + leeway <= now {
        return Err(OidcError::Token("its time is over"));
    }
    if !has_come(claims.iat) || !claims.nbf.is_none_or(has_come) {
        return Err(OidcError::Token("its time has not come"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::crypto::native::{Native, TestKey, ready};

    const NOW: u64 = 1_790_000_000;

    fn claims() -> Value {
        json!({
            "iss": "https://id.example",
            "sub": "ada-1",
            "aud": "tandem",
            "exp": NOW + 300,
            "iat": NOW,
            "nonce": "n-1",
            "name": "Ada Lovelace",
        })
    }

    fn with(change: Value) -> Value {
        let mut claims = claims();
        for (name, value) in change.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
    }

    fn sign(key: &TestKey, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| base64url::encode(value.to_string().as_bytes());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = base64url::encode(&key.sign_raw(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    fn jwk(key: &TestKey, kid: &str) -> Value {
        let public = key.public();
        let (first, second) = public.numbers();
        let (first, second) = (base64url::encode(first), base64url::encode(second));
        match public.algorithm() {
            Algorithm::Es256 => {
                json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": first, "y": second })
            }
            Algorithm::Rs256 => {
                json!({ "kty": "RSA", "kid": kid, "n": first, "e": second, "use": "sig" })
            }
        }
    }

    fn key_set(keys: &[Value]) -> KeySet {
        KeySet::read(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    fn check(token: &str, keys: &KeySet) -> Result<Identified, OidcError> {
        let expected = Expected {
            issuer: "https://id.example",
            client_id: "tandem",
            nonce: "n-1",
            now_ms: NOW * 1000,
        };
        ready(IdToken::read(token)?.check(&Native::new(), keys, &expected))
    }

    fn check_claims(claims: &Value) -> Result<Identified, OidcError> {
        let key = TestKey::es256(1);
        let token = sign(&key, &json!({ "alg": "ES256", "kid": "a" }), claims);
        check(&token, &key_set(&[jwk(&key, "a")]))
    }

    #[test]
    fn a_token_of_either_kind_says_who_it_is() {
        let (es, rs) = (TestKey::es256(1), TestKey::rs256());
        let other_kinds = json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA" });
        let keys = key_set(&[other_kinds, json!(7), jwk(&es, "a"), jwk(&rs, "b")]);
        let ada = Identified {
            subject: "ada-1".to_owned(),
            name: Some("Ada Lovelace".to_owned()),
        };
        for (key, header) in [
            (&es, json!({ "alg": "ES256", "kid": "a" })),
            (&rs, json!({ "alg": "RS256", "kid": "b", "typ": "JWT" })),
            (&rs, json!({ "alg": "RS256" })),
        ] {
            assert_eq!(
                check(&sign(key, &header, &claims()), &keys),
                Ok(ada.clone())
            );
        }
    }

    #[test]
    fn a_token_is_signed_by_the_key_it_names_in_the_way_it_names() {
        let (ours, other) = (TestKey::es256(1), TestKey::es256(2));
        let keys = key_set(&[jwk(&ours, "a"), jwk(&TestKey::rs256(), "b")]);
        let named = json!({ "alg": "ES256", "kid": "a" });
        assert!(check(&sign(&ours, &named, &claims()), &keys).is_ok());
        assert!(check(&sign(&other, &named, &claims()), &keys).is_err());
        for header in [
            json!({ "alg": "ES256", "kid": "b" }),
            json!({ "alg": "ES256", "kid": "c" }),
            json!({ "alg": "RS256", "kid": "a" }),
            json!({ "alg": "none" }),
            json!({ "alg": "HS256", "kid": "a" }),
            json!({ "alg": "es256", "kid": "a" }),
            json!({ "alg": "ES256", "kid": "a", "crit": ["b64"], "b64": false }),
        ] {
            let token = sign(&ours, &header, &claims());
            assert!(
                matches!(check(&token, &keys), Err(OidcError::Token(_))),
                "{header}"
            );
        }
        let token = sign(&ours, &named, &claims());
        let (signed, _) = token.rsplit_once('.').unwrap();
        assert!(check(&format!("{signed}."), &keys).is_err());
        let mut parts = token.split('.');
        let (header, _, signature) = (parts.next(), parts.next(), parts.next());
        let admin = base64url::encode(with(json!({ "sub": "admin" })).to_string().as_bytes());
        let forged = format!("{}.{admin}.{}", header.unwrap(), signature.unwrap());
        assert!(check(&forged, &keys).is_err());
    }

    #[test]
    fn a_token_for_others_or_of_another_time_is_refused() {
        for change in [
            json!({ "iss": "https://evil.example" }),
            json!({ "iss": "https://id.example/" }),
            json!({ "aud": "other" }),
            json!({ "aud": [] }),
            json!({ "aud": ["other"] }),
            json!({ "aud": ["tandem", "other"] }),
            json!({ "azp": "other" }),
            json!({ "aud": ["tandem", "other"], "azp": "other" }),
            json!({ "nonce": "n-2" }),
            json!({ "nonce": null }),
            json!({ "sub": "" }),
            json!({ "sub": "a\nb" }),
            json!({ "sub": "a".repeat(256) }),
            json!({ "exp": NOW - 60 }),
            json!({ "exp": "never" }),
            json!({ "exp": null }),
            json!({ "iat": NOW + 61 }),
            json!({ "nbf": NOW + 61 }),
        ] {
            let refused = check_claims(&with(change.clone()));
            assert!(matches!(refused, Err(OidcError::Token(_))), "{change}");
        }
        for change in [
            json!({ "exp": NOW - 59 }),
            json!({ "iat": NOW + 60, "nbf": NOW + 60 }),
            json!({ "aud": ["tandem"] }),
            json!({ "aud": ["other", "tandem"], "azp": "tandem" }),
        ] {
            assert!(check_claims(&with(change.clone())).is_ok(), "{change}");
        }
    }

    #[test]
    fn a_name_is_no_address() {
        let name = |change| check_claims(&with(change)).unwrap().name;
        let both = json!({ "name": "ada@example.org", "preferred_username": "ada" });
        assert_eq!(name(both).as_deref(), Some("ada"));
        let blank = json!({ "name": " \n ", "preferred_username": "ada@example.org" });
        assert_eq!(name(blank), None);
    }

    #[test]
    fn what_is_no_token_is_not_read() {
        for text in ["", ".", "..", "a.b.c", "e30.e30.", "e30.e30.e30", "é.é.é"] {
            assert!(IdToken::read(text).is_err(), "{text}");
        }
        for set in ["", "{}", r#"{"keys": {}}"#] {
            assert!(KeySet::read(set.as_bytes()).is_err(), "{set}");
        }
        assert_eq!(key_set(&[]), KeySet::default());
    }
}
