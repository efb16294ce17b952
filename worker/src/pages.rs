//! Pages, rendered whole by Leptos. A page is loaded before it is rendered, so its
//! status is known with the first byte.

use std::sync::Arc;

use app::Page;
use app::pages::sign_in::{Passkeys, Provider, Ways};
use app::server::{Visitor, open};
use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use hydration_context::SsrSharedContext;
use leptos::nonce::provide_nonce;
use leptos::prelude::{Owner, RenderHtml, use_nonce};
use realtime::{Key, RoomName};
use uuid::Uuid;

use crate::error::Problem;
use crate::incoming::Incoming;
use crate::passkeys::RelyingParty;
use crate::rooms;
use crate::router::Route;
use crate::security::page_policy;

/// `/`.
pub(crate) async fn home(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let query = incoming.parts.uri.query().unwrap_or_default();
    let page = Page::home(&incoming.services()?, &incoming.visitor, query).await;
    Ok(show(page, incoming))
}

/// `/note/<uuid>`.
pub(crate) async fn note(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let page = Page::note(&incoming.services()?, &incoming.visitor, id).await?;
    Ok(show(page, incoming))
}

/// `/note/<uuid>/edit`.
pub(crate) async fn form(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let page = Page::form(&incoming.services()?, &incoming.visitor, id).await?;
    Ok(show(page, incoming))
}

/// `/note/<uuid>/share`; `?part=1` is what the note's dialog fetches.
pub(crate) async fn sharing(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let part = incoming.query("part").is_some();
    let page = Page::sharing(&incoming.services()?, &incoming.visitor, id, part).await?;
    Ok(show(page, incoming))
}

/// `/note/<uuid>/asked`: where who asked for access is sent. It is the page of a
/// note that is not there, whether it is or not.
pub(crate) fn asked(incoming: &Incoming, id: Uuid) -> Response<Body> {
    let mut response = show(Page::missing_note(id, true), incoming);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// `/offline`.
pub(crate) fn offline(incoming: &Incoming) -> Response<Body> {
    show(Page::Offline, incoming)
}

/// `/offline/note`.
pub(crate) fn offline_note(incoming: &Incoming) -> Response<Body> {
    show(Page::OfflineNote, incoming)
}

/// `/chat`.
pub(crate) async fn rooms(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let page = Page::rooms(&incoming.services()?, &incoming.visitor).await;
    Ok(show(page, incoming))
}

/// `/chat/<room>`.
pub(crate) async fn room(incoming: &Incoming, name: &RoomName) -> Result<Response<Body>, Problem> {
    let page = Page::chat(&incoming.services()?, &incoming.visitor, name).await?;
    Ok(show(page, incoming))
}

/// `/user/<uuid>`, for who may hear what is told there.
pub(crate) async fn notifications(
    incoming: &Incoming,
    id: Uuid,
) -> Result<Response<Body>, Problem> {
    rooms::admit(incoming, &Key::User(id)).await?;
    let before = incoming.query("before");
    let before = before.and_then(|number| number.parse().ok());
    let page = Page::notifications(&incoming.services()?, &incoming.visitor, before).await?;
    let mut response = show(page, incoming);
    let never = HeaderValue::from_static("private, no-store");
    response.headers_mut().insert(CACHE_CONTROL, never);
    Ok(response)
}

/// `/sign-in`, for this way on.
pub(crate) fn sign_in(incoming: &Incoming, next: String) -> Response<Body> {
    let place = &incoming.origin;
    let with_name = RelyingParty::of(place).is_none().then(|| {
        let (scheme, host) = place.split_once("://").unwrap_or(("http", place));
        let port = host.rsplit_once(':').map_or("", |(_, port)| port);
        (scheme == "http").then(|| format!("{scheme}://localhost:{port}"))
    });
    let passkeys = match with_name {
        None => Passkeys::Here,
        Some(Some(address)) => Passkeys::At(address),
        Some(None) => Passkeys::Nowhere,
    };
    let provider = incoming.settings.provider.as_ref();
    let ways = Ways {
        passkeys,
        provider: provider.map(|provider| Provider {
            host: provider.issuer_host().to_owned(),
            address: format!("/sign-in/oidc?next={}", crate::form::encode(&next)),
        }),
        next,
    };
    show(Page::sign_in(ways), incoming)
}

/// `/settings`, with the access token that was made just now.
pub(crate) async fn settings(
    incoming: &Incoming,
    token: Option<String>,
) -> Result<Response<Body>, Problem> {
    let provider = incoming.settings.provider.as_ref();
    let provider = provider.map(|provider| provider.issuer_host().to_owned());
    let most = incoming.settings.export_notes;
    let services = incoming.services()?;
    let page = Page::settings(&services, &incoming.visitor, provider, most, token).await?;
    Ok(show(page, incoming))
}

/// A note's chat room has no page of its own: it is beside the note, for who may see
/// that.
pub(crate) async fn beside_note(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let opened = open(&incoming.services()?, &incoming.visitor, id).await?;
    Ok(on_to(&format!("{}#chat", opened.key)))
}

/// Sends a browser on to another place.
pub(crate) fn on_to(place: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(place) = HeaderValue::from_str(place) {
        headers.insert(LOCATION, place);
    }
    response
}

/// A button that makes a note, for what must not make one by looking.
pub(crate) fn new_note(incoming: &Incoming) -> Response<Body> {
    show(Page::New, incoming)
}

/// No note is called so, or none that this person may open: the same.
pub(crate) fn no_such_title(incoming: &Incoming, title: &str) -> Response<Body> {
    let sentence = format!("No note that you can open is called “{title}”.");
    let mut response = show(Page::trouble("No such note", sentence), incoming);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// A view as a file that stands alone.
pub(crate) fn standalone(title: String, lang: Option<String>, html: String) -> Response<Body> {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let file = owner.with(|| app::standalone(title, lang, html).to_html());
    let mut response = Response::new(Body::from(file));
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

/// What went wrong, to a person.
pub(crate) fn trouble(
    problem: &Problem,
    path: &str,
    visitor: &Visitor,
    origin: &str,
) -> Response<Body> {
    let page = match problem {
        Problem::NotFound => match Route::find(path).and_then(|route| route.note()) {
            Some(id) => Page::missing_note(id, false),
            None => Page::missing(),
        },
        _ => Page::trouble(problem.title(), problem.to_string()),
    };
    let mut response = render(page, visitor, origin);
    *response.status_mut() = problem.status();
    problem.add_headers(response.headers_mut());
    response
}

/// A page to who looks at it.
pub(crate) fn show(page: Page, incoming: &Incoming) -> Response<Body> {
    let mut response = render(page, &incoming.visitor, &incoming.origin);
    // It shows who looks at it, and what they may see now.
    let private = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(CACHE_CONTROL, private);
    response
}

/// Renders a page. It is data already, so nothing in it is waited for; with no
/// way to wait, a third of the Worker's code is not there.
fn render(page: Page, visitor: &Visitor, origin: &str) -> Response<Body> {
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let (html, policy) = owner.with(|| {
        provide_nonce();
        let policy = use_nonce().map(|nonce| page_policy(&nonce, origin));
        let html = match page {
            Page::SharingParts(_) => app::part(page, visitor).to_html(),
            page => app::document(page, visitor).to_html(),
        };
        (html, policy)
    });
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    if let Some(Ok(policy)) = policy.map(|policy| HeaderValue::from_str(&policy)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}
