//! `/s/<token>`: a share link gives this browser its role and goes to the note,
//! so that the token stays out of the note's address and of `Referer`.

use app::Page;
use app::pages::link::LinkDoor;
use axum::body::Body;
use http::header::{CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY};
use http::{Method, Response, StatusCode};
use store::sharing::links::{self, LinkRecord};
use store::{hash_token, same_hash};
use uuid::Uuid;
use worker::Date;

use crate::body::{self, Kind};
use crate::crypto::password::{MAX_PASSWORD_BYTES, is_password};
use crate::crypto::web::WebCrypto;
use crate::error::{Problem, wants_html};
use crate::incoming::Incoming;
use crate::notes::Rate;
use crate::pages;
use crate::secret::link_token;
use crate::visitor::writer;

/// Longest form of a door: a password with every byte encoded.
const MAX_FORM_BYTES: usize = 4 * MAX_PASSWORD_BYTES;

/// `GET` and `POST /s/<token>`.
pub(crate) async fn open(incoming: &mut Incoming, token: &str) -> Result<Response<Body>, Problem> {
    let maker = incoming.maker()?;
    let link = links::find(&*maker.database, &hash_token(token)).await?;
    let now = Date::now().as_millis();
    // A link the database was given by somebody else than us has no such token.
    let link = link.filter(|link| same_hash(&link_token(&maker.secret, link.id), token));
    let link = link.ok_or(Problem::NotFound)?;
    let posts = incoming.parts.method == Method::POST;
    let came_before = came_through(incoming, &link, &maker.database, now).await?;
    if came_before {
        return enter(incoming, &link).await;
    }
    if link.is_over(now) {
        return Err(Problem::NotFound);
    }
    // What fetches ahead says so; it spends nothing and comes through nothing.
    let looks_ahead = incoming.parts.headers.contains_key("sec-purpose");
    let follows = !looks_ahead && !link.wants_a_button();
    if !posts && !follows {
        return Ok(door(incoming, token, &link, None));
    }
    if let Some(hash) = &link.password {
        maker.check_rate(Rate::LinkPasswords).await?;
        let password = password(incoming).await?;
        let right = is_password(&WebCrypto, &password, hash).await;
        let right = right.map_err(|error| Problem::Broken(error.to_string()))?;
        if !right {
            let sentence = "That is not the password. Ask whoever sent you the link.".to_owned();
            if !wants_html(&incoming.parts.headers) {
                return Err(Problem::SignIn(sentence));
            }
            let mut response = door(incoming, token, &link, Some(sentence));
            *response.status_mut() = StatusCode::FORBIDDEN;
            return Ok(response);
        }
    }
    // Each browser that was not here before is kept; who only looks is not.
    if incoming.parts.method != Method::HEAD {
        maker.check_rate(Rate::LinkVisits).await?;
    }
    enter(incoming, &link).await
}

/// Whether this browser came through the link before: it need not pay again.
async fn came_through(
    incoming: &Incoming,
    link: &LinkRecord,
    database: &std::sync::Arc<dyn store::Database>,
    now: u64,
) -> Result<bool, Problem> {
    match writer(&incoming.visitor, now) {
        Some(who) if incoming.visitor.known => {
            Ok(links::knows(&**database, link.id, who.person, now).await?)
        }
        _ => Ok(false),
    }
}

/// Keeps that this browser came through, and sends it to the note.
async fn enter(incoming: &Incoming, link: &LinkRecord) -> Result<Response<Body>, Problem> {
    // What only looks where a link leads comes through nothing.
    if incoming.parts.method != Method::HEAD {
        let maker = incoming.maker()?;
        let who = writer(&incoming.visitor, maker.now_ms);
        let who = who.ok_or(Problem::Cookies)?;
        if !links::redeem(&*maker.database, link, &who).await? {
            return Err(Problem::NotFound);
        }
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    if let Ok(place) = HeaderValue::from_str(&format!("/note/{}", link.note)) {
        headers.insert(LOCATION, place);
    }
    guard(headers);
    Ok(response)
}

fn door(
    incoming: &Incoming,
    token: &str,
    link: &LinkRecord,
    problem: Option<String>,
) -> Response<Body> {
    let page = Page::Link(LinkDoor {
        path: format!("/s/{token}"),
        wants_password: link.password.is_some(),
        is_bounded: link.max_uses.is_some(),
        problem,
    });
    let mut response = pages::show(page, incoming);
    guard(response.headers_mut());
    response
}

/// Nothing keeps the token, and nothing sends it on.
fn guard(headers: &mut http::HeaderMap) {
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

async fn password(incoming: &mut Incoming) -> Result<String, Problem> {
    if body::kind(&incoming.parts.headers) != Kind::Form {
        return Err(Problem::MediaType("application/x-www-form-urlencoded"));
    }
    let bytes = incoming.body(MAX_FORM_BYTES).await?;
    Ok(body::form_field(&bytes, "password").unwrap_or_default())
}

/// `/note/<uuid>/qr/<link>.svg`: the address of a link, to be photographed.
pub(crate) async fn code(
    incoming: &Incoming,
    note: Uuid,
    link: Uuid,
) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    let opened = app::server::open(&services, &incoming.visitor, note).await?;
    if !opened.role.may(store::Action::Share) {
        return Err(Problem::NotAllowed);
    }
    let all = links::of(&*services.database, store::NoteId(note)).await?;
    if !all.iter().any(|found| found.id == link) {
        return Err(Problem::NotFound);
    }
    let token = services.share.link_token(link);
    let svg = crate::qr::svg(&format!("{}/s/{token}", incoming.origin))
        .ok_or_else(|| Problem::Broken("an address too long for a QR code".to_owned()))?;
    let mut response = Response::new(Body::from(svg));
    let kind = HeaderValue::from_static("image/svg+xml");
    response
        .headers_mut()
        .insert(http::header::CONTENT_TYPE, kind);
    guard(response.headers_mut());
    Ok(response)
}
