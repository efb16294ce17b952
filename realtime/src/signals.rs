//! Synced signals: small values everybody in a room sees and, with the right to
//! write, sets. The last one by the server's order holds (G). One can be set for as
//! long as its socket is here: then it is kept beside the socket, and goes with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ask::{MAX_HELD_BYTES, MAX_SIGNAL_BYTES, MAX_SIGNAL_NAME_BYTES};
use crate::effect::Effect;
use crate::event::{Event, Refusable};
use crate::members::{Denied, Members};
use crate::refusal::Refusal;
use crate::session::{SessionId, Timestamp};

/// Signals of different names in one room.
pub const MAX_SIGNALS: usize = 32;
/// Signals that one socket may hold.
pub const MAX_HELD: usize = 4;
/// The signal that says which slide of a note is presented: a number counted from
/// zero, or an object with it as `at`; null when nobody presents.
pub const SLIDES: &str = "slides";

/// A synced signal as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Which.
    pub name: String,
    /// To what it was set; null when it was unset.
    pub value: Value,
    /// Rising with each setting in the room.
    pub revision: u64,
}

/// The signals of a room.
#[derive(Default)]
pub(crate) struct Signals {
    set: BTreeMap<String, Signal>,
    revision: u64,
}

impl Signals {
    /// Those that are stored, and those that sockets hold.
    pub(crate) fn open(stored: &[Signal], members: &Members) -> Self {
        let mut signals = Self {
            revision: stored
                .iter()
                .map(|signal| signal.revision)
                .max()
                .unwrap_or(0),
            set: stored
                .iter()
                .map(|signal| (signal.name.clone(), signal.clone()))
                .collect(),
        };
        for session in members.sessions.values() {
            signals.take_up(&session.kept.holds);
        }
        signals
    }

    /// Tells somebody who comes in each that is set (G4).
    pub(crate) fn tell_all(&self, to: SessionId, members: &Members, effects: &mut Vec<Effect>) {
        for signal in self.set.values() {
            members.tell(vec![to], &|| event(signal), effects);
        }
    }

    /// Which slide is presented, as a whole number and nothing else; null for none.
    pub(crate) fn slide(&self) -> Event {
        let set = self.set.get(SLIDES);
        Event::Signal {
            name: SLIDES.to_owned(),
            value: set
                .and_then(|signal| {
                    let value = &signal.value;
                    value.as_u64().or_else(|| value.get("at")?.as_u64())
                })
                .map_or(Value::Null, Value::from),
            revision: set.map_or(self.revision, |signal| signal.revision),
        }
    }

    /// A socket sets a signal: stored, or kept beside the socket, then told to
    /// everybody, the setter too.
    pub(crate) fn receive(
        &mut self,
        from: SessionId,
        (name, value, while_here): (&str, &Value, bool),
        members: &mut Members,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        let denied = |why| Denied::new(Refusable::Signal, why).about(name);
        let may = members
            .admission(from)
            .is_some_and(|admission| admission.access.can_write());
        if !may {
            return Err(denied(Refusal::NotAllowed));
        }
        let holds = while_here && !value.is_null();
        if holds {
            members.may_hold(from, name, value).map_err(denied)?;
        }
        let was_set = self.set.contains_key(name);
        let signal = self.set(name, value, now).map_err(denied)?;
        let was_held = members.let_go(name);
        if holds {
            members.hold(from, signal.clone());
        }
        if !holds {
            effects.push(Effect::Signal(signal.clone()));
        } else if was_set && !was_held {
            // What was stored under the name is so no longer.
            effects.push(Effect::Signal(Signal {
                value: Value::Null,
                ..signal.clone()
            }));
        }
        members.attach_dirty(effects);
        members.tell(members.everyone(), &|| event(&signal), effects);
        Ok(())
    }

    fn take_up(&mut self, held: &[Signal]) {
        for signal in held {
            self.revision = self.revision.max(signal.revision);
            let known = self.set.get(&signal.name);
            if known.is_none_or(|known| known.revision < signal.revision) {
                self.set.insert(signal.name.clone(), signal.clone());
            }
        }
    }

    /// Who may only view from now on holds nothing any more (G5).
    pub(crate) fn release(&mut self, members: &mut Members, effects: &mut Vec<Effect>) {
        let mut released = Vec::new();
        for session in members.sessions.values_mut() {
            if !session.kept.admission.access.can_write() && !session.kept.holds.is_empty() {
                released.append(&mut session.kept.holds);
                session.dirty = true;
            }
        }
        self.forget(&released, members, effects);
    }

    /// A socket has gone, and what it held with it (G5).
    pub(crate) fn forget(&mut self, held: &[Signal], members: &Members, effects: &mut Vec<Effect>) {
        for signal in held {
            if self.set.get(&signal.name) != Some(signal) {
                continue;
            }
            self.set.remove(&signal.name);
            self.revision = self.revision.saturating_add(1);
            let gone = Signal {
                name: signal.name.clone(),
                value: Value::Null,
                revision: self.revision,
            };
            members.tell(members.everyone(), &|| event(&gone), effects);
        }
    }

    fn set(&mut self, name: &str, value: &Value, now: Timestamp) -> Result<Signal, Refusal> {
        let plain = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
        if !(1..=MAX_SIGNAL_NAME_BYTES).contains(&name.len()) || !name.bytes().all(plain) {
            return Err(Refusal::Malformed);
        }
        if value.to_string().len() > MAX_SIGNAL_BYTES {
            return Err(Refusal::TooLarge);
        }
        if !self.set.contains_key(name) && self.set.len() >= MAX_SIGNALS {
            return Err(Refusal::Full);
        }
        // By the time, so that it rises too where an unset one was forgotten.
        self.revision = self.revision.saturating_add(1).max(now);
        let signal = Signal {
            name: name.to_owned(),
            value: value.clone(),
            revision: self.revision,
        };
        if value.is_null() {
            self.set.remove(name);
        } else {
            self.set.insert(name.to_owned(), signal.clone());
        }
        Ok(signal)
    }
}

impl Members {
    /// Whether a socket may hold one more signal, and this one.
    fn may_hold(&self, id: SessionId, name: &str, value: &Value) -> Result<(), Refusal> {
        if value.to_string().len() > MAX_HELD_BYTES {
            return Err(Refusal::TooLarge);
        }
        let holds = self.sessions.get(&id).map(|session| &session.kept.holds);
        let others = holds.into_iter().flatten().filter(|held| held.name != name);
        if others.count() >= MAX_HELD {
            return Err(Refusal::Full);
        }
        Ok(())
    }

    fn hold(&mut self, id: SessionId, signal: Signal) {
        if let Some(session) = self.sessions.get_mut(&id) {
            session.kept.holds.push(signal);
            session.dirty = true;
        }
    }

    /// Nobody holds the signal of this name any more; whether somebody did.
    fn let_go(&mut self, name: &str) -> bool {
        let mut held = false;
        for session in self.sessions.values_mut() {
            let before = session.kept.holds.len();
            session.kept.holds.retain(|signal| signal.name != name);
            if session.kept.holds.len() != before {
                session.dirty = true;
                held = true;
            }
        }
        held
    }
}

fn event(signal: &Signal) -> Event {
    Event::Signal {
        name: signal.name.clone(),
        value: signal.value.clone(),
        revision: signal.revision,
    }
}
