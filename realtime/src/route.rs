//! The Worker's side of a room: sends a socket or a request to its key's object.
//! Who may come in is decided before; the object believes the admission.

use std::future::poll_fn;
use std::task::Poll;

use uuid::Uuid;
use wasm_bindgen_futures::JsFuture;
use worker::js_sys::Uint8Array;
use worker::send::{SendFuture, SendWrapper};
use worker::{
    Headers, Method, ObjectNamespace, Request, RequestInit, Response, Result, Url, WebSocket,
    WebSocketPair,
};

use crate::access::{Admission, Who};
use crate::action::{Done, Request as Asked};
use crate::key::Key;
use crate::reading::Reading;
use crate::refusal::{Refusal, close_reason};
use crate::rooms::{Pending, Rooms, Wanted};

/// Joins a socket to the group of a key: forwards the upgrade to the key's
/// object, with the word on who it is. Nothing else of the client's request goes
/// along, cookies least of all.
///
/// # Errors
/// When the object cannot be reached.
pub async fn realtime_route(
    namespace: &ObjectNamespace,
    key: &Key,
    admission: &Admission,
) -> Result<Response> {
    join(namespace, key, admission, None).await
}

/// Joins somebody whose network lets no WebSocket through (SPEC, L): the object's socket
/// ends here, and whoever called hands on what comes by it. What they say comes under
/// the same `line` by [`realtime_say`]. No socket when they may not come in any more.
///
/// # Errors
/// When the object cannot be reached.
pub async fn realtime_line(
    namespace: &ObjectNamespace,
    key: &Key,
    admission: &Admission,
    line: Uuid,
) -> Result<Option<WebSocket>> {
    let response = join(namespace, key, admission, Some(line)).await?;
    Ok(response.websocket())
}

/// Hands a room the frames that somebody says on a line, packed as [`crate::parcel`]
/// reads them.
///
/// # Errors
/// [`Refusal::NotFound`] when there is no such line, or not of this person;
/// [`Refusal::Malformed`] when it is no parcel, [`Refusal::Storage`] when the object
/// cannot be reached.
pub async fn realtime_say(
    namespace: &ObjectNamespace,
    key: &Key,
    (line, person): (Uuid, Uuid),
    parcel: &[u8],
) -> std::result::Result<(), Refusal> {
    let more = [
        ("line", &*line.to_string()),
        ("person", &*person.to_string()),
    ];
    let asked = async {
        let url = address("hear", key, &more)?;
        let mut init = RequestInit::new();
        init.with_method(Method::Post)
            .with_body(Some(Uint8Array::from(parcel).into()));
        let request = Request::new_with_init(url.as_str(), &init)?;
        fetch(namespace, key, key.shard_of(person), request).await
    };
    told("hear", key, asked.await)
}

/// A note for somebody's device (SPEC, D9): the `hello` they would get as one line of
/// JSON, and behind it the document with its history, as one update.
///
/// # Errors
/// [`Refusal::NotFound`] for a key that is no note, [`Refusal::Storage`] when the object
/// cannot be reached.
pub async fn realtime_copy(
    namespace: &ObjectNamespace,
    key: &Key,
    admission: &Admission,
) -> std::result::Result<Vec<u8>, Refusal> {
    told(
        "copy",
        key,
        bytes_of(namespace, key, "copy", admission).await,
    )
}

async fn join(
    namespace: &ObjectNamespace,
    key: &Key,
    admission: &Admission,
    line: Option<Uuid>,
) -> Result<Response> {
    let json = serde_json::to_string(admission)?;
    let mut url = address("join", key, &[("admission", json.as_str())])?;
    if let Some(line) = line {
        url.query_pairs_mut().append_pair("line", &line.to_string());
    }
    let headers = Headers::new();
    headers.set("Upgrade", "websocket")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Get).with_headers(headers);
    let request = Request::new_with_init(url.as_str(), &init)?;
    reach(namespace, key, key.shard_of(admission.person.id), request).await
}

/// Accepts a socket only to close it with a code, waking no object: a browser
/// cannot read the status of a refused upgrade.
///
/// # Errors
/// When the runtime fails.
pub fn refuse_socket(close_code: u16, reason: &str) -> Result<Response> {
    let pair = WebSocketPair::new()?;
    pair.server.accept()?;
    pair.server
        .close(Some(close_code), Some(close_reason(reason)))?;
    Response::from_websocket(pair.client)
}

