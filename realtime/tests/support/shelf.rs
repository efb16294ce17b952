//! The storage of one object as lists: what the shell's SQLite is in the Worker.

use std::collections::BTreeMap;

use realtime::{
    Effect, History, Key, Kind, Message, Order, Stored, StoredChat, StoredGroup, Timestamp, Told,
    Unreadable, Versions,
};
use uuid::Uuid;

pub struct Shelf {
    key: Key,
    note: Stored,
    pub messages: Vec<Message>,
    pub title: Option<String>,
    pub order: Order,
    pub told: Option<Told>,
    seen: BTreeMap<Uuid, u64>,
    /// Writes fail.
    pub fail: bool,
    /// Messages cannot be read.
    pub unreadable: bool,
    pub writes: usize,
}

impl Shelf {
    pub fn new(key: Key) -> Self {
        let note = match key {
            Key::Note(note) => note,
            _ => Uuid::nil(),
        };
        Self {
            key,
            note: Stored {
                note,
                ..Stored::default()
            },
            messages: Vec::new(),
            title: None,
            order: Order::default(),
            told: None,
            seen: BTreeMap::new(),
            fail: false,
            unreadable: false,
            writes: 0,
        }
    }

    pub fn load(&self) -> StoredGroup {
        match self.key.kind() {
            Kind::Document => StoredGroup::Note(self.note.clone()),
            Kind::Chat => StoredGroup::Chat(StoredChat {
                key: self.key.clone(),
                title: self.title.clone(),
                newest: self.messages.len() as u64,
                revision: self
                    .messages
                    .iter()
                    .map(|it| it.revision)
                    .max()
                    .unwrap_or(0),
                order: self.order.clone(),
                signals: self.note.signals.clone(),
                people: self.note.people.clone(),
                notices: self.note.notices.clone(),
            }),
            Kind::Feed => StoredGroup::Feed(self.key.clone(), self.told.clone()),
        }
    }

    pub fn notices(&self) -> usize {
        self.note.notices.len()
    }

    /// Does what of an effect is storage's; false when that fails.
    pub fn keep(&mut self, effect: &Effect) -> bool {
        let note = &mut self.note;
        match effect {
            Effect::Append { .. }
            | Effect::Message { .. }
            | Effect::Known(_)
            | Effect::Signal(_)
            | Effect::Order(_)
            | Effect::Notices(_)
            | Effect::Notified(_)
                if self.fail =>
            {
                return false;
            }
            Effect::Append {
                version,
                update,
                at,
            } => {
                assert_eq!(
                    *version,
                    note.version + 1,
                    "rows are numbered without a hole"
                );
                note.version = *version;
                note.log_rows += 1;
                note.rows.push(update.clone());
                note.changed_at = *at;
            }
            Effect::Message { message, notices } => {
                note.notices.extend(notices.iter().cloned());
                let place = message.number as usize - 1;
                assert!(message.html.is_empty(), "the view is not stored");
                if place == self.messages.len() {
                    self.messages.push(message.clone());
                } else {
                    self.messages[place] = message.clone();
                }
            }
            Effect::Known(known) => {
                note.people.retain(|other| other.id != known.id);
                note.people.push(known.clone());
            }
            Effect::Signal(signal) => {
                note.signals.retain(|other| other.name != signal.name);
                if !signal.value.is_null() {
                    note.signals.push(signal.clone());
                }
            }
            Effect::Order(order) => self.order = order.clone(),
            Effect::Seen { person, number } => drop(self.seen.insert(*person, *number)),
            Effect::Notices(notices) => note.notices.extend(notices.iter().cloned()),
            Effect::Notified(taken) => note.notices.retain(|notice| !taken.contains(notice)),
            Effect::Told(told) => self.told = Some((**told).clone()),
            Effect::Title(title) => self.title.clone_from(title),
            Effect::Indexed(version) => note.indexed = *version,
            _ => return true,
        }
        self.writes += 1;
        true
    }
}

impl Versions for Shelf {
    fn rows_of(&self, version: u64) -> Result<Option<Vec<Vec<u8>>>, Unreadable> {
        let rows = self.note.rows.get(..usize::try_from(version).unwrap());
        Ok(rows.map(<[_]>::to_vec))
    }
}

impl History for Shelf {
    fn by_id(&self, person: Uuid, id: &str) -> Result<Option<Message>, Unreadable> {
        let mut messages = self.messages.iter();
        Ok(messages
            .find(|it| it.person.id == person && it.id == id)
            .cloned())
    }

    fn by_number(&self, number: u64) -> Result<Option<Message>, Unreadable> {
        Ok(self.messages.iter().find(|it| it.number == number).cloned())
    }

    fn before(&self, number: u64, limit: usize) -> Result<Vec<Message>, Unreadable> {
        let below = self.messages.iter().rev().filter(|it| it.number < number);
        let mut below: Vec<Message> = below.take(limit).cloned().collect();
        below.reverse();
        Ok(below)
    }

    fn changed_after(&self, revision: u64, limit: usize) -> Result<Vec<Message>, Unreadable> {
        let changed = self.messages.iter().filter(|it| it.revision > revision);
        let mut changed: Vec<Message> = changed.cloned().collect();
        changed.sort_by_key(|it| it.revision);
        changed.truncate(limit);
        Ok(changed)
    }

    fn last_by(&self, person: Uuid) -> Result<Option<Timestamp>, Unreadable> {
        let mut messages = self.messages.iter().rev();
        Ok(messages.find(|it| it.person.id == person).map(|it| it.at))
    }

    fn seen_by(&self, person: Uuid) -> Result<u64, Unreadable> {
        if self.unreadable {
            return Err(Unreadable("as the test wants".to_owned()));
        }
        Ok(self.seen.get(&person).copied().unwrap_or(0))
    }
}
