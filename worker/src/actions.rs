//! The server functions of the pages. One that refuses says so to our own page as
//! Leptos writes it, to a form without scripts by a page, and to a program like
//! everything else that goes wrong.

use app::Page;
use app::server::Services;
use axum::body::{Body, to_bytes};
use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{Method, Request, Response};
use leptos::prelude::provide_context;
use realtime::parse_uuid;
use server_fn::error::SERVER_FN_ERROR_HEADER;

use crate::body::form_field;
use crate::error::{Problem, wants_html};
use crate::incoming::Incoming;
use crate::limits::form_body_bytes;
use crate::pages;

/// `POST /api/fn/…`, called by a page or posted by its form.
pub(crate) async fn answer(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let path = incoming.parts.uri.path().to_owned();
    if !server_fn::axum::server_fn_paths()
        .any(|(known, method)| known == path && method == Method::POST)
    {
        return Err(Problem::NotFound);
    }
    let fields = incoming
        .body(form_body_bytes(incoming.settings.note_bytes))
        .await?;
    let services: Services = incoming.services()?;
    let visitor = incoming.visitor.clone();
    let context = move || {
        provide_context(services.clone());
        provide_context(visitor.clone());
    };
    let request = Request::from_parts(incoming.parts.clone(), Body::from(fields.clone()));
    let mut response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    if response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        response = refuse(incoming, response, &fields).await?;
    }
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Answers whoever asked for what was refused.
async fn refuse(
    incoming: &Incoming,
    response: Response<Body>,
    fields: &[u8],
) -> Result<Response<Body>, Problem> {
    let (mut parts, body) = response.into_parts();
    // It is in memory already, so there is no bound to hold it to.
    let body = to_bytes(body, usize::MAX).await;
    let body = body.map_err(|error| Problem::Broken(error.to_string()))?;
    let problem = Problem::of_action(parts.status, &String::from_utf8_lossy(&body));
    let by_form = wants_html(&incoming.parts.headers);
    if by_form && let Some(page) = written(fields, &problem) {
        let mut response = pages::show(page, incoming);
        *response.status_mut() = problem.status();
        problem.add_headers(response.headers_mut());
        return Ok(response);
    }
    // Browsers say the origin of whatever a script posts: who does not is no page of ours.
    if by_form || incoming.header("origin").is_none() {
        return Err(problem);
    }
    parts.status = problem.status();
    problem.add_headers(&mut parts.headers);
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// The form of a note's text again, if it was one: what was typed must not be lost with
/// the page it was typed in.
fn written(fields: &[u8], problem: &Problem) -> Option<Page> {
    let field = |name| form_field(fields, name);
    let (note, base, text) = (field("note")?, field("base")?, field("text")?);
    Some(Page::unsaved(
        parse_uuid(&note)?,
        base,
        text,
        problem.to_string(),
    ))
}
