//! Earlier versions: when the log is folded, what of it is younger than a day
//! stays, with the snapshots it starts from. How much that is follows what was
//! written, not how large the note is: a snapshot is kept only where the log since
//! the last one kept weighs half as much.

use worker::Result;

use super::{Storage, blob, integer, whole};
use crate::chat::Unreadable;
use crate::room::Versions;
use crate::session::Timestamp;

/// How long a version can be named after the next one was stored, milliseconds.
const KEPT_MS: u64 = 24 * 60 * 60 * 1000;

/// Bytes of log kept at most; somebody who writes more in a day finds fewer hours.
const KEPT_BYTES: u64 = 32 << 20;

impl Storage {
    /// Keeps the snapshot that is about to be replaced, if versions start from it.
    pub(super) fn keep_snapshot(&self) -> Result<()> {
        let folded = self.number("folded")?;
        if folded == 0 {
            return Ok(());
        }
        let base = self.base_of(folded)?;
        let since = self.sum(
            "SELECT sum(length(data)) FROM log WHERE version > ? AND version <= ?",
            &[base, folded],
        )?;
        let size = self.sum("SELECT sum(length(data)) FROM snapshot", &[])?;
        if base == folded
            || (self.is_in_log(base.saturating_add(1))? && since.saturating_mul(2) < size)
        {
            return Ok(());
        }
        self.run(
            "INSERT INTO past (version, part, at, data) SELECT ?, part, ?, data FROM snapshot",
            vec![whole(folded)?, whole(self.number("folded_at")?)?],
        )
    }

    /// Forgets versions of which the next one was stored more than a day ago.
    pub(super) fn forget_versions(&self, now: Timestamp) -> Result<()> {
        let long_ago = now.saturating_sub(KEPT_MS);
        let past = self.rows(
            "SELECT version, max(at) FROM past GROUP BY version ORDER BY version",
            Vec::new(),
        )?;
        let mut first = None;
        for row in past {
            let mut row = row.into_iter().map(integer);
            let (Some(version), Some(at)) = (row.next(), row.next()) else {
                continue;
            };
            let too_much = || -> Result<bool> {
                let before = "SELECT sum(length(data)) FROM log WHERE version > ?";
                Ok(self.sum(before, &[first.unwrap_or(0)])? > KEPT_BYTES)
            };
            if at > long_ago && !too_much()? {
                break;
            }
            first = Some(version);
        }
        let Some(first) = first else { return Ok(()) };
        self.run("DELETE FROM past WHERE version < ?", vec![whole(first)?])?;
        self.run("DELETE FROM log WHERE version <= ?", vec![whole(first)?])
    }

    /// The newest kept snapshot from which a version can be built; 0 is the empty
    /// note.
    fn base_of(&self, version: u64) -> Result<u64> {
        self.sum(
            "SELECT max(version) FROM past WHERE version <= ?",
            &[version],
        )
    }

    fn is_in_log(&self, version: u64) -> Result<bool> {
        Ok(self.sum("SELECT count(*) FROM log WHERE version = ?", &[version])? > 0)
    }

    pub(super) fn sum(&self, query: &str, numbers: &[u64]) -> Result<u64> {
        let values = numbers
            .iter()
            .map(|number| whole(*number))
            .collect::<Result<_>>()?;
        let rows = self.rows(query, values)?;
        Ok(rows.into_iter().flatten().next().map_or(0, integer))
    }

    fn build(&self, version: u64) -> Result<Option<Vec<Vec<u8>>>> {
        let folded = self.number("folded")?;
        let (base, parts) = if folded > 0 && version >= folded {
            (
                folded,
                self.rows("SELECT data FROM snapshot ORDER BY part", Vec::new())?,
            )
        } else {
            let base = self.base_of(version)?;
            let parts = "SELECT data FROM past WHERE version = ? ORDER BY part";
            (base, self.rows(parts, vec![whole(base)?])?)
        };
        let snapshot: Vec<u8> = parts.into_iter().flat_map(blob).collect();
        let mut rows = Vec::new();
        if !snapshot.is_empty() {
            rows.push(snapshot);
        }
        let mut last = base;
        let log = "SELECT version, data FROM log WHERE version > ? AND version <= ? ORDER BY version, part";
        for row in self.rows(log, vec![whole(base)?, whole(version)?])? {
            let mut row = row.into_iter();
            let at = row.next().map_or(0, integer);
            let data = blob(row.collect());
            match rows.last_mut() {
                Some(row) if at == last => row.extend(data),
                _ if at == last.saturating_add(1) => rows.push(data),
                // What stood between is forgotten.
                _ => return Ok(None),
            }
            last = at;
        }
        Ok((last == version).then_some(rows))
    }
}

impl Versions for Storage {
    fn rows_of(&self, version: u64) -> std::result::Result<Option<Vec<Vec<u8>>>, Unreadable> {
        self.build(version)
            .map_err(|error| Unreadable(error.to_string()))
    }
}
