//! The Durable Object: the runtime's events into [`Group`], the group's effects out
//! to sockets, storage and alarms. It decides nothing.
//!
//! A panic anywhere costs the memory of every object of the isolate, so whatever
//! is here can be built again from storage and the sockets' attachments.

mod host;
mod inner;
mod perform;
mod rest;
mod socket;
mod storage;
mod strike;
mod timer;

use std::collections::HashMap;
use std::rc::Rc;

use js_sys::{JsString, Uint8Array};
use uuid::Uuid;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use worker::{Env, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage};

use crate::access::{Admission, Who};
use crate::ask::MAX_ASK_BYTES;
use crate::effect::{Effect, IndexEntry};
use crate::group::Group;
use crate::key::{Key, parse_uuid};
use crate::notice::Notice;
use crate::parcel::{NotAParcel, Parcelled, unpack};
use crate::refusal::Refusal;
use crate::rooms::Wanted;
use crate::session::{SessionId, Timestamp};
use crate::strike::is_risky;
pub use host::{Host, HostFuture};
use inner::{Inner, Later};

/// What `RealtimeDurableObject` is made of.
pub struct Runtime<H: Host> {
    inner: Rc<Inner<H>>,
}

impl<H: Host> Runtime<H> {
    /// Called by the runtime, also after a sleep or a panic. Synchronous: an
    /// event may come before anything asynchronous here has finished.
    #[must_use]
    pub fn new(state: State, env: Env) -> Self {
        if let Ok(pair) = worker_sys::WebSocketRequestResponsePair::new("ping", "pong") {
            state.set_websocket_auto_response(&pair);
        }
        Self {
            inner: Rc::new(Inner::new(state, env)),
        }
    }

    /// The Worker's side of the conversation (`route.rs`): joining, actions,
    /// reading, rendering. Nobody else can reach an object.
    ///
    /// # Errors
    /// When the runtime fails.
    pub async fn fetch(&self, mut request: Request) -> Result<Response> {
        let url = request.url()?;
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        // There is nobody in what was never anything, or is erased: telling makes nothing of it.
        if matches!(url.path(), "/recheck" | "/close" | "/render") && !self.inner.is_made() {
            self.inner.doubt();
            return answer(Ok(&()));
        }
        if let Some(key) = query.get("key").and_then(|path| path.parse::<Key>().ok()) {
            self.inner.remember_key(key)?;
        }
        match url.path() {
            "/join" => match query
                .get("admission")
                .and_then(|json| serde_json::from_str(json).ok())
            {
                Some(admission) => {
                    let line = query.get("line").and_then(|line| parse_uuid(line));
                    self.inner.join(admission, line).await
                }
                None => Response::error("no admission", 400),
            },
            "/hear" => {
                let of = |name: &str| query.get(name).and_then(|id| parse_uuid(id));
                match (of("line"), of("person")) {
                    (Some(line), Some(person)) => {
                        self.hear(line, person, &request.bytes().await?).await
                    }
                    _ => Response::error("no line", 400),
                }
            }
            "/act" => self.act(&request.json().await?).await,
            "/copy" => self.copy(&request.json().await?).await,
            "/read" => {
                let wanted = query
                    .get("wanted")
                    .and_then(|json| serde_json::from_str(json).ok());
                match wanted {
                    Some(wanted) => self.read(wanted).await,
                    None => Response::error("nothing wanted", 400),
                }
            }
            "/render" => {
                let who: Who = request.json().await?;
                self.inner
                    .with_group(|group, _| ((), group.refresh(&who)))
                    .await?;
                answer(Ok(&()))
            }
            "/recheck" => {
                self.inner.recheck(None).await?;
                answer(Ok(&()))
            }
            "/close" => {
                let why: Refusal = request.json().await?;
                self.inner.doubt();
                self.inner
                    .with_group(|group, now| ((), group.close_everyone(why, now)))
                    .await?;
                answer(Ok(&()))
            }
            "/erase" => {
                self.inner.erase().await?;
                answer(Ok(&()))
            }
            _ => Response::error("no such thing", 404),
        }
    }

