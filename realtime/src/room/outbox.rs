//! What waits to be sent and stored, and when it goes: an edit that comes alone
//! at once, a burst gathered into one frame a socket, one row and one render.

use std::collections::BTreeMap;
use std::rc::Rc;

use note::changes::Changes;

use crate::effect::Effect;
use crate::event::Event;
use crate::frame::Frame;
use crate::members::PRESENCE_WINDOW_MS;
use crate::presence::{self, Shown};
use crate::room::{CROWDED_SEND_WINDOW_MS, ROW_WINDOW_MS, Room, SEND_WINDOW_MS};
use crate::session::{SessionId, Timestamp};

/// Updates gathered before they are sent or stored early: merging takes time
/// quadratic in their number.
const MAX_GATHERED: usize = 200;

/// What waits.
#[derive(Default)]
pub(super) struct Outbox {
    /// Updates applied but not passed on, with who brought them.
    pub(super) unsent: Vec<(SessionId, Rc<[u8]>)>,
    /// Updates applied but not stored.
    pub(super) unstored: Vec<Rc<[u8]>>,
    /// Awareness states that changed.
    pub(super) awareness: BTreeMap<u64, Shown>,
    /// Who is here changed, and not everybody was told.
    pub(super) presence_due: bool,
    /// Until when comings and goings are gathered instead of told at once.
    presence_window: Option<Timestamp>,
    /// How many people the host was told are here.
    pub(super) told_here: usize,
    /// What became of the text since the last render.
    pub(super) changes: Changes,
    /// Until when edits are gathered instead of sent at once.
    send_window: Option<Timestamp>,
    /// The same for awareness states: an edit does not wait for what only shows carets.
    awareness_window: Option<Timestamp>,
    /// Until when edits are gathered instead of stored at once.
    row_window: Option<Timestamp>,
    /// The time asked for with [`Effect::Timer`].
    pub(super) timer: Option<Timestamp>,
}

impl Outbox {
    /// Forgets what was not stored, when the document goes back to what was.
    pub(super) fn forget_unstored(&mut self) {
        self.unsent.clear();
        self.unstored.clear();
    }

    fn has_edits_to_send(&self) -> bool {
        !self.changes.is_empty() || !self.unsent.is_empty()
    }
}

/// Updates on their way to the others.
#[derive(Default)]
pub(super) struct Unsent {
    /// Merged into one, where that is possible.
    pub(super) updates: Vec<Vec<u8>>,
    /// Who brought them, if it was one socket alone: they do not go back to it.
    pub(super) author: Option<SessionId>,
}

/// Whether a window is over, or was never open.
fn over(window: Option<Timestamp>, now: Timestamp) -> bool {
    window.is_none_or(|until| until <= now)
}

impl Room {
    /// Sends and stores what waits, as far as its window is over; asks for a
    /// timer for the rest.
    pub(super) fn flush(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let crowded =
            self.outbox.unsent.len() >= MAX_GATHERED || self.outbox.unstored.len() >= MAX_GATHERED;
        let store = crowded || over(self.outbox.row_window, now);
        // What is stored is sent by then, and what is sent is shown with it.
        let storing = store && !self.outbox.unsent.is_empty();
        let send = crowded || storing || over(self.outbox.send_window, now);
        let edits = send && self.outbox.has_edits_to_send();
        let window = now.saturating_add(self.send_wait());
        if send {
            self.flush_turn(effects);
            self.outbox.send_window = edits.then_some(window);
        }
        // What is sent anyway takes the carets along.
        if edits || over(self.outbox.awareness_window, now) {
            let something = edits || !self.outbox.awareness.is_empty();
            self.flush_awareness(effects);
            self.outbox.awareness_window = something.then_some(window);
        }
        if store {
            let something = !self.outbox.unstored.is_empty();
            self.flush_row(now, effects);
            self.outbox.row_window = something.then(|| now.saturating_add(ROW_WINDOW_MS));
        }
        if over(self.outbox.presence_window, now) {
            self.flush_presence(now, effects);
        }
        if store {
            self.remember_clean_point();
        }
        self.forget_clean_points_while_unstored();
        self.members.attach_dirty(effects);
        self.readers.attach_dirty(effects);
        self.ask_for_timer(effects);
    }

    /// How long what comes next is gathered. A frame for each socket is most of what a
    /// sending costs, so where several write, and many hear them, it is longer.
    fn send_wait(&self) -> u64 {
        let hearers = self.members.sessions.len() as u64;
        let together = self.outbox.unsent.len().max(self.outbox.awareness.len());
        match together {
            0 | 1 => SEND_WINDOW_MS,
            _ => hearers.clamp(SEND_WINDOW_MS, CROWDED_SEND_WINDOW_MS),
        }
    }

