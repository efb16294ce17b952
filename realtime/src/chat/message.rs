//! One message of a chat room.

use serde::{Deserialize, Serialize};

use crate::person::Person;
use crate::session::Timestamp;

/// One message. A change of it is the same message with a higher `revision`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its place in the room: 1, 2, 3, … without a gap.
    pub number: u64,
    /// The id its client made.
    pub id: String,
    /// Who wrote it, by the name they had.
    pub person: Person,
    /// When.
    pub at: Timestamp,
    /// When it was last changed, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Timestamp>,
    /// Whether it was taken back; then text and view are empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// Number of the room's change that made it what it is.
    pub revision: u64,
    /// Markdown source.
    pub text: String,
    /// Rendered inline Markdown, safe to show. Made from `text`, never stored.
    #[serde(default)]
    pub html: String,
}
