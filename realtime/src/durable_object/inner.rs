//! One object: its group, opened when the first event comes, its sockets, and the
//! turns in which the group does something.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use note::ClientId;
use uuid::Uuid;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use worker::{Date, Env, Response, Result, State, WebSocket, WebSocketPair};

use super::Host;
use super::rest::Greeted;
use super::socket::{Socket, attachment, session_of};
use super::storage::Storage;
use super::timer::Timer;
use crate::access::{Admission, Asker};
use crate::effect::{Effect, IndexEntry};
use crate::group::{Group, StoredGroup};
use crate::key::Key;
use crate::notice::Notice;
use crate::refusal::{Refusal, close_reason};
use crate::rights::Rights;
use crate::room::Settings;
use crate::session::{SessionId, Timestamp};

/// How long after a change of rights an admission is looked at again. One that was
/// made before the change gets here within a request's time.
const DOUBTFUL_FOR_MS: u64 = 60_000;

/// An object.
pub(super) struct Inner<H: Host> {
    pub(super) state: State,
    pub(super) env: Env,
    pub(super) storage: Storage,
    pub(super) group: RefCell<Option<Group>>,
    pub(super) sockets: RefCell<HashMap<SessionId, Socket>>,
    key: RefCell<Option<Key>>,
    pub(super) timer: Timer,
    last_id: Cell<u64>,
    /// What the key was about is gone, and nobody has come to it since.
    is_erased: Cell<bool>,
    settings: OnceCell<Settings>,
    /// The version and the revision of the stored view that was served.
    pub(super) served: Cell<Option<(u64, u64)>>,
    /// Who was let in without opening the group.
    pub(super) greeted: RefCell<Option<Greeted>>,
    /// How often it was told that rights changed, and when last.
    told_of_rights: Cell<(u64, Timestamp)>,
    /// How many people the host is to be told of, and whether it is being told.
    pub(super) here: Cell<Option<usize>>,
    pub(super) tells_here: Cell<bool>,
    host: std::marker::PhantomData<H>,
}

/// What has to be awaited after the effects that are done at once.
#[derive(Default)]
pub(super) struct Later {
    pub(super) alarm: Option<Timestamp>,
    pub(super) index: Option<IndexEntry>,
    pub(super) notify: Option<Vec<Notice>>,
    pub(super) load_feed: Option<u64>,
    pub(super) recheck: Option<Vec<SessionId>>,
}

impl Later {
    /// Whether there is nothing to wait for.
    pub(super) fn is_nothing(&self) -> bool {
        self.alarm.is_none() && self.recheck.is_none() && self.load_feed.is_none()
    }
}

impl<H: Host> Inner<H> {
    /// Opens nothing yet: the first event does.
    pub(super) fn new(state: State, env: Env) -> Self {
        H::noticed(&env, "constructed");
        Self {
            storage: Storage::open(&state),
            state,
            env,
            group: RefCell::default(),
            sockets: RefCell::default(),
            key: RefCell::default(),
            timer: Timer::default(),
            last_id: Cell::new(0),
            is_erased: Cell::new(false),
            settings: OnceCell::new(),
            served: Cell::default(),
            greeted: RefCell::default(),
            told_of_rights: Cell::default(),
            here: Cell::default(),
            tells_here: Cell::default(),
            host: std::marker::PhantomData,
        }
    }

