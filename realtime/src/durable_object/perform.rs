//! The group's effects, done: frames to sockets, rows to storage, timers and alarms.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use worker::{Result, WebSocket};

use super::Host;
use super::inner::{Inner, Later, now};
use crate::effect::{Effect, Outgoing};
use crate::group::MAX_UNREAD_BYTES;
use crate::refusal::{Refusal, close_reason};
use crate::session::{SessionId, Timestamp};

impl<H: Host> Inner<H> {
    /// Does what the group wants done, in order, and stops at a write that fails.
    pub(super) fn perform(self: &Rc<Self>, effects: Vec<Effect>) -> (Later, bool) {
        let mut later = Later::default();
        let mut stored = true;
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            if let Err(error) = self.perform_one(effect, &mut later, &mut effects) {
                worker::console_error!("storage: {error}");
                if !stored {
                    break;
                }
                stored = false;
                let mut group = self.group.borrow_mut();
                effects = group
                    .as_mut()
                    .map(|group| group.storage_failed(effects.drain(..), now()))
                    .unwrap_or_default()
                    .into();
            }
        }
        (later, stored)
    }

    fn perform_one(
        self: &Rc<Self>,
        effect: Effect,
        later: &mut Later,
        more: &mut VecDeque<Effect>,
    ) -> Result<()> {
        let now = now();
        match effect {
            Effect::Send { to, frame } => {
                for (id, unread) in self.send(&to, &frame) {
                    if let Some(group) = self.group.borrow_mut().as_mut() {
                        more.extend(group.unread(id, unread, now));
                    }
                }
            }
            Effect::Append {
                version,
                update,
                at,
            } => self.storage.append(version, &update, at)?,
            Effect::Author { client, person, at } => {
                self.storage.author(client, &person.to_string(), at)?;
            }
            Effect::Writers(writers) => self.storage.writers(&writers)?,
            Effect::Title(Some(title)) => self.storage.remember("title", &title)?,
            Effect::Title(None) => self.storage.forget("title")?,
            Effect::Fold { through, snapshot } => self.storage.fold(through, &snapshot, now)?,
            Effect::Indexed(version) => self.storage.indexed(version)?,
            Effect::Attach(id) => self.attach(id),
            Effect::Doubt(id) => self.doubt_clean_point(id),
            Effect::Close { session, refusal } => self.close(session, refusal),
            Effect::Timer(at) => self.start_timer(at),
            Effect::Alarm(at) => later.alarm = Some(later.alarm.map_or(at, |asked| asked.min(at))),
            Effect::Index(entry) => later.index = Some(entry),
            Effect::View(view) => {
                if let Err(error) = self.storage.keep_view(&view, &self.settings().server) {
                    worker::console_warn!("the view was not stored: {error}");
                }
            }
            Effect::Known(known) => self.storage.known(&known)?,
            Effect::Signal(signal) => self.storage.signal(&signal)?,
            Effect::Message { message, notices } => self.storage.message(&message, &notices)?,
            Effect::Order(order) => self
                .storage
                .remember("order", &serde_json::to_string(&order)?)?,
            Effect::Seen { person, number } => self.storage.seen(person, number)?,
            Effect::Notices(notices) => self.storage.add_notices(&notices)?,
            Effect::Notify(notices) => later.notify = Some(notices),
            Effect::Notified(notices) => self.storage.remove_notices(&notices)?,
            Effect::Here(people) => self.tell_here(people),
            Effect::Recheck(which) => later.recheck = Some(which),
            Effect::LoadFeed(number) => later.load_feed = Some(number),
            Effect::Told(told) => self
                .storage
                .remember("told", &serde_json::to_string(&told)?)?,
            Effect::Reload => {
                let Some(key) = self.known_key()? else {
                    return Ok(());
                };
                // Taken out first: what cannot be loaded again must not go on, the
                // next event opens it anew.
                let group = self.group.borrow_mut().take();
                let stored = self.storage.load(&key)?;
                if let Some(mut group) = group {
                    match group.reload(stored, now) {
                        Ok(effects) => {
                            more.extend(effects);
                            self.group.replace(Some(group));
                        }
                        Err(error) => worker::console_error!("reload: {error}"),
                    }
                }
            }
        }
        Ok(())
    }

    /// Sends a frame, and says on which sockets too much waits to be read: to those it
    /// was not sent.
    fn send(&self, to: &[SessionId], frame: &Outgoing) -> Vec<(SessionId, usize)> {
        let sockets = self.sockets.borrow();
        let mut behind = Vec::new();
        // Handed over to the runtime once, whatever the number of sockets.
        let frame: JsValue = match frame {
            Outgoing::Binary(bytes) => js_sys::Uint8Array::from(&**bytes).buffer().into(),
            Outgoing::Text(text) => JsValue::from_str(text),
        };
        for (id, socket) in to.iter().filter_map(|id| sockets.get_key_value(id)) {
            let unread = socket.unread_bytes();
            if unread > MAX_UNREAD_BYTES {
                behind.push((*id, unread));
            } else {
                socket.send(&frame);
            }
        }
        behind
    }

    fn close(&self, id: SessionId, refusal: Refusal) {
        if let Some(socket) = self.sockets.borrow_mut().remove(&id) {
            socket.close(refusal.close_code(), &close_reason(&refusal.to_string()));
        }
    }

    /// A socket whose attachment cannot be read is nobody's.
    pub(super) fn turn_away(&self, socket: &WebSocket) -> Result<()> {
        socket.close(Some(Refusal::OutOfStep.close_code()), Some("Reconnecting."))
    }

    /// Tells the host how many people are here. One telling at a time, and what
    /// changed meanwhile after it, so that a crowd that comes costs a few.
    fn tell_here(self: &Rc<Self>, people: usize) {
        self.here.set(Some(people));
        if self.tells_here.replace(true) {
            return;
        }
        let inner = Rc::clone(self);
        spawn_local(async move {
            while let Some(people) = inner.here.take() {
                let told = match inner.known_key() {
                    Ok(Some(key)) => H::here(&inner.env, &key, people).await,
                    _ => Ok(()),
                };
                if let Err(error) = told {
                    worker::console_warn!("who is here could not be told: {error}");
                }
            }
            inner.tells_here.set(false);
        });
    }

    pub(super) async fn ask_for(&self, alarm: Option<Timestamp>) -> Result<()> {
        match alarm {
            Some(at) => {
                let wait = Duration::from_millis(at.saturating_sub(now()));
                self.state.storage().set_alarm(wait).await
            }
            None => Ok(()),
        }
    }
}
