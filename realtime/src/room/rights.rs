//! Rights that change while a note is open.

use crate::access::Asker;
use crate::effect::Effect;
use crate::frame::Frame;
use crate::refusal::Refusal;
use crate::rights::Rights;
use crate::room::Room;
use crate::session::{SessionId, Timestamp};

impl Room {
    /// Whose rights the host is to be asked for: of these sockets, or of all.
    #[must_use]
    pub fn askers(&self, which: Option<&[SessionId]>) -> Vec<Asker> {
        let mut askers = self.members.askers(which);
        // All who read on a page ask the same.
        askers.extend(self.readers.askers(which));
        askers
    }

    /// The host said what these may do now, or could not (none).
    pub fn rights(
        &mut self,
        asked: &[Asker],
        rights: Option<&Rights>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (session, refusal) in self
            .readers
            .take_rights(asked, rights, &mut effects)
            .removed
        {
            // The page is not there any more, or not under this address.
            let refusal = match refusal {
                Refusal::Removed => Refusal::NotFound,
                other => other,
            };
            self.forget_reader(session);
            effects.push(Effect::Close { session, refusal });
        }
        let changed = self.members.take_rights(asked, rights, &mut effects);
        // Who may write from now on brings what was refused until then, and what they hold
        // of somebody who has gone: nobody asked them for it while they might not.
        let mut may_write = Vec::new();
        for id in &changed.changed {
            let Some(session) = self.members.sessions.get_mut(id) else {
                continue;
            };
            if session.kept.admission.access.can_write() {
                may_write.push(*id);
            } else {
                session.refused = 0;
                session.lowered_at = Some(now);
            }
        }
        let state_vector = self.doc.state_vector();
        self.members
            .send(may_write, &Frame::Step1(&state_vector), &mut effects);
        let news = !changed.changed.is_empty() || !changed.removed.is_empty();
        for (session, refusal) in changed.removed {
            // Closed without another word: what is said after a right is gone is
            // said to a stranger (P4).
            if self.forget(session, now, &mut effects) {
                effects.push(Effect::Close { session, refusal });
            }
        }
        self.signals.release(&mut self.members, &mut effects);
        self.outbox.presence_due |= news;
        self.flush(now, &mut effects);
        self.want_alarm(&mut effects);
        effects
    }
}
