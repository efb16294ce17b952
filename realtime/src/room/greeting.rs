//! How a room greets who comes in (H2), and what it gives a device to open without a
//! network (D9).

use crate::access::Admission;
use crate::effect::Effect;
use crate::event::{Event, Limits};
use crate::room::Room;
use crate::session::Timestamp;

impl Room {
    pub(super) fn hello(&self, admission: &Admission) -> Event {
        Event::Hello {
            you: admission.person.clone(),
            access: admission.access,
            version: self.version,
            revision: self.revision,
            title: self.title.clone(),
            generation: Some(self.generation.clone()),
            server: self.settings.server.clone(),
            limits: Limits {
                text_bytes: note::document::MAX_TEXT_BYTES as u64,
                frame_bytes: self.settings.max_frame_bytes as u64,
            },
        }
    }

    /// A copy for somebody's device: the `hello` they would get as one line of JSON, and
    /// behind it the document with its history, as one update. Stored first: what is on a
    /// device and not here would be taken for an edit of its own.
    pub fn copy(&mut self, admission: &Admission, now: Timestamp) -> (Vec<u8>, Vec<Effect>) {
        let mut effects = Vec::new();
        self.flush_row(now, &mut effects);
        self.flush_view(&mut effects);
        let mut copy = serde_json::to_vec(&self.hello(admission)).unwrap_or_default();
        copy.push(b'\n');
        copy.extend(self.doc.snapshot());
        (copy, effects)
    }
}
