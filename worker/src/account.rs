//! One's own account: what it shows of itself, and its changes, each a plain form.

use std::sync::Arc;

use app::server::Visitor;
use axum::body::Body;
use http::Response;
use http::header::CACHE_CONTROL;
use store::accounts::{self, Identity, MAX_ACCESS_TOKENS, NewSession, Which};
use store::{Database, PersonId, StoreError, hash_token};

use crate::bearer::ACCESS_TOKEN_PREFIX;
use crate::error::{Problem, wants_html};
use crate::form::value_of;
use crate::http_notes::set;
use crate::incoming::Incoming;
use crate::notes::Rate;
use crate::visitor::{TokenCookie, fresh_token};
use crate::{notes, pages, rechecks};

/// Longest form, bytes.
pub(crate) const MOST_FORM_BYTES: usize = 4096;

/// Longest label of a passkey or an access token, characters.
const MOST_LABEL_CHARS: usize = 60;

/// Where changes are made, and where who is not signed in is sent.
const PLACE: &str = "/settings";
const SIGN_IN: &str = "/sign-in?next=/settings";

/// `GET /settings`.
pub(crate) async fn page(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    if !incoming.visitor.account {
        return sign_in_first(incoming);
    }
    pages::settings(incoming, None).await
}

/// What becomes of who is not signed in: a browser is taken to the ways in.
pub(crate) fn sign_in_first(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    if wants_html(&incoming.parts.headers) {
        Ok(pages::on_to(SIGN_IN))
    } else {
        Err(Problem::SignedOut)
    }
}

/// `POST /settings`.
pub(crate) async fn change(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let body = incoming.body(MOST_FORM_BYTES).await?;
    let form = std::str::from_utf8(&body).unwrap_or_default();
    let Some(mine) = Mine::of(incoming)? else {
        return sign_in_first(incoming);
    };
    let field = |name| value_of(form, name).unwrap_or_default();
    match field("do").as_str() {
        "end-session" => mine.end(incoming, Which::One(&field("session"))).await?,
        "end-others" => mine.end(incoming, Which::AllBut(&mine.token_hash)).await?,
        "make-token" => return mine.make_token(incoming, &field("label")).await,
        "rename-passkey" => {
            let label = named(&field("label"))?;
            accounts::rename_passkey(&*mine.database, mine.person, &field("passkey"), &label)
                .await?;
        }
        "remove-passkey" => {
            let id = field("passkey");
            gone(accounts::remove_passkey(&*mine.database, mine.person, &id).await?)?;
        }
        "remove-identity" => {
            let identity = Identity {
                issuer: field("issuer"),
                subject: field("subject"),
            };
            gone(accounts::remove_identity(&*mine.database, mine.person, &identity).await?)?;
        }
        "delete" => return mine.delete(incoming, &field("name")).await,
        _ => {
            return Err(Problem::Malformed(
                "There is nothing of this to do.".to_owned(),
            ));
        }
    }
    Ok(pages::on_to(PLACE))
}

/// `POST /sign-out`.
pub(crate) async fn sign_out(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    if let Some(mine) = Mine::of(incoming)? {
        mine.end(incoming, Which::One(&mine.token_hash)).await?;
        incoming.cookie = TokenCookie::Goes;
    }
    Ok(pages::on_to("/"))
}

/// Somebody's own account.
struct Mine {
    database: Arc<dyn Database>,
    person: PersonId,
    name: String,
    token_hash: String,
    now_ms: u64,
}

impl Mine {
    /// Whose it is, the session says, never a field of a form.
    fn of(incoming: &Incoming) -> Result<Option<Self>, Problem> {
        let Visitor {
            person,
            account: true,
            credential: Some(token_hash),
            ..
        } = incoming.visitor.clone()
        else {
            return Ok(None);
        };
        let maker = incoming.maker()?;
        Ok(Some(Self {
            database: maker.database,
            person: PersonId(person.id),
            name: person.name,
            token_hash,
            now_ms: maker.now_ms,
        }))
    }

    async fn end(&self, incoming: &Incoming, which: Which<'_>) -> Result<(), Problem> {
        let keys = accounts::end(&*self.database, self.person, which, self.now_ms).await?;
        rechecks::tell(&incoming.env, &*self.database, &keys, self.now_ms).await;
        Ok(())
    }

    /// Makes an access token. The answer is the one place where it ever stands.
    async fn make_token(
        &self,
        incoming: &Incoming,
        label: &str,
    ) -> Result<Response<Body>, Problem> {
        let label = named(label)?;
        incoming.maker()?.check_rate(Rate::SignIns).await?;
        let token = format!("{ACCESS_TOKEN_PREFIX}{}", fresh_token()?);
        let new = NewSession {
            token_hash: hash_token(&token),
            label,
            at: self.now_ms,
        };
        match accounts::add_token(&*self.database, self.person, &new).await {
            Err(StoreError::Conflict) => {
                return Err(Problem::SignIn(format!(
                    "An account has {MAX_ACCESS_TOKENS} access tokens at most. Revoke one that is no longer needed."
                )));
            }
            made => made?,
        }
        let mut response = pages::settings(incoming, Some(token)).await?;
        set(&mut response, CACHE_CONTROL, "no-store");
        Ok(response)
    }

    /// Deletes the account of who typed its name, so that nobody does by a slip.
    async fn delete(&self, incoming: &mut Incoming, name: &str) -> Result<Response<Body>, Problem> {
        if name.trim() != self.name {
            let sentence = "The account is still there: what you typed is not its name.";
            return Err(Problem::SignIn(sentence.to_owned()));
        }
        let (database, now) = (&*self.database, self.now_ms);
        let gone = accounts::delete(database, self.person, now).await?;
        incoming.cookie = TokenCookie::Goes;
        rechecks::tell(&incoming.env, database, &gone.keys, now).await;
        for note in gone.notes {
            // It is in the trash all the same, and nobody joins it any more.
            if let Err(problem) = notes::close(&incoming.env, database, note.0, now).await {
                worker::console_error!("closing {}: {problem:?}", note.0);
            }
        }
        Ok(pages::on_to("/"))
    }
}

/// What somebody calls something of theirs.
fn named(label: &str) -> Result<String, Problem> {
    let letters = label.trim().chars().filter(|letter| !letter.is_control());
    let label: String = letters.take(MOST_LABEL_CHARS).collect();
    if label.is_empty() {
        return Err(Problem::Malformed("Give it a name.".to_owned()));
    }
    Ok(label)
}

/// Whether a way in is gone; the last one never goes.
fn gone(is_gone: bool) -> Result<(), Problem> {
    if is_gone {
        return Ok(());
    }
    let sentence = "This is the only way into your account. Add another one, then remove this.";
    Err(Problem::SignIn(sentence.to_owned()))
}
