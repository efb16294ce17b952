//! Whether all replicas would put an update's text in the same place.
//!
//! Where a struct goes follows from its neighbours, and replicas agree on it as
//! long as somebody can have seen those side by side. A hostile one may name any
//! two. Then the place depends on the order in which updates arrive, so that
//! pages, and the note when it is loaded again, would show different texts.

use super::Document;
use super::follow::Order;
use crate::guard::{self, Checked, UpdateError, read_struct};

impl Document {
    /// Tries an update out if its neighbours leave a doubt: taken in now, and
    /// loaded from a snapshot, it must give the same text. Costs two loads, and
    /// honest people need it only where they wrote in one place at once.
    pub(super) fn check_place(&self, update: &Checked<'_>) -> Result<(), UpdateError> {
        if update.tally.squeezed == 0 || self.has_room(update) {
            return Ok(());
        }
        let mut now = self.copy()?;
        now.apply(update)?;
        let later = now.copy()?;
        if now.text() == later.text() {
            Ok(())
        } else {
            Err(UpdateError::Malformed("it puts text where no editor would"))
        }
    }

    /// Whether an update is but one struct, as a keystroke is, and its neighbours
    /// stand side by side here: then somebody who has all of this would have written
    /// it, and no replica can place it elsewhere.
    fn has_room(&self, update: &Checked<'_>) -> bool {
        let neighbours = || {
            let parsed = guard::parse(update.bytes()).ok()?;
            let [section] = parsed.sections.as_slice() else {
                return None;
            };
            let only = read_struct(&mut { section.structs }).ok()?;
            Some(only.neighbours)
        };
        let side_by_side = |neighbours| {
            let order = self.order.sequence();
            order.is_some_and(|order| order.are_side_by_side(neighbours))
        };
        update.tally.new_structs == 1 && neighbours().is_some_and(side_by_side)
    }

    /// Another replica with the same content, to try something out on: it finds
    /// places the long way.
    pub(super) fn copy(&self) -> Result<Self, UpdateError> {
        let mut copy = Self::new(self.client);
        copy.order = Order::GivenUp;
        let snapshot = self.snapshot();
        let checked = copy.check_of_any_size(&snapshot)?;
        copy.apply(&checked)?;
        Ok(copy)
    }
}
