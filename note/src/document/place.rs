//! Whether all replicas would put an update's text in the same place.
//!
//! Where a struct goes follows from its neighbours, and replicas agree on it as
//! long as somebody can have seen those side by side. A hostile one may name any
//! two. Then the place depends on the order in which updates arrive, so that
//! pages, and the note when it is loaded again, would show different texts.

use super::Document;
use super::follow::Order;
use crate::guard::{Checked, UpdateError};

impl Document {
    /// Tries an update out if its neighbours leave a doubt: taken in now, and
    /// loaded from a snapshot, it must give the same text. Costs two loads, and
    /// honest people need it only where they wrote in one place at once.
    pub(super) fn check_place(&self, update: &Checked<'_>) -> Result<(), UpdateError> {
        if update.tally.squeezed == 0 {
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
