//! Ways to come in: by passkey, by a provider of accounts. A way that works ends
//! the browser's token and gives it a session's.

pub(crate) mod by_passkey;
pub(crate) mod by_provider;
pub(crate) mod new_passkey;
mod provider;

use std::sync::Arc;

use app::server::Visitor;
use axum::body::Body;
use http::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use serde_json::Value;
use store::accounts::{self, Before, Challenge, NewSession, Purpose, Shown, Way};
use store::{Database, PersonId, hash_token};

use crate::device;
use crate::error::Problem;
use crate::incoming::Incoming;
use crate::notes::Rate;
use crate::passkeys::MOST_BODY_BYTES;
use crate::visitor::{TokenCookie, fresh_token, writer};
use crate::{pages, rechecks, way_back};

/// `GET /sign-in`. Who is signed in goes on.
pub(crate) fn page(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let next = way_back::read(incoming.query("next"));
    if incoming.visitor.account {
        return Ok(pages::on_to(&next));
    }
    Ok(pages::sign_in(incoming, next))
}

/// A browser at the door: who it is so far, and what it is asked.
struct Door {
    database: Arc<dyn Database>,
    visitor: Visitor,
    /// Hash of the token in its cookie.
    token_hash: String,
    now_ms: u64,
}

impl Door {
    /// Comes to the door, not too often and only as a browser: what is asked is
    /// asked of it alone.
    async fn of(incoming: &Incoming) -> Result<Self, Problem> {
        let maker = incoming.maker()?;
        maker.check_rate(Rate::SignIns).await?;
        let visitor = incoming.visitor.clone();
        let Some(token_hash) = visitor.credential.clone() else {
            let sentence = "Sign in with a browser that keeps cookies, from Tandem's own page.";
            return Err(Problem::SignIn(sentence.to_owned()));
        };
        Ok(Self {
            database: maker.database,
            visitor,
            token_hash,
            now_ms: maker.now_ms,
        })
    }

    fn person(&self) -> PersonId {
        PersonId(self.visitor.person.id)
    }

    async fn ask(&self, purpose: Purpose, secret: &str, data: &str) -> Result<(), Problem> {
        let challenge = Challenge {
            hash: &hash_token(secret),
            purpose,
            token_hash: &self.token_hash,
        };
        accounts::ask(&*self.database, &challenge, data, self.now_ms).await?;
        Ok(())
    }

    /// What was kept with a question. It is answered by that, whatever comes of it.
    async fn answer(&self, purpose: Purpose, secret: &str) -> Result<String, Problem> {
        let challenge = Challenge {
            hash: &hash_token(secret),
            purpose,
            token_hash: &self.token_hash,
        };
        let kept = accounts::answer(&*self.database, &challenge, self.now_ms).await?;
        kept.ok_or_else(|| {
            let sentence = "That took too long, or was answered already. Try again.";
            Problem::SignIn(sentence.to_owned())
        })
    }

    /// Makes an account of the guest, by a way that was shown to be theirs.
    async fn become_account(&self, incoming: &mut Incoming, way: &Way) -> Result<(), Problem> {
        let Some(guest) = writer(&self.visitor, self.now_ms) else {
            return Err(Problem::Broken("a guest without a token".to_owned()));
        };
        let (token, session) = self.new_session(incoming)?;
        accounts::become_account(&*self.database, &guest, way, &session).await?;
        incoming.cookie = TokenCookie::Becomes(token);
        Ok(())
    }

    /// Signs the browser in, by what was shown to be this account's.
    async fn sign_in(
        &self,
        incoming: &mut Incoming,
        person: PersonId,
        shown: &Shown,
    ) -> Result<(), Problem> {
        let (token, session) = self.new_session(incoming)?;
        let before = Before {
            token_hash: self.token_hash.clone(),
            guest: (!self.visitor.account).then(|| self.person()),
        };
        let keys = accounts::sign_in(&*self.database, person, shown, &before, &session).await?;
        incoming.cookie = TokenCookie::Becomes(token);
        rechecks::tell(&incoming.env, &*self.database, &keys, self.now_ms).await;
        Ok(())
    }

    fn new_session(&self, incoming: &Incoming) -> Result<(String, NewSession), Problem> {
        let token = fresh_token()?;
        let session = NewSession {
            token_hash: hash_token(&token),
            label: device::label(incoming.header("user-agent")),
            at: self.now_ms,
        };
        Ok((token, session))
    }
}

/// The body of a request of one of our pages.
async fn read_body(incoming: &mut Incoming) -> Result<axum::body::Bytes, Problem> {
    incoming.body(MOST_BODY_BYTES).await
}

/// An answer to one of our pages.
fn json(value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
