//! Notifications: what one person is told on `/user/<uuid>`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::key::Key;
use crate::person::Person;
use crate::session::Timestamp;

/// One thing to tell one person. Made where it happens (a room, a server action)
/// and kept in the database, once for one cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Whom.
    pub to: Uuid,
    /// What kind, a name of the kinds' table: `mention`, `reply`, ….
    pub kind: String,
    /// What it is about, such that a retry names the same: `/chat/tea#12`.
    pub cause: String,
    /// Who caused it.
    pub by: Person,
    /// Where to go: a path of this instance, with a fragment.
    pub place: String,
    /// Title of the note or room as shown.
    pub title: String,
    /// A few words of what was written.
    pub quote: String,
    /// When.
    pub at: Timestamp,
}

impl Notice {
    /// The note it leads to, where it is about one, or about its chat.
    #[must_use]
    pub fn note(&self) -> Option<Uuid> {
        match self.place.split('#').next()?.parse() {
            Ok(Key::Note(id)) => Some(id),
            _ => None,
        }
    }
}

/// A notification as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Number of its row, rising.
    pub id: u64,
    /// What kind, as in [`Notice`].
    pub kind: String,
    /// Who caused it.
    pub by: Person,
    /// Where to go: a path of this instance, with a fragment.
    pub place: String,
    /// Title of the note or room as shown.
    pub title: String,
    /// A few words of what was written.
    pub quote: String,
    /// When.
    pub at: Timestamp,
    /// Whether it was read.
    pub read: bool,
}

/// Something said to every open page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// Which: closing one closes it for good.
    pub id: Uuid,
    /// Plain text.
    pub text: String,
    /// When it was made.
    pub at: Timestamp,
    /// When it ends by itself.
    pub until: Option<Timestamp>,
}
