//! A document frame: check, apply, and gather for sending and storing.

mod line_ends;

use std::rc::Rc;

use note::guard::Checked;
use note::{ClientId, UpdateError};

use crate::effect::Effect;
use crate::event::{Event, Refusable};
use crate::frame::Frame;
use crate::presence::{MAX_CLIENTS_A_SOCKET, Shown};
use crate::refusal::Refusal;
use crate::room::Room;
use crate::session::{Session, SessionId, Timestamp};

/// Frames in a row that cannot be placed before the socket is closed: an honest
/// client needs one or two (it typed before its sync had ended).
const MAX_GAPS: u8 = 8;
/// Refused edits in a row before the socket is closed.
const MAX_REFUSED: u8 = 3;
/// For so long after a right to write went, what is refused is not counted: it may have
/// been on its way. Each frame still takes from the rate.
const LATE_FOR_MS: u64 = 10_000;
/// Silence after which another may take over the client id of a plain socket; a
/// plain Yjs client renews its awareness every 15 s.
const GHOST_AFTER_MS: u64 = 30_000;

impl Room {
    /// Step 2 may carry what others wrote (merges of offline work, and what was
    /// passed on but not stored when memory was lost), but nothing under the id of
    /// somebody else who is here and in step (U6).
    pub(super) fn receive_step_2(
        &mut self,
        id: SessionId,
        update: &[u8],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        self.count_frame(id);
        let checked = match self.doc.check(update) {
            Ok(checked) => checked,
            Err(why) => return self.reject(id, &why, now, effects),
        };
        let clients = checked.clients_with_new_structs();
        let foreign = clients.iter().any(|client| {
            self.defended(id, *client, now)
                .is_some_and(Session::in_step)
        });
        if foreign {
            // Who is in step has brought all it wrote: this was made up, or is late.
            return self.reject(id, &UpdateError::Gap, now, effects);
        }
        if self.can_write_or_adds_nothing(id, &checked)
            && let Some(session) = self.members.sessions.get_mut(&id)
        {
            // Step 2 is everything the client has: what was refused before is in it.
            session.kept.progress.hole = std::mem::take(&mut session.stale);
        }
        self.take(id, &checked, now, effects)
    }

    /// An update as it happens carries only what its own client wrote (U5).
    pub(super) fn receive_update(
        &mut self,
        id: SessionId,
        update: &[u8],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        self.count_frame(id);
        let checked = match self.doc.check(update) {
            Ok(checked) => checked,
            Err(why) => return self.reject(id, &why, now, effects),
        };
        for client in checked.clients_with_new_structs() {
            self.bind(id, *client, now, effects)?;
        }
        self.take(id, &checked, now, effects)
    }

    fn count_frame(&mut self, id: SessionId) {
        if let Some(session) = self.members.sessions.get_mut(&id) {
            session.kept.progress.frames = session.kept.progress.frames.saturating_add(1);
            session.dirty = true;
        }
    }

    fn can_write_or_adds_nothing(&self, id: SessionId, checked: &Checked<'_>) -> bool {
        !checked.adds_anything()
            || self
                .members
                .sessions
                .get(&id)
                .is_some_and(|session| session.kept.admission.access.can_write())
    }

