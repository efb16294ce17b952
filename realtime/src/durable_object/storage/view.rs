//! What a note reads like, as it was when its newest row was stored (S7).

use worker::{Result, SqlStorageValue as Value};

use super::{PART_BYTES, Storage, blob, integer, transaction, whole};
use crate::action::Reading;

impl Storage {
    /// Keeps what a note reads like, whole or not at all.
    pub(in crate::durable_object) fn keep_view(&self, view: &Reading) -> Result<()> {
        let json = serde_json::to_vec(view)?;
        transaction(&self.object, || {
            self.run("DELETE FROM view", Vec::new())?;
            for (part, data) in json.chunks(PART_BYTES).enumerate() {
                self.run(
                    "INSERT INTO view (part, version, data) VALUES (?, ?, ?)",
                    vec![
                        whole(part as u64)?,
                        whole(view.version)?,
                        Value::Blob(data.to_vec()),
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// What the note reads like, if that was stored since its newest row.
    pub(in crate::durable_object) fn kept_view(&self) -> Result<Option<Reading>> {
        let newest = self.rows("SELECT max(version) FROM log", Vec::new())?;
        let newest = newest.into_iter().flatten().next().map_or(0, integer);
        let newest = newest.max(self.number("folded")?);
        let parts = self.rows(
            "SELECT data FROM view WHERE version = ? ORDER BY part",
            vec![whole(newest)?],
        )?;
        let json: Vec<u8> = parts.into_iter().flat_map(blob).collect();
        // One that another version of the code wrote is as good as none.
        let Ok(mut view) = serde_json::from_slice::<Reading>(&json) else {
            return Ok(None);
        };
        if let Some(set) = self.fact("title")? {
            view.title = set;
        }
        Ok(Some(view))
    }
}
