//! Notes over HTTP, for programs and for pages without scripts: made, read as
//! source or as a view, appended to, put into the trash.

use app::server::{Opened, Services, open};
use axum::body::Body;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LOCATION, CONTENT_TYPE, ETAG, HeaderValue, LOCATION,
};
use http::{HeaderMap, Method, Response, StatusCode};
use realtime::{Request, Wanted, Who, realtime_copy};
use store::{Action, GeneralAccess, NoteId};
use uuid::Uuid;

use crate::body::{self, JSON_OR_MARKDOWN, Kind, MadeFrom, NewNoteBody};
use crate::error::Problem;
use crate::form::value_of;
use crate::incoming::Incoming;
use crate::limits::{json_body_bytes, markdown_body_bytes};
use crate::notes::{self, Made, OwnerToken, comes_back};
use crate::pages;

/// `POST /api/notes`.
pub(crate) async fn make(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let limit = incoming.settings.note_bytes;
    let note = match body::kind(&incoming.parts.headers) {
        Kind::Json => body::read_json(&incoming.body(json_body_bytes(limit)).await?, limit)?,
        Kind::Markdown => {
            let bytes = incoming.body(markdown_body_bytes(limit)).await?;
            let query = incoming.parts.uri.query().unwrap_or_default();
            NewNoteBody {
                markdown: body::read_markdown(&bytes, limit)?,
                title: value_of(query, "title").unwrap_or_default(),
                ..NewNoteBody::default()
            }
        }
        _ => return Err(Problem::MediaType(JSON_OR_MARKDOWN)),
    };
    realtime::clean_title(&note.title).map_err(|_too_long| Problem::LongTitle)?;
    let maker = incoming.maker()?;
    let is_named = note.title.trim().is_empty() || note::summary::has_heading(&note.markdown);
    let made = maker
        .make_note(
            &incoming.visitor,
            note.markdown,
            note.access,
            OwnerToken::Given,
        )
        .await?;
    if !is_named {
        maker.entitle(&incoming.visitor, made.id, note.title).await;
    }
    Ok(made_answer(incoming, &made))
}

/// What a program is told of a note it made.
fn made_answer(incoming: &Incoming, made: &Made) -> Response<Body> {
    let path = format!("/note/{}", made.id);
    let answer = serde_json::json!({
        "id": made.id,
        "url": format!("{}{path}", incoming.origin),
        "owner_token": made.owner_token,
    });
    let mut response = Response::new(Body::from(answer.to_string()));
    *response.status_mut() = StatusCode::CREATED;
    set(&mut response, CONTENT_TYPE, "application/json");
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, LOCATION, &path);
    response
}

/// `GET /new`: a note for whoever navigates here, a button for what only looks, and for whom
/// a note would be lost that opens only for them: with it comes what they come back with.
pub(crate) async fn make_by_visit(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let is_open = incoming.settings.new_note_access == GeneralAccess::default();
    let may_make = is_open || comes_back(&incoming.visitor);
    let navigates = is_navigation(&incoming.parts.headers);
    if incoming.parts.method == Method::GET && navigates && may_make {
        return make_and_go(incoming, String::new()).await;
    }
    Ok(pages::new_note(incoming))
}

/// `POST /new`: a note, with the text that was sent along.
pub(crate) async fn make_by_form(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let limit = incoming.settings.note_bytes;
    let bytes = incoming.body(markdown_body_bytes(limit)).await?;
    let text = match body::kind(&incoming.parts.headers) {
        Kind::Markdown => body::read_markdown(&bytes, limit)?,
        Kind::Form => String::new(),
        Kind::Unnamed if bytes.is_empty() => String::new(),
        _ => return Err(Problem::MediaType("text/markdown, or no body")),
    };
    make_and_go(incoming, text).await
}

async fn make_and_go(incoming: &Incoming, text: String) -> Result<Response<Body>, Problem> {
    let maker = incoming.maker()?;
    let made = maker
        .make_note(&incoming.visitor, text, None, OwnerToken::None)
        .await?;
    let mut response = empty(StatusCode::SEE_OTHER);
    set(&mut response, LOCATION, &format!("/note/{}", made.id));
    set(&mut response, CACHE_CONTROL, "no-store");
    Ok(response)
}

