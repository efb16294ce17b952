//! What holds now on a key, as the events that say so: parts of the page that come
//! to a client later are told these first.

use std::mem::discriminant;

use crate::event::{Event, Part};

/// The events that still hold, oldest first.
#[derive(Debug, Default)]
pub(super) struct Present {
    events: Vec<Event>,
}

impl Present {
    pub(super) fn events(&self) -> &[Event] {
        &self.events
    }

    /// Takes an event in, and forgets those that no longer hold beside it.
    pub(super) fn keep(&mut self, event: &Event) {
        if let Event::View { .. }
        | Event::Saved { .. }
        | Event::Typing { .. }
        | Event::Refused { .. } = event
        {
            return;
        }
        self.events.retain(|older| !replaces(event, older));
        // Who greets comes first.
        let at = match event {
            Event::Hello { .. } => 0,
            _ => self.events.len(),
        };
        self.events.insert(at, event.clone());
    }
}

/// Whether an older event no longer holds beside a newer one.
fn replaces(newer: &Event, older: &Event) -> bool {
    match (newer, older) {
        (
            Event::Hello { .. },
            Event::Title { .. } | Event::Access { .. } | Event::Signal { .. },
        ) => true,
        (Event::Signal { name, .. }, Event::Signal { name: set, .. }) => name == set,
        (Event::Message { message }, Event::Message { message: known }) => {
            message.number == known.number
        }
        (
            Event::Messages {
                part: Part::Newest, ..
            },
            Event::Message { .. } | Event::Messages { .. },
        )
        | (Event::Notifications { .. }, Event::Notification { .. }) => true,
        (Event::Messages { .. }, _) | (Event::Notification { .. }, _) => false,
        _ => discriminant(newer) == discriminant(older),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Access;
    use serde_json::json;

    fn signal(name: &str, value: u8, revision: u64) -> Event {
        Event::Signal {
            name: name.to_owned(),
            value: json!(value),
            revision,
        }
    }

    #[test]
    fn what_was_replaced_is_not_told_again() {
        let mut present = Present::default();
        for event in [
            signal("a", 1, 1),
            signal("b", 2, 2),
            Event::Access {
                access: Access::View,
            },
            signal("a", 3, 3),
            Event::Access {
                access: Access::Edit,
            },
            Event::Saved {
                through: 1,
                version: 1,
            },
        ] {
            present.keep(&event);
        }
        let expected = [
            signal("b", 2, 2),
            signal("a", 3, 3),
            Event::Access {
                access: Access::Edit,
            },
        ];
        assert_eq!(present.events(), expected);
    }
}
