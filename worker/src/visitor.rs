//! Who asks: from cookies where they count, from a token, or made up for this
//! one request.

use app::cookies::{PERSON_COOKIE, THEME_COOKIE, read_person};
use app::server::Visitor;
use app::theme::Theme;
use http::HeaderMap;
use realtime::Person;
use store::accounts::{Standing, Who, who};
use store::{Database, PersonId, Writer, hash_token};

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

/// What the answer does with the token in the browser's cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenCookie {
    /// It is as it should be.
    Stays,
    /// It is this token from now on.
    Becomes(String),
    /// There is none any more.
    Goes,
}

/// A visitor, and what becomes of their cookie.
pub(crate) struct Arrival {
    /// Who it is.
    pub(crate) visitor: Visitor,
    /// A token made just now is sent along.
    pub(crate) cookie: TokenCookie,
}

/// A browser whose cookies count. A token that ended is none.
pub(crate) async fn with_cookies(
    headers: &HeaderMap,
    first: FirstVisit,
    database: &dyn Database,
    at: u64,
) -> Result<Arrival, Problem> {
    if bearer::access_token(headers).is_some() {
        // It was sent on purpose; a browser adds its cookies by itself.
        return without_cookies(headers, database, at).await;
    }
    let mut visitor = None;
    let mut cookie = TokenCookie::Stays;
    if let Some(token) = cookies::read_token(headers) {
        visitor = match who(database, &hash_token(token), at).await? {
            Who::Guest => Some(of_token(token)),
            Who::Account(standing) => Some(of_account(standing, token)),
            Who::Nobody => None,
        };
    }
    let known = visitor.is_some();
    if !known && first == FirstVisit::GetsAToken {
        let token = fresh_token()?;
        visitor = Some(of_token(&token));
        cookie = TokenCookie::Becomes(token);
    }
    let Some(mut visitor) = visitor else {
        return without_cookies(headers, database, at).await;
    };
    visitor.known = known;
    visitor.bearer = bearer::read(headers).map(hash_token);
    visitor.theme = cookies::read(headers, THEME_COOKIE).map_or(Theme::System, Theme::from_word);
    let chosen = cookies::read(headers, PERSON_COOKIE).and_then(read_person);
    // What an account is called, the account says.
    if let Some((name, colour)) = chosen.filter(|_| !visitor.account) {
        visitor.person = Person::new(visitor.person.id, &name, colour);
        visitor.has_name = true;
    }
    Ok(Arrival { visitor, cookie })
}

/// A caller that is no browser, or does not say which page it comes from: nobody
/// in particular, with a bearer token at most; or the person of an access token. One
/// that is not known is refused: what was meant for somebody must not become nobody's.
pub(crate) async fn without_cookies(
    headers: &HeaderMap,
    database: &dyn Database,
    at: u64,
) -> Result<Arrival, Problem> {
    if let Some(token) = bearer::access_token(headers) {
        return match who(database, &hash_token(token), at).await? {
            Who::Account(standing) => Ok(Arrival {
                visitor: of_account(standing, token),
                cookie: TokenCookie::Stays,
            }),
            Who::Guest | Who::Nobody => Err(Problem::UnknownToken),
        };
    }
    let mut arrival = stranger(headers)?;
    // One token is one person, but for a browser's: who had it may be an account
    // by now, and then this is not the way to be them.
    if let Some(token) = bearer::read(headers)
        && who(database, &hash_token(token), at).await? == Who::Guest
    {
        arrival.visitor.person = guest::unnamed(guest::person_id(token));
    }
    Ok(arrival)
}

/// Somebody made up for this one request, of whom nothing is asked.
pub(crate) fn stranger(headers: &HeaderMap) -> Result<Arrival, Problem> {
    let mut visitor = of_token(&fresh_token()?);
    visitor.credential = None;
    visitor.bearer = bearer::read(headers).map(hash_token);
    Ok(Arrival {
        visitor,
        cookie: TokenCookie::Stays,
    })
}

fn of_token(token: &str) -> Visitor {
    Visitor {
        person: guest::unnamed(guest::person_id(token)),
        account: false,
        credential: Some(hash_token(token)),
        bearer: None,
        known: false,
        has_name: false,
        theme: Theme::System,
    }
}

fn of_account(standing: Standing, token: &str) -> Visitor {
    Visitor {
        person: Person::new(standing.person.0, &standing.name, standing.colour),
        account: true,
        has_name: true,
        ..of_token(token)
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
