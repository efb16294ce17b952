//! How a room greets who comes in (H2), and what it gives a device to open without a
//! network (D9).

use crate::access::Admission;
use crate::effect::Effect;
use crate::event::Event;
use crate::frame::Frame;
use crate::rest::AtRest;
use crate::room::Room;
use crate::session::{SessionId, Timestamp};

impl Room {
    pub(super) fn hello(&self, admission: &Admission) -> Event {
        let present = AtRest {
            version: self.version,
            revision: self.revision,
            title: self.title.clone(),
            generation: self.generation.clone(),
        };
        present.hello(admission, &self.settings)
    }

    /// What follows `hello`: somebody is asked for what they have, and shown who is here and
    /// what they lack.
    pub(super) fn greet(
        &mut self,
        id: SessionId,
        needs_view: bool,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(admission) = self.members.admission(id) {
            let person = admission.person.clone();
            self.meet(&person, now, effects);
        }
        self.members
            .send(vec![id], &Frame::Step1(&self.doc.state_vector()), effects);
        self.send_all_awareness(id, effects);
        self.signals.tell_all(id, &self.members, effects);
        if needs_view {
            self.members.tell(vec![id], &|| self.whole_view(), effects);
        }
        self.outbox.presence_due = true;
        self.flush(now, effects);
        // Who waits to hear of somebody can; the newcomer cannot.
        if self.outbox.presence_due {
            self.members.tell_presence(vec![id], effects);
        }
    }

    /// Goes on with the greeting of those who were let in while the note was at rest.
    pub(super) fn greet_unmet(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let sessions = self.members.sessions.values();
        let unmet = sessions.filter(|session| session.kept.progress.unmet);
        for id in unmet.map(|session| session.kept.id).collect::<Vec<_>>() {
            if let Some(session) = self.members.sessions.get_mut(&id) {
                session.kept.progress.unmet = false;
                session.dirty = true;
            }
            self.greet(id, false, now, effects);
        }
    }

    /// A copy for somebody's device: the `hello` they would get as one line of JSON, and
    /// behind it the document with its history, as one update. Stored first: what is on a
    /// device and not here would be taken for an edit of its own.
    pub fn copy(&mut self, admission: &Admission, now: Timestamp) -> (Vec<u8>, Vec<Effect>) {
        let mut effects = Vec::new();
        self.flush_row(now, &mut effects);
        self.flush_view(&mut effects);
        let mut copy = serde_json::to_vec(&self.hello(admission)).unwrap_or_default();
        copy.push(b'\n');
        copy.extend(self.doc.snapshot());
        (copy, effects)
    }
}
