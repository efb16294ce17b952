//! A request's way through the edge: who asks, what for, and whatever came of it
//! made into a response, once, at the very end.

use std::sync::Arc;

use app::server::Visitor;
use axum::body::{Body, HttpBody, to_bytes};
use http::header::{HeaderValue, SET_COOKIE};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use realtime::RoomName;
use worker::js_sys::Uint8Array;
use worker::{Env, response_to_wasm, web_sys};

use crate::error::{Problem, wants_html};
use crate::incoming::{Incoming, is_upgrade};
use crate::line::Asked;
use crate::router::Route;
use crate::settings::Settings;
use crate::visitor::TokenCookie;
use crate::{
    account, actions, announcements, claim, cookies, export, http_finding, http_notes, line, links,
    origin, pages,
};
use crate::{published, rooms, security, sign_in, visitor};

/// Answers a request.
pub(crate) async fn answer(request: Request<Body>, env: Env) -> Response<Body> {
    let settings = Arc::new(Settings::of(&env));
    let is_head = request.method() == Method::HEAD;
    let mut response = match Incoming::new(request, env, Arc::clone(&settings)).await {
        Ok(mut incoming) => match dispatch(&mut incoming).await {
            Ok(response) => with_cookie(response, &incoming.cookie),
            Err(problem) => {
                let problem = match problem {
                    // How much a note holds, this instance says.
                    Problem::TooLarge(_) => Problem::TooLarge(settings.note_bytes),
                    other => other,
                };
                refuse(
                    &problem,
                    &incoming.parts,
                    Some(&incoming.visitor),
                    &settings,
                )
                .await
            }
        },
        Err(foreign) => {
            let (parts, problem) = *foreign;
            refuse(&problem, &parts, None, &settings).await
        }
    };
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        return response;
    }
    security::apply(response.headers_mut());
    if is_head {
        *response.body_mut() = Body::empty();
    }
    response
}

