//! The messages of a chat room, as [`History`] reads them, and what is kept about
//! the room.

use uuid::Uuid;
use worker::{Result, SqlStorageValue as Value};

use super::shared::{id, json, text};
use super::{Storage, integer, whole};
use crate::chat::{History, Message, StoredChat, Unreadable};
use crate::key::Key;
use crate::notice::Notice;
use crate::session::Timestamp;

const COLUMNS: &str = "number, id, by, at, changed_at, deleted, revision, text";

impl Storage {
    pub(super) fn load_chat(&self, key: &Key) -> Result<StoredChat> {
        Ok(StoredChat {
            key: key.clone(),
            title: self.fact("title")?,
            newest: self
                .one("SELECT max(number) FROM messages", Vec::new())?
                .unwrap_or(0),
            revision: self
                .one("SELECT max(revision) FROM messages", Vec::new())?
                .unwrap_or(0),
            order: self.json_fact("order")?.unwrap_or_default(),
            signals: self.signals()?,
            people: self.people()?,
            notices: self.notices()?,
        })
    }

    /// Keeps a message as it is now, and its notices until the host has taken them:
    /// both or neither.
    pub(in crate::durable_object) fn message(
        &self,
        message: &Message,
        notices: &[Notice],
    ) -> Result<()> {
        if notices.is_empty() {
            return self.put(message);
        }
        self.transaction(|| {
            self.put(message)?;
            self.add_notices(notices)
        })
    }

    fn put(&self, message: &Message) -> Result<()> {
        self.run(
            "INSERT INTO messages (number, person, id, by, at, changed_at, deleted, revision, text)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE
             SET changed_at = excluded.changed_at, deleted = excluded.deleted, revision = excluded.revision,
                 text = excluded.text",
            vec![
                whole(message.number)?,
                id(message.person.id),
                Value::String(message.id.clone()),
                json(&message.person)?,
                whole(message.at)?,
                message.changed_at.map_or(Ok(Value::Null), whole)?,
                whole(u64::from(message.deleted))?,
                whole(message.revision)?,
                Value::String(message.text.clone()),
            ],
        )
    }

    /// Keeps how far somebody has seen.
    pub(in crate::durable_object) fn seen(&self, person: Uuid, number: u64) -> Result<()> {
        self.run(
            "INSERT INTO seen (person, number) VALUES (?, ?) ON CONFLICT DO UPDATE SET number = excluded.number",
            vec![id(person), whole(number)?],
        )
    }

    fn messages(
        &self,
        rest: &str,
        values: Vec<Value>,
    ) -> std::result::Result<Vec<Message>, Unreadable> {
        let rows = self.rows(&format!("SELECT {COLUMNS} FROM messages {rest}"), values);
        let rows = rows.map_err(unreadable)?;
        rows.into_iter()
            .map(|row| message(row).ok_or_else(|| unreadable("a row is no message")))
            .collect()
    }

    /// The one number a query asks for.
    fn one(&self, query: &str, values: Vec<Value>) -> Result<Option<u64>> {
        let value = self.rows(query, values)?.into_iter().flatten().next();
        Ok(match value {
            None | Some(Value::Null) => None,
            Some(value) => Some(integer(value)),
        })
    }
}

impl History for Storage {
    fn by_id(&self, person: Uuid, own: &str) -> std::result::Result<Option<Message>, Unreadable> {
        let values = vec![id(person), Value::String(own.to_owned())];
        let mut found = self.messages("WHERE person = ? AND id = ?", values)?;
        Ok(found.pop())
    }

    fn by_number(&self, number: u64) -> std::result::Result<Option<Message>, Unreadable> {
        let mut found = self.messages("WHERE number = ?", vec![bound(number)?])?;
        Ok(found.pop())
    }

    fn before(&self, number: u64, limit: usize) -> std::result::Result<Vec<Message>, Unreadable> {
        let values = vec![bound(number)?, bound(limit as u64)?];
        let mut found = self.messages("WHERE number < ? ORDER BY number DESC LIMIT ?", values)?;
        found.reverse();
        Ok(found)
    }

    fn changed_after(
        &self,
        revision: u64,
        limit: usize,
    ) -> std::result::Result<Vec<Message>, Unreadable> {
        let values = vec![bound(revision)?, bound(limit as u64)?];
        self.messages("WHERE revision > ? ORDER BY revision LIMIT ?", values)
    }

    fn last_by(&self, person: Uuid) -> std::result::Result<Option<Timestamp>, Unreadable> {
        self.one(
            "SELECT at FROM messages WHERE person = ? ORDER BY number DESC LIMIT 1",
            vec![id(person)],
        )
        .map_err(unreadable)
    }

    fn seen_by(&self, person: Uuid) -> std::result::Result<u64, Unreadable> {
        let seen = self.one("SELECT number FROM seen WHERE person = ?", vec![id(person)]);
        Ok(seen.map_err(unreadable)?.unwrap_or(0))
    }
}

/// A number to look for; one that SQLite has no place for is above all there are.
fn bound(number: u64) -> std::result::Result<Value, Unreadable> {
    const LARGEST: u64 = (1 << 53) - 1;
    whole(number.min(LARGEST)).map_err(unreadable)
}

fn unreadable(why: impl ToString) -> Unreadable {
    let why = why.to_string();
    worker::console_error!("stored messages: {why}");
    Unreadable(why)
}

fn message(row: Vec<Value>) -> Option<Message> {
    let mut row = row.into_iter();
    Some(Message {
        number: integer(row.next()?),
        id: text(row.next()?)?,
        person: serde_json::from_str(&text(row.next()?)?).ok()?,
        at: integer(row.next()?),
        changed_at: match row.next()? {
            Value::Null => None,
            at => Some(integer(at)),
        },
        deleted: integer(row.next()?) != 0,
        revision: integer(row.next()?),
        text: text(row.next()?)?,
        html: String::new(),
    })
}
