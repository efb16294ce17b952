//! Sockets: who may join which room, with what right. A key is checked for form,
//! existence and right before its object is made or woken.

use std::str::FromStr;

use app::server::{Services, Visitor, open, open_room};
use axum::body::Body;
use http::Response;
use http::header::{HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use http::request::Parts;
use realtime::{
    Access, Admission, Key, NotAKey, RoomName, realtime_line, realtime_route, refuse_socket,
};

use crate::bearer;
use crate::error::Problem;
use crate::incoming::{Incoming, wants_events, wants_packed};
use crate::line::{self, Asked};
use crate::published;
use crate::router::Route;
use crate::visitor::writer;

/// Lets a socket in, or a line where there can be none, or says why not.
pub(crate) async fn join(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    let path = incoming.parts.uri.path();
    match Route::find(path) {
        Some(Route::Page(slug)) => return published::join(incoming, &slug, false).await,
        Some(Route::PageSlides(slug)) => return published::join(incoming, &slug, true).await,
        _ => {}
    }
    let key = Key::from_str(path).map_err(|NotAKey| Problem::NotFound)?;
    let admission = admit(incoming, &key).await?;
    keep_place(incoming, &key).await?;
    if let Key::Chat(RoomName::Named(name)) = &key {
        visited(&incoming.services()?, &incoming.visitor, name).await;
    }
    enter(incoming, &key, &admission).await
}

/// Lets a socket into a room that was looked up for it.
pub(crate) async fn enter(
    incoming: &Incoming,
    key: &Key,
    admission: &Admission,
) -> Result<Response<Body>, Problem> {
    let namespace = incoming.namespace()?;
    if let Some(Asked::Open(line)) = Asked::of(&incoming.parts) {
        let socket = realtime_line(&namespace, key, admission, line).await;
        let socket = socket.map_err(|error| Problem::Unavailable(error.to_string()))?;
        return line::hand_down(socket.ok_or(Problem::NotFound)?);
    }
    // The object's response cannot be changed, only the copy made of it here.
    let joined = realtime_route(&namespace, key, admission).await;
    let response = joined.map_err(|error| Problem::Unavailable(error.to_string()))?;
    // The right ended between the look here and the object's own.
    if response.status_code() == 404 {
        return Err(Problem::NotFound);
    }
    Ok(with_protocol(response.into(), &incoming.parts))
}

/// Tells a socket that asked for events why it is refused: a browser cannot read
/// the status of a refused upgrade, so it is accepted and closed with a code.
pub(crate) fn refuse(parts: &Parts, problem: &Problem) -> Option<Response<Body>> {
    if !wants_events(parts) {
        return None;
    }
    match refuse_socket(problem.close_code(), problem.title()) {
        Ok(response) => Some(with_protocol(response.into(), parts)),
        Err(error) => {
            worker::console_error!("a socket could not be refused in words: {error}");
            None
        }
    }
}

/// Keeps where a session has a socket, before it has one there: who ends the session from
/// then on reaches this room. One that ended since its right was looked up is not let in,
/// and a key that nobody may join is kept nowhere. `/global` is everybody's.
async fn keep_place(incoming: &Incoming, key: &Key) -> Result<(), Problem> {
    let visitor = &incoming.visitor;
    let (true, Some(credential)) = (visitor.account, &visitor.credential) else {
        return Ok(());
    };
    if *key == Key::Global {
        return Ok(());
    }
    let maker = incoming.maker()?;
    let place = key.to_string();
    if store::accounts::joined(&*maker.database, credential, &place, maker.now_ms).await? {
        Ok(())
    } else {
        // It ended just now; the next try is a stranger's.
        Err(Problem::Unavailable("the session ended".to_owned()))
    }
}

pub(crate) async fn admit(incoming: &Incoming, key: &Key) -> Result<Admission, Problem> {
    let visitor = &incoming.visitor;
    let admission = match key {
        Key::Note(id) => open(&incoming.services()?, visitor, *id)
            .await?
            .admission(visitor),
        Key::Chat(room) => {
            let opened = open_room(&incoming.services()?, visitor, room).await?;
            opened.admission(visitor)
        }
        // It is theirs as long as their session stands.
        Key::User(id) if is_known(visitor) && visitor.person.id == *id => Admission {
            credential: visitor.credential.clone(),
            ..listener(visitor)
        },
        Key::User(_) => return Err(Problem::NotFound),
        Key::Global => listener(visitor),
    };
    Ok(Admission {
        events: wants_events(&incoming.parts),
        packed: wants_packed(&incoming.parts),
        revision: incoming
            .query("revision")
            .and_then(|revision| revision.parse().ok()),
        ..admission
    })
}

/// Whether it is somebody, by cookie or token, not a person made up for this request.
fn is_known(visitor: &Visitor) -> bool {
    visitor.credential.is_some() || visitor.bearer.is_some()
}

/// Who comes to a feed: they listen.
fn listener(visitor: &Visitor) -> Admission {
    Admission::new(visitor.person.clone(), Access::View)
}

/// Keeps that somebody was in a room, for their list of rooms. They come in also
/// when that cannot be written.
async fn visited(services: &Services, visitor: &Visitor, name: &str) {
    let Some(writer) = writer(visitor, services.now_ms) else {
        return;
    };
    if let Err(error) = store::rooms::visit(&*services.database, name, &writer).await {
        worker::console_error!("a visit of {name} was not kept: {error}");
    }
}

/// Echoes the subprotocol that carried a token: browsers give up a socket whose
/// only offer was not taken, and would never learn a close code.
fn with_protocol(mut response: Response<Body>, parts: &Parts) -> Response<Body> {
    let protocol = bearer::protocol(&parts.headers).map(HeaderValue::from_str);
    if let Some(Ok(protocol)) = protocol {
        response
            .headers_mut()
            .insert(SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    response
}
