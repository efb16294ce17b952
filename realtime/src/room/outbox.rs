//! What waits to be sent and stored, and when it goes: an edit that comes alone
//! at once, a burst gathered into one frame a socket, one row and one render.

use std::collections::BTreeMap;
use std::rc::Rc;

use note::Document;
use note::changes::{Changes, Splice};
use note::view::{Patch, Replaced, View};

use crate::access::Who;
use crate::effect::Effect;
use crate::event::Event;
use crate::frame::Frame;
use crate::members::Members;
use crate::presence::{self, Shown};
use crate::room::{ROW_WINDOW_MS, Room, SEND_WINDOW_MS};
use crate::session::{SessionId, Timestamp};

/// Updates gathered before they are sent or stored early: merging takes time
/// quadratic in their number.
const MAX_GATHERED: usize = 200;

/// Places of the text that are rendered each by itself.
const MAX_PLACES: usize = 4;

/// What waits.
#[derive(Default)]
pub(super) struct Outbox {
    /// Updates applied but not passed on, with who brought them.
    pub(super) unsent: Vec<(SessionId, Rc<[u8]>)>,
    /// Updates applied but not stored.
    pub(super) unstored: Vec<Rc<[u8]>>,
    /// Awareness states that changed.
    pub(super) awareness: BTreeMap<u64, Shown>,
    /// Who is here changed.
    pub(super) presence_due: bool,
    /// How many people the host was told are here.
    pub(super) told_here: usize,
    /// What became of the text since the last render.
    pub(super) changes: Changes,
    /// Until when edits are gathered instead of sent at once.
    send_window: Option<Timestamp>,
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