    /// One turn of the group that may be refused; what it stores has to be stored.
    async fn attempt<T>(
        &self,
        body: impl FnOnce(&mut Group, Timestamp) -> std::result::Result<(T, Vec<Effect>), Refusal>,
    ) -> Result<std::result::Result<T, Refusal>> {
        let turn = self.inner.with_group(|group, now| match body(group, now) {
            Ok((done, effects)) => (Ok(done), effects),
            Err(refusal) => (Err(refusal), Vec::new()),
        });
        Ok(match turn.await? {
            (Ok(_), false) => Err(Refusal::Storage),
            (outcome, _) => outcome,
        })
    }

    async fn read(&self, wanted: Wanted) -> Result<Response> {
        if let Some(view) = self.inner.read_at_rest(wanted)? {
            return Response::from_bytes(view.to_bytes()?);
        }
        let read = self.attempt(|group, now| group.read(wanted, &self.inner.storage, now));
        match read.await? {
            Ok(reading) => Response::from_bytes(reading.to_bytes()?),
            Err(refusal) => answer::<()>(Err(refusal)),
        }
    }

    async fn copy(&self, admission: &Admission) -> Result<Response> {
        match self
            .attempt(|group, now| group.copy(admission, now))
            .await?
        {
            Ok(copy) => Response::from_bytes(copy),
            Err(refusal) => answer::<()>(Err(refusal)),
        }
    }

    async fn act(&self, asked: &crate::action::Request) -> Result<Response> {
        let done = self.attempt(|group, now| group.act(asked, &self.inner.storage, now));
        answer(done.await?.as_ref().map_err(|refusal| *refusal))
    }

    /// The alarm: work that can wait. May fire twice, or late.
    ///
    /// # Errors
    /// When the runtime fails.
    pub async fn alarm(&self) -> Result<Response> {
        let inner = &self.inner;
        H::noticed(&inner.env, "alarm");
        let Later {
            alarm,
            index,
            notify,
            load_feed,
            recheck,
        } = inner.turn(Group::alarm)?;
        inner
            .finish(Later {
                alarm,
                load_feed,
                recheck,
                ..Later::default()
            })
            .await?;
        // Notices first: somebody waits for them.
        if let Some(notices) = notify {
            self.notify(notices).await?;
        }
        if let Some(entry) = index {
            self.index(&entry).await?;
        }
        Response::empty()
    }

    async fn notify(&self, notices: Vec<Notice>) -> Result<()> {
        let inner = &self.inner;
        let taken = H::notify(&inner.env, notices.clone()).await;
        if let Err(error) = &taken {
            worker::console_warn!("notices were not taken, it will be tried again: {error}");
        }
        if inner.is_erased() {
            return Ok(());
        }
        let later = inner.turn(|group, now| group.notified(&notices, taken.is_ok(), now))?;
        inner.finish(later).await
    }

    async fn index(&self, entry: &IndexEntry) -> Result<()> {
        let inner = &self.inner;
        let written = match inner.known_key()? {
            Some(key) => H::index(&inner.env, &key, entry).await,
            None => Err("the object does not know its key yet".to_owned()),
        };
        if let Err(error) = &written {
            worker::console_warn!("the index was not written, it will be tried again: {error}");
        }
        if inner.is_erased() {
            return Ok(());
        }
        let later = inner.turn(|group, now| group.indexed(entry, written.is_ok(), now))?;
        inner.finish(later).await
    }

    /// Frames of somebody whose socket ends in the Worker, for their network lets none
    /// through (SPEC, L). They are taken in as if they had come by it.
    async fn hear(&self, line: Uuid, person: Uuid, parcel: &[u8]) -> Result<Response> {
        let socket = self.inner.line_of(line, person);
        let known = socket.and_then(|socket| Some((self.inner.id_of(&socket)?, socket)));
        let Some((id, socket)) = known else {
            return answer::<()>(Err(Refusal::NotFound));
        };
        for frame in unpack(parcel) {
            let message = match frame {
                Ok(Parcelled::Text(text)) => WebSocketIncomingMessage::String(text.to_owned()),
                Ok(Parcelled::Binary(bytes)) => WebSocketIncomingMessage::Binary(bytes.to_vec()),
                Err(NotAParcel) => return answer::<()>(Err(Refusal::Malformed)),
            };
            if self.inner.is_gone(id) {
                break;
            }
            let later = self.take(id, &socket, message)?;
            self.inner.finish(later).await?;
        }
        answer(Ok(&()))
    }

