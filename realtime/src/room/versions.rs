//! Earlier versions of a note: what somebody read, changed elsewhere, and brings
//! back.

use note::{ClientId, Document};

use crate::chat::Unreadable;
use crate::refusal::Refusal;
use crate::room::Room;

/// The id of a document that only reads.
const READER: ClientId = ClientId(0);

/// The stored versions of one note.
pub trait Versions {
    /// What builds a version: a snapshot, if there is one, and the updates after it.
    /// None for a version there is not, or that is too long ago.
    ///
    /// # Errors
    /// When storage cannot be read.
    fn rows_of(&self, version: u64) -> Result<Option<Vec<Vec<u8>>>, Unreadable>;
}

impl Room {
    /// The text of a version.
    pub(super) fn text_of(
        &self,
        version: u64,
        versions: &impl Versions,
    ) -> Result<String, Refusal> {
        if version == self.version && self.outbox.unstored.is_empty() {
            return Ok(self.doc.text());
        }
        let rows = versions.rows_of(version).or(Err(Refusal::Storage))?;
        let rows = rows.ok_or(Refusal::UnknownVersion)?;
        let document = Document::load(READER, rows.iter().map(Vec::as_slice));
        Ok(document.or(Err(Refusal::Storage))?.text())
    }
}
