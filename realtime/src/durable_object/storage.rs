//! The object's own SQLite: the log of updates, the snapshot they are folded
//! into, and a few facts. The truth about a note; everything else can be built
//! again from it. The messages of a chat room are in `storage/messages.rs`, what
//! every kind of group keeps in `storage/shared.rs`, earlier versions in
//! `storage/versions.rs`.

mod messages;
mod shared;
mod versions;
mod view;

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;
use worker::{Result, SqlStorage, SqlStorageValue as Value, State, Storage as ObjectStorage};

use uuid::Uuid;

use crate::effect::Writer;
use crate::group::StoredGroup;
use crate::key::{Key, Kind};
use crate::room::Stored;
use crate::session::Timestamp;

/// Largest part of a row or snapshot, bytes: the platform refuses values above
/// 2 MB, and the local one does not, so it is kept here.
const PART_BYTES: usize = 900_000;

/// To be changed together with the tables.
const SCHEMA_VERSION: &str = "1";
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS snapshot (part INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS past (
        version INTEGER NOT NULL, part INTEGER NOT NULL, at INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (version, part)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS log (
        version INTEGER NOT NULL, part INTEGER NOT NULL, at INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (version, part)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS view (
        part INTEGER PRIMARY KEY, version INTEGER NOT NULL, code TEXT NOT NULL, data BLOB NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS authors (client INTEGER PRIMARY KEY, person TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS people (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL, here INTEGER NOT NULL, told INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS signals (
        name TEXT PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS notices (
        person TEXT NOT NULL, kind TEXT NOT NULL, cause TEXT NOT NULL, notice TEXT NOT NULL,
        PRIMARY KEY (person, kind, cause)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS messages (
        number INTEGER PRIMARY KEY, person TEXT NOT NULL, id TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
        changed_at INTEGER, deleted INTEGER NOT NULL, revision INTEGER NOT NULL, text TEXT NOT NULL,
        UNIQUE (person, id)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS messages_revision ON messages (revision);
    CREATE INDEX IF NOT EXISTS messages_person ON messages (person, number);
    CREATE TABLE IF NOT EXISTS seen (person TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// The object's storage.
pub(super) struct Storage {
    object: ObjectStorage,
    sql: SqlStorage,
    /// The tables are there.
    is_prepared: Cell<bool>,
    /// The facts with their names, as they were read since anything was last written: who
    /// opens what sleeps waits for each question.
    facts: RefCell<Option<Vec<(String, String)>>>,
}

impl Storage {
    /// Opens the storage. Writes nothing: a reader's visit must not change a byte.
    pub(super) fn open(state: &State) -> Self {
        let object = state.storage();
        let sql = object.sql();
        Self {
            object,
            sql,
            is_prepared: Cell::new(false),
            facts: RefCell::default(),
        }
    }

    /// Makes the tables, unless they are there. Whether they are is read: to the runtime a
    /// statement that would make them is a write, also where there is nothing to make, and
    /// keeps back the answer of who comes to read.
    pub(super) fn prepare(&self) -> Result<()> {
        if self.is_prepared.get() {
            return Ok(());
        }
        // Before the first time there is no table to read this from.
        let made = self.fact("schema").unwrap_or_default();
        if made.as_deref() != Some(SCHEMA_VERSION) {
            self.run(SCHEMA, Vec::new())?;
            self.remember("schema", SCHEMA_VERSION)?;
        }
        self.is_prepared.set(true);
        Ok(())
    }

    /// Deletes everything, tables and alarm too.
    pub(super) async fn erase(&self) -> Result<()> {
        self.is_prepared.set(false);
        self.facts.replace(None);
        self.object.delete_all().await
    }

    fn run(&self, query: &str, values: Vec<Value>) -> Result<()> {
        self.facts.replace(None);
        self.sql.exec(query, Some(values)).map(drop)
    }

    /// Runs `body` in one transaction: an error thrown in JavaScript is what makes the
    /// runtime roll back. `worker` has no binding for it.
    fn transaction(&self, mut body: impl FnMut() -> Result<()>) -> Result<()> {
        let raw: &JsValue = self.object.as_raw().as_ref();
        let done =
            raw.unchecked_ref::<TransactionStorage>()
                .transaction_sync(&mut || match body() {
                    Ok(()) => Ok(JsValue::NULL),
                    Err(error) => Err(js_sys::Error::new(&error.to_string()).into()),
                });
        // What was read in one that was rolled back is not so.
        self.facts.replace(None);
        done.map(drop).map_err(worker::Error::from)
    }

    fn rows(&self, query: &str, values: Vec<Value>) -> Result<Vec<Vec<Value>>> {
        self.sql.exec(query, Some(values))?.raw().collect()
    }

    /// A fact.
    pub(super) fn fact(&self, name: &str) -> Result<Option<String>> {
        let mut facts = self.facts.borrow_mut();
        let facts = match &mut *facts {
            Some(read) => read,
            none => none.insert(self.read_facts()?),
        };
        let mut facts = facts.iter();
        Ok(facts
            .find(|(fact, _)| fact == name)
            .map(|(_, value)| value.clone()))
    }

    fn read_facts(&self) -> Result<Vec<(String, String)>> {
        let rows = self.rows("SELECT name, value FROM meta", Vec::new())?;
        let fact = |row: Vec<Value>| match <[Value; 2]>::try_from(row) {
            Ok([Value::String(name), Value::String(value)]) => Some((name, value)),
            _ => None,
        };
        Ok(rows.into_iter().filter_map(fact).collect())
    }

    fn number(&self, name: &str) -> Result<u64> {
        Ok(self
            .fact(name)?
            .and_then(|text| text.parse().ok())
            .unwrap_or(0))
    }

    /// Remembers a fact.
    pub(super) fn remember(&self, name: &str, value: &str) -> Result<()> {
        self.run(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            vec![Value::String(name.to_owned()), Value::String(value.to_owned())],
        )
    }

    /// Forgets a fact.
    pub(super) fn forget(&self, name: &str) -> Result<()> {
        self.run(
            "DELETE FROM meta WHERE name = ?",
            vec![Value::String(name.to_owned())],
        )
    }

    /// Everything a group starts from.
    pub(super) fn load(&self, key: &Key) -> Result<StoredGroup> {
        Ok(match (key.kind(), key) {
            (Kind::Document, Key::Note(id)) => StoredGroup::Note(self.load_note(*id)?),
            (Kind::Chat, _) => StoredGroup::Chat(self.load_chat(key)?),
            _ => StoredGroup::Feed(key.clone(), self.told()?),
        })
    }

    fn load_note(&self, id: Uuid) -> Result<Stored> {
        let mut stored = Stored {
            note: id,
            signals: self.signals()?,
            people: self.people()?,
            notices: self.notices()?,
            version: self.number("folded")?,
            title: self.fact("title")?,
            generation: self.fact("generation")?.unwrap_or_default(),
            indexed: self.number("indexed")?,
            changed_at: self.number("folded_at")?,
            ..Stored::default()
        };
        let parts = self.rows("SELECT data FROM snapshot ORDER BY part", Vec::new())?;
        let parts: Vec<Vec<u8>> = parts.into_iter().map(blob).collect();
        let snapshot = parts.concat();
        if !snapshot.is_empty() {
            stored.rows.push(snapshot);
        }
        for row in self.rows(
            "SELECT version, at, data FROM log WHERE version > ? ORDER BY version, part",
            vec![whole(stored.version)?],
        )? {
            let mut row = row.into_iter();
            let (version, at) = (row.next().map_or(0, integer), row.next().map_or(0, integer));
            let data = blob(row.collect());
            stored.log_bytes = stored.log_bytes.saturating_add(data.len());
            match stored.rows.last_mut() {
                Some(last) if stored.log_rows > 0 && stored.version == version => {
                    last.extend_from_slice(&data);
                }
                _ => {
                    stored.log_rows = stored.log_rows.saturating_add(1);
                    stored.rows.push(data);
                }
            }
            stored.version = version;
            stored.changed_at = at;
        }
        if let Some(writers) = self.fact("writers")? {
            stored.writers = serde_json::from_str(&writers).unwrap_or_default();
        }
        Ok(stored)
    }

    /// Appends a row to the log. All parts of it are written in one turn, so they
    /// are committed together.
    pub(super) fn append(&self, version: u64, update: &[u8], at: Timestamp) -> Result<()> {
        for (part, data) in update.chunks(PART_BYTES).enumerate() {
            self.run(
                "INSERT INTO log (version, part, at, data) VALUES (?, ?, ?, ?)",
                vec![
                    whole(version)?,
                    whole(part as u64)?,
                    whole(at)?,
                    Value::Blob(data.to_vec()),
                ],
            )?;
        }
        Ok(())
    }

    /// Puts a snapshot in the place of the log up to a version, whole or not at all.
    /// What of the log is young stays, for [`Versions`](crate::Versions).
    pub(super) fn fold(&self, through: u64, snapshot: &[u8], at: Timestamp) -> Result<()> {
        self.transaction(|| {
            self.keep_snapshot()?;
            self.run("DELETE FROM snapshot", Vec::new())?;
            for (part, data) in snapshot.chunks(PART_BYTES).enumerate() {
                self.run(
                    "INSERT INTO snapshot (part, data) VALUES (?, ?)",
                    vec![whole(part as u64)?, Value::Blob(data.to_vec())],
                )?;
            }
            self.remember("folded", &through.to_string())?;
            self.remember("folded_at", &at.to_string())?;
            self.forget_versions(at)
        })
    }

    /// Remembers who first wrote under a client id.
    pub(super) fn author(&self, client: u64, person: &str, at: Timestamp) -> Result<()> {
        self.run(
            "INSERT INTO authors (client, person, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            vec![whole(client)?, Value::String(person.to_owned()), whole(at)?],
        )
    }

    /// Remembers who wrote until the index knows. In one row, since rows are paid for.
    pub(super) fn writers(&self, writers: &[Writer]) -> Result<()> {
        self.remember("writers", &serde_json::to_string(writers)?)
    }

    /// The index knows the note up to this version, and its writers.
    pub(super) fn indexed(&self, version: u64) -> Result<()> {
        self.remember("indexed", &version.to_string())?;
        self.forget("writers")
    }
}

fn whole(number: u64) -> Result<Value> {
    let number =
        i64::try_from(number).map_err(|error| worker::Error::RustError(error.to_string()))?;
    Value::try_from_i64(number)
}

fn integer(value: Value) -> u64 {
    match value {
        Value::Integer(number) => u64::try_from(number).unwrap_or(0),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole numbers below 2^53"
        )]
        Value::Float(number) => number as u64,
        _ => 0,
    }
}

fn blob(row: Vec<Value>) -> Vec<u8> {
    match row.into_iter().next() {
        Some(Value::Blob(bytes)) => bytes,
        _ => Vec::new(),
    }
}

#[wasm_bindgen]
extern "C" {
    type TransactionStorage;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &TransactionStorage,
        body: &mut dyn FnMut() -> std::result::Result<JsValue, JsValue>,
    ) -> std::result::Result<JsValue, JsValue>;
}
