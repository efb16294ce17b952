//! Published pages and slides. A page's address is looked up before its note's
//! object is woken, and what goes out names the note nowhere.

use app::Page;
use app::pages::published::Shown;
use axum::body::Body;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use realtime::{Admission, Key, PublishedPage};
use store::NoteId;
use store::publishing::{self, Slug};
use uuid::Uuid;

use crate::error::Problem;
use crate::http_notes::set;
use crate::incoming::{Incoming, wants_events};
use crate::{pages, rooms};

/// What search engines are asked not to do, where the page does not say otherwise.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// `/p/<slug>`.
pub(crate) async fn page(incoming: &Incoming, slug: &Slug) -> Result<Response<Body>, Problem> {
    show(incoming, slug, Shown::Page).await
}

/// `/p/<slug>/slides`.
pub(crate) async fn slides(incoming: &Incoming, slug: &Slug) -> Result<Response<Body>, Problem> {
    show(incoming, slug, Shown::Slides).await
}

async fn show(incoming: &Incoming, slug: &Slug, shown: Shown) -> Result<Response<Body>, Problem> {
    let page = Page::published(&incoming.services()?, slug, shown).await?;
    let robots = page.robots();
    let mut response = pages::show(page, incoming);
    if let Some(robots) = robots {
        set(&mut response, ROBOTS, &robots);
    }
    Ok(response)
}

/// A socket of a page's reader: it goes to the note's object as nobody's.
pub(crate) async fn join(
    incoming: &Incoming,
    slug: &Slug,
    slides: bool,
) -> Result<Response<Body>, Problem> {
    let maker = incoming.maker()?;
    let page = publishing::find(&*maker.database, slug).await?;
    let page = page.ok_or(Problem::NotFound)?;
    let admission = Admission {
        events: wants_events(&incoming.parts),
        revision: incoming
            .query("revision")
            .and_then(|revision| revision.parse().ok()),
        ..Admission::of_reader(PublishedPage {
            slug: slug.to_string(),
            slides,
        })
    };
    rooms::enter(incoming, &Key::Note(page.note.0), &admission).await
}

/// `/note/<uuid>/slides`.
pub(crate) async fn note_slides(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let page = Page::slides(&incoming.services()?, &incoming.visitor, id).await?;
    Ok(pages::show(page, incoming))
}

/// `/note/<uuid>/slides.svg`: where an audience sees the slides, to be photographed.
pub(crate) async fn code(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    app::server::open(&services, &incoming.visitor, id).await?;
    let publication = publishing::of(&*services.database, NoteId(id)).await?;
    let path = app::pages::slides::audience(id, publication.as_ref());
    let svg = crate::qr::svg(&format!("{}{path}", incoming.origin))
        .ok_or_else(|| Problem::Broken("an address too long for a QR code".to_owned()))?;
    let mut response = Response::new(Body::from(svg));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    set(
        &mut response,
        http::header::CACHE_CONTROL,
        "private, no-cache",
    );
    Ok(response)
}
