//! Lines: the way into a room where a network lets no WebSocket through (SPEC, L). One
//! request stays open and hands down, as server-sent events, what the object sends on a
//! socket that ends here; others bring up what is said. Rights are asked as for sockets.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::str::FromStr;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::body::Body;
use futures_util::future::{Either, poll_fn, select};
use futures_util::{Stream, StreamExt};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use realtime::{Key, NotAKey, parse_uuid, realtime_say};
use uuid::Uuid;
use worker::js_sys::Reflect;
use worker::wasm_bindgen_futures::spawn_local;
use worker::{Delay, WebSocket, WebsocketEvent, web_sys};

use crate::error::Problem;
use crate::incoming::{Incoming, query, wants_events};
use crate::rooms;
use crate::server_sent;

/// So often the object is asked whether it is there, which does not wake it; the answer
/// tells the page that all of the way is open, and finds out who has gone.
const BEAT: Duration = Duration::from_secs(4);
/// What may wait for a page that takes nothing. The greatest frame is a whole view.
const MOST_WAITING_BYTES: usize = 16 * 1024 * 1024;
/// Proxies that gather an answer until it is worth sending get their fill.
const PADDING_BYTES: usize = 2_048;

/// What a request wants of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// `POST <key>?events=2&line=<uuid>`: to be told what is said.
    Open(Uuid),
    /// `POST <key>?line=<uuid>`: to say something.
    Say(Uuid),
}

impl Asked {
    /// Reads a request; none when it is about no line.
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        let line = (parts.method == Method::POST).then(|| query(parts, "line"))?;
        let line = parse_uuid(line?)?;
        Some(match wants_events(parts) {
            true => Self::Open(line),
            false => Self::Say(line),
        })
    }
}

/// Answers a request about a line.
pub(crate) async fn answer(
    incoming: &mut Incoming,
    asked: &Asked,
) -> Result<Response<Body>, Problem> {
    match asked {
        Asked::Open(_) => rooms::join(incoming).await,
        Asked::Say(line) => hear(incoming, *line).await,
    }
}

async fn hear(incoming: &mut Incoming, line: Uuid) -> Result<Response<Body>, Problem> {
    let key = Key::from_str(incoming.parts.uri.path()).map_err(|NotAKey| Problem::NotFound)?;
    let admission = rooms::admit(incoming, &key).await?;
    // Room for one frame that is too large, which the object answers as on a socket.
    let most = incoming.settings.max_frame_bytes.saturating_mul(2);
    let parcel = incoming.body(most).await?;
    let who = (line, admission.person.id);
    realtime_say(&incoming.namespace()?, &key, who, &parcel).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

/// The answer that stays open: what comes on a socket, as server-sent events.
pub(crate) fn hand_down(socket: WebSocket) -> Result<Response<Body>, Problem> {
    let waiting = Rc::new(RefCell::new(Waiting::default()));
    spawn_local(fill(socket, Rc::clone(&waiting)));
    let body = worker::Response::from_stream(Events(waiting));
    let body = body.map_err(|error| Problem::Broken(error.to_string()))?;
    let mut response: Response<Body> = body.into();
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store, no-transform"),
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// What came on the socket and was not taken yet.
#[derive(Default)]
struct Waiting {
    events: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Nothing more will come.
    over: bool,
    /// Nobody takes anything any more.
    left: bool,
    reader: Option<Waker>,
    filler: Option<Waker>,
}

impl Waiting {
    /// False when it is too much.
    fn add(&mut self, event: Vec<u8>) -> bool {
        self.bytes = self.bytes.saturating_add(event.len());
        self.events.push_back(event);
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        self.bytes <= MOST_WAITING_BYTES
    }

    fn end(&mut self) {
        self.over = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

/// The body of the answer. When it is dropped, the page has gone.
struct Events(Rc<RefCell<Waiting>>);

impl Stream for Events {
    type Item = Result<Vec<u8>, worker::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut waiting = self.0.borrow_mut();
        match waiting.events.pop_front() {
            Some(event) => {
                waiting.bytes = waiting.bytes.saturating_sub(event.len());
                Poll::Ready(Some(Ok(event)))
            }
            None if waiting.over => Poll::Ready(None),
            None => {
                waiting.reader = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        let mut waiting = self.0.borrow_mut();
        waiting.left = true;
        if let Some(filler) = waiting.filler.take() {
            filler.wake();
        }
    }
}

/// Takes what comes on the socket until either end has gone.
async fn fill(socket: WebSocket, waiting: Rc<RefCell<Waiting>>) {
    waiting
        .borrow_mut()
        .add(server_sent::comment(PADDING_BYTES));
    if let Err(error) = take_in(&socket, &waiting).await {
        worker::console_error!("a line broke: {error}");
    }
    waiting.borrow_mut().end();
    // One that was closed from the other end needs no closing.
    drop(socket.close(Some(1000), Some("")));
}

async fn take_in(socket: &WebSocket, waiting: &Rc<RefCell<Waiting>>) -> worker::Result<()> {
    // Blobs, which it would be else, cannot be read without waiting.
    let raw: &web_sys::WebSocket = socket.as_ref();
    Reflect::set(raw, &"binaryType".into(), &"arraybuffer".into())?;
    let mut coming = socket.events()?;
    socket.accept()?;
    loop {
        let mut beat = pin!(Delay::from(BEAT));
        let mut left = pin!(poll_fn(|context| has_left(waiting, context)));
        let event = match select(coming.next(), select(&mut beat, &mut left)).await {
            Either::Left((Some(event), _)) => event?,
            Either::Right((Either::Left(_), _)) => {
                socket.send_with_str("ping")?;
                continue;
            }
            Either::Left((None, _)) | Either::Right((Either::Right(_), _)) => return Ok(()),
        };
        let (event, ends) = match event {
            WebsocketEvent::Message(message) => match (message.text(), message.bytes()) {
                (Some(text), _) => (server_sent::text(&text), false),
                (None, Some(bytes)) => (server_sent::binary(&bytes), false),
                (None, None) => continue,
            },
            WebsocketEvent::Close(close) => {
                (server_sent::close(close.code(), &close.reason()), true)
            }
        };
        if !waiting.borrow_mut().add(event) || ends {
            return Ok(());
        }
    }
}

fn has_left(waiting: &Rc<RefCell<Waiting>>, context: &mut Context<'_>) -> Poll<()> {
    let mut waiting = waiting.borrow_mut();
    if waiting.left {
        return Poll::Ready(());
    }
    waiting.filler = Some(context.waker().clone());
    Poll::Pending
}
