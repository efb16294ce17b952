//! Attachments: what is kept of a session beside its socket, and the mark that is on it
//! while a frame is taken in (W5). What is in memory is lost in a panic, an attachment
//! is not.

use std::rc::Rc;

use worker::Result;

use super::Host;
use super::inner::{Inner, Later, now};
use crate::effect::Effect;
use crate::group::Group;
use crate::session::{Kept, SessionId, Timestamp};

impl<H: Host> Inner<H> {
    /// A turn for a frame of a socket that might bring the instance down: whoever finds
    /// the mark knows that it did.
    pub(super) fn risky_turn(
        self: &Rc<Self>,
        id: SessionId,
        body: impl FnOnce(&mut Group, Timestamp) -> Vec<Effect>,
    ) -> Result<Later> {
        // What comes before the frame is not its fault.
        self.open(now())?;
        self.mark(id);
        let later = self.turn(body);
        self.take_mark_away();
        later
    }

    fn mark(&self, id: SessionId) {
        let group = self.group.borrow();
        let Some(marked) = group.as_ref().and_then(|group| group.marked(id)) else {
            return;
        };
        drop(group);
        self.attach_kept(&marked);
        self.marked.replace(Some(marked));
    }

    /// The turn is over. Most often it has written the attachment anew, and the mark
    /// with it is gone.
    fn take_mark_away(&self) {
        let marked = self.marked.borrow().as_ref().map(|kept| kept.id);
        let Some(id) = marked else { return };
        self.attach(id);
        // The group is not open any more: it could not be loaded again.
        if let Some(marked) = self.marked.take() {
            self.attach_kept(&Kept {
                struck: false,
                ..marked
            });
        }
    }

    /// Keeps a session's state beside its socket.
    pub(super) fn attach(&self, id: SessionId) {
        let mut group = self.group.borrow_mut();
        let kept = group.as_mut().and_then(|group| group.attachment(id));
        drop(group);
        if let Some(kept) = kept {
            self.marked.borrow_mut().take_if(|marked| marked.id == id);
            self.attach_kept(&kept);
        }
    }

    /// Keeps a state beside its session's socket in the midst of a turn: a mark stays.
    pub(super) fn attach_now(&self, mut kept: Kept) {
        let marked = self.marked.borrow();
        kept.struck = marked.as_ref().is_some_and(|marked| marked.id == kept.id);
        drop(marked);
        self.attach_kept(&kept);
    }

    fn attach_kept(&self, kept: &Kept) {
        let sockets = self.sockets.borrow();
        let Some(socket) = sockets.get(&kept.id) else {
            return;
        };
        let attached = serde_json::to_string(kept)
            .map_err(worker::Error::from)
            .and_then(|json| socket.serialize_attachment(json));
        if let Err(error) = attached {
            worker::console_error!("attachment: {error}");
        }
    }
}