/// `GET /note/<uuid>.md`.
pub(crate) async fn source(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    let opened = open(&services, &incoming.visitor, id).await?;
    let reading = services.rooms.read(&opened.key, Wanted::TEXT).await?;
    let tag = body::version_tag(reading.version);
    let mut response = if body::has_already(&incoming.parts.headers, &tag) {
        empty(StatusCode::NOT_MODIFIED)
    } else {
        Response::new(Body::from(reading.text))
    };
    set(&mut response, ETAG, &tag);
    set(&mut response, CONTENT_TYPE, "text/markdown; charset=utf-8");
    set(&mut response, CACHE_CONTROL, "private, no-cache");
    Ok(response)
}

/// `GET /note/<uuid>.html`.
pub(crate) async fn view(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    let opened = open(&services, &incoming.visitor, id).await?;
    let reading = services.rooms.read(&opened.key, Wanted::HTML).await?;
    let mut response = Response::new(Body::from(reading.html));
    set(&mut response, CONTENT_TYPE, "text/html; charset=utf-8");
    set(&mut response, CACHE_CONTROL, "private, no-cache");
    Ok(response)
}

/// `GET /note/<uuid>/copy`: what a device needs to open the note without a network.
pub(crate) async fn copy(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let opened = open(&incoming.services()?, &incoming.visitor, id).await?;
    let admission = opened.admission(&incoming.visitor);
    let copy = realtime_copy(&incoming.namespace()?, &opened.key, &admission).await?;
    let mut response = Response::new(Body::from(copy));
    set(&mut response, CONTENT_TYPE, "application/octet-stream");
    set(&mut response, CACHE_CONTROL, "private, no-store");
    Ok(response)
}

/// `GET /note/<uuid>/download.html`.
pub(crate) async fn file(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    let opened = open(&services, &incoming.visitor, id).await?;
    let reading = services.rooms.read(&opened.key, Wanted::HTML).await?;
    let name = crate::archive::file_name(&reading.title, "html");
    let mut response = pages::standalone(reading.title, reading.lang, reading.html);
    let disposition = format!(
        "attachment; filename*=UTF-8''{}",
        crate::form::encode(&name)
    );
    set(&mut response, CONTENT_DISPOSITION, &disposition);
    set(&mut response, CACHE_CONTROL, "private, no-cache");
    Ok(response)
}

/// `POST /note/<uuid>.md`.
pub(crate) async fn append(incoming: &mut Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let (services, opened) = writable(incoming, id).await?;
    let text = text_put(incoming).await?;
    let request = Request {
        by: opened.admission(&incoming.visitor),
        action: realtime::Action::Append { text },
    };
    let done = services.rooms.act(&opened.key, request).await?;
    refresh(&services, &opened.key).await;
    let mut response = empty(StatusCode::NO_CONTENT);
    set(&mut response, ETAG, &body::version_tag(done.version));
    Ok(response)
}

/// `PUT /note/<uuid>.md`: what somebody made of a version they read, or a new note.
/// Nobody's change is overwritten: the difference is merged.
pub(crate) async fn put(incoming: &mut Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    match body::made_from(&incoming.parts.headers)? {
        MadeFrom::Nothing => put_new(incoming, id).await,
        MadeFrom::Version(version) => put_changed(incoming, id, version).await,
    }
}

async fn put_new(incoming: &mut Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let text = text_put(incoming).await?;
    let made = incoming
        .maker()?
        .make_note_as(id, &incoming.visitor, text, OwnerToken::Given)
        .await;
    let made = made.map_err(|problem| match problem {
        // In the database, or in the object of a note that is gone for good.
        Problem::Conflict | Problem::NotAllowed => Problem::Taken,
        other => other,
    })?;
    Ok(made_answer(incoming, &made))
}

