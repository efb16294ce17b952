//! The Durable Object: the runtime's events into [`Room`], the room's effects out
//! to sockets, storage and alarms. It decides nothing.
//!
//! A panic anywhere costs the memory of every object of the isolate, so whatever
//! is here can be built again from storage and the sockets' attachments.

mod perform;
mod storage;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::pin::Pin;
use std::rc::Rc;

use note::ClientId;
use worker::{
    Date, Env, Request, Response, Result, State, WebSocket, WebSocketIncomingMessage, WebSocketPair,
};

use crate::access::{Admission, Who};
use crate::effect::{Effect, IndexEntry};
use crate::feed::FeedState;
use crate::key::Key;
use crate::notice::Notice;
use crate::refusal::Refusal;
use crate::room::{Room, Settings};
use crate::rooms::Wanted;
use crate::session::{Kept, SessionId, Timestamp};
use storage::Storage;

/// What a [`Host`] does in its own time; the error is for the log.
pub type HostFuture<T> = Pin<Box<dyn Future<Output = std::result::Result<T, String>>>>;

/// What the instance does around its rooms.
pub trait Host: 'static {
    /// Writes what the index over all notes should know. An error is tried again
    /// later; editing goes on meanwhile.
    fn index(env: &Env, key: &Key, entry: &IndexEntry) -> HostFuture<()>;

    /// What a feed has to say: of a person, or of everybody.
    fn feed(env: &Env, key: &Key) -> HostFuture<FeedState>;

    /// Keeps notices, each once for its person, kind and cause, and brings those
    /// people's feeds up to date. An error is tried again later with the same.
    fn notify(env: &Env, notices: Vec<Notice>) -> HostFuture<()>;

    /// The bounds of this instance.
    fn settings(env: &Env) -> Settings;
}

/// Defines `RealtimeDurableObject`, the class of every key's object, around a
/// [`Host`](crate::durable_object::Host).
#[macro_export]
macro_rules! realtime_durable_object {
    ($host:ty) => {
        /// One key: its sockets, its document, its storage.
        #[::worker::durable_object]
        pub struct RealtimeDurableObject($crate::durable_object::Runtime<$host>);

        impl ::worker::DurableObject for RealtimeDurableObject {
            fn new(state: ::worker::State, env: ::worker::Env) -> Self {
                Self($crate::durable_object::Runtime::new(state, env))
            }

            async fn fetch(
                &self,
                request: ::worker::Request,
            ) -> ::worker::Result<::worker::Response> {
                self.0.fetch(request).await
            }

            async fn alarm(&self) -> ::worker::Result<::worker::Response> {
                self.0.alarm().await
            }

            async fn websocket_message(
                &self,
                socket: ::worker::WebSocket,
                message: ::worker::WebSocketIncomingMessage,
            ) -> ::worker::Result<()> {
                self.0.message(&socket, message).await
            }

            async fn websocket_close(
                &self,
                socket: ::worker::WebSocket,
                _code: usize,
                _reason: String,
                _was_clean: bool,
            ) -> ::worker::Result<()> {
                self.0.closed(&socket).await
            }

            async fn websocket_error(
                &self,
                socket: ::worker::WebSocket,
                _error: ::worker::Error,
            ) -> ::worker::Result<()> {
                self.0.closed(&socket).await
            }

            async fn connect(&self, _socket: ::worker::Socket) -> ::worker::Result<()> {
                Err(::worker::Error::RustError("no TCP here".into()))
            }
        }
    };
}

/// What `RealtimeDurableObject` is made of.
pub struct Runtime<H: Host> {
    inner: Rc<Inner<H>>,
}

struct Inner<H: Host> {
    state: State,
    env: Env,
    storage: Storage,
    key: RefCell<Option<Key>>,
    room: RefCell<Option<Room>>,
    sockets: RefCell<HashMap<SessionId, WebSocket>>,
    last_id: Cell<u64>,
    host: std::marker::PhantomData<H>,
}

/// What has to be awaited after the effects that are done at once.
#[derive(Default)]
struct Later {
    alarm: Option<Timestamp>,
    index: Option<IndexEntry>,
}

