//! A task's box that was pressed in the view (V5).

use note::edit::Edit;
use note::view::{TaskBox, Untraced};

use crate::access::Admission;
use crate::action::{Tick, Ticked};
use crate::effect::Effect;
use crate::room::Room;
use crate::session::Timestamp;

impl Room {
    /// Ticks the very box that somebody pressed, wherever it stands by now.
    ///
    /// Nothing here is a refusal: the view is brought up to date before, and what that
    /// sends has to go out whatever becomes of the box.
    pub(super) fn tick_box(
        &mut self,
        by: &Admission,
        tick: Tick,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Ticked {
        self.flush_view(effects);
        let found = match self.view.task(tick.revision, tick.block, tick.at) {
            Ok(found) => found,
            Err(Untraced::Gone) => return Ticked::Gone,
            Err(Untraced::TooOld) => return Ticked::TooOld,
        };
        if found.done == tick.done {
            return Ticked::Already;
        }
        let written = self
            .marked(&found, tick.done)
            .map(|edit| self.write(by, vec![edit], now, effects));
        match written {
            Some(Ok(())) => Ticked::Now,
            _ => Ticked::Gone,
        }
    }

    /// The edit that puts a box's mark.
    fn marked(&self, found: &TaskBox, done: bool) -> Option<Edit> {
        let from = self.doc.unit_at(found.range.start)?;
        let to = self.doc.unit_at(found.range.end)?;
        Some(Edit::new(from, to, if done { "x" } else { " " }))
    }
}
