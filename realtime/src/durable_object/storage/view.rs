//! What a note reads like, as it was when its newest row was stored (S7). It is of the code
//! that rendered it: other code renders, and escapes, as it does today.

use worker::{Result, SqlStorageValue as Value};

use super::{PART_BYTES, Storage, blob, transaction, whole};
use crate::reading::Reading;

impl Storage {
    /// Keeps what a note reads like, whole or not at all, and which version of the code
    /// says so.
    pub(in crate::durable_object) fn keep_view(&self, view: &Reading, code: &str) -> Result<()> {
        let bytes = view.to_bytes()?;
        transaction(&self.object, || {
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
    pub(in crate::durable_object) fn kept_view(&self, code: &str) -> Result<Option<Reading>> {
        let newest = self.sum("SELECT max(version) FROM log", &[])?;
        let newest = newest.max(self.number("folded")?);
        let parts = self.rows(
            "SELECT data FROM view WHERE version = ? AND code = ? ORDER BY part",
            vec![whole(newest)?, Value::String(code.to_owned())],
        )?;
        let bytes: Vec<Vec<u8>> = parts.into_iter().map(blob).collect();
        let Some(mut view) = Reading::from_bytes(&bytes.concat()) else {
            return Ok(None);
        };
        if let Some(set) = self.fact("title")? {
            view.title = set;
        }
        Ok(Some(view))
    }
}
