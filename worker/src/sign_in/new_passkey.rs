//! A new passkey: it makes a guest an account, and gives an account another way
//! in.

use axum::body::Body;
use http::Response;
use realtime::Person;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::accounts::{self, NewPasskey, Purpose, Way};

use super::by_passkey::relying_party;
use super::{Door, json, read_body};
use crate::crypto::web::WebCrypto;
use crate::crypto::{Crypto, base64url};
use crate::device;
use crate::error::Problem;
use crate::incoming::Incoming;
use crate::passkeys::{Registration, creation};

/// What is kept from the question to its answer.
#[derive(Debug, Default, Deserialize, Serialize)]
struct Wish {
    /// What somebody wants to be called, who becomes an account.
    #[serde(default)]
    name: String,
}

/// `POST /api/passkeys/options`.
pub(crate) async fn options(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let body = read_body(incoming).await?;
    let door = Door::of(incoming).await?;
    let wish: Wish = serde_json::from_slice(&body)
        .map_err(|error| Problem::Malformed(format!("Send an object such as {{}}: {error}.")))?;
    let ours = relying_party(&incoming.origin)?;
    let (person, known) = if door.visitor.account {
        let account = accounts::account(&*door.database, door.person()).await?;
        let passkeys = account.map(|account| account.passkeys).unwrap_or_default();
        let known = passkeys.into_iter().map(|passkey| passkey.id).collect();
        (door.visitor.person.clone(), known)
    } else {
        (named(&door.visitor.person, &wish), Vec::new())
    };
    let wish = Wish {
        name: person.name.clone(),
    };
    let kept = serde_json::to_string(&wish).map_err(|error| Problem::Broken(error.to_string()))?;
    let challenge = WebCrypto.random()?;
    let secret = base64url::encode(&challenge);
    door.ask(Purpose::Register, &secret, &kept).await?;
    Ok(json(&creation(&ours, &challenge, &person, &known)))
}

/// `POST /api/passkeys`.
pub(crate) async fn made(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let body = read_body(incoming).await?;
    let mut door = Door::of(incoming).await?;
    let registration = Registration::read(&body)?;
    let secret = base64url::encode(&registration.challenge()?);
    let kept = door.answer(Purpose::Register, &secret).await?;
    let made = registration
        .check(&WebCrypto, &relying_party(&incoming.origin)?)
        .await?;
    let new = NewPasskey {
        id: made.id,
        public_key: made.public_key.to_string(),
        sign_count: made.sign_count,
        label: device::label(incoming.header("user-agent")),
    };
    if door.visitor.account {
        let person = door.person();
        accounts::add_passkey(&*door.database, person, &new, door.now_ms).await?;
    } else {
        let wish: Wish = serde_json::from_str(&kept).unwrap_or_default();
        door.visitor.person = named(&door.visitor.person, &wish);
        door.become_account(incoming, &Way::Passkey(new)).await?;
    }
    Ok(json(&json!({ "signed_in": true })))
}

/// The guest by the name they want to have; who says none keeps theirs.
fn named(guest: &Person, wish: &Wish) -> Person {
    if wish.name.trim().is_empty() {
        return guest.clone();
    }
    Person::new(guest.id, &wish.name, guest.colour)
}
