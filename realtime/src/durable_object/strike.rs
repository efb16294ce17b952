//! The mark that is on a socket's attachment while a frame of it is taken in (W5). What is
//! in memory is lost in a panic, an attachment is not.

use std::rc::Rc;

use worker::Result;

use super::Host;
use super::inner::{Inner, Later, now};
use super::socket::Socket;
use crate::effect::Effect;
use crate::group::Group;
use crate::session::{SessionId, Timestamp};

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
        self.mark(id, true);
        let later = self.turn(body);
        // Most often the turn has written the attachment anew, and the mark is gone.
        self.mark(id, false);
        later
    }

    fn mark(&self, id: SessionId, struck: bool) {
        self.with_socket(id, |socket| {
            socket.correct(|progress| progress.struck = struck)
        });
    }

    /// Keeps a session's state beside its socket.
    pub(super) fn attach(&self, id: SessionId) {
        let mut group = self.group.borrow_mut();
        let kept = group.as_mut().and_then(|group| group.attachment(id));
        drop(group);
        if let Some(kept) = kept {
            self.with_socket(id, |socket| socket.attach(kept));
        }
    }

    /// Takes the clean point out of what is kept; a mark stays.
    pub(super) fn doubt_clean_point(&self, id: SessionId) {
        self.with_socket(id, |socket| {
            socket.correct(|progress| progress.clean = None)
        });
    }

    fn with_socket(&self, id: SessionId, body: impl FnOnce(&mut Socket) -> Result<()>) {
        let done = self.sockets.borrow_mut().get_mut(&id).map(body);
        if let Some(Err(error)) = done {
            worker::console_error!("attachment: {error}");
        }
    }
}
