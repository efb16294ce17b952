//! Our own edits, as the updates that Yjs would make of them.

use std::collections::BTreeMap;

use yrs::{Text, Transact};

use super::Document;
use crate::changes::Changes;
use crate::edit::{self, Edit, EditError};
use crate::guard::{self, Content, Ranges, Struct};

impl Document {
    /// Makes edits and returns the update for the others.
    pub fn edit(&mut self, edits: &[Edit]) -> Result<Vec<u8>, EditError> {
        self.edit_tracked(edits, &mut Changes::unknown())
    }

    /// Makes edits, adds to `changes` what they did, and returns the update for the
    /// others.
    pub fn edit_tracked(
        &mut self,
        edits: &[Edit],
        changes: &mut Changes,
    ) -> Result<Vec<u8>, EditError> {
        edit::check_order(edits, self.len_utf16())?;
        self.check_edits(edits)?;
        let mut updates = Vec::with_capacity(edits.len());
        // From the end, so that the offsets before stay what they were.
        for edit in edits.iter().rev().filter(|edit| !edit.is_empty()) {
            let update = match self.written(edit) {
                Some(update) => {
                    let taken = self.take_in(&update, changes);
                    taken.or(Err(EditError::Broken))?;
                    update
                }
                None => self.edit_by_walking(edit, changes)?,
            };
            updates.push(update);
        }
        let updates: Vec<&[u8]> = updates.iter().map(Vec::as_slice).collect();
        super::merge_updates(&updates).or(Err(EditError::Broken))
    }

    /// The update that an edit is; `None` when the order does not tell.
    fn written(&self, edit: &Edit) -> Option<Vec<u8>> {
        let sequence = self.order().sequence()?;
        let mut deletions: BTreeMap<_, Ranges> = BTreeMap::new();
        sequence.units(edit.from, edit.to, |client, from, to| {
            deletions.entry(client).or_default().insert(from, to);
        })?;
        let neighbours = sequence.neighbours_at(edit.to)?;
        let item = Struct {
            length: edit::utf16_length(&edit.insert),
            neighbours,
            content: Content::Text(&edit.insert),
        };
        let item = (!edit.insert.is_empty()).then_some(item);
        let clock = self.known.clock(self.client);
        Some(guard::write(self.client, clock, item, deletions))
    }

    /// Lets `yrs` look for the place.
    fn edit_by_walking(
        &mut self,
        edit: &Edit,
        changes: &mut Changes,
    ) -> Result<Vec<u8>, EditError> {
        let update = {
            let mut txn = self.doc.try_transact_mut().or(Err(EditError::Broken))?;
            if edit.to > edit.from {
                self.text
                    .remove_range(&mut txn, edit.from, edit.to - edit.from);
            }
            if !edit.insert.is_empty() {
                self.text.insert(&mut txn, edit.from, &edit.insert);
            }
            txn.encode_update_v1()
        };
        guard::parse(&update)
            .and_then(|parsed| self.follow(&parsed, changes))
            .or(Err(EditError::Broken))?;
        Ok(update)
    }
}
