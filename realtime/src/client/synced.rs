//! One synced signal as a part of the page sees it: set here at once, everywhere
//! in the order of the server.

use serde_json::Value;

use crate::ask::Ask;
use crate::event::{Event, Refusable};

/// What an event means to a synced signal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// It has this value now; null: it is not set.
    pub value: Option<Value>,
    /// To be sent.
    pub ask: Option<Ask>,
}

/// A synced signal. A value set here is shown at once; others' are passed over
/// until the server has told it in its order, so that nothing flickers.
#[derive(Debug)]
pub struct Synced {
    name: String,
    /// By the server's last word.
    kept: Value,
    revision: u64,
    /// Set here, and not told by the server yet.
    pending: Option<Value>,
    /// Not told since the last `hello`. Those that are set are told before
    /// `presence`, so one that is not was unset while the socket was away (G4).
    doubtful: bool,
}

impl Synced {
    /// A signal of this name that is not set.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kept: Value::Null,
            revision: 0,
            pending: None,
            doubtful: false,
        }
    }

    /// Sets it. What cannot be sent now is sent after the next `hello`.
    pub fn set(&mut self, value: Value) -> Ask {
        self.pending = Some(value.clone());
        self.asked(value)
    }

    /// Takes an event of the key.
    pub fn event(&mut self, event: &Event) -> Heard {
        match event {
            Event::Hello { .. } => {
                self.doubtful = !self.kept.is_null();
                let pending = self.pending.clone();
                Heard {
                    value: None,
                    ask: pending.map(|value| self.asked(value)),
                }
            }
            Event::Signal {
                name,
                value,
                revision,
            } if *name == self.name && *revision >= self.revision => {
                self.doubtful = false;
                self.revision = *revision;
                self.kept = value.clone();
                if self.pending.as_ref().is_some_and(|set| set != value) {
                    return Heard::default();
                }
                self.pending = None;
                self.tell()
            }
            Event::Presence { .. } if self.doubtful => {
                self.doubtful = false;
                self.kept = Value::Null;
                match self.pending {
                    Some(_) => Heard::default(),
                    None => self.tell(),
                }
            }
            Event::Refused {
                what: Refusable::Signal,
                id,
                ..
            } if id.as_ref() == Some(&self.name) => {
                self.pending = None;
                self.tell()
            }
            _ => Heard::default(),
        }
    }

    fn tell(&self) -> Heard {
        Heard {
            value: Some(self.kept.clone()),
            ask: None,
        }
    }

    fn asked(&self, value: Value) -> Ask {
        Ask::Set {
            name: self.name.clone(),
            value,
            while_here: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(value: u8, revision: u64) -> Event {
        Event::Signal {
            name: "count".to_owned(),
            value: json!(value),
            revision,
        }
    }

    #[test]
    fn the_last_in_the_servers_order_wins() {
        let mut signal = Synced::new("count");
        assert_eq!(signal.event(&told(1, 1)).value, Some(json!(1)));
        let ask = signal.set(json!(5));
        assert_eq!(
            ask,
            Ask::Set {
                name: "count".to_owned(),
                value: json!(5),
                while_here: false,
            }
        );
        // Somebody was before me: what I set is still shown.
        assert_eq!(signal.event(&told(2, 2)), Heard::default());
        assert_eq!(signal.event(&told(5, 3)).value, Some(json!(5)));
        // Somebody was after me; an older word changes nothing.
        assert_eq!(signal.event(&told(3, 4)).value, Some(json!(3)));
        assert_eq!(signal.event(&told(2, 2)), Heard::default());
        let other = Event::Signal {
            name: "other".to_owned(),
            value: json!(9),
            revision: 9,
        };
        assert_eq!(signal.event(&other), Heard::default());
    }

    #[test]
    fn a_refused_value_is_taken_back() {
        let mut signal = Synced::new("count");
        signal.event(&told(1, 1));
        signal.set(json!(5));
        let refused = Event::Refused {
            what: Refusable::Signal,
            reason: "not_allowed".to_owned(),
            message: "You can only view this note.".to_owned(),
            id: Some("count".to_owned()),
            retry_after_ms: None,
        };
        assert_eq!(signal.event(&refused).value, Some(json!(1)));
    }
}