/// Renders what changed to the clients of a key, once, whatever their number:
/// after a server action, from another request, an alarm or a cron trigger.
///
/// # Errors
/// [`Refusal::Storage`] when the object cannot be reached.
pub async fn render_realtime_clients(
    namespace: &ObjectNamespace,
    key: &Key,
    who: &Who,
) -> std::result::Result<(), Refusal> {
    ask_all(namespace, key, "render", who).await
}

/// Closes every socket of a key: what it was about is gone.
///
/// # Errors
/// [`Refusal::Storage`] when the object cannot be reached.
pub async fn close_realtime_clients(
    namespace: &ObjectNamespace,
    key: &Key,
    why: Refusal,
) -> std::result::Result<(), Refusal> {
    ask_all(namespace, key, "close", &why).await
}

/// What a key is about is gone for good: closes every socket of it, and has its objects
/// forget everything. Whoever makes it anew begins with nothing.
///
/// # Errors
/// [`Refusal::Storage`] when an object cannot be reached; then it is to be asked again.
pub async fn erase_realtime_key(
    namespace: &ObjectNamespace,
    key: &Key,
) -> std::result::Result<(), Refusal> {
    ask_all(namespace, key, "erase", &()).await
}

/// Has the rights of a key's open sockets looked at again, after they changed in
/// the host's database: who has less is lowered, who has none is closed (4403)
/// before this returns.
///
/// # Errors
/// [`Refusal::Storage`] when the object cannot be reached.
pub async fn recheck_realtime_clients(
    namespace: &ObjectNamespace,
    key: &Key,
) -> std::result::Result<(), Refusal> {
    ask_all(namespace, key, "recheck", &()).await
}

/// The rooms of an instance as Durable Objects.
#[derive(Clone)]
pub struct ObjectRooms {
    namespace: SendWrapper<ObjectNamespace>,
}

impl ObjectRooms {
    /// Rooms behind this binding.
    #[must_use]
    pub fn new(namespace: ObjectNamespace) -> Self {
        Self {
            namespace: SendWrapper::new(namespace),
        }
    }
}

impl Rooms for ObjectRooms {
    fn act<'a>(
        &'a self,
        key: &'a Key,
        request: Asked,
    ) -> Pending<'a, std::result::Result<Done, Refusal>> {
        Box::pin(SendFuture::new(async move {
            ask(&self.namespace, key, 0, "act", &request).await
        }))
    }

    fn read<'a>(
        &'a self,
        key: &'a Key,
        wanted: Wanted,
    ) -> Pending<'a, std::result::Result<Reading, Refusal>> {
        Box::pin(SendFuture::new(async move {
            told("read", key, try_read(&self.namespace, key, wanted).await)
        }))
    }

    fn refresh<'a>(
        &'a self,
        key: &'a Key,
        who: Who,
    ) -> Pending<'a, std::result::Result<(), Refusal>> {
        Box::pin(SendFuture::new(async move {
            render_realtime_clients(&self.namespace, key, &who).await
        }))
    }

    fn recheck<'a>(&'a self, key: &'a Key) -> Pending<'a, std::result::Result<(), Refusal>> {
        Box::pin(SendFuture::new(async move {
            recheck_realtime_clients(&self.namespace, key).await
        }))
    }
}