    /// A frame from a socket, as the runtime has it.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub fn message(
        &self,
        socket: &WebSocket,
        frame: &JsValue,
    ) -> std::result::Result<JsValue, JsValue> {
        let Some(id) = self.inner.id_of(socket) else {
            self.inner.turn_away(socket)?;
            return Ok(JsValue::UNDEFINED);
        };
        // What was on its way when its socket was closed is nobody's, and may be much.
        if self.inner.is_gone(id) {
            return Ok(JsValue::UNDEFINED);
        }
        let message = copied(frame, self.inner.longest_frame());
        Ok(self.promised(self.take(id, socket, message)?))
    }

    /// Takes in a frame, and says what is left to wait for.
    fn take(
        &self,
        id: SessionId,
        socket: &WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<Later> {
        let inner = &self.inner;
        match message {
            WebSocketIncomingMessage::Binary(bytes) if inner.hear_at_rest(id, &bytes)? => {
                Ok(Later::default())
            }
            WebSocketIncomingMessage::Binary(bytes) if !is_risky(&bytes) => {
                inner.turn(|group, now| group.receive(id, &bytes, now))
            }
            WebSocketIncomingMessage::Binary(bytes) => {
                inner.risky_turn(id, |group, now| group.receive(id, &bytes, now))
            }
            // The runtime answers this one itself, without waking the object; one
            // that comes through all the same is answered as well.
            WebSocketIncomingMessage::String(text) if text == "ping" => {
                socket.send_with_str("pong")?;
                Ok(Later::default())
            }
            WebSocketIncomingMessage::String(text) => inner.risky_turn(id, |group, now| {
                group.receive_text(id, &text, &inner.storage, now)
            }),
        }
    }

    /// A socket has gone.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub fn closed(&self, socket: &WebSocket) -> std::result::Result<JsValue, JsValue> {
        // The runtime leaves the answer to a close frame to us; without it the
        // client waits ten seconds. One that is gone already cannot be answered.
        drop(socket.close(Some(1000), Some("")));
        let Some(id) = self.inner.id_of(socket) else {
            return Ok(JsValue::UNDEFINED);
        };
        if self.inner.is_gone(id) {
            return Ok(JsValue::UNDEFINED);
        }
        let later = self.inner.turn(|group, now| group.leave(id, now))?;
        self.inner.sockets.borrow_mut().remove(&id);
        Ok(self.promised(later))
    }

    /// A promise of what is left to wait for. Most often that is nothing, and none is made.
    fn promised(&self, later: Later) -> JsValue {
        if later.is_nothing() {
            return JsValue::UNDEFINED;
        }
        let inner = Rc::clone(&self.inner);
        future_to_promise(async move {
            inner.finish(later).await?;
            Ok(JsValue::UNDEFINED)
        })
        .into()
    }
}

/// A frame, out of the runtime's hands. Of one that is longer than any may be only so much
/// is copied that this is seen: memory that was once taken is never given back.
fn copied(frame: &JsValue, longest: u32) -> WebSocketIncomingMessage {
    const LONGEST_TEXT: u32 = MAX_ASK_BYTES as u32;
    match frame.dyn_ref::<JsString>() {
        Some(text) => {
            // A unit is a byte or more.
            let beyond = text.length() > LONGEST_TEXT;
            let text = if beyond {
                text.slice(0, LONGEST_TEXT + 1)
            } else {
                text.clone()
            };
            WebSocketIncomingMessage::String(text.into())
        }
        None => {
            let bytes = Uint8Array::new(frame);
            let beyond = bytes.length() > longest;
            let bytes = if beyond {
                bytes.subarray(0, longest.saturating_add(1))
            } else {
                bytes
            };
            WebSocketIncomingMessage::Binary(bytes.to_vec())
        }
    }
}

/// Answers the Worker: a value, or a refusal with its status.
fn answer<T: serde::Serialize>(outcome: std::result::Result<&T, Refusal>) -> Result<Response> {
    match outcome {
        Ok(value) => Response::from_json(value),
        Err(refusal) => Ok(Response::from_json(&refusal)?.with_status(refusal.status())),
    }
}
