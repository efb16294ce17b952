//! The titles a note links to, kept with its index entry.

use crate::database::{Statement, Value};
use crate::notes::IndexEntry;

/// Makes a note's links those of its entry, if the entry was written. What stays as
/// it was costs no row.
pub(super) fn keep_links(entry: &IndexEntry) -> [Statement; 2] {
    let links = serde_json::Value::from(entry.links.clone()).to_string();
    let params = || {
        [
            entry.id.into(),
            entry.version.into(),
            Value::from(links.as_str()),
        ]
    };
    [
        Statement::new(
            "DELETE FROM note_links WHERE note_id = ?1
               AND EXISTS (SELECT 1 FROM notes WHERE id = ?1 AND version = ?2)
               AND title NOT IN (SELECT value FROM json_each(?3))",
            params(),
        ),
        Statement::new(
            "INSERT INTO note_links (note_id, title)
             SELECT n.id, j.value FROM notes n, json_each(?3) j
             WHERE n.id = ?1 AND n.version = ?2
             ON CONFLICT (note_id, title) DO NOTHING",
            params(),
        ),
    ]
}