    /// Asks for a timer while something is in hand, and for none otherwise, so
    /// that an idle object can sleep.
    fn ask_for_timer(&mut self, effects: &mut Vec<Effect>) {
        let send = (self.outbox.has_edits_to_send())
            .then_some(self.outbox.send_window)
            .flatten();
        let awareness = (!self.outbox.awareness.is_empty())
            .then_some(self.outbox.awareness_window)
            .flatten();
        let store = (!self.outbox.unstored.is_empty())
            .then_some(self.outbox.row_window)
            .flatten();
        let presence = (self.outbox.presence_due)
            .then_some(self.outbox.presence_window)
            .flatten();
        let due = [send, awareness, store, presence]
            .into_iter()
            .flatten()
            .min();
        if let Some(due) = due
            && self.outbox.timer.is_none_or(|asked| due < asked)
        {
            self.outbox.timer = Some(due);
            effects.push(Effect::Timer(due));
        }
    }

    /// Passes on what was applied: to everyone but its author when there is one,
    /// else one frame for all (who wrote it ignores it).
    fn flush_updates(&mut self, effects: &mut Vec<Effect>) {
        let unsent = self.take_unsent();
        let to: Vec<SessionId> = self.members.sessions.keys().copied().collect();
        self.pass_on(&unsent, &to, effects);
    }

    pub(super) fn take_unsent(&mut self) -> Unsent {
        let unsent = std::mem::take(&mut self.outbox.unsent);
        let first = unsent.first().map(|(author, _)| *author);
        let updates: Vec<&[u8]> = unsent.iter().map(|(_, update)| &**update).collect();
        Unsent {
            author: first.filter(|first| unsent.iter().all(|(author, _)| author == first)),
            updates: gather(&updates),
        }
    }

    pub(super) fn pass_on(&self, unsent: &Unsent, to: &[SessionId], effects: &mut Vec<Effect>) {
        for update in &unsent.updates {
            let to = to.iter().copied();
            let to = to.filter(|id| Some(*id) != unsent.author).collect();
            self.members.send(to, &Frame::Update(update), effects);
        }
    }

    /// Stores what waits as one row, and only then acknowledges it. It is sent
    /// first: an edit that was stored and not sent when memory is lost would never
    /// reach the others, who see no gap where a deletion was.
    pub(super) fn flush_row(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.outbox.unstored.is_empty() {
            self.forget_clean_points_before_showing(effects);
            self.flush_updates(effects);
            self.store_writers(effects);
        }
        let unstored = std::mem::take(&mut self.outbox.unstored);
        let updates: Vec<&[u8]> = unstored.iter().map(|update| &**update).collect();
        for update in gather(&updates) {
            self.version = self.version.saturating_add(1);
            self.indexing.stored(update.len(), now);
            effects.push(Effect::Append {
                version: self.version,
                update,
                at: now,
            });
        }
        let mut saved = Vec::new();
        for (id, session) in &mut self.members.sessions {
            if let Some(through) = session.unstored.take() {
                session.kept.progress.through = through;
                session.dirty = true;
                saved.push((*id, session.kept.progress.through));
            }
        }
        for (id, through) in saved {
            self.members.tell(
                vec![id],
                &|| Event::Saved {
                    through,
                    version: self.version,
                },
                effects,
            );
        }
        self.ask_for_alarm(now, effects);
    }

    /// Works out the title as shown, and tells everyone when it changed.
    pub(super) fn retitle(&mut self, effects: &mut Vec<Effect>) {
        let title = self.shown_title();
        if title != self.title {
            self.title.clone_from(&title);
            self.members.tell(
                self.members.everyone(),
                &|| Event::Title {
                    title: title.clone(),
                },
                effects,
            );
        }
    }

    fn flush_awareness(&mut self, effects: &mut Vec<Effect>) {
        let changed = std::mem::take(&mut self.outbox.awareness);
        if changed.is_empty() || self.members.sessions.is_empty() {
            return;
        }
        let bytes = presence::encode(changed.iter().map(|(client, shown)| (*client, shown)));
        self.members
            .send(self.members.everyone(), &Frame::Awareness(&bytes), effects);
    }

    fn flush_presence(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if std::mem::take(&mut self.outbox.presence_due) {
            self.outbox.presence_window = Some(now.saturating_add(PRESENCE_WINDOW_MS));
            self.members.tell_presence(self.members.everyone(), effects);
            let here = self.members.count_people();
            if std::mem::replace(&mut self.outbox.told_here, here) != here {
                effects.push(Effect::Here(here));
            }
        }
    }
}

/// Several updates as one, or as they are where merging fails: merging is only
/// there to save frames and rows.
fn gather(updates: &[&[u8]]) -> Vec<Vec<u8>> {
    match updates {
        [] => Vec::new(),
        [one] => vec![one.to_vec()],
        several => match note::document::merge_updates(several) {
            Ok(merged) => vec![merged],
            Err(_) => several.iter().map(|update| update.to_vec()).collect(),
        },
    }
}
