//! Finding notes over HTTP, for programs and for the palette of our own pages.

use app::server::finding::{Asked, finder};
use axum::body::Body;
use http::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use realtime::MAX_TITLE_CHARS;
use serde_json::{Value, json};
use store::finding::{FoundNote, Page, html};

use crate::error::{Problem, wants_html};
use crate::form::value_of;
use crate::http_notes::set;
use crate::incoming::Incoming;
use crate::pages;

/// How many notes an answer has.
const LISTED: u64 = 20;

/// `GET /api/notes?q=&cursor=`, and the other words of home's addresses.
pub(crate) async fn list(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    let finder = finder(&services, &incoming.visitor);
    if finder.person.is_none() && finder.bearer_hash.is_none() {
        return Err(Problem::WhoAsks);
    }
    let asked = Asked::of(incoming.parts.uri.query().unwrap_or_default());
    if asked.cursor_is_made_up() {
        let sentence =
            "This cursor was not given out for this list. Start again without the cursor.";
        return Err(Problem::Malformed(sentence.to_owned()));
    }
    let page = match asked.wanted(LISTED) {
        Some(wanted) => store::finding::find(&*services.database, &finder, &wanted).await?,
        None => Page::default(),
    };
    // A token that finds nothing may be none; who shows it is told so.
    if page.notes.is_empty()
        && finder.person.is_none()
        && let Some(hash) = &finder.bearer_hash
        && !store::rights::is_bearer(&*services.database, hash, services.now_ms).await?
    {
        return Err(Problem::UnknownToken);
    }
    let notes = page.notes.iter();
    let answer = json!({
        "notes": notes.map(|note| described(note, &incoming.origin)).collect::<Value>(),
        "cursor": page.next.map(|next| next.to_text()),
    });
    let mut response = Response::new(Body::from(answer.to_string()));
    set(&mut response, CONTENT_TYPE, "application/json");
    set(&mut response, CACHE_CONTROL, "private, no-store");
    Ok(response)
}

/// `GET /go?title=`: what a wiki link means is found with the right of who follows
/// it, so that the note it stands in tells nobody which notes there are.
pub(crate) async fn go(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let query = incoming.parts.uri.query().unwrap_or_default();
    let title = value_of(query, "title").unwrap_or_default();
    let title: String = title.trim().chars().take(MAX_TITLE_CHARS).collect();
    let services = incoming.services()?;
    let finder = finder(&services, &incoming.visitor);
    let found = match title.as_str() {
        "" => None,
        title => store::finding::titled(&*services.database, &finder, title).await?,
    };
    match found {
        Some(note) => Ok(pages::on_to(&format!("/note/{}", note.0))),
        None if wants_html(&incoming.parts.headers) => Ok(pages::no_such_title(incoming, &title)),
        None => Err(Problem::NotFound),
    }
}

/// A note as programs read it. The snippet is HTML: escaped, with `<mark>` around
/// what was looked for; it is null where only the title has it.
fn described(note: &FoundNote, origin: &str) -> Value {
    json!({
        "id": note.id,
        "url": format!("{origin}/note/{}", note.id),
        "title": note.title,
        "excerpt": note.excerpt,
        "snippet": (!note.snippet.is_empty()).then(|| html(&note.snippet)),
        "tags": note.tags,
        "updated_at": note.updated_at,
        "owned": note.owned,
        "here": note.here,
    })
}
