//! Rights that change while sockets are open. The host says who may do what; a
//! group lowers, raises and closes (P4). Nothing is sent to a closed socket, not
//! even why: the close frame says it.

use std::collections::BTreeMap;

use crate::access::{Asker, Right};
use crate::effect::Effect;
use crate::event::Event;
use crate::members::Members;
use crate::refusal::Refusal;
use crate::session::{SessionId, Timestamp};

/// What the host says of those it was asked for; who is left out has no right.
pub type Rights = BTreeMap<Asker, Right>;

/// What came of new rights.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Sockets whose right was lowered or raised.
    pub(crate) changed: Vec<SessionId>,
    /// Sockets to be closed, and why.
    pub(crate) removed: Vec<(SessionId, Refusal)>,
}

impl Members {
    /// Whose rights the host is to be asked for: of these sockets, or of all.
    pub(crate) fn askers(&self, which: Option<&[SessionId]>) -> Vec<Asker> {
        let meant = |id: &SessionId| which.is_none_or(|which| which.contains(id));
        let mut askers: Vec<Asker> = self
            .sessions
            .values()
            .filter(|session| meant(&session.kept.id))
            .map(|session| Asker::of(&session.kept.admission))
            .collect();
        askers.sort();
        askers.dedup();
        askers
    }

    /// When the first right ends that ends by itself.
    pub(crate) fn rights_end_at(&self) -> Option<Timestamp> {
        let certain = self.sessions.values().filter(|it| !it.rechecking);
        certain
            .filter_map(|session| session.kept.admission.until)
            .min()
    }

    /// Asks for the rights that are over by now to be looked at again (P6).
    pub(crate) fn recheck_what_ended(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let mut ended = Vec::new();
        for (id, session) in &mut self.sessions {
            let until = session.kept.admission.until;
            if !session.rechecking && until.is_some_and(|until| until <= now) {
                session.rechecking = true;
                ended.push(*id);
            }
        }
        if !ended.is_empty() {
            effects.push(Effect::Recheck(ended));
        }
    }

    /// The same when one of them sends something: the alarm may be held up by what the
    /// one before it waits for.
    pub(crate) fn recheck_sender(
        &mut self,
        id: SessionId,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let session = self.sessions.get(&id);
        let until = session.and_then(|session| session.kept.admission.until);
        if until.is_some_and(|until| until <= now) {
            self.recheck_what_ended(now, effects);
        }
    }

    /// Takes over what the host says. Without an answer, a right that may be gone
    /// is none: its sockets are to come again through the door (P7).
    pub(crate) fn take_rights(
        &mut self,
        asked: &[Asker],
        rights: Option<&Rights>,
        effects: &mut Vec<Effect>,
    ) -> Changed {
        let mut outcome = Changed::default();
        for (id, session) in &mut self.sessions {
            let admission = &mut session.kept.admission;
            let asker = Asker::of(admission);
            if !asked.contains(&asker) {
                continue;
            }
            session.rechecking = false;
            let right = match rights {
                Some(rights) => match rights.get(&asker) {
                    Some(right) => right,
                    None => {
                        outcome.removed.push((*id, Refusal::Removed));
                        continue;
                    }
                },
                None => {
                    outcome.removed.push((*id, Refusal::Storage));
                    continue;
                }
            };
            if admission.until != right.until {
                admission.until = right.until;
                session.dirty = true;
            }
            if admission.access != right.access {
                admission.access = right.access;
                session.dirty = true;
                outcome.changed.push(*id);
            }
        }
        for id in &outcome.changed {
            if let Some(admission) = self.admission(*id) {
                let access = admission.access;
                self.tell(vec![*id], &|| Event::Access { access }, effects);
            }
        }
        outcome
    }
}
