//! Reads an event. By hand in one place: serde's own way for an enum with a tag
//! keeps the whole frame in between, and makes each type's reader twice; in the
//! page that was a tenth of the program.

use note::view::Patch;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use uuid::Uuid;

use super::{Event, Limits, Muted, Part, Participant, Refusable};
use crate::access::Access;
use crate::chat::Message;
use crate::notice::{Announcement, Notification};
use crate::person::Person;

/// Which event.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Type {
    Hello,
    View,
    Saved,
    Presence,
    Title,
    Access,
    Signal,
    Message,
    Messages,
    Typing,
    Seen,
    Order,
    Notifications,
    Notification,
    Announcement,
    Refused,
}

/// What a field called `message` holds: in a refusal a sentence.
enum Said {
    Message(Box<Message>),
    Sentence(String),
}

/// The fields of all events.
#[derive(Deserialize)]
struct Fields {
    r#type: Type,
    access: Option<Access>,
    announcement: Option<Announcement>,
    from: Option<u64>,
    generation: Option<String>,
    id: Option<String>,
    limits: Option<Limits>,
    message: Option<Said>,
    messages: Option<Vec<Message>>,
    more: Option<bool>,
    muted: Option<Vec<Muted>>,
    name: Option<String>,
    notification: Option<Notification>,
    notifications: Option<Vec<Notification>>,
    number: Option<u64>,
    part: Option<Part>,
    patches: Option<Vec<Patch>>,
    people: Option<Vec<Participant>>,
    person: Option<Uuid>,
    reason: Option<String>,
    retry_after_ms: Option<u64>,
    revision: Option<u64>,
    server: Option<String>,
    slow_seconds: Option<u64>,
    through: Option<u64>,
    title: Option<String>,
    unread: Option<u64>,
    #[serde(default)]
    value: Value,
    version: Option<u64>,
    what: Option<Refusable>,
    you: Option<Person>,
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Fields::deserialize(deserializer)?
            .event()
            .ok_or_else(|| D::Error::custom("an event lacks a field"))
    }
}

impl Fields {
    /// The event they make; none when one that it needs is missing.
    fn event(self) -> Option<Event> {
        Some(match self.r#type {
            Type::Hello => Event::Hello {
                you: self.you?,
                access: self.access?,
                version: self.version?,
                revision: self.revision?,
                title: self.title?,
                generation: self.generation,
                server: self.server?,
                limits: self.limits?,
            },
            Type::View => Event::View {
                revision: self.revision?,
                from: self.from,
                patches: self.patches?,
            },
            Type::Saved => Event::Saved {
                through: self.through?,
                version: self.version?,
            },
            Type::Presence => Event::Presence {
                people: self.people?,
            },
            Type::Title => Event::Title { title: self.title? },
            Type::Access => Event::Access {
                access: self.access?,
            },
            Type::Signal => Event::Signal {
                name: self.name?,
                value: self.value,
                revision: self.revision?,
            },
            Type::Typing => Event::Typing {
                person: self.person?,
                name: self.name?,
            },
            Type::Seen => Event::Seen {
                number: self.number?,
            },
            Type::Order => Event::Order {
                slow_seconds: self.slow_seconds?,
                muted: self.muted?,
            },
            Type::Announcement => Event::Announcement {
                announcement: self.announcement,
                revision: self.revision?,
            },
            Type::Message => match self.message? {
                Said::Message(message) => Event::Message { message: *message },
                Said::Sentence(_) => return None,
            },
            Type::Messages => Event::Messages {
                part: self.part?,
                messages: self.messages?,
                more: self.more?,
            },
            Type::Notifications => Event::Notifications {
                unread: self.unread?,
                notifications: self.notifications?,
                revision: self.revision?,
            },
            Type::Notification => Event::Notification {
                notification: self.notification?,
                unread: self.unread?,
                revision: self.revision?,
            },
            Type::Refused => match self.message? {
                Said::Sentence(message) => Event::Refused {
                    what: self.what?,
                    reason: self.reason?,
                    message,
                    id: self.id,
                    retry_after_ms: self.retry_after_ms,
                },
                Said::Message(_) => return None,
            },
        })
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Said;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a message or a sentence")
            }

            fn visit_str<E: Error>(self, sentence: &str) -> Result<Said, E> {
                Ok(Said::Sentence(sentence.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Said, A::Error> {
                let message = Message::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Said::Message(Box::new(message)))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_event_is_read_as_it_was_written() {
        let id = "6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
        let person = json!({ "id": id, "name": "Ada", "colour": 1 });
        let message = json!({
            "number": 1, "id": "a", "person": person, "at": 5, "revision": 2,
            "text": "*tea*", "html": "<em>tea</em>"
        });
        let notification = json!({
            "id": 3, "kind": "mention", "by": person, "place": "/chat/tea#m1", "title": "Tea",
            "quote": "@Ada", "at": 5, "read": false
        });
        for written in [
            json!({ "type": "hello", "you": person, "access": "own", "version": 1, "revision": 2,
                "title": "Tea", "server": "1", "limits": { "text_bytes": 1, "frame_bytes": 2 } }),
            json!({ "type": "view", "revision": 2, "from": 1, "patches": [] }),
            json!({ "type": "view", "revision": 2, "from": null, "patches": [] }),
            json!({ "type": "saved", "through": 3, "version": 4 }),
            json!({ "type": "presence", "people": [
                { "person": id, "name": "Ada", "colour": 1, "access": "view", "clients": [7] }
            ] }),
            json!({ "type": "title", "title": "Tea" }),
            json!({ "type": "access", "access": "edit" }),
            json!({ "type": "signal", "name": "a", "value": { "b": [1] }, "revision": 1 }),
            json!({ "type": "signal", "name": "a", "value": null, "revision": 1 }),
            json!({ "type": "message", "message": message }),
            json!({ "type": "messages", "part": "older", "messages": [message], "more": true }),
            json!({ "type": "typing", "person": id, "name": "Ada" }),
            json!({ "type": "seen", "number": 9 }),
            json!({ "type": "order", "slow_seconds": 5, "muted": [{ "person": id, "until": 6 }] }),
            json!({ "type": "notifications", "unread": 1, "notifications": [notification],
                "revision": 2 }),
            json!({ "type": "notification", "notification": notification, "unread": 1,
                "revision": 2 }),
            json!({ "type": "announcement", "announcement": null, "revision": 2 }),
            json!({ "type": "announcement", "announcement": { "id": id, "text": "Tea", "at": 1,
                "until": 2 }, "revision": 2 }),
            json!({ "type": "refused", "what": "message", "reason": "muted", "message": "Wait." }),
            json!({ "type": "refused", "what": "message", "reason": "too_fast",
                "message": "Wait.", "id": "a", "retry_after_ms": 10 }),
        ] {
            let event: Event = serde_json::from_str(&written.to_string()).unwrap();
            assert_eq!(serde_json::to_value(event).unwrap(), written);
        }
    }

    #[test]
    fn an_event_that_lacks_something_is_none() {
        for wrong in [
            json!({ "type": "title" }),
            json!({ "type": "message", "message": "a sentence" }),
            json!({ "type": "refused", "what": "edit", "reason": "full", "message": {} }),
            json!({ "type": "unheard_of" }),
            json!({ "title": "Tea" }),
        ] {
            assert!(
                serde_json::from_str::<Event>(&wrong.to_string()).is_err(),
                "{wrong}"
            );
        }
    }
}
