//! Signing in by a provider of accounts: the browser goes there, and comes back
//! with a code. Who is signed in already gains another way in by that.

use axum::body::Body;
use http::Response;
use realtime::Person;
use store::accounts::{self, Identity, Purpose, Shown, Way};

use super::{Door, provider};
use crate::crypto::web::WebCrypto;
use crate::error::Problem;
use crate::incoming::Incoming;
use crate::oidc::{Attempt, Client, Expected, IdToken, Returned, TokenRequest, name_of};
use crate::{pages, way_back};

/// Where providers send browsers back to, on our origin.
const CALLBACK: &str = "/sign-in/oidc/callback";

/// `GET /sign-in/oidc`.
pub(crate) async fn start(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let client = client(incoming)?;
    let door = Door::of(incoming).await?;
    let next = way_back::read(incoming.query("next"));
    let provider = provider::description(client).await?;
    let (attempt, state) = Attempt::begin(&WebCrypto, next)?;
    let kept =
        serde_json::to_string(&attempt).map_err(|error| Problem::Broken(error.to_string()))?;
    door.ask(Purpose::Oidc, &state, &kept).await?;
    let address = attempt.address(&provider, client, &state, &callback(incoming));
    Ok(pages::on_to(&address))
}

/// `GET /sign-in/oidc/callback`.
pub(crate) async fn back(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let client = client(incoming)?.clone();
    let mut door = Door::of(incoming).await?;
    let returned = Returned::read(incoming.parts.uri.query().unwrap_or_default())?;
    let kept = door.answer(Purpose::Oidc, &returned.state).await?;
    let attempt: Attempt =
        serde_json::from_str(&kept).map_err(|error| Problem::Broken(error.to_string()))?;
    let (identity, name) = identify(incoming, &client, &returned, &attempt, door.now_ms).await?;
    let database = &*door.database;
    match accounts::of_identity(database, &identity).await? {
        Some(person) if door.visitor.account && person == door.person() => {}
        Some(_) if door.visitor.account => {
            let sentence = "That is another account of this instance. Sign out first to use it.";
            return Err(Problem::SignIn(sentence.to_owned()));
        }
        Some(person) => {
            let shown = Shown::Identity(identity);
            door.sign_in(incoming, person, &shown).await?;
        }
        None if door.visitor.account => {
            accounts::add_identity(database, door.person(), &identity, door.now_ms).await?;
        }
        None => {
            // Who chose a name keeps it.
            if let Some(name) = name.filter(|_| !door.visitor.has_name) {
                let guest = &door.visitor.person;
                door.visitor.person = Person::new(guest.id, &name, guest.colour);
            }
            let way = Way::Identity(identity);
            door.become_account(incoming, &way).await?;
        }
    }
    Ok(pages::on_to(&attempt.next))
}

/// Asks the provider who it is, and what they are called.
async fn identify(
    incoming: &Incoming,
    client: &Client,
    returned: &Returned,
    attempt: &Attempt,
    now_ms: u64,
) -> Result<(Identity, Option<String>), Problem> {
    let provider = provider::description(client).await?;
    returned.check(&provider)?;
    let callback = callback(incoming);
    let request = TokenRequest::new(&provider, client, attempt, &returned.code, &callback);
    let tokens = provider::tokens(&provider, &request).await?;
    let keys = provider::keys(&provider).await?;
    let expected = Expected {
        issuer: &provider.issuer,
        client_id: &client.id,
        nonce: &attempt.nonce,
        now_ms,
    };
    let token = IdToken::read(&tokens.id_token)?;
    let identified = token.check(&WebCrypto, &keys, &expected).await?;
    let mut name = identified.name;
    if let (None, Some(access)) = (&name, &tokens.access_token) {
        // Only a name: who it is, the token has said.
        let said = provider::person(&provider, access).await;
        name = said.and_then(|said| name_of(&said, &identified.subject));
    }
    let identity = Identity {
        issuer: provider.issuer,
        subject: identified.subject,
    };
    Ok((identity, name))
}

fn client(incoming: &Incoming) -> Result<&Client, Problem> {
    let client = incoming.settings.provider.as_ref();
    client.ok_or(Problem::NotFound)
}

fn callback(incoming: &Incoming) -> String {
    format!("{}{CALLBACK}", incoming.origin)
}
