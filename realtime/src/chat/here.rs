//! Who is here and who is writing: told at once when it happens alone, gathered
//! when many come and go.

use super::{Chat, TYPING_MS};
use crate::access::{Admission, Who};
use crate::effect::Effect;
use crate::event::Event;
use crate::members::PRESENCE_WINDOW_MS;
use crate::session::Timestamp;

/// Somebody's writing is told again after this time, while it goes on.
const TYPING_AGAIN_MS: u64 = TYPING_MS - 1_000;

/// What of it waits to be told.
#[derive(Default)]
pub(super) struct Here {
    due: bool,
    window: Option<Timestamp>,
    /// The time asked for with [`Effect::Timer`].
    timer: Option<Timestamp>,
}

impl Chat {
    /// Somebody came, went, or has another name (M9). Whether everybody was told at
    /// once.
    pub(super) fn people_changed(&mut self, now: Timestamp, effects: &mut Vec<Effect>) -> bool {
        self.here.due = true;
        match self.here.window.filter(|until| *until > now) {
            None => {
                self.tell_who_is_here(now, effects);
                return true;
            }
            Some(until) if self.here.timer.is_none() => {
                self.here.timer = Some(until);
                effects.push(Effect::Timer(until));
            }
            Some(_) => {}
        }
        false
    }

    pub(super) fn tell_who_is_here(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.here.timer = None;
        if std::mem::take(&mut self.here.due) {
            self.here.window = Some(now.saturating_add(PRESENCE_WINDOW_MS));
            self.members.tell_presence(self.members.everyone(), effects);
        }
    }

    /// Somebody is writing; told to the others (M8).
    pub(super) fn typing(&mut self, by: &Admission, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.check_may_write(by, now).is_err() {
            return;
        }
        self.typed
            .retain(|_, told| now.saturating_sub(*told) < TYPING_AGAIN_MS);
        if self.typed.contains_key(&by.person.id) {
            return;
        }
        self.typed.insert(by.person.id, now);
        let event = || Event::Typing {
            person: by.person.id,
            name: by.person.name.clone(),
        };
        let others = self.members.meant(&Who::Exclude(vec![by.person.id]));
        self.members.tell(others, &event, effects);
    }
}
