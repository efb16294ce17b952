//! Synced signals: small values everybody in a room sees and, with the right to
//! write, sets. The last one by the server's order holds (G).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::ask::{MAX_SIGNAL_BYTES, MAX_SIGNAL_NAME_BYTES};
use crate::effect::Effect;
use crate::event::{Event, Refusable};
use crate::members::{Denied, Members};
use crate::refusal::Refusal;
use crate::session::{SessionId, Timestamp};

/// Signals of different names in one room.
pub const MAX_SIGNALS: usize = 32;

/// A synced signal as it is stored.
#[derive(Clone, Debug, PartialEq)]
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
    pub(crate) fn new(stored: &[Signal]) -> Self {
        Self {
            revision: stored
                .iter()
                .map(|signal| signal.revision)
                .max()
                .unwrap_or(0),
            set: stored
                .iter()
                .map(|signal| (signal.name.clone(), signal.clone()))
                .collect(),
        }
    }

    /// Tells somebody who comes in each that is set (G4).
    pub(crate) fn tell_all(&self, to: SessionId, members: &Members, effects: &mut Vec<Effect>) {
        for signal in self.set.values() {
            members.tell(vec![to], &|| event(signal), effects);
        }
    }

    /// A socket sets a signal: stored, then told to everybody, the setter too.
    pub(crate) fn receive(
        &mut self,
        from: SessionId,
        (name, value): (&str, &Value),
        members: &Members,
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
        let signal = self.set(name, value, now).map_err(denied)?;
        effects.push(Effect::Signal(signal.clone()));
        members.tell(members.everyone(), &|| event(&signal), effects);
        Ok(())
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

fn event(signal: &Signal) -> Event {
    Event::Signal {
        name: signal.name.clone(),
        value: signal.value.clone(),
        revision: signal.revision,
    }
}
