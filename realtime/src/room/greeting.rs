//! How a room greets who comes in (H2).

use crate::access::Admission;
use crate::event::{Event, Limits};
use crate::room::Room;

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
}
