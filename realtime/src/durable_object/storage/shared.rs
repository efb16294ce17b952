//! What every kind of group keeps: who was there, synced signals, notices on their
//! way.

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;
use worker::{Result, SqlStorageValue as Value};

use super::{Storage, integer, whole};
use crate::feed::Told;
use crate::notice::Notice;
use crate::people::{Known, MAX_PEOPLE};
use crate::signals::Signal;

impl Storage {
    /// Everybody known, who came first first; those forgotten are deleted.
    pub(super) fn people(&self) -> Result<Vec<Known>> {
        let rows = self.rows(
            "SELECT id, name, at, here, told FROM people ORDER BY at",
            Vec::new(),
        )?;
        let mut people = Vec::new();
        for row in rows {
            let mut row = row.into_iter();
            let id = row.next().and_then(text);
            let name = row.next().and_then(text);
            let mut number = || row.next().map_or(0, integer);
            if let (Some(Ok(id)), Some(name)) = (id.map(|id| Uuid::try_parse(&id)), name) {
                people.push(Known {
                    id,
                    name,
                    at: number(),
                    here: number(),
                    told: number(),
                });
            }
        }
        let too_many = people.len().saturating_sub(MAX_PEOPLE);
        for forgotten in people.drain(..too_many) {
            self.run("DELETE FROM people WHERE id = ?", vec![id(forgotten.id)])?;
        }
        Ok(people)
    }

    /// Remembers somebody.
    pub(in crate::durable_object) fn known(&self, known: &Known) -> Result<()> {
        self.run(
            "INSERT INTO people (id, name, at, here, told) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
             SET name = excluded.name, at = excluded.at, here = excluded.here, told = excluded.told",
            vec![
                id(known.id),
                Value::String(known.name.clone()),
                whole(known.at)?,
                whole(known.here)?,
                whole(known.told)?,
            ],
        )
    }

    pub(super) fn signals(&self) -> Result<Vec<Signal>> {
        let rows = self.rows("SELECT name, value, revision FROM signals", Vec::new())?;
        let mut signals = Vec::new();
        for row in rows {
            let mut row = row.into_iter();
            let name = row.next().and_then(text);
            let value = row.next().and_then(text);
            let revision = row.next().map_or(0, integer);
            if let (Some(name), Some(value)) = (name, value) {
                signals.push(Signal {
                    name,
                    value: serde_json::from_str(&value)?,
                    revision,
                });
            }
        }
        Ok(signals)
    }

    /// Keeps a synced signal; one that is unset is forgotten.
    pub(in crate::durable_object) fn signal(&self, signal: &Signal) -> Result<()> {
        let name = Value::String(signal.name.clone());
        if signal.value.is_null() {
            return self.run("DELETE FROM signals WHERE name = ?", vec![name]);
        }
        self.run(
            "INSERT INTO signals (name, value, revision) VALUES (?, ?, ?) ON CONFLICT DO UPDATE
             SET value = excluded.value, revision = excluded.revision",
            vec![
                name,
                Value::String(signal.value.to_string()),
                whole(signal.revision)?,
            ],
        )
    }

    pub(super) fn notices(&self) -> Result<Vec<Notice>> {
        let rows = self.rows("SELECT notice FROM notices", Vec::new())?;
        let texts = rows.into_iter().flatten().filter_map(text);
        texts.map(|json| Ok(serde_json::from_str(&json)?)).collect()
    }

    /// Keeps notices until the host has taken them, each once.
    pub(in crate::durable_object) fn add_notices(&self, notices: &[Notice]) -> Result<()> {
        for notice in notices {
            let mut values = name_of(notice);
            values.push(json(notice)?);
            self.run(
                "INSERT INTO notices (person, kind, cause, notice) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                values,
            )?;
        }
        Ok(())
    }

    /// Forgets notices the host has taken.
    pub(in crate::durable_object) fn remove_notices(&self, notices: &[Notice]) -> Result<()> {
        for notice in notices {
            self.run(
                "DELETE FROM notices WHERE person = ? AND kind = ? AND cause = ?",
                name_of(notice),
            )?;
        }
        Ok(())
    }

    /// What a feed told last.
    pub(super) fn told(&self) -> Result<Option<Told>> {
        self.json_fact("told")
    }

    /// A fact that is JSON.
    pub(super) fn json_fact<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        let json = self.fact(name)?;
        json.map(|json| Ok(serde_json::from_str(&json)?))
            .transpose()
    }
}

/// What makes a notice one.
fn name_of(notice: &Notice) -> Vec<Value> {
    vec![
        id(notice.to),
        Value::String(notice.kind.clone()),
        Value::String(notice.cause.clone()),
    ]
}

pub(super) fn id(id: Uuid) -> Value {
    Value::String(id.to_string())
}

pub(super) fn json(value: &impl Serialize) -> Result<Value> {
    Ok(Value::String(serde_json::to_string(value)?))
}

pub(super) fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}