    /// Lets a socket in; with a `line` one that ends in the Worker.
    pub(super) async fn join(
        self: &Rc<Self>,
        mut admission: Admission,
        line: Option<Uuid>,
    ) -> Result<Response> {
        if !self.still_holds(&mut admission).await? {
            return Response::error("no right any more", 404);
        }
        let pair = WebSocketPair::new()?;
        let now = now();
        let id = SessionId(
            self.last_id
                .get()
                .saturating_add(1)
                .max(now.saturating_mul(4096)),
        );
        self.last_id.set(id.0);
        let greeting = self.greet_at_rest(id, &admission, now)?;
        if greeting.is_none() {
            // The group is opened before the socket is accepted, so that the socket is
            // not among those that slept.
            self.open(now)?;
        }
        let tags: Vec<_> = [Some(id.0.to_string()), line.map(tag_of_line)]
            .into_iter()
            .flatten()
            .collect();
        let tags: Vec<_> = tags.iter().map(String::as_str).collect();
        self.state.accept_websocket_with_tags(&pair.server, &tags);
        let mut socket = Socket::new(id, pair.server);
        if let Some((kept, hello)) = greeting {
            socket.attach(kept)?;
            if let Some(hello) = hello {
                socket.send(&JsValue::from_str(&serde_json::to_string(&hello)?));
            }
            self.sockets.borrow_mut().insert(id, socket);
            return Response::from_websocket(pair.client);
        }
        self.sockets.borrow_mut().insert(id, socket);
        let later = self.turn(|group, now| group.join(id, admission, &self.storage, now))?;
        self.ask_for(later.alarm).await?;
        if let Some(number) = later.load_feed {
            // The socket need not wait for the database.
            let inner = Rc::clone(self);
            spawn_local(async move {
                if let Err(error) = inner.load_feed(number).await {
                    worker::console_error!("feed: {error}");
                }
            });
        }
        Response::from_websocket(pair.client)
    }

    /// Whether an admission still holds. The Worker looked before it came here; if
    /// rights changed since, it did not see that (P5).
    async fn still_holds(&self, admission: &mut Admission) -> Result<bool> {
        let (_, told_at) = self.told_of_rights.get();
        if now().saturating_sub(told_at) > DOUBTFUL_FOR_MS {
            return Ok(true);
        }
        let asker = Asker::of(admission);
        match self.ask_rights(|| Ok(vec![asker.clone()])).await? {
            (_, Some(Ok(rights))) => Ok(match rights.get(&asker) {
                Some(right) => {
                    admission.access = right.access;
                    admission.until = right.until;
                    true
                }
                None => false,
            }),
            (_, Some(Err(error))) => Err(worker::Error::RustError(error)),
            (_, None) => Ok(true),
        }
    }

    /// Rights changed: asks the host what each socket may do, of these or of all,
    /// and lowers, raises or closes it.
    pub(super) async fn recheck(self: &Rc<Self>, which: Option<Vec<SessionId>>) -> Result<()> {
        self.doubt();
        let askers = || {
            let asked = self.perform_turn(|group, _| (group.askers(which.as_deref()), Vec::new()));
            asked.map(|(askers, ..)| askers)
        };
        let (askers, Some(rights)) = self.ask_rights(askers).await? else {
            return Ok(());
        };
        if let Err(error) = &rights {
            worker::console_error!("rights cannot be read, the sockets they are of go: {error}");
        }
        let later = self.turn(|group, now| group.rights(&askers, rights.ok().as_ref(), now))?;
        self.ask_for(later.alarm).await
    }

    /// From now on, for a while, who comes in is looked up again: the door may have
    /// looked before something changed (P5).
    pub(super) fn doubt(&self) {
        let (told, _) = self.told_of_rights.get();
        self.told_of_rights.set((told.wrapping_add(1), now()));
    }

    /// Asks the host for rights, and again where they changed while it answered:
    /// an answer may be from before a change, and must not undo what a newer one
    /// said.
    async fn ask_rights(
        &self,
        askers: impl Fn() -> Result<Vec<Asker>>,
    ) -> Result<(Vec<Asker>, Option<std::result::Result<Rights, String>>)> {
        let Some(key) = self.known_key()? else {
            return Err("the object does not know its key yet".into());
        };
        loop {
            let (told, _) = self.told_of_rights.get();
            let askers = askers()?;
            if askers.is_empty() {
                return Ok((askers, None));
            }
            let Some(answer) = H::rights(&self.env, &key, askers.clone()) else {
                return Ok((askers, None));
            };
            let rights = answer.await;
            if self.told_of_rights.get().0 == told {
                return Ok((askers, Some(rights)));
            }
        }
    }

