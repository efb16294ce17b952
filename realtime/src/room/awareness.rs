//! Awareness frames: whose cursor is where. A client id is bound to its socket,
//! the server writes who it is, and the newest state of a burst goes out.

use note::document::ClientId;

use crate::effect::Effect;
use crate::frame::Frame;
use crate::presence::{self, Entry, Shown};
use crate::refusal::Refusal;
use crate::room::Room;
use crate::session::{SessionId, Timestamp};

impl Room {
    /// Takes the states a socket may speak for; ids that live on another socket
    /// are passed over, since a Yjs client may repeat what others showed (A2).
    pub(super) fn receive_awareness(
        &mut self,
        id: SessionId,
        bytes: &[u8],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        for entry in presence::decode(bytes)? {
            let Some(session) = self.members.sessions.get(&id) else {
                return Ok(());
            };
            let known = session.kept.clients.contains_key(&entry.client);
            if !known && self.is_repeated(id, &entry) {
                continue;
            }
            let state = presence::stamp(entry.state, &session.kept.admission.person)?;
            // Saying that somebody is gone makes nobody's id one's own.
            if !known
                && (state.is_none() || self.bind(id, ClientId(entry.client), now, effects).is_err())
            {
                continue;
            }
            self.show(
                id,
                entry.client,
                Shown {
                    clock: entry.clock,
                    state,
                },
            );
        }
        self.flush(now, effects);
        Ok(())
    }

    /// Whether a state under an id that is not this socket's is what somebody else shows, said
    /// again: a Yjs client sends on all it hears. It has the server's word in it, of somebody
    /// who is here, or, when they have just gone, comes from who shows a state of their own.
    fn is_repeated(&self, id: SessionId, entry: &Entry<'_>) -> bool {
        let (Some(says), Some(session)) = (
            presence::person_of(entry.state),
            self.members.sessions.get(&id),
        ) else {
            return false;
        };
        if says != session.kept.admission.person.id {
            return !session.kept.clients.is_empty() || !self.members.of(says).is_empty();
        }
        let owner = self.bound.get(&entry.client);
        let owner = owner.and_then(|owner| self.members.sessions.get(owner));
        let shown = owner.and_then(|owner| owner.kept.clients.get(&entry.client));
        shown.is_some_and(|shown| entry.clock <= shown.clock)
    }

    /// Keeps a state and gathers it for sending, to its sender too: a plain Yjs
    /// client drops a socket that is silent for 30 s (A1).
    fn show(&mut self, id: SessionId, client: u64, shown: Shown) {
        let Some(session) = self.members.sessions.get_mut(&id) else {
            return;
        };
        let Some(before) = session.kept.clients.get_mut(&client) else {
            return;
        };
        // One socket speaks in order, so its newest word counts whatever its
        // clock says; what goes out must still rise, or peers would ignore it.
        if shown.state != before.state && shown.clock <= before.clock {
            before.clock = before.clock.saturating_add(1);
        } else {
            before.clock = before.clock.max(shown.clock);
        }
        before.state = shown.state;
        session.dirty = true;
        let now_shown = before.clone();
        self.outbox.awareness.insert(client, now_shown);
    }

    /// Every state that is shown, to one socket.
    pub(super) fn send_all_awareness(&self, to: SessionId, effects: &mut Vec<Effect>) {
        let shown: Vec<(u64, &Shown)> = self
            .members
            .sessions
            .values()
            .flat_map(|session| &session.kept.clients)
            .filter(|(_, shown)| shown.state.is_some())
            .map(|(client, shown)| (*client, shown))
            .collect();
        if !shown.is_empty() {
            let bytes = presence::encode(shown.into_iter());
            self.members
                .send(vec![to], &Frame::Awareness(&bytes), effects);
        }
    }

    /// Writes the server's word on a person into what their sockets show, after
    /// a change of name or colour.
    pub(super) fn restamp(&mut self, id: SessionId) {
        let Some(session) = self.members.sessions.get_mut(&id) else {
            return;
        };
        let person = session.kept.admission.person.clone();
        session.dirty = true;
        for (client, shown) in &mut session.kept.clients {
            let Some(state) = &shown.state else { continue };
            if let Ok(stamped) = presence::stamp(state, &person) {
                shown.clock = shown.clock.saturating_add(1);
                shown.state = stamped;
                self.outbox.awareness.insert(*client, shown.clone());
            }
        }
        self.outbox.presence_due = true;
    }
}