/// Asks each of a key's objects for something, all at the same time.
async fn ask_all<Q: serde::Serialize>(
    namespace: &ObjectNamespace,
    key: &Key,
    what: &str,
    question: &Q,
) -> std::result::Result<(), Refusal> {
    let asked = |shard| Box::pin(ask::<Q, ()>(namespace, key, shard, what, question));
    let mut open: Vec<_> = (0..key.shards()).map(asked).collect();
    let mut outcome = Ok(());
    poll_fn(|context| {
        open.retain_mut(|asked| match asked.as_mut().poll(context) {
            Poll::Ready(answer) => {
                outcome = outcome.and(answer);
                false
            }
            Poll::Pending => true,
        });
        if open.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    outcome
}

/// Asks one of a key's objects for something. What the runtime fails at is
/// [`Refusal::Storage`]: worth another try, nothing of it certain.
async fn ask<Q: serde::Serialize, A: serde::de::DeserializeOwned>(
    namespace: &ObjectNamespace,
    key: &Key,
    shard: u8,
    what: &str,
    question: &Q,
) -> std::result::Result<A, Refusal> {
    let asked = try_ask(namespace, key, shard, what, question).await;
    told(what, key, asked)
}

/// What an object answered; what the runtime failed at goes to the log.
fn told<A>(
    what: &str,
    key: &Key,
    answer: Result<std::result::Result<A, Refusal>>,
) -> std::result::Result<A, Refusal> {
    answer.unwrap_or_else(|error| {
        worker::console_error!("{what} {key}: {error}");
        Err(Refusal::Storage)
    })
}

async fn try_ask<Q: serde::Serialize, A: serde::de::DeserializeOwned>(
    namespace: &ObjectNamespace,
    key: &Key,
    shard: u8,
    what: &str,
    question: &Q,
) -> Result<std::result::Result<A, Refusal>> {
    fetch(namespace, key, shard, self::question(what, key, question)?).await
}

async fn try_read(
    namespace: &ObjectNamespace,
    key: &Key,
    wanted: Wanted,
) -> Result<std::result::Result<Reading, Refusal>> {
    let json = serde_json::to_string(&wanted)?;
    let url = address("read", key, &[("wanted", json.as_str())])?;
    let request = Request::new(url.as_str(), Method::Get)?;
    Ok(match fetch_bytes(namespace, key, 0, request).await? {
        Ok(bytes) => Ok(Reading::from_bytes(bytes).ok_or("no reading")?),
        Err(refusal) => Err(refusal),
    })
}

/// What a note's object has for a question that is answered with bytes.
async fn bytes_of<Q: serde::Serialize>(
    namespace: &ObjectNamespace,
    key: &Key,
    what: &str,
    question: &Q,
) -> Result<std::result::Result<Vec<u8>, Refusal>> {
    let request = self::question(what, key, question)?;
    fetch_bytes(namespace, key, 0, request).await
}

fn question<Q: serde::Serialize>(what: &str, key: &Key, question: &Q) -> Result<Request> {
    let url = address(what, key, &[])?;
    let body = serde_json::to_string(question)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    Request::new_with_init(url.as_str(), &init)
}

async fn fetch<A: serde::de::DeserializeOwned>(
    namespace: &ObjectNamespace,
    key: &Key,
    shard: u8,
    request: Request,
) -> Result<std::result::Result<A, Refusal>> {
    Ok(match fetch_bytes(namespace, key, shard, request).await? {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(refusal) => Err(refusal),
    })
}

/// The body comes in one piece: a stream of it would come in pieces of 4 kB, each with a
/// promise of its own.
async fn fetch_bytes(
    namespace: &ObjectNamespace,
    key: &Key,
    shard: u8,
    request: Request,
) -> Result<std::result::Result<Vec<u8>, Refusal>> {
    let response = web_sys::Response::from(reach(namespace, key, shard, request).await?);
    let body = JsFuture::from(response.array_buffer()?).await?;
    let bytes = Uint8Array::new(&body).to_vec();
    Ok(if response.status() == 200 {
        Ok(bytes)
    } else {
        Err(serde_json::from_slice(&bytes)?)
    })
}

/// Of the object's name only the id goes along: each time it wakes with a name the runtime
/// writes that down, and syncs it, before it lets the object answer. The key it is told by us.
async fn reach(
    namespace: &ObjectNamespace,
    key: &Key,
    shard: u8,
    request: Request,
) -> Result<Response> {
    let id = namespace.id_from_name(&key.object_name(shard))?;
    let nameless = namespace.id_from_string(&id.to_string())?;
    nameless.get_stub()?.fetch_with_request(request).await
}

/// The address of an object's operation; the host is of no account.
fn address(what: &str, key: &Key, more: &[(&str, &str)]) -> Result<Url> {
    let mut url = Url::parse("http://object/")?;
    url.set_path(what);
    url.query_pairs_mut()
        .append_pair("key", &key.to_string())
        .extend_pairs(more);
    Ok(url)
}
