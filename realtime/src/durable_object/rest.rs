//! While nobody has a note open it is read, and who comes first is let in, from what is
//! stored of it, without loading it (S7, S8). What each comes to is decided in `rest.rs`.

use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use worker::Result;

use super::Host;
use super::inner::{Inner, now};
use super::socket::Socket;
use crate::access::Admission;
use crate::event::Event;
use crate::group::StoredGroup;
use crate::reading::Sealed;
use crate::rest::{AtRest, Resting, may_come_at_rest, step_2_of_stored};
use crate::room::first_revision;
use crate::rooms::Wanted;
use crate::session::{Kept, SessionId, Timestamp};

/// How long after the document was sent it is loaded: a processor that loads sends nothing.
const LOADED_AFTER_MS: u64 = 50;
/// As long as it is on its way that waits, but no longer than this; and no longer where
/// nobody asks for it, who only reads or waits to be asked.
const LOADED_AT_LATEST_MS: u64 = 2_000;
/// Frames that may wait for that.
const MAX_WAITING: usize = 16;

/// Who was greeted at rest.
pub(super) struct Greeted {
    id: SessionId,
    /// When the document was sent to them.
    sent_at: Option<Timestamp>,
    /// What they sent that waits for the room.
    waiting: Vec<Vec<u8>>,
}

impl<H: Host> Inner<H> {
    /// What the note reads like if nobody has it open. Nothing where it must be loaded for
    /// that.
    pub(super) fn read_at_rest(&self, wanted: Wanted) -> Result<Option<Sealed>> {
        let is_at_rest = self.group.borrow().is_none() && self.state.get_websockets().is_empty();
        if wanted.text || !is_at_rest {
            return Ok(None);
        }
        self.storage.prepare()?;
        let Some(mut view) = self.storage.kept_view(&self.settings().server)? else {
            return Ok(None);
        };
        let served = self.served.get().filter(|(of, _)| *of == view.head.version);
        let served = served.unwrap_or_else(|| {
            let version = view.head.version;
            (version, first_revision(version, now()))
        });
        self.served.set(Some(served));
        (_, view.head.revision) = served;
        Ok(Some(view))
    }

    /// Greets who comes in, if that can be done at rest.
    pub(super) fn greet_at_rest(
        self: &Rc<Self>,
        id: SessionId,
        admission: &Admission,
        now: Timestamp,
    ) -> Result<Option<(Kept, Option<Event>)>> {
        if !may_come_at_rest(admission) {
            return Ok(None);
        }
        let Some(Sealed { head: view, .. }) = self.read_at_rest(Wanted::HTML)? else {
            return Ok(None);
        };
        let note = AtRest {
            version: view.version,
            revision: view.revision,
            title: view.title,
            generation: self.storage.fact("generation")?.unwrap_or_default(),
        };
        let greeting = note.greet(id, admission.clone(), self.settings(), now);
        if greeting.is_some() {
            self.greeted.replace(Some(Greeted {
                id,
                sent_at: None,
                waiting: Vec::new(),
            }));
            self.start_timer(now.saturating_add(LOADED_AT_LATEST_MS));
        }
        Ok(greeting)
    }

    /// Takes in a frame of who was greeted at rest; false where the room is to take it.
    pub(super) fn hear_at_rest(self: &Rc<Self>, id: SessionId, frame: &[u8]) -> Result<bool> {
        let mut greeted = self.greeted.borrow_mut();
        let Some(greeted) = greeted.as_mut().filter(|greeted| greeted.id == id) else {
            return Ok(false);
        };
        match Resting::of(frame) {
            Resting::Everything if greeted.sent_at.is_none() => {
                let is_sent = self.send_stored(id)?;
                if is_sent {
                    greeted.sent_at = Some(now());
                    self.start_timer(now().saturating_add(LOADED_AFTER_MS));
                }
                Ok(is_sent)
            }
            Resting::Awareness if greeted.waiting.len() < MAX_WAITING => {
                greeted.waiting.push(frame.to_vec());
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Whether the document is still on its way to who was greeted: then the timer is set
    /// again.
    pub(super) fn is_sending(self: &Rc<Self>) -> bool {
        let is_sending = self.greeted.borrow().as_ref().is_some_and(|greeted| {
            let sent_at = greeted.sent_at.unwrap_or_default();
            let is_late = now() > sent_at.saturating_add(LOADED_AT_LATEST_MS);
            let sockets = self.sockets.borrow();
            let unread = sockets.get(&greeted.id).map_or(0, Socket::unread_bytes);
            unread > 0 && !is_late
        });
        if is_sending {
            self.start_timer(now().saturating_add(LOADED_AFTER_MS));
        }
        is_sending
    }

    /// Sends the document as it is stored; false where that cannot be read, as the room
    /// will say.
    fn send_stored(&self, id: SessionId) -> Result<bool> {
        let Some(key) = self.known_key()? else {
            return Ok(false);
        };
        let StoredGroup::Note(stored) = self.storage.load(&key)? else {
            return Ok(false);
        };
        let Ok(frame) = step_2_of_stored(&stored) else {
            return Ok(false);
        };
        let frame: JsValue = Uint8Array::from(&*frame).buffer().into();
        if let Some(socket) = self.sockets.borrow().get(&id) {
            socket.send(&frame);
        }
        Ok(true)
    }

    /// The room is open, and takes in what waited for it.
    pub(super) fn end_rest(self: &Rc<Self>) -> Result<()> {
        let Some(Greeted { id, waiting, .. }) = self.greeted.take() else {
            return Ok(());
        };
        for frame in waiting {
            let later = self.turn(|group, now| group.receive(id, &frame, now))?;
            self.finish_later(later);
        }
        Ok(())
    }
}
