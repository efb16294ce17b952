//! Showing what changed: rendered once, told as patches to who is in step with the
//! view, and as all of it to who is not.

use note::Document;
use note::changes::{Changes, Splice};
use note::view::{Patch, Replaced, View};

use crate::access::Who;
use crate::effect::{Effect, Outgoing};
use crate::event::Event;
use crate::members::Members;
use crate::packed;
use crate::room::Room;
use crate::room::outbox::Unsent;
use crate::session::SessionId;

/// Places of the text that stand this far apart, in bytes, are rendered each by itself: to
/// render a block takes as long as to render so much in one piece.
const FAR_APART: usize = 1_024;

/// For each block of the view the revision that brought its HTML, where one did since
/// the room was opened; blocks behind the last of these were there before.
#[derive(Default)]
pub(super) struct Brought(Vec<u64>);

impl Brought {
    /// Takes in the patches of a revision, and says since when a socket must have been
    /// told everything to have the blocks they take out.
    fn follow(&mut self, patches: &[Patch], revision: u64) -> u64 {
        let mut since = revision;
        for patch in patches {
            if self.0.len() < patch.at {
                self.0.resize(patch.at, 0);
            }
            let end = patch.at.saturating_add(patch.remove);
            let known = end.min(self.0.len());
            let going = self.0.get(patch.at..known).unwrap_or_default();
            let oldest = going.iter().copied().min().unwrap_or(revision);
            since = since.min(if known < end { 0 } else { oldest });
            let coming = std::iter::repeat_n(revision, patch.insert.len());
            self.0.splice(patch.at..known, coming);
        }
        since
    }
}

/// Who is told what of a change.
#[derive(Default)]
struct Audience {
    /// The patches, as an event.
    plain: Vec<SessionId>,
    /// The patches, packed with the update.
    packed: Vec<SessionId>,
    /// The whole view: they stand at another revision.
    behind: Vec<SessionId>,
    /// Nothing that an update could be packed with.
    alone: Vec<SessionId>,
}

impl Room {
    /// Passes on what was applied and shows what changed, in one frame to those who
    /// asked for that.
    pub(super) fn flush_turn(&mut self, effects: &mut Vec<Effect>) {
        self.forget_clean_points_before_showing(effects);
        let unsent = self.take_unsent();
        let packs = unsent.updates.len() == 1 && !self.outbox.changes.is_empty();
        let sessions = self.members.sessions.values();
        let at_once = sessions.filter(|it| !(packs && it.kept.admission.packed));
        let at_once: Vec<_> = at_once.map(|session| session.kept.id).collect();
        self.pass_on(&unsent, &at_once, effects);
        let carried = if packs { unsent } else { Unsent::default() };
        self.show_view(None, &carried, effects);
    }

    /// Renders what changed, once, and sends the patches to everyone.
    pub(super) fn flush_view(&mut self, effects: &mut Vec<Effect>) {
        self.show_view(None, &Unsent::default(), effects);
    }

    /// The same when asked to, for those meant: who was left out before as well.
    pub(super) fn flush_view_to(&mut self, who: &Who, effects: &mut Vec<Effect>) {
        self.show_view(Some(who), &Unsent::default(), effects);
    }

    /// The patches are written once, and the whole view at most once, for those
    /// whose page stands at another revision. Who was left out on purpose stays
    /// so until something changes or they are meant (K3). Those who are told packed
    /// get the update that is carried along with them.
    fn show_view(&mut self, asked: Option<&Who>, carried: &Unsent, effects: &mut Vec<Effect>) {
        let from = self.revision;
        let changes = std::mem::take(&mut self.outbox.changes);
        let patches = follow(&mut self.view, &self.doc, &changes);
        let is_called_so = changes.is_empty() || self.titled.follow(&self.view, &changes, &patches);
        if !patches.is_empty() {
            self.revision = self.revision.saturating_add(1);
        }
        let revision = self.revision;
        self.view.name(revision);
        let since = self.brought.follow(&patches, revision);
        let audience = self.audience(asked, from, !patches.is_empty());
        self.pass_on(carried, &audience.alone, effects);
        Members::announce(audience.behind, &|| self.whole_view(), effects);
        self.send_packed(&audience.packed, carried, &patches, since, effects);
        Members::announce(
            audience.plain,
            &|| Event::View {
                revision,
                from: Some(from),
                patches: patches.clone(),
            },
            effects,
        );
        if !is_called_so {
            self.retitle(effects);
        }
        self.remember_clean_point();
    }

    /// Says who is told what of a change from a revision, and takes them for told.
    fn audience(&mut self, asked: Option<&Who>, from: u64, changed: bool) -> Audience {
        let revision = self.revision;
        let mut audience = Audience::default();
        for session in self.everybody_mut() {
            let (id, admission) = (session.kept.id, &session.kept.admission);
            let (hears, packed) = (admission.events, admission.packed);
            let meant = match asked {
                Some(who) => who.matches(admission.person.id),
                None => changed || !session.kept.progress.behind,
            };
            let lacks = session.shown != revision;
            if lacks {
                session.dirty |= session.kept.progress.behind == meant;
                session.kept.progress.behind = !meant;
            }
            let steps = lacks && meant && session.shown == from;
            if packed && !steps {
                audience.alone.push(id);
            }
            if !lacks || !meant {
                continue;
            }
            session.shown = revision;
            let list = match steps {
                false => {
                    session.told_since = 0;
                    &mut audience.behind
                }
                true if packed => &mut audience.packed,
                true => &mut audience.plain,
            };
            if hears {
                list.push(id);
            }
        }
        audience
    }

    /// Sends a turn in one frame each: to its author without the update, and with all of
    /// their HTML where a page does not have the blocks that go.
    fn send_packed(
        &self,
        to: &[SessionId],
        carried: &Unsent,
        patches: &[Patch],
        since: u64,
        effects: &mut Vec<Effect>,
    ) {
        let update = carried.updates.first().map_or(&[][..], Vec::as_slice);
        let has_blocks = |id: &SessionId| {
            let session = self.members.sessions.get(id);
            session.is_some_and(|session| session.told_since <= since)
        };
        for (is_author, whole) in [(false, false), (false, true), (true, false), (true, true)] {
            let like = |id: &&SessionId| {
                (Some(**id) == carried.author) == is_author && has_blocks(id) != whole
            };
            let to: Vec<SessionId> = to.iter().filter(like).copied().collect();
            if to.is_empty() {
                continue;
            }
            let update = if is_author { &[] } else { update };
            let frame = packed::encode(update, self.revision, patches, whole);
            effects.push(Effect::Send {
                to,
                frame: Outgoing::Binary(frame.into()),
            });
        }
    }

    /// The patches that build the whole view from nothing.
    pub(super) fn whole_view(&self) -> Event {
        let patch = Patch {
            insert: self.view.blocks(),
            ..Patch::default()
        };
        Event::View {
            revision: self.revision,
            from: None,
            patches: vec![patch],
        }
    }
}

/// Renders what changed of the text: places far apart each by itself, others as the one
/// piece from the first to the last.
fn follow(view: &mut View, doc: &Document, changes: &Changes) -> Vec<Patch> {
    if changes.is_empty() {
        return Vec::new();
    }
    let mut patches = Vec::new();
    match changes.splices() {
        Some(splices) if are_close(splices) => {
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

fn are_close(splices: &[Splice]) -> bool {
    let [first, .., last] = splices else {
        return false;
    };
    last.to.byte.saturating_sub(first.from.byte) < splices.len().saturating_mul(FAR_APART)
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
