//! How large the text may be, and how large an update would make it.

use super::Document;
use crate::edit::{Edit, EditError};
use crate::guard::{Checked, UpdateError};

/// Cutting a character of two units in two makes two replacement characters of
/// it, which are two bytes longer. A struct or a delete range cuts in two places.
const CUT_BYTES: usize = 4;

/// The most UTF-8 bytes that one UTF-16 unit stands for.
const MAX_BYTES_A_UNIT: usize = 3;

impl Document {
    /// Refuses an update that lets the text grow past the limit. Only near the
    /// limit, and only if it deletes as well, has it to be tried out.
    pub(super) fn check_size(&self, update: &Checked<'_>) -> Result<(), UpdateError> {
        let tally = &update.tally;
        let now = self.len_bytes();
        let growth = tally.inserted_bytes + CUT_BYTES * (tally.new_structs + tally.new_deletions);
        if tally.new_structs == 0 || now + growth <= self.max_bytes {
            return Ok(());
        }
        let shrinks_at_most = tally.deleted_units.saturating_mul(MAX_BYTES_A_UNIT);
        let at_least = (now + tally.inserted_bytes).saturating_sub(shrinks_at_most);
        if at_least > self.max_bytes.max(now) {
            return Err(UpdateError::Full);
        }
        let after = self.size_with(update)?;
        if after > self.max_bytes && after > now {
            return Err(UpdateError::Full);
        }
        Ok(())
    }

    /// Measures the text with the update in it, on a copy.
    fn size_with(&self, update: &Checked<'_>) -> Result<usize, UpdateError> {
        let mut copy = self.copy()?;
        copy.apply(update)?;
        Ok(copy.len_bytes())
    }

    /// Refuses edits that would cut a character in two, or let the text grow past
    /// the limit.
    pub(super) fn check_edits(&self, edits: &[Edit]) -> Result<(), EditError> {
        let mut removed = 0;
        for edit in edits {
            let from = self.rope.place(edit.from).ok_or(EditError::Split)?;
            let to = self.rope.place(edit.to).ok_or(EditError::Split)?;
            removed += to.minus(from).byte;
        }
        let inserted: usize = edits.iter().map(|edit| edit.insert.len()).sum();
        let before = self.len_bytes();
        let after = before + inserted - removed;
        if after > self.max_bytes && after > before {
            return Err(EditError::Full);
        }
        Ok(())
    }
}
