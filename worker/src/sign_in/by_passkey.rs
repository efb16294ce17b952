//! Signing in by a passkey: the browser is asked, and what it shows is checked
//! against what is kept.

use axum::body::Body;
use http::Response;
use serde_json::json;
use store::accounts::{self, Purpose};

use super::{Door, json, read_body};
use crate::crypto::web::WebCrypto;
use crate::crypto::{Crypto, PublicKey, base64url};
use crate::error::Problem;
use crate::incoming::Incoming;
use crate::passkeys::{Kept, RelyingParty, Shown, request};

/// `POST /api/sign-in/options`.
pub(crate) async fn options(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let door = Door::of(incoming).await?;
    let ours = relying_party(&incoming.origin)?;
    let challenge = WebCrypto.random()?;
    let secret = base64url::encode(&challenge);
    door.ask(Purpose::SignIn, &secret, "").await?;
    Ok(json(&request(&ours, &challenge)))
}

/// `POST /api/sign-in`.
pub(crate) async fn shown(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let body = read_body(incoming).await?;
    let door = Door::of(incoming).await?;
    let shown = Shown::read(&body)?;
    let secret = base64url::encode(&shown.challenge()?);
    door.answer(Purpose::SignIn, &secret).await?;
    let Some(record) = accounts::passkey(&*door.database, shown.id()).await? else {
        let sentence = "This passkey belongs to no account here. It may have been removed.";
        return Err(Problem::SignIn(sentence.to_owned()));
    };
    let public_key: PublicKey = record
        .public_key
        .parse()
        .map_err(|error| Problem::Broken(format!("a key that was kept: {error}")))?;
    let kept = Kept {
        person: record.person.0,
        public_key,
        sign_count: record.sign_count,
    };
    let ours = relying_party(&incoming.origin)?;
    let sign_count = shown.check(&WebCrypto, &ours, &kept).await?;
    let person = record.person;
    let shown = accounts::Shown::Passkey { record, sign_count };
    door.sign_in(incoming, person, &shown).await?;
    Ok(json(&json!({ "signed_in": true })))
}

/// For whom browsers make passkeys here.
pub(super) fn relying_party(origin: &str) -> Result<RelyingParty<'_>, Problem> {
    RelyingParty::of(origin).ok_or_else(|| {
        let sentence = "Browsers make no passkeys for an address without a name.";
        Problem::SignIn(sentence.to_owned())
    })
}
