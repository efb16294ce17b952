//! What goes wrong in the simulated network besides cuts and deaths: storage that is
//! slow, a process that is killed half-way through a turn, sockets that only their page
//! knows to be broken, and rights that change.

use std::collections::VecDeque;

use realtime::{Access, Admission, Asker, Outgoing, Refusal, Right, Rights, SessionId, Stored};

use super::Network;

/// Storage does not answer. The runtime holds back whatever is sent after a write until
/// that is safe; a process that dies takes both with it.
pub struct Gate {
    /// What is on the disk.
    pub durable: Stored,
    pub held: Vec<(SessionId, Outgoing)>,
}

/// A socket whose page has given it up, with the frames that are still on their way.
pub struct Ghost {
    socket: SessionId,
    frames: VecDeque<Vec<u8>>,
}

impl Network {
    /// From now on storage takes what it is given, and says nothing.
    pub fn slow_down(&mut self) {
        if self.gate.is_none() {
            self.gate = Some(Gate {
                durable: self.disk.stored.clone(),
                held: Vec::new(),
            });
        }
    }

    /// Storage answers all it was given: what waited for that goes out.
    pub fn catch_up(&mut self) {
        let held = self.gate.take().map(|gate| gate.held);
        for (id, frame) in held.unwrap_or_default() {
            if let Some(&page) = self.sockets.get(&id)
                && self.pages[page].socket == Some(id)
            {
                self.pages[page].to_page.push_back(frame);
            }
        }
    }

    /// The process dies: what storage has not answered is gone, and with it what was
    /// said after.
    pub(super) fn lose_what_is_under_way(&mut self) {
        if let Some(gate) = self.gate.take() {
            self.disk.stored = gate.durable;
            let version = usize::try_from(self.disk.stored.version).unwrap();
            self.disk.versions.truncate(version);
        }
    }

    /// One more effect is to be done: whether the process dies instead.
    pub(super) fn burns_down(&mut self) -> bool {
        match self.fuse {
            Some(0) => {
                self.fuse = None;
                true
            }
            Some(left) => {
                self.fuse = Some(left - 1);
                false
            }
            None => false,
        }
    }

    /// What is safe on the disk.
    pub fn durable(&self) -> &Stored {
        let gate = self.gate.as_ref();
        gate.map_or(&self.disk.stored, |gate| &gate.durable)
    }

    /// A page gives its socket up; what it sent is still on its way, and the room has
    /// not heard of it.
    pub fn give_up(&mut self, page: usize) -> Option<Ghost> {
        let socket = self.pages[page].socket?;
        let frames = std::mem::take(&mut self.pages[page].to_server);
        self.cut_silently(page);
        Some(Ghost { socket, frames })
    }

    /// A frame of a ghost arrives after all.
    pub fn haunt(&mut self, ghost: &mut Ghost) -> bool {
        let Some(bytes) = ghost.frames.pop_front() else {
            return false;
        };
        if self.sockets.contains_key(&ghost.socket) {
            self.wake();
            let room = self.room.as_mut().unwrap();
            let effects = room.receive(ghost.socket, &bytes, self.now);
            self.perform(effects);
        }
        true
    }

    /// The room hears that a ghost is one.
    pub fn lay(&mut self, ghost: &Ghost) {
        if self.sockets.remove(&ghost.socket).is_some() {
            self.attachments.remove(&ghost.socket);
            self.wake();
            let effects = self.room.as_mut().unwrap().leave(ghost.socket, self.now);
            self.perform(effects);
        }
    }

    /// What a person may do changes, in the database and then in the room; none is
    /// nothing at all.
    pub fn change_right(&mut self, of: &Admission, access: Option<Access>) {
        let asker = Asker::of(of);
        for page in &mut self.pages {
            if Asker::of(&page.admission) == asker {
                page.admission.access = access.unwrap_or(page.admission.access);
            }
        }
        let right = access.map(|access| Right {
            access,
            until: None,
        });
        let rights: Rights = right
            .map(|right| (asker.clone(), right))
            .into_iter()
            .collect();
        self.wake();
        let room = self.room.as_mut().unwrap();
        let effects = room.rights(&[asker], Some(&rights), self.now);
        self.perform(effects);
    }

    /// Delivers whatever comes within a time.
    pub fn settle_for(&mut self, ms: u64) {
        for _ in 0..ms / 50 {
            for page in self.living() {
                self.open_socket(page);
                while self.deliver_to_server(page) || self.deliver_to_page(page) {}
            }
            self.advance(50);
        }
    }

    /// The door refuses a page that wants in.
    pub fn turn_away(&mut self, page: usize) {
        if self.pages[page].wants_socket.take().is_some() {
            let refusal = Refusal::NotFound;
            let now = self.now;
            let client = &mut self.pages[page].client;
            let commands = client.closed(refusal.close_code(), &refusal.to_string(), now);
            self.carry_out(page, commands);
        }
    }
}
