//! The view as it is stored: who reads a note while it sleeps is served without loading
//! it (S7).

use crate::effect::Effect;
use crate::reading::Reading;
use crate::room::Room;
use crate::rooms::Wanted;
use crate::session::Timestamp;

/// A shorter one is made as fast as it is read.
const WORTH_STORING_BYTES: usize = 16 << 10;

impl Room {
    /// Stores the view if it is not that of the last time. Everything is stored that it
    /// shows.
    pub(super) fn store_view(&mut self, effects: &mut Vec<Effect>) {
        self.flush_view(effects);
        let is_newer = self.indexing.view_of != self.version;
        if !is_newer || self.view.html_bytes() < WORTH_STORING_BYTES {
            return;
        }
        self.indexing.view_of = self.version;
        effects.push(Effect::View(Box::new(Reading {
            // One that was set is a fact of its own.
            title: self.title_of_text(),
            ..self.reading(Wanted::HTML)
        })));
    }
}

/// The revision that a view starts from after its memory was lost: above all before it,
/// since the view changes less than a thousand times a second.
pub(crate) fn first_revision(version: u64, now: Timestamp) -> u64 {
    now.saturating_add(version)
}