    /// Applies a checked update and gathers it; refuses it to who may only view.
    fn take(
        &mut self,
        id: SessionId,
        checked: &Checked<'_>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        if !self.can_write_or_adds_nothing(id, checked) {
            return self.refuse_edit(id, Refusal::NotAllowed, now, effects);
        }
        if checked.adds_anything() {
            let changes = &mut self.outbox.changes;
            if let Err(why) = self.doc.apply_tracked(checked, changes) {
                return self.reject(id, &why, now, effects);
            }
            let update: Rc<[u8]> = checked.bytes().into();
            self.outbox.unsent.push((id, Rc::clone(&update)));
            self.outbox.unstored.push(update);
            self.mend_line_ends();
            self.record_authors(id, checked.clients_with_new_structs(), now, effects);
        }
        self.acknowledge_when_stored(id, effects);
        self.flush(now, effects);
        Ok(())
    }

    /// Marks a session's frames for acknowledgement with the next row; at once
    /// when nothing waits to be stored.
    fn acknowledge_when_stored(&mut self, id: SessionId, effects: &mut Vec<Effect>) {
        let nothing_waits = self.outbox.unstored.is_empty();
        let Some(session) = self.members.sessions.get_mut(&id) else {
            return;
        };
        session.gaps = 0;
        session.refused = 0;
        if session.kept.progress.hole {
            return;
        }
        if nothing_waits {
            session.kept.progress.through = session.kept.progress.frames;
            let through = session.kept.progress.through;
            self.members.tell(
                vec![id],
                &|| Event::Saved {
                    through,
                    version: self.version,
                },
                effects,
            );
        } else {
            session.unstored = Some(session.kept.progress.frames);
        }
    }

    /// An update that was not applied: a gap is answered with step 1, anything
    /// else with a refusal.
    fn reject(
        &mut self,
        id: SessionId,
        why: &UpdateError,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let may_write = self
            .members
            .sessions
            .get(&id)
            .is_some_and(|session| session.kept.admission.access.can_write());
        match why {
            UpdateError::Malformed(_) => Err(Refusal::Malformed),
            // What may not be written need not be placed: after a first refused
            // edit, a reader's next one has a gap.
            UpdateError::Gap | UpdateError::Full if !may_write => {
                self.refuse_edit(id, Refusal::NotAllowed, now, effects)
            }
            UpdateError::Full => self.refuse_edit(id, Refusal::Full, now, effects),
            UpdateError::Gap => {
                let Some(session) = self.members.sessions.get_mut(&id) else {
                    return Ok(());
                };
                session.kept.progress.hole = true;
                session.gaps = session.gaps.saturating_add(1);
                if session.gaps > MAX_GAPS {
                    return Err(Refusal::OutOfStep);
                }
                self.members
                    .send(vec![id], &Frame::Step1(&self.doc.state_vector()), effects);
                self.flush(now, effects);
                Ok(())
            }
            UpdateError::Pending => {
                // What is certain is stored first; then the document is built anew
                // from it, without the update that `yrs` could not place.
                self.flush_row(now, effects);
                effects.push(Effect::Reload);
                Err(Refusal::Malformed)
            }
        }
    }

    fn refuse_edit(
        &mut self,
        id: SessionId,
        why: Refusal,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        self.members.refuse(vec![id], Refusable::Edit, why, effects);
        let Some(session) = self.members.sessions.get_mut(&id) else {
            return Ok(());
        };
        session.kept.progress.hole = true;
        let is_late = |at| now.saturating_sub(at) <= LATE_FOR_MS;
        if !session.lowered_at.is_some_and(is_late) {
            session.refused = session.refused.saturating_add(1);
        }
        // A full note is no offence: deleting must go on working.
        if session.refused > MAX_REFUSED && why == Refusal::NotAllowed {
            return Err(why);
        }
        // The hole has to outlive a sleep.
        self.flush(now, effects);
        Ok(())
    }

    /// Binds a client id to the socket that uses it. The same person's older
    /// socket gives it up (it is the ghost of a lost connection); somebody else's
    /// does not while it lives.
    pub(super) fn bind(
        &mut self,
        id: SessionId,
        client: ClientId,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        if self.defended(id, client, now).is_some() {
            return Err(Refusal::IdInUse);
        }
        match self.bound.get(&client.0).copied() {
            Some(owner) if owner == id => return Ok(()),
            Some(ghost) => self.close(ghost, Refusal::IdInUse, now, effects),
            None => {}
        }
        let Some(session) = self.members.sessions.get_mut(&id) else {
            return Ok(());
        };
        if session.kept.clients.len() >= MAX_CLIENTS_A_SOCKET {
            return Err(Refusal::IdInUse);
        }
        session.kept.clients.insert(
            client.0,
            Shown {
                clock: 0,
                state: None,
            },
        );
        session.dirty = true;
        self.bound.insert(client.0, id);
        self.outbox.presence_due = true;
        Ok(())
    }

    /// The session of somebody else that holds a client id and is no ghost: the
    /// ghost of a lost connection is the same person's older socket, or a plain
    /// one that has long been silent.
    fn defended(&self, id: SessionId, client: ClientId, now: Timestamp) -> Option<&Session> {
        let owner = self.bound.get(&client.0).filter(|&&owner| owner != id)?;
        let owner = self.members.sessions.get(owner)?;
        let person = self.members.sessions.get(&id)?.kept.admission.person.id;
        let ghost = owner.kept.admission.person.id == person
            || (!owner.kept.admission.events && owner.silent_for(now) > GHOST_AFTER_MS);
        (!ghost).then_some(owner)
    }
}