    /// Lets the group do something, and does what it wants done. The flag says
    /// whether everything could be stored.
    pub(super) async fn with_group<T>(
        self: &Rc<Self>,
        body: impl FnOnce(&mut Group, Timestamp) -> (T, Vec<Effect>),
    ) -> Result<(T, bool)> {
        let (value, later, stored) = self.perform_turn(body)?;
        self.finish(later).await?;
        Ok((value, stored))
    }

    /// The same for the common case, without awaiting.
    pub(super) fn turn(
        self: &Rc<Self>,
        body: impl FnOnce(&mut Group, Timestamp) -> Vec<Effect>,
    ) -> Result<Later> {
        let ((), later, _) = self.perform_turn(|group, now| ((), body(group, now)))?;
        Ok(later)
    }

    fn perform_turn<T>(
        self: &Rc<Self>,
        body: impl FnOnce(&mut Group, Timestamp) -> (T, Vec<Effect>),
    ) -> Result<(T, Later, bool)> {
        let now = now();
        self.open(now)?;
        let (value, effects) = {
            let mut group = self.group.borrow_mut();
            let Some(group) = group.as_mut() else {
                return Err("the group is not open".into());
            };
            body(group, now)
        };
        let (later, stored) = self.perform(effects);
        Ok((value, later, stored))
    }

    /// Awaits what a turn has left over.
    pub(super) async fn finish(self: &Rc<Self>, later: Later) -> Result<()> {
        self.ask_for(later.alarm).await?;
        if later.recheck.is_some() {
            self.recheck(later.recheck).await?;
        }
        match later.load_feed {
            Some(number) => self.load_feed(number).await,
            None => Ok(()),
        }
    }

    /// Asks the host what there is to say, and lets the feed tell it.
    async fn load_feed(self: &Rc<Self>, number: u64) -> Result<()> {
        let Some(key) = self.known_key()? else {
            return Err("the object does not know its key yet".into());
        };
        let answer = H::feed(&self.env, &key).await;
        if let Err(error) = &answer {
            worker::console_warn!("{key} could not be read, it will be tried again: {error}");
        }
        let later = self.turn(|group, now| group.loaded(number, answer.ok(), now))?;
        self.ask_for(later.alarm).await
    }

    /// Opens the group from storage and attachments, if it is not open.
    pub(super) fn open(self: &Rc<Self>, now: Timestamp) -> Result<()> {
        if self.group.borrow().is_some() {
            return Ok(());
        }
        let Some(key) = self.known_key()? else {
            return Err("the object does not know its key yet".into());
        };
        self.storage.prepare()?;
        H::noticed(&self.env, "loaded");
        let mut stored = self.storage.load(&key)?;
        if let (StoredGroup::Note(note), Some((version, revision))) =
            (&mut stored, self.served.take())
        {
            note.revision = (note.version == version).then_some(revision);
        }
        let mut kept = Vec::new();
        for socket in self.state.get_websockets() {
            match Socket::woken(socket.clone()) {
                Some((socket, session)) => {
                    self.last_id.set(self.last_id.get().max(session.id.0));
                    self.sockets.borrow_mut().insert(session.id, socket);
                    kept.push(session);
                }
                // One that was closed already refuses; that is no reason not to open.
                None => drop(self.turn_away(&socket)),
            }
        }
        let client = ClientId(u64::from(random_u32()));
        let group = Group::open(client, self.settings().clone(), stored, kept, now);
        let mut group =
            group.map_err(|error| worker::Error::RustError(format!("stored note: {error}")))?;
        let effects = group.wake(now);
        self.group.replace(Some(group));
        let (later, _) = self.perform(effects);
        self.finish_later(later);
        self.end_rest()
    }

    /// Awaits what a turn has left over where nobody waits for that.
    pub(super) fn finish_later(self: &Rc<Self>, later: Later) {
        if later.is_nothing() {
            return;
        }
        let inner = Rc::clone(self);
        spawn_local(async move {
            if let Err(error) = inner.finish(later).await {
                worker::console_error!("what a turn left over: {error}");
            }
        });
    }

