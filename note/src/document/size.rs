//! How large the text is, without reading it at every keystroke.
//!
//! Reading the text costs as much as its history is long, so a document keeps an
//! upper bound of its size: what was measured last, and all that was put in
//! since. Only when the bound reaches the limit is the text measured again.

use super::{Document, MAX_TEXT_BYTES};
use crate::edit::{self, Edit, EditError};
use crate::guard::{Checked, SizeAfter, UpdateError};

/// Cutting a character of two units in two makes two replacement characters of
/// it, which are two bytes longer. A struct or a delete range cuts in two places.
const CUT_BYTES: usize = 4;

/// The most UTF-8 bytes that one UTF-16 unit stands for.
const MAX_BYTES_A_UNIT: usize = 3;

/// An upper bound of the text's size.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Size {
    bound: usize,
    /// Whether the text may have characters of two UTF-16 units.
    pub(super) pairs: bool,
}

impl Size {
    /// Counts text that was put in.
    pub(super) fn grow(&mut self, bytes: usize) {
        self.bound = self.bound.saturating_add(bytes);
    }

    /// Counts an update that was taken in at this revision of the document.
    pub(super) fn absorb(&mut self, update: &Checked<'_>, revision: u64) {
        self.pairs |= update.tally.has_pairs;
        match update.size_after {
            Some(size) if size.revision == revision => self.bound = size.bytes,
            _ => self.grow(growth(update)),
        }
    }
}

/// The most bytes that an update can add.
fn growth(update: &Checked<'_>) -> usize {
    let tally = &update.tally;
    tally.inserted_bytes + CUT_BYTES * (tally.new_structs + tally.new_deletions)
}

impl Document {
    /// Refuses an update that lets the text grow past the limit, and says how
    /// large the text will be if that had to be found out.
    pub(super) fn check_size(
        &self,
        update: &Checked<'_>,
    ) -> Result<Option<SizeAfter>, UpdateError> {
        let tally = &update.tally;
        let growth = growth(update);
        if tally.new_structs == 0 || self.size.bound + growth <= MAX_TEXT_BYTES {
            return Ok(None);
        }
        let size = |bytes| {
            Some(SizeAfter {
                bytes,
                revision: self.revision,
            })
        };
        let now = self.text().len();
        if now + growth <= MAX_TEXT_BYTES {
            return Ok(size(now + growth));
        }
        let shrinks_at_most = tally.deleted_units.saturating_mul(MAX_BYTES_A_UNIT);
        let at_least = (now + tally.inserted_bytes).saturating_sub(shrinks_at_most);
        if at_least > MAX_TEXT_BYTES.max(now) {
            return Err(UpdateError::Full);
        }
        let after = self.size_with(update)?;
        if after > MAX_TEXT_BYTES && after > now {
            return Err(UpdateError::Full);
        }
        Ok(size(after))
    }

    /// Measures the text with the update in it, on a copy.
    fn size_with(&self, update: &Checked<'_>) -> Result<usize, UpdateError> {
        let mut copy = self.copy()?;
        copy.apply(update)?;
        Ok(copy.text().len())
    }

    /// Refuses edits that would cut a character in two, or let the text grow
    /// past the limit. The text is read only where one of the two can be.
    pub(super) fn check_edits(&mut self, edits: &[Edit]) -> Result<(), EditError> {
        let inserted: usize = edits.iter().map(|edit| edit.insert.len()).sum();
        let may_be_full = inserted > 0 && self.size.bound + inserted > MAX_TEXT_BYTES;
        if !self.size.pairs && !may_be_full {
            return Ok(());
        }
        let before = self.text();
        let after = edit::apply_to(&before, edits)?;
        if after.len() > MAX_TEXT_BYTES && after.len() > before.len() {
            return Err(EditError::Full);
        }
        // What the edits put in is counted once they are made.
        self.size.bound = before.len();
        Ok(())
    }
}