async fn put_changed(
    incoming: &mut Incoming,
    id: Uuid,
    version: u64,
) -> Result<Response<Body>, Problem> {
    let (services, opened) = writable(incoming, id).await?;
    let text = text_put(incoming).await?;
    let request = Request {
        by: opened.admission(&incoming.visitor),
        action: realtime::Action::Replace {
            version,
            text: text.clone(),
        },
    };
    services.rooms.act(&opened.key, request).await?;
    refresh(&services, &opened.key).await;
    let reading = services.rooms.read(&opened.key, Wanted::TEXT).await?;
    let tag = body::version_tag(reading.version);
    // Where others wrote meanwhile the note is not what was sent: here it is.
    let mut response = if reading.text == text {
        empty(StatusCode::NO_CONTENT)
    } else {
        let mut merged = Response::new(Body::from(reading.text));
        set(&mut merged, CONTENT_TYPE, "text/markdown; charset=utf-8");
        set(&mut merged, CONTENT_LOCATION, &format!("/note/{id}.md"));
        merged
    };
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, ETAG, &tag);
    Ok(response)
}

/// A note the caller may write in.
async fn writable(incoming: &Incoming, id: Uuid) -> Result<(Services, Opened), Problem> {
    let services = incoming.services()?;
    let opened = open(&services, &incoming.visitor, id).await?;
    if opened.role.may(Action::Write) {
        Ok((services, opened))
    } else {
        Err(Problem::NotAllowed)
    }
}

/// The text of a `PUT` or `POST`; `curl -T` names no kind.
async fn text_put(incoming: &mut Incoming) -> Result<String, Problem> {
    if !matches!(
        body::kind(&incoming.parts.headers),
        Kind::Markdown | Kind::Unnamed
    ) {
        return Err(Problem::MediaType("text/markdown"));
    }
    let limit = incoming.settings.note_bytes;
    body::read_markdown(&incoming.body(markdown_body_bytes(limit)).await?, limit)
}

/// `DELETE /note/<uuid>`: to the trash.
pub(crate) async fn trash(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    let opened = open(&services, &incoming.visitor, id).await?;
    if !opened.role.may(Action::Trash) {
        return Err(Problem::NotAllowed);
    }
    let (database, now) = (&*services.database, services.now_ms);
    store::notes::trash(database, NoteId(id), now).await?;
    notes::close(&incoming.env, database, id, now).await?;
    Ok(empty(StatusCode::NO_CONTENT))
}

/// `GET /healthz`.
pub(crate) async fn health(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let services = incoming.services()?;
    let outcome = store::notes::ping(&*services.database).await;
    if let Err(error) = &outcome {
        worker::console_error!("the database is out: {error}");
    }
    let (code, status, database) = match outcome {
        Ok(()) => (StatusCode::OK, "ok", "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "out"),
    };
    let version = env!("CARGO_PKG_VERSION");
    let answer = serde_json::json!({ "status": status, "version": version, "database": database });
    let mut response = Response::new(Body::from(answer.to_string()));
    *response.status_mut() = code;
    set(&mut response, CONTENT_TYPE, "application/json");
    set(&mut response, CACHE_CONTROL, "no-store");
    Ok(response)
}

/// Brings readers up to date. What was done is stored; that they see it a moment
/// later is no reason to say that it failed.
async fn refresh(services: &Services, key: &realtime::Key) {
    if let Err(refusal) = services.rooms.refresh(key, Who::All).await {
        worker::console_error!("refresh of {key}: {refusal}");
    }
}

/// Whether a person goes to this address, rather than a program that looks ahead.
/// Who sends none of these headers is an older browser or a tool told to do it.
fn is_navigation(headers: &HeaderMap) -> bool {
    if headers.contains_key("sec-purpose") {
        return false;
    }
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => !["sec-fetch-site", "sec-fetch-dest", "sec-fetch-user"]
            .iter()
            .any(|name| headers.contains_key(*name)),
    }
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Sets a header whose value is made here, of letters that headers may have.
pub(crate) fn set(response: &mut Response<Body>, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
