//! What a page keeps of its edits on its device, and what a later page finds there.

use uuid::Uuid;

/// An own edit, as the device keeps it. Never changed once written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEdit {
    /// Number of the edit, from 1 in each page.
    pub number: u64,
    /// The document it belongs to.
    pub generation: String,
    /// Who made it.
    pub person: Uuid,
    /// A Yjs update, version 1.
    pub update: Vec<u8>,
}

/// What one earlier page kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Names the page.
    pub page: String,
    /// Its edits that were not acknowledged, ascending.
    pub rows: Vec<KeptEdit>,
    /// The text as that page had it, if it came to write it down.
    pub text: Option<String>,
    /// The server would not have it, so it is not offered to it again.
    pub doubtful: bool,
}

/// Found edits that are not merged. Their text is a person's to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Apart {
    /// Names the page that kept them.
    pub page: String,
    /// Number of the newest.
    pub through: u64,
    /// How many.
    pub edits: u32,
    /// Why they are not merged.
    pub why: WhyApart,
    /// The text as that page had it; where it is not known, what was put in.
    pub text: String,
}

/// Why kept edits are not merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyApart {
    /// The note was made anew since: the same text would be there twice.
    OtherDocument,
    /// Somebody else made them on this device.
    OtherPerson,
    /// Who made them may no longer write.
    NotAllowed,
    /// They build on something that nobody has any longer.
    Gap,
    /// The server would not have them.
    Refused,
    /// The note is no longer there, or not for this person.
    Gone,
}

impl Found {
    /// Number of the newest edit.
    pub(super) fn through(&self) -> u64 {
        self.rows.last().map_or(0, |row| row.number)
    }

    pub(super) fn edits(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn apart(self, why: WhyApart) -> Apart {
        let updates = self.rows.iter().map(|row| row.update.as_slice());
        Apart {
            through: self.through(),
            edits: self.edits(),
            why,
            text: match &self.text {
                Some(text) => text.clone(),
                None => note::inserted_text(updates),
            },
            page: self.page,
        }
    }
}