    fn has_something_to_send(&self) -> bool {
        let unseen = self.presence_due || !self.changes.is_empty();
        unseen || !self.unsent.is_empty() || !self.awareness.is_empty()
    }
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
        let send = crowded || over(self.outbox.send_window, now);
        let store = crowded || over(self.outbox.row_window, now);
        if send {
            let something = self.outbox.has_something_to_send();
            self.flush_updates(effects);
            self.flush_awareness(effects);
            self.outbox.send_window = something.then(|| now.saturating_add(SEND_WINDOW_MS));
        }
        if store {
            let something = !self.outbox.unstored.is_empty();
            self.flush_row(now, effects);
            self.outbox.row_window = something.then(|| now.saturating_add(ROW_WINDOW_MS));
        }
        if send {
            self.flush_view(effects);
            self.flush_presence(effects);
        }
        self.forget_clean_points_while_unstored();
        self.members.attach_dirty(effects);
        self.readers.attach_dirty(effects);
        self.ask_for_timer(effects);
    }

    /// Asks for a timer while something is in hand, and for none otherwise, so
    /// that an idle object can sleep.
    fn ask_for_timer(&mut self, effects: &mut Vec<Effect>) {
        let send = self
            .outbox
            .has_something_to_send()
            .then_some(self.outbox.send_window)
            .flatten();
        let store = (!self.outbox.unstored.is_empty())
            .then_some(self.outbox.row_window)
            .flatten();
        let due = [send, store].into_iter().flatten().min();
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
        let unsent = std::mem::take(&mut self.outbox.unsent);
        let Some((first, _)) = unsent.first() else {
            return;
        };
        let only_author = unsent
            .iter()
            .all(|(author, _)| author == first)
            .then_some(*first);
        let to: Vec<SessionId> = self
            .members
            .sessions
            .keys()
            .copied()
            .filter(|&id| Some(id) != only_author)
            .collect();
        if to.is_empty() {
            return;
        }
        let updates: Vec<&[u8]> = unsent.iter().map(|(_, update)| &**update).collect();
        for update in gather(&updates) {
            self.members
                .send(to.clone(), &Frame::Update(&update), effects);
        }
    }

    /// Stores what waits as one row, and only then acknowledges it. It is sent
    /// first: an edit that was stored and not sent when memory is lost would never
    /// reach the others, who see no gap where a deletion was.
    pub(super) fn flush_row(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.outbox.unstored.is_empty() {
            self.flush_updates(effects);
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
                session.kept.through = through;
                session.dirty = true;
                saved.push((*id, session.kept.through));
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

    /// Renders what changed, once, and sends the patches to everyone.
    pub(super) fn flush_view(&mut self, effects: &mut Vec<Effect>) {
        self.show_view(None, effects);
    }

    /// The same when asked to, for those meant: who was left out before as well.
    pub(super) fn flush_view_to(&mut self, who: &Who, effects: &mut Vec<Effect>) {
        self.show_view(Some(who), effects);
    }

    /// The patches are written once, and the whole view at most once, for those
    /// whose page stands at another revision. Who was left out on purpose stays
    /// so until something changes or they are meant (K3).
    fn show_view(&mut self, asked: Option<&Who>, effects: &mut Vec<Effect>) {
        let from = self.revision;
        let changes = std::mem::take(&mut self.outbox.changes);
        let patches = follow(&mut self.view, &self.doc, &changes);
        let near_the_top = patches
            .iter()
            .any(|patch| patch.at <= crate::room::index::TITLE_BLOCKS)
            || self.view.may_have_front_matter() && may_touch_front_matter(&changes);
        if !patches.is_empty() {
            self.revision = self.revision.saturating_add(1);
        }
        let revision = self.revision;
        self.view.name(revision);
        let (mut current, mut behind) = (Vec::new(), Vec::new());
        for session in self.everybody_mut() {
            if session.shown == revision {
                continue;
            }
            let meant = match asked {
                Some(who) => who.matches(session.kept.admission.person.id),
                None => !patches.is_empty() || !session.kept.behind,
            };
            session.dirty |= session.kept.behind == meant;
            session.kept.behind = !meant;
            if meant {
                if session.shown == from {
                    current.push(session.kept.id);
                } else {
                    behind.push(session.kept.id);
                }
                session.shown = revision;
            }
        }
        self.tell_viewers(behind, &|| self.whole_view(), effects);
        self.tell_viewers(
            current,
            &|| Event::View {
                revision,
                from: Some(from),
                patches: patches.clone(),
            },
            effects,
        );
        if near_the_top {
            self.retitle(effects);
        }
        self.remember_clean_point();
    }

    /// Tells members and readers of the published page; it is made once for both.
    fn tell_viewers(
        &self,
        mut to: Vec<SessionId>,
        event: &dyn Fn() -> Event,
        effects: &mut Vec<Effect>,
    ) {
        to.retain(|id| self.members.hears(*id) || self.readers.hears(*id));
        Members::announce(to, event, effects);
    }

    /// The patches that build the whole view from nothing.
    pub(super) fn whole_view(&self) -> Event {
        let patch = Patch {
            at: 0,
            remove: 0,
            insert: self.view.blocks(),
        };
        Event::View {
            revision: self.revision,
            from: None,
            patches: vec![patch],
        }
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

    fn flush_presence(&mut self, effects: &mut Vec<Effect>) {
        if std::mem::take(&mut self.outbox.presence_due) {
            self.members.tell_presence(self.members.everyone(), effects);
            let here = self.members.count_people();
            if std::mem::replace(&mut self.outbox.told_here, here) != here {
                effects.push(Effect::Here(here));
            }
        }
    }
}

/// Renders what changed of the text. A few places are rendered each by itself, many
/// as the one piece from the first to the last.
fn follow(view: &mut View, doc: &Document, changes: &Changes) -> Vec<Patch> {
    if changes.is_empty() {
        return Vec::new();
    }
    let mut patches = Vec::new();
    match changes.splices() {
        Some(splices) if splices.len() > MAX_PLACES => {
            patches.extend(follow_as_one(view, doc, splices).unwrap_or_default());
        }
        // From the end, so that the places before stay what they were.
        Some(splices) => {
            for splice in splices.iter().rev() {
                let range = splice.from.byte..splice.to.byte;
                let rendered = view.replace(range, &splice.insert);
                patches.extend(rendered.unwrap_or_default());
            }
        }
        None => return view.update(&doc.text()),
    }
    // A splice that is no place of the view's source: all of it is compared. What was
    // rendered before that is shown first.
    if view.len_bytes() != doc.len_bytes() {
        patches.extend(view.update(&doc.text()));
    }
    patches
}

fn follow_as_one(view: &mut View, doc: &Document, splices: &[Splice]) -> Option<Vec<Patch>> {
    let range = splices.first()?.from.byte..splices.last()?.to.byte;
    let after = view.len_bytes().checked_sub(range.end)?;
    let insert = doc.slice(range.start, doc.len_bytes().checked_sub(after)?)?;
    let replaced = |splice: &Splice| Replaced {
        start: splice.from.byte,
        end: splice.to.byte,
        came: splice.insert.len(),
    };
    view.expect_changes(splices.iter().map(replaced).collect());
    view.replace(range, &insert).ok()
}

/// Whether a change may have been in what a note says of itself: that shows in its
/// title, and in no block.
fn may_touch_front_matter(changes: &Changes) -> bool {
    let is_near = |splice: &Splice| splice.from.byte < note::front_matter::LOOK_BYTES;
    let first = changes.splices().map(<[Splice]>::first);
    first.is_none_or(|first| first.is_some_and(is_near))
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
