//! What a socket or a request may do in a room. Decided outside, once, from a
//! person's role; carried here as the room's own word.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::person::Person;
use crate::session::Timestamp;

/// What somebody may do in a room, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// See the note and who is there.
    View,
    /// Write in its chat as well.
    Comment,
    /// Propose changes as well.
    Suggest,
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

    /// Whether messages may be written.
    #[must_use]
    pub fn can_chat(self) -> bool {
        self >= Self::Comment
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
    /// Whether the socket asked for JSON events (`?events=1` or `2`).
    pub events: bool,
    /// Whether it wants those of a turn packed with the update (`?events=2`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub packed: bool,
    /// The view revision the page was served with, if it says one.
    pub revision: Option<u64>,
    /// Title of what the key is about, where the Worker knows it and the object
    /// does not: of a chat room.
    #[serde(default)]
    pub title: Option<String>,
    /// SHA-256 of a guest's token, hex: recorded with the person at the first
    /// write, so that a visitor who only reads leaves no row.
    pub credential: Option<String>,
    /// SHA-256 of the bearer token that came along, hex: part of what the right
    /// rests on, when the host is asked for it again.
    #[serde(default)]
    pub bearer: Option<String>,
    /// When the right is to be looked at again, for something it rests on ends
    /// then.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// The published page they read on, if they come by one: nobody in particular,
    /// who is shown the view and nothing else (O).
    #[serde(default)]
    pub page: Option<PublishedPage>,
}

/// A page under an address of its own, through which anybody reads a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedPage {
    /// The address, the part after `/p/`.
    pub slug: String,
    /// Whether it shows slides, and so follows who presents them.
    pub slides: bool,
}

impl Admission {
    /// Somebody with a right, of whom nothing else is known.
    #[must_use]
    pub fn new(person: Person, access: Access) -> Self {
        Self {
            person,
            access,
            events: false,
            packed: false,
            revision: None,
            title: None,
            credential: None,
            bearer: None,
            until: None,
            page: None,
        }
    }

    /// A reader of a published page: nobody in particular.
    #[must_use]
    pub fn of_reader(page: PublishedPage) -> Self {
        Self {
            page: Some(page),
            ..Self::new(Person::new(Uuid::nil(), "", 0), Access::View)
        }
    }
}

/// Whose right the host is asked for, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asker {
    /// Who.
    pub person: Uuid,
    /// Hash of their token, as in [`Admission::credential`].
    pub credential: Option<String>,
    /// Hash of a bearer token, as in [`Admission::bearer`].
    pub bearer: Option<String>,
    /// Address of a published page: whoever reads on it may, while it is the note's.
    pub page: Option<String>,
}

impl Asker {
    /// Who an admission is for.
    #[must_use]
    pub fn of(admission: &Admission) -> Self {
        Self {
            person: admission.person.id,
            credential: admission.credential.clone(),
            bearer: admission.bearer.clone(),
            page: admission.page.as_ref().map(|page| page.slug.clone()),
        }
    }
}

/// What somebody may do, and how long that is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// What.
    pub access: Access,
    /// When to ask again, for something it rests on ends then.
    pub until: Option<Timestamp>,
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