impl<H: Host> Runtime<H> {
    /// Called by the runtime, also after a sleep or a panic. Synchronous: an
    /// event may come before anything asynchronous here has finished.
    #[must_use]
    pub fn new(state: State, env: Env) -> Self {
        if let Ok(pair) = worker_sys::WebSocketRequestResponsePair::new("ping", "pong") {
            state.set_websocket_auto_response(&pair);
        }
        let storage = Storage::open(&state);
        let inner = Inner {
            state,
            env,
            storage,
            key: RefCell::default(),
            room: RefCell::default(),
            sockets: RefCell::default(),
            last_id: Cell::new(0),
            host: std::marker::PhantomData,
        };
        Self {
            inner: Rc::new(inner),
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
        if let Some(key) = query.get("key").and_then(|path| path.parse::<Key>().ok()) {
            self.inner.remember_key(key)?;
        }
        match url.path() {
            "/join" => match query
                .get("admission")
                .and_then(|json| serde_json::from_str(json).ok())
            {
                Some(admission) => self.inner.join(admission).await,
                None => Response::error("no admission", 400),
            },
            "/act" => {
                let asked: crate::action::Request = request.json().await?;
                let outcome = self
                    .inner
                    .with_room(|room, now| match room.act(&asked, now) {
                        Ok((done, effects)) => (Ok(done), effects),
                        Err(refusal) => (Err(refusal), Vec::new()),
                    });
                match outcome.await? {
                    (Ok(done), true) => answer(Ok(&done)),
                    (Ok(_), false) => answer::<()>(Err(Refusal::Storage)),
                    (Err(refusal), _) => answer::<()>(Err(refusal)),
                }
            }
            "/read" => {
                let wanted: Wanted = request.json().await?;
                let (reading, _) = self.inner.with_room(|room, _| room.read(wanted)).await?;
                answer(Ok(&reading))
            }
            "/render" => {
                let who: Who = request.json().await?;
                self.inner
                    .with_room(|room, _| ((), room.refresh(&who)))
                    .await?;
                answer(Ok(&()))
            }
            "/close" => {
                let why: Refusal = request.json().await?;
                self.inner
                    .with_room(|room, now| ((), room.close_everyone(why, now)))
                    .await?;
                answer(Ok(&()))
            }
            _ => Response::error("no such thing", 404),
        }
    }

    /// The alarm: work that can wait a second or more. May fire twice, or late.
    ///
    /// # Errors
    /// When the runtime fails.
    pub async fn alarm(&self) -> Result<Response> {
        let inner = &self.inner;
        let later = inner.turn(Room::alarm)?;
        inner.ask_for(later.alarm).await?;
        if let Some(entry) = later.index {
            let key = inner.known_key()?;
            let written = match key {
                Some(key) => H::index(&inner.env, &key, &entry).await,
                None => Err("the object does not know its key yet".to_owned()),
            };
            if let Err(error) = &written {
                worker::console_warn!("the index was not written, it will be tried again: {error}");
            }
            let later = inner.turn(|room, now| room.indexed(&entry, written.is_ok(), now))?;
            inner.ask_for(later.alarm).await?;
        }
        Response::empty()
    }

    /// A frame from a socket.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub async fn message(
        &self,
        socket: &WebSocket,
        message: WebSocketIncomingMessage,
    ) -> Result<()> {
        let Some(id) = self.inner.id_of(socket) else {
            return self.inner.turn_away(socket);
        };
        let later = match message {
            WebSocketIncomingMessage::Binary(bytes) => {
                self.inner.turn(|room, now| room.receive(id, &bytes, now))?
            }
            // The runtime answers this one itself, without waking the object; one
            // that comes through all the same is answered as well.
            WebSocketIncomingMessage::String(text) if text == "ping" => {
                return socket.send_with_str("pong");
            }
            WebSocketIncomingMessage::String(_) => {
                self.inner.turn(|room, now| room.receive(id, &[], now))?
            }
        };
        self.inner.ask_for(later.alarm).await
    }

    /// A socket has gone.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub async fn closed(&self, socket: &WebSocket) -> Result<()> {
        // The runtime leaves the answer to a close frame to us; without it the
        // client waits ten seconds. One that is gone already cannot be answered.
        drop(socket.close(Some(1000), Some("")));
        let Some(id) = self.inner.id_of(socket) else {
            return Ok(());
        };
        let later = self.inner.turn(|room, now| room.leave(id, now))?;
        self.inner.sockets.borrow_mut().remove(&id);
        self.inner.ask_for(later.alarm).await
    }
}

