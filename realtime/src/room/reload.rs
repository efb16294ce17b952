//! Going back to what is stored, without a sleep: the sockets that are here stay.

use note::changes::Changes;
use note::{ClientId, Document, UpdateError};

use crate::effect::Effect;
use crate::frame::Frame;
use crate::notices::Notices;
use crate::people::People;
use crate::room::{Room, Stored};
use crate::session::Timestamp;
use crate::signals::Signals;

impl Room {
    /// Puts the document back to what is stored, after an apply that left it
    /// doubtful. Every client is asked for what it has.
    ///
    /// # Errors
    /// As [`Room::open`].
    pub fn reload(&mut self, stored: &Stored, now: Timestamp) -> Result<Vec<Effect>, UpdateError> {
        let client = another(self.doc.client());
        self.doc = Document::load(client, stored.rows.iter().map(Vec::as_slice))?;
        self.doc.limit_text(self.settings.max_text_bytes);
        self.version = stored.version;
        self.title_set.clone_from(&stored.title);
        self.outbox.forget_unstored();
        self.signals = Signals::open(&stored.signals, &self.members);
        self.people = People::new(stored.people.clone());
        self.notices = Notices::after_a_failure(stored.notices.clone(), now);
        // What was to follow the write that failed was never set.
        self.alarm = None;
        self.indexing.alarm = None;
        self.indexing.has_new_writer = true;
        self.outbox.timer = None;
        let mut effects = Vec::new();
        for session in self.members.sessions.values_mut() {
            session.unstored = None;
            session.kept.progress.hole = true;
        }
        self.members.send(
            self.members.everyone(),
            &Frame::Step1(&self.doc.state_vector()),
            &mut effects,
        );
        self.outbox.changes = Changes::unknown();
        self.flush(now, &mut effects);
        self.retitle(&mut effects);
        self.ask_for_alarm(now, &mut effects);
        Ok(effects)
    }
}

/// A client id to go on with. What was passed on under the old one and is not stored
/// lives on in pages: under its clocks nothing else may ever be written.
///
/// It is mixed from the old one (murmur3), so that it looks as random as that, and the
/// room rolls no dice.
fn another(client: ClientId) -> ClientId {
    let mut mixed = client.0.wrapping_add(0x9e37_79b9) & u64::from(u32::MAX);
    for (shift, factor) in [(16, 0x85eb_ca6b), (13, 0xc2b2_ae35)] {
        mixed ^= mixed >> shift;
        mixed = mixed.wrapping_mul(factor) & u64::from(u32::MAX);
    }
    ClientId(mixed ^ (mixed >> 16))
}