/// A response as the runtime takes it. A body that is there goes in one piece and with its
/// length; what comes by and by goes as a stream, which the runtime has to come for.
pub(crate) async fn sent(response: Response<Body>) -> worker::Result<web_sys::Response> {
    if response.body().size_hint().exact().is_none() {
        return response_to_wasm(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await;
    let bytes = bytes.map_err(|error| error.to_string())?;
    let head = response_to_wasm(Response::from_parts(parts, Body::empty()))?;
    // Some answers may have no body, not even one of no bytes; a socket has none.
    if bytes.is_empty() {
        return Ok(head);
    }
    let (head, _) = worker::Response::from(head).into_parts();
    let body = Uint8Array::from(&*bytes);
    let whole = web_sys::Response::new_with_opt_buffer_source_and_init(Some(&body), &head.into())?;
    Ok(whole)
}

/// The URL space, and what each part of it does.
async fn dispatch(incoming: &mut Incoming) -> Result<Response<Body>, Problem> {
    if is_upgrade(&incoming.parts) {
        return rooms::join(incoming).await;
    }
    if let Some(asked) = Asked::of(&incoming.parts) {
        return line::answer(incoming, &asked).await;
    }
    let route = Route::find(incoming.parts.uri.path()).ok_or(Problem::NotFound)?;
    let method = incoming.parts.method.clone();
    if !route.allows(&method) {
        return Err(Problem::Method(route.allow()));
    }
    match route {
        Route::Home => pages::home(incoming).await,
        Route::Go => http_finding::go(incoming).await,
        Route::New if method == Method::POST => http_notes::make_by_form(incoming).await,
        Route::New => http_notes::make_by_visit(incoming).await,
        Route::Note(id) if method == Method::DELETE => http_notes::trash(incoming, id).await,
        Route::Note(id) => pages::note(incoming, id).await,
        Route::NoteSharing(id) => pages::sharing(incoming, id).await,
        Route::NoteClaim(id) => claim::claim(incoming, id).await,
        Route::NoteSlides(id) => published::note_slides(incoming, id).await,
        Route::SlidesCode(id) => published::code(incoming, id).await,
        Route::Page(slug) => published::page(incoming, &slug).await,
        Route::PageSlides(slug) => published::slides(incoming, &slug).await,
        Route::NoteAsked(id) => Ok(pages::asked(incoming, id)),
        Route::LinkCode(note, link) => links::code(incoming, note, link).await,
        Route::ShareLink(token) => links::open(incoming, &token).await,
        Route::NoteForm(id) => pages::form(incoming, id).await,
        Route::NoteSource(id) if method == Method::POST => http_notes::append(incoming, id).await,
        Route::NoteSource(id) if method == Method::PUT => http_notes::put(incoming, id).await,
        Route::NoteSource(id) => http_notes::source(incoming, id).await,
        Route::NoteFile(id) => http_notes::file(incoming, id).await,
        Route::NoteView(id) => http_notes::view(incoming, id).await,
        Route::NoteCopy(id) => http_notes::copy(incoming, id).await,
        Route::Room(RoomName::OfNote(id)) => pages::beside_note(incoming, id).await,
        Route::Room(name) => pages::room(incoming, &name).await,
        Route::Rooms => pages::rooms(incoming).await,
        Route::Notifications(id) => pages::notifications(incoming, id).await,
        Route::SignIn => sign_in::page(incoming),
        Route::SignInOptions => sign_in::by_passkey::options(incoming).await,
        Route::PasskeyShown => sign_in::by_passkey::shown(incoming).await,
        Route::PasskeyOptions => sign_in::new_passkey::options(incoming).await,
        Route::PasskeyMade => sign_in::new_passkey::made(incoming).await,
        Route::ProviderStart => sign_in::by_provider::start(incoming).await,
        Route::ProviderReturn => sign_in::by_provider::back(incoming).await,
        Route::SignOut => account::sign_out(incoming).await,
        Route::Settings if method == Method::POST => account::change(incoming).await,
        Route::Settings => account::page(incoming).await,
        Route::Export => export::everything(incoming).await,
        Route::Announcements if method == Method::POST => announcements::announce(incoming).await,
        Route::Announcements => announcements::withdraw(incoming).await,
        Route::Notes if method == Method::POST => http_notes::make(incoming).await,
        Route::Notes => http_finding::list(incoming).await,
        Route::Action => actions::answer(incoming).await,
        Route::Offline => Ok(pages::offline(incoming)),
        Route::OfflineNote => Ok(pages::offline_note(incoming)),
        Route::Health => http_notes::health(incoming).await,
    }
}

/// Makes a response of a problem: a close code for a socket that listens, a page
/// for a person, JSON for everything else.
async fn refuse(
    problem: &Problem,
    parts: &Parts,
    who: Option<&Visitor>,
    settings: &Settings,
) -> Response<Body> {
    if let Some(cause) = problem.cause() {
        worker::console_error!("{} {}: {cause}", parts.method, parts.uri.path());
    }
    if is_upgrade(parts) {
        return rooms::refuse(parts, problem).unwrap_or_else(|| problem.to_json().map(Body::from));
    }
    let stranger = || {
        visitor::stranger(&parts.headers)
            .ok()
            .map(|arrival| arrival.visitor)
    };
    match who.cloned().or_else(stranger) {
        Some(visitor) if wants_html(&parts.headers) => {
            let origin = origin::ours(settings.public_origin.as_deref(), &parts.uri);
            pages::trouble(problem, parts.uri.path(), &visitor, &origin)
        }
        _ => problem.to_json().map(Body::from),
    }
}

/// Gives a browser its token, at its first visit and when it signs in, and takes
/// it. Not with a refusal: that a page is not there is no visit.
fn with_cookie(mut response: Response<Body>, cookie: &TokenCookie) -> Response<Body> {
    let cookie = match cookie {
        TokenCookie::Stays => return response,
        TokenCookie::Becomes(token) => cookies::set_token(token),
        TokenCookie::Goes => cookies::forget_token(),
    };
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
