//! A room that is opened while sockets are there: did its object sleep, or was its
//! memory lost? After a sleep everything goes on where it was. After a loss there are
//! pages that hold and show what is in no storage (W2, W3).

use crate::effect::Effect;
use crate::frame::Frame;
use crate::room::Room;
use crate::session::{Kept, Session, Timestamp};

/// The view revision that the sleeping pages have; none when memory was lost.
///
/// Frames taken in but not stored say so, as long as their socket is here. When that
/// has gone the clean point says it: no attachment has one while something is in hand
/// that is not stored.
pub(super) fn slept_at(sockets: &[Kept], stored: u64) -> Option<u64> {
    if sockets
        .iter()
        .any(|kept| kept.progress.frames != kept.progress.through)
    {
        return None;
    }
    let clean = sockets.iter().filter_map(|kept| kept.progress.clean);
    clean
        .filter(|(version, _)| *version == stored)
        .map(|(_, revision)| revision)
        .max()
}

impl Room {
    /// What a wake owes the sockets that slept: a plain Yjs client has no
    /// acknowledgements, so it is asked for what it has, and so is one whose
    /// frames died with the memory. After a loss everybody who may write is asked: they
    /// may be the only ones who hold what somebody wrote who has gone since (W2).
    pub fn wake(&mut self, now: Timestamp) -> Vec<Effect> {
        let sessions = self.members.sessions.values();
        let sessions = sessions.filter(|session| !session.kept.progress.unmet);
        let doubtful = sessions.filter(|session| {
            let kept = &session.kept;
            let holds_more = self.lost_memory && kept.admission.access.can_write();
            kept.progress.hole || !kept.admission.events || holds_more
        });
        let doubtful = doubtful.map(|session| session.kept.id).collect();
        let mut effects = Vec::new();
        self.members.send(
            doubtful,
            &Frame::Step1(&self.doc.state_vector()),
            &mut effects,
        );
        self.greet_unmet(now, &mut effects);
        self.want_alarm(&mut effects);
        effects
    }

    /// When all that is stored is shown and all that is shown is stored, one session's
    /// attachment says which revision that is.
    pub(super) fn remember_clean_point(&mut self) {
        let clean = Some((self.version, self.revision));
        if !self.outbox.unstored.is_empty()
            || !self.outbox.changes.is_empty()
            || self
                .everybody()
                .any(|session| session.kept.progress.clean == clean)
        {
            return;
        }
        self.forget_clean_points();
        if let Some(session) = self.everybody_mut().find(|session| session.dirty) {
            session.kept.progress.clean = clean;
        } else if let Some(session) = self.everybody_mut().next() {
            session.kept.progress.clean = clean;
            session.dirty = true;
        }
    }

    /// While something is not stored, no attachment names the present version. The
    /// socket whose edit it is may go, and then nothing else tells that memory was lost.
    pub(super) fn forget_clean_points_while_unstored(&mut self) {
        if !self.outbox.unstored.is_empty() {
            self.forget_clean_points();
        }
    }

    /// The same, at once, before anybody is shown it: memory may be lost between the two.
    pub(super) fn forget_clean_points_before_showing(&mut self, effects: &mut Vec<Effect>) {
        if self.outbox.unstored.is_empty() {
            return;
        }
        let version = self.version;
        let holds = |it: &&Session| it.kept.progress.clean.is_some_and(|(of, _)| of == version);
        let holders = self.everybody().filter(holds);
        effects.extend(holders.map(|it| Effect::Doubt(it.kept.id)));
        self.forget_clean_points();
    }

    fn forget_clean_points(&mut self) {
        let version = self.version;
        for session in self.everybody_mut() {
            if session
                .kept
                .progress
                .clean
                .is_some_and(|(of, _)| of == version)
            {
                session.kept.progress.clean = None;
                session.dirty = true;
            }
        }
    }
}