impl<H: Host> Inner<H> {
    async fn join(self: &Rc<Self>, admission: Admission) -> Result<Response> {
        let pair = WebSocketPair::new()?;
        let now = now();
        let id = SessionId(
            self.last_id
                .get()
                .saturating_add(1)
                .max(now.saturating_mul(4096)),
        );
        self.last_id.set(id.0);
        // The room is opened before the socket is accepted, so that the socket is
        // not among those that slept.
        self.open(now)?;
        self.state
            .accept_websocket_with_tags(&pair.server, &[&id.0.to_string()]);
        self.sockets.borrow_mut().insert(id, pair.server);
        let later = self.turn(|room, now| room.join(id, admission, now))?;
        self.ask_for(later.alarm).await?;
        Response::from_websocket(pair.client)
    }

    /// Lets the room do something, and does what it wants done. The flag says
    /// whether everything could be stored.
    async fn with_room<T>(
        self: &Rc<Self>,
        body: impl FnOnce(&mut Room, Timestamp) -> (T, Vec<Effect>),
    ) -> Result<(T, bool)> {
        let now = now();
        self.open(now)?;
        let (value, effects) = {
            let mut room = self.room.borrow_mut();
            let Some(room) = room.as_mut() else {
                return Err("the room is not open".into());
            };
            body(room, now)
        };
        let (later, stored) = self.perform(effects);
        self.ask_for(later.alarm).await?;
        Ok((value, stored))
    }

    /// The same for the common case, without awaiting.
    fn turn(
        self: &Rc<Self>,
        body: impl FnOnce(&mut Room, Timestamp) -> Vec<Effect>,
    ) -> Result<Later> {
        let now = now();
        self.open(now)?;
        let effects = match self.room.borrow_mut().as_mut() {
            Some(room) => body(room, now),
            None => Vec::new(),
        };
        Ok(self.perform(effects).0)
    }

    /// Opens the room from storage and attachments, if it is not open.
    fn open(self: &Rc<Self>, now: Timestamp) -> Result<()> {
        if self.room.borrow().is_some() {
            return Ok(());
        }
        self.storage.prepare()?;
        let stored = self.storage.load()?;
        let mut kept = Vec::new();
        for socket in self.state.get_websockets() {
            match attachment(&socket) {
                Some(session) => {
                    self.last_id.set(self.last_id.get().max(session.id.0));
                    self.sockets.borrow_mut().insert(session.id, socket);
                    kept.push(session);
                }
                None => self.turn_away(&socket)?,
            }
        }
        let client = ClientId(u64::from(random_u32()));
        let room = Room::open(client, H::settings(&self.env), &stored, kept, now);
        let mut room =
            room.map_err(|error| worker::Error::RustError(format!("stored note: {error}")))?;
        let effects = room.wake();
        self.room.replace(Some(room));
        self.perform(effects);
        Ok(())
    }

    fn id_of(&self, socket: &WebSocket) -> Option<SessionId> {
        self.state
            .get_tags(socket)
            .first()
            .and_then(|tag| tag.parse().ok())
            .map(SessionId)
    }

    /// The key comes with every request and is stored once: an alarm has none.
    fn remember_key(&self, key: Key) -> Result<()> {
        if self.known_key()?.is_none() {
            self.storage.prepare()?;
            self.storage.remember("key", &key.to_string())?;
        }
        self.key.replace(Some(key));
        Ok(())
    }

    fn known_key(&self) -> Result<Option<Key>> {
        if self.key.borrow().is_none() {
            self.storage.prepare()?;
            let stored = self.storage.fact("key")?.and_then(|path| path.parse().ok());
            self.key.replace(stored);
        }
        Ok(self.key.borrow().clone())
    }
}

fn attachment(socket: &WebSocket) -> Option<Kept> {
    let json: String = socket.deserialize_attachment().ok().flatten()?;
    serde_json::from_str(&json).ok()
}

/// Answers the Worker: a value, or a refusal with its status.
fn answer<T: serde::Serialize>(outcome: std::result::Result<&T, Refusal>) -> Result<Response> {
    match outcome {
        Ok(value) => Response::from_json(value),
        Err(refusal) => Ok(Response::from_json(&refusal)?.with_status(refusal.status())),
    }
}

fn now() -> Timestamp {
    Date::now().as_millis()
}

/// A random number of 32 bits, for the id under which requests write.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number in 0..2^32"
)]
fn random_u32() -> u32 {
    (js_sys::Math::random() * 4_294_967_296.0) as u32
}
