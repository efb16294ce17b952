//! What a socket or a request may do in a room. Decided outside, once, from a
//! person's role; carried here as the room's own word.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::person::Person;

/// What somebody may do in a room, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// See the note and who is there.
    View,
    /// Change the text and the title as well.
    Edit,
    /// Everything, sharing and deleting included.
    Own,
}

impl Access {
    /// Whether the text may be changed.
    #[must_use]
    pub fn can_write(self) -> bool {
        self >= Self::Edit
    }
}

/// Who comes in, with what right: made by the Worker from cookies and records,
/// believed by the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admission {
    /// Who it is.
    pub person: Person,
    /// What they may do.
    pub access: Access,
    /// Whether the socket asked for JSON events (`?events=1`).
    pub events: bool,
    /// The view revision the page was served with, if it says one.
    pub revision: Option<u64>,
    /// Title of what the key is about, where the Worker knows it and the object
    /// does not: of a chat room.
    #[serde(default)]
    pub title: Option<String>,
    /// SHA-256 of a guest's token, hex: recorded with the person at the first
    /// write, so that a visitor who only reads leaves no row.
    pub credential: Option<String>,
}

/// Which clients of a key something is meant for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// Every client of the key.
    All,
    /// Only the clients of these people.
    Include(Vec<Uuid>),
    /// Every client but those of these people.
    Exclude(Vec<Uuid>),
}

impl Who {
    /// Whether a client of this person is meant.
    #[must_use]
    pub fn matches(&self, person: Uuid) -> bool {
        match self {
            Self::All => true,
            Self::Include(people) => people.contains(&person),
            Self::Exclude(people) => !people.contains(&person),
        }
    }
}
