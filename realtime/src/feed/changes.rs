//! What differs between what a feed told and what there is to say now, as events.

use super::{Feed, FeedState, Told};
use crate::access::Who;
use crate::effect::Effect;
use crate::event::Event;
use crate::notice::Notification;
use crate::session::{SessionId, Timestamp};

impl Feed {
    /// Tells those meant what changed, and newcomers everything. Each event is
    /// made once, whatever the number of sockets.
    pub(super) fn tell_changes(
        &mut self,
        state: FeedState,
        meant: &[Who],
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let before = self.told.take();
        let from = before.as_ref().map_or(0, |told| told.revision);
        let (told, steps, changed) = match before {
            Some(told) if told.state == state => (told, Vec::new(), false),
            before => {
                let new = new_ones(before.as_ref().map(|told| &told.state), &state);
                let count = u64::try_from(new.len()).unwrap_or(1).max(1);
                // By the time, so that it rises also where the last was forgotten.
                let first = from.saturating_add(1).max(now);
                let told = Told {
                    state,
                    revision: first.saturating_add(count).saturating_sub(1),
                };
                let steps = steps(&told, &new, first);
                (told, steps, true)
            }
        };
        self.told = Some(told.clone());
        let current = self.those(|shown, person| {
            shown != 0 && shown == from && meant.iter().any(|who| who.matches(person))
        });
        let behind = self
            .those(|shown, person| shown != from && meant.iter().any(|who| who.matches(person)));
        for step in steps {
            self.members
                .tell(current.clone(), &|| step.clone(), effects);
        }
        self.told_to(&current);
        self.tell_everything(behind, effects);
        self.tell_newcomers(effects);
        self.remember_who_is_behind();
        if changed {
            effects.push(Effect::Told(Box::new(told)));
        }
    }

    /// Tells all there is to say to who was told nothing yet.
    pub(super) fn tell_newcomers(&mut self, effects: &mut Vec<Effect>) {
        let newcomers = self.those(|shown, _| shown == 0);
        self.tell_everything(newcomers, effects);
    }

    fn tell_everything(&mut self, to: Vec<SessionId>, effects: &mut Vec<Effect>) {
        if let Some(told) = &self.told {
            self.members.tell(to.clone(), &|| everything(told), effects);
            self.told_to(&to);
        }
    }

    fn those(&self, meant: impl Fn(u64, uuid::Uuid) -> bool) -> Vec<SessionId> {
        let sessions = self.members.sessions.values();
        sessions
            .filter(|session| meant(session.shown, session.kept.admission.person.id))
            .map(|session| session.kept.id)
            .collect()
    }

    fn told_to(&mut self, ids: &[SessionId]) {
        let revision = self.told.as_ref().map_or(0, |told| told.revision);
        for id in ids {
            if let Some(session) = self.members.sessions.get_mut(id) {
                session.shown = revision;
                session.dirty |= session.kept.progress.behind;
                session.kept.progress.behind = false;
            }
        }
    }

    /// Who was left out is told all of it after a sleep (K3).
    fn remember_who_is_behind(&mut self) {
        let revision = self.told.as_ref().map_or(0, |told| told.revision);
        for session in self.members.sessions.values_mut() {
            if session.shown != revision {
                session.dirty |= !session.kept.progress.behind;
                session.kept.progress.behind = true;
            }
        }
    }
}

/// The notifications that are new, oldest first, when nothing else changed.
fn new_ones(before: Option<&FeedState>, now: &FeedState) -> Vec<Notification> {
    let (
        Some(FeedState::Person {
            unread: unread_before,
            notifications: before,
        }),
        FeedState::Person {
            unread,
            notifications,
        },
    ) = (before, now)
    else {
        return Vec::new();
    };
    let newest_known = before.first().map_or(0, |known| known.id);
    let (new, old): (Vec<_>, Vec<_>) = notifications
        .iter()
        .partition(|notification| notification.id > newest_known);
    // The list is cut at its end, so the older may be fewer than before.
    let unchanged = old.iter().zip(before).all(|(now, before)| *now == before)
        && (old.len() == before.len() || notifications.len() >= before.len());
    let unread_new = new.iter().filter(|notification| !notification.read).count();
    let counted = u64::try_from(unread_new)
        .ok()
        .and_then(|new| unread_before.checked_add(new));
    if unchanged && counted == Some(*unread) {
        new.into_iter().rev().cloned().collect()
    } else {
        Vec::new()
    }
}

/// The events that lead from what was told to what is.
fn steps(told: &Told, new: &[Notification], first: u64) -> Vec<Event> {
    let FeedState::Person { unread, .. } = &told.state else {
        return vec![everything(told)];
    };
    if new.is_empty() {
        return vec![everything(told)];
    }
    let mut steps = Vec::new();
    let mut unread_then = unread
        .saturating_sub(u64::try_from(new.iter().filter(|one| !one.read).count()).unwrap_or(0));
    let mut revision = first;
    for notification in new {
        unread_then = unread_then.saturating_add(u64::from(!notification.read));
        steps.push(Event::Notification {
            notification: notification.clone(),
            unread: unread_then,
            revision,
        });
        revision = revision.saturating_add(1);
    }
    steps
}

/// All there is to say, as one event.
fn everything(told: &Told) -> Event {
    match &told.state {
        FeedState::Person {
            unread,
            notifications,
        } => Event::Notifications {
            unread: *unread,
            notifications: notifications.clone(),
            revision: told.revision,
        },
        FeedState::Everyone { announcement } => Event::Announcement {
            announcement: announcement.clone(),
            revision: told.revision,
        },
    }
}
