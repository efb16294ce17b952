//! Announcements to every open page: made and ended by the admin over HTTP, and
//! ended by the clock.

use axum::body::Body;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use realtime::Key;
use store::announcements::{AnnouncementRecord, MAX_TEXT_CHARS, end, end_due, make};
use uuid::Builder;
use worker::{Date, Env};

use crate::admin::{self, MAX_BODY_BYTES};
use crate::body::{self, Kind};
use crate::d1::D1;
use crate::error::Problem;
use crate::feeds::{render, to_announcement};
use crate::incoming::Incoming;
use crate::visitor::random;

const MS_A_MINUTE: u64 = 60_000;

/// `POST /api/announcements`.
pub(crate) async fn announce(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    admin::admit(
        &incoming.parts.headers,
        incoming.settings.admin_token.as_deref(),
    )?;
    if body::kind(&incoming.parts.headers) != Kind::Json {
        return Err(Problem::MediaType("application/json"));
    }
    let bytes = incoming.body(MAX_BODY_BYTES).await.map_err(too_long)?;
    let asked = admin::read_announcement(&bytes)?;
    let now = Date::now().as_millis();
    let new = AnnouncementRecord {
        id: Builder::from_random_bytes(random()?).into_uuid(),
        text: asked.text,
        at: now,
        until: asked
            .minutes
            .map(|minutes| now.saturating_add(minutes.saturating_mul(MS_A_MINUTE))),
    };
    make(&D1::of(&incoming.env)?, &new).await?;
    render(&incoming.env, &Key::Global).await;
    let said = serde_json::to_string(&to_announcement(new))
        .map_err(|error| Problem::Broken(error.to_string()))?;
    let mut response = Response::new(Body::from(said));
    *response.status_mut() = StatusCode::CREATED;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `DELETE /api/announcements`.
pub(crate) async fn withdraw(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    admin::admit(
        &incoming.parts.headers,
        incoming.settings.admin_token.as_deref(),
    )?;
    end(&D1::of(&incoming.env)?, Date::now().as_millis()).await?;
    // Also when nothing was said: a page that was told otherwise is put right.
    render(&incoming.env, &Key::Global).await;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

/// The cron trigger's minute: what is past its time goes from every page.
pub(crate) async fn end_what_is_due(env: &Env) -> Result<(), Problem> {
    if end_due(&D1::of(env)?, Date::now().as_millis()).await? {
        render(env, &Key::Global).await;
    }
    Ok(())
}

/// The bound on a body is a note's in words that fit notes.
fn too_long(problem: Problem) -> Problem {
    match problem {
        Problem::TooLarge(_) => Problem::Malformed(format!(
            "An announcement has 1 to {MAX_TEXT_CHARS} characters."
        )),
        other => other,
    }
}
