//! Line ends are `\n`, whatever client writes (U10).

use std::rc::Rc;

use crate::room::Room;
use crate::room::actions::NO_SOCKET;

impl Room {
    /// Takes out the carriage returns that an update brought: by an edit after it, as
    /// anybody might make, so that every replica comes to the same text.
    pub(super) fn mend_line_ends(&mut self) {
        let splices = self.outbox.changes.splices();
        let may_have = splices.is_none_or(|splices| {
            let mut inserts = splices.iter().map(|splice| &splice.insert);
            inserts.any(|insert| insert.contains('\r'))
        });
        if !may_have {
            return;
        }
        let edits = self.doc.line_end_edits();
        if edits.is_empty() {
            return;
        }
        // One that cannot be made leaves a text that is shown all the same.
        if let Ok(update) = self.doc.edit_tracked(&edits, &mut self.outbox.changes) {
            let update: Rc<[u8]> = update.into();
            self.outbox.unsent.push((NO_SOCKET, Rc::clone(&update)));
            self.outbox.unstored.push(update);
        }
    }
}