    pub(super) fn id_of(&self, socket: &WebSocket) -> Option<SessionId> {
        session_of(socket).or_else(|| {
            let tags = self.state.get_tags(socket);
            tags.iter().find_map(|tag| tag.parse().ok()).map(SessionId)
        })
    }

    /// Whether a socket was closed since the object woke.
    pub(super) fn is_gone(&self, id: SessionId) -> bool {
        let is_known = self.group.borrow().is_some() || self.is_erased.get();
        is_known && !self.sockets.borrow().contains_key(&id)
    }

    /// Whether what the key was about is gone, and nobody has come to it since.
    pub(super) fn is_erased(&self) -> bool {
        self.is_erased.get()
    }

    /// What the key is about is gone for good: closes every socket and keeps nothing.
    /// Whoever makes it anew begins with an empty object.
    pub(super) async fn erase(&self) -> Result<()> {
        self.is_erased.set(true);
        // Who was let in at the door before it was gone is looked at again.
        self.doubt();
        self.stop_timer();
        self.group.replace(None);
        self.greeted.replace(None);
        self.served.set(None);
        self.key.replace(None);
        self.sockets.borrow_mut().clear();
        let gone = Refusal::NotFound;
        let reason = close_reason(&gone.to_string());
        for socket in self.state.get_websockets() {
            Socket::forget(&socket, gone.close_code(), &reason);
        }
        self.storage.erase().await
    }

    /// The longest frame that a client may send, in bytes (F2).
    pub(super) fn longest_frame(&self) -> u32 {
        u32::try_from(self.settings().max_frame_bytes).unwrap_or(u32::MAX)
    }

    /// The bounds of the instance, as they were when they were first asked for.
    pub(super) fn settings(&self) -> &Settings {
        self.settings.get_or_init(|| H::settings(&self.env))
    }

    /// The socket of a line, if it is this person's.
    pub(super) fn line_of(&self, line: Uuid, person: Uuid) -> Option<WebSocket> {
        let sockets = self.state.get_websockets_with_tag(&tag_of_line(line));
        let theirs = |socket: &WebSocket| {
            attachment(socket).is_some_and(|kept| kept.admission.person.id == person)
        };
        sockets.into_iter().find(theirs)
    }

    /// The key comes with every request and is stored once: an alarm has none.
    pub(super) fn remember_key(&self, key: Key) -> Result<()> {
        self.is_erased.set(false);
        if self.known_key()?.is_none() {
            self.storage.prepare()?;
            self.storage.remember("key", &key.to_string())?;
            // Whoever comes back to a key that was emptied and made anew sees by this
            // that it holds another document.
            let generation = format!("{:08x}{:08x}", random_u32(), random_u32());
            self.storage.remember("generation", &generation)?;
        }
        self.key.replace(Some(key));
        Ok(())
    }

    /// Whether anybody ever came to the key, since it was erased if it was. Makes nothing.
    pub(super) fn is_made(&self) -> bool {
        let is_stored = || matches!(self.storage.fact("key"), Ok(Some(_)));
        self.key.borrow().is_some() || is_stored()
    }

    pub(super) fn known_key(&self) -> Result<Option<Key>> {
        if self.key.borrow().is_none() {
            self.storage.prepare()?;
            let stored = self.storage.fact("key")?.and_then(|path| path.parse().ok());
            self.key.replace(stored);
        }
        Ok(self.key.borrow().clone())
    }
}

/// What finds the socket of a line again; an id is a number, so no id is one.
fn tag_of_line(line: Uuid) -> String {
    format!("line-{line}")
}

pub(super) fn now() -> Timestamp {
    Date::now().as_millis()
}

/// A random number of 32 bits, for the ids under which requests write, and a
/// document's.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number in 0..2^32"
)]
fn random_u32() -> u32 {
    (js_sys::Math::random() * 4_294_967_296.0) as u32
}
