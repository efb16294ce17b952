//! What a note reads like, as it was when its newest row was stored (S7). It is of the code
//! that rendered it: other code renders, and escapes, as it does today.

use worker::{Result, SqlStorageValue as Value};

use super::{PART_BYTES, Storage, whole};
use crate::reading::{Reading, Sealed};

/// The parts of a view of the newest row, and the title that was set. In one question, for
/// each costs who opens a note that sleeps.
const STORED: &str = "
    SELECT data, (SELECT value FROM meta WHERE name = 'title') FROM view
    WHERE code = ? AND version = max(
        coalesce((SELECT max(version) FROM log), 0),
        coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'folded'), 0)
    )
    ORDER BY part";

impl Storage {
    /// Keeps what a note reads like, whole or not at all, and which version of the code
    /// says so.
    pub(in crate::durable_object) fn keep_view(&self, view: &Reading, code: &str) -> Result<()> {
        let bytes = view.to_bytes()?;
        self.transaction(|| {
            self.run("DELETE FROM view", Vec::new())?;
            for (part, data) in bytes.chunks(PART_BYTES).enumerate() {
                self.run(
                    "INSERT INTO view (part, version, code, data) VALUES (?, ?, ?, ?)",
                    vec![
                        whole(part as u64)?,
                        whole(view.version)?,
                        Value::String(code.to_owned()),
                        Value::Blob(data.to_vec()),
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// What the note reads like, if this code has stored it since the newest row.
    pub(in crate::durable_object) fn kept_view(&self, code: &str) -> Result<Option<Sealed>> {
        let rows = self.rows(STORED, vec![Value::String(code.to_owned())])?;
        let (mut bytes, mut title) = (Vec::new(), None);
        for row in rows {
            let mut columns = row.into_iter();
            match columns.next() {
                Some(Value::Blob(part)) if bytes.is_empty() => bytes = part,
                Some(Value::Blob(part)) => bytes.extend(part),
                _ => {}
            }
            title = columns.next();
        }
        let Some(mut view) = Sealed::from_bytes(bytes) else {
            return Ok(None);
        };
        if let Some(Value::String(set)) = title {
            view.head.title = set;
        }
        Ok(Some(view))
    }
}
