//! Who asks: from cookies where they count, from a token, or made up for this
//! one request.

use app::cookies::{PERSON_COOKIE, THEME_COOKIE, read_person};
use app::server::Visitor;
use app::theme::Theme;
use http::HeaderMap;
use realtime::Person;
use store::{PersonId, Writer, hash_token};

use crate::cookies::{self, TOKEN_BYTES};
use crate::error::Problem;
use crate::{bearer, guest};

/// Whether a browser that has no token yet is given one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FirstVisit {
    /// The answer sets the cookie.
    GetsAToken,
    /// The caller stays a stranger.
    StaysAStranger,
}

/// A visitor, and the token to send along when this is their first visit.
pub(crate) struct Arrival {
    /// Who it is.
    pub(crate) visitor: Visitor,
    /// A token made just now.
    pub(crate) new_token: Option<String>,
}

/// A browser whose cookies count.
pub(crate) fn with_cookies(headers: &HeaderMap, first: FirstVisit) -> Result<Arrival, Problem> {
    let kept = cookies::read_token(headers).map(str::to_owned);
    let known = kept.is_some();
    let new_token = match first {
        FirstVisit::GetsAToken if !known => Some(fresh_token()?),
        _ => None,
    };
    let mut visitor = match kept.as_ref().or(new_token.as_ref()) {
        Some(token) => of_token(token),
        None => return without_cookies(headers),
    };
    visitor.known = known;
    visitor.bearer = bearer::read(headers).map(hash_token);
    visitor.theme = cookies::read(headers, THEME_COOKIE).map_or(Theme::System, Theme::from_word);
    if let Some((name, colour)) = cookies::read(headers, PERSON_COOKIE).and_then(read_person) {
        visitor.person = Person::new(visitor.person.id, &name, colour);
        visitor.has_name = true;
    }
    Ok(Arrival { visitor, new_token })
}

/// A caller that is no browser, or does not say which page it comes from: nobody
/// in particular, with a bearer token at most.
pub(crate) fn without_cookies(headers: &HeaderMap) -> Result<Arrival, Problem> {
    let bearer = bearer::read(headers);
    // One token is one person; without any, each request is another.
    let mut visitor = match bearer {
        Some(token) => of_token(token),
        None => of_token(&fresh_token()?),
    };
    visitor.credential = None;
    visitor.bearer = bearer.map(hash_token);
    Ok(Arrival {
        visitor,
        new_token: None,
    })
}

fn of_token(token: &str) -> Visitor {
    Visitor {
        person: guest::unnamed(guest::person_id(token)),
        credential: Some(hash_token(token)),
        bearer: None,
        known: false,
        has_name: false,
        theme: Theme::System,
    }
}

/// The visitor as somebody who is kept: only who can come back as the same person.
pub(crate) fn writer(visitor: &Visitor, at: u64) -> Option<Writer> {
    let credential = visitor.credential.clone()?;
    Some(Writer {
        person: PersonId(visitor.person.id),
        name: visitor.person.name.clone(),
        colour: visitor.person.colour,
        credential: Some(credential),
        at,
    })
}

/// A token nobody can guess.
pub(crate) fn fresh_token() -> Result<String, Problem> {
    Ok(cookies::token_from(&random::<TOKEN_BYTES>()?))
}

/// Random bytes from the runtime.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Problem::Broken(error.to_string()))?;
    Ok(bytes)
}
