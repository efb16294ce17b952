//! Pages, rendered whole by Leptos, and the server functions behind them. A page
//! is loaded before it is rendered, so its status is known with the first byte.

use app::Page;
use app::server::{Services, Visitor};
use axum::body::Body;
use axum::response::IntoResponse;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use leptos::prelude::{provide_context, use_context, use_nonce};
use leptos_axum::ResponseOptions;
use uuid::Uuid;

use crate::error::Problem;
use crate::incoming::Incoming;
use crate::limits::form_body_bytes;
use crate::security::page_policy;

/// `/`.
pub(crate) async fn home(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let page = Page::home(&incoming.services()?, &incoming.visitor).await;
    Ok(show(page, incoming).await)
}

/// `/note/<uuid>`.
pub(crate) async fn note(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let page = Page::note(&incoming.services()?, &incoming.visitor, id).await?;
    Ok(show(page, incoming).await)
}

/// `/note/<uuid>/edit`.
pub(crate) async fn form(incoming: &Incoming, id: Uuid) -> Result<Response<Body>, Problem> {
    let page = Page::form(&incoming.services()?, &incoming.visitor, id).await?;
    Ok(show(page, incoming).await)
}

/// A button that makes a note, for what must not make one by looking.
pub(crate) async fn new_note(incoming: &Incoming) -> Response<Body> {
    show(Page::New, incoming).await
}

/// What went wrong, to a person.
pub(crate) async fn trouble(
    problem: &Problem,
    parts: &Parts,
    visitor: &Visitor,
    origin: &str,
) -> Response<Body> {
    let page = match problem {
        Problem::NotFound => Page::missing(),
        _ => Page::trouble(problem.title(), problem.to_string()),
    };
    let mut response = render(page, parts, visitor, origin).await;
    *response.status_mut() = problem.status();
    problem.add_headers(response.headers_mut());
    response
}

/// A server function, called by a page or posted by its form.
pub(crate) async fn action(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    let path = incoming.parts.uri.path().to_owned();
    if !server_fn::axum::server_fn_paths()
        .any(|(known, method)| known == path && method == Method::POST)
    {
        return Err(Problem::NotFound);
    }
    let body = incoming
        .body(form_body_bytes(incoming.settings.note_bytes))
        .await?;
    let services: Services = incoming.services()?;
    let visitor = incoming.visitor.clone();
    let context = move || {
        provide_context(services.clone());
        provide_context(visitor.clone());
    };
    let request = Request::from_parts(incoming.parts.clone(), Body::from(body));
    let mut response = leptos_axum::handle_server_fns_with_context(context, request)
        .await
        .into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn show(page: Page, incoming: &Incoming) -> Response<Body> {
    let mut response = render(page, &incoming.parts, &incoming.visitor, &incoming.origin).await;
    // It shows who looks at it, and what they may see now.
    let private = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(CACHE_CONTROL, private);
    response
}

async fn render(page: Page, parts: &Parts, visitor: &Visitor, origin: &str) -> Response<Body> {
    let origin = origin.to_owned();
    let shown_to = visitor.clone();
    let context = move || {
        let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) else {
            return;
        };
        if let Ok(policy) = HeaderValue::from_str(&page_policy(&nonce, &origin)) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    };
    let document = move || app::document(page.clone(), &shown_to);
    let handler = leptos_axum::render_app_async_with_context(context, document);
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = parts.uri.clone();
    *request.headers_mut() = parts.headers.clone();
    let mut response = handler(request).await;
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        worker::console_error!("a page could not be rendered: {}", parts.uri.path());
    }
    response.headers_mut().insert(
        http::header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}
