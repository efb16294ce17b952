//! The only decision about rights: what somebody may do with a note.

use serde::{Deserialize, Serialize};

use crate::database::StoreError;
use crate::ids::PersonId;
use crate::notes::NoteRecord;
use crate::token::same_hash;

/// What somebody may do with a note, weakest first. No role at all is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Read it and see who is there.
    View,
    /// Change the text and the title as well.
    Edit,
    /// Everything, deleting included.
    Owner,
}

/// What anyone with the link may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeneralAccess {
    /// Nothing: only those with a right of their own come in.
    None,
    /// Read.
    View,
    /// Read and change. A new note starts like this: its id is the capability.
    #[default]
    Edit,
}

impl GeneralAccess {
    /// The word in the database, in requests and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::View => "view",
            Self::Edit => "edit",
        }
    }

    pub(crate) fn from_column(text: &str, column: &'static str) -> Result<Self, StoreError> {
        match text {
            "none" => Ok(Self::None),
            "view" => Ok(Self::View),
            "edit" => Ok(Self::Edit),
            _ => Err(StoreError::BadRow(column)),
        }
    }

    fn role(self) -> Option<Role> {
        match self {
            Self::None => None,
            Self::View => Some(Role::View),
            Self::Edit => Some(Role::Edit),
        }
    }
}

/// Who asks, as far as they have shown it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asker<'a> {
    /// The person of the session, if the request may use one.
    pub person: Option<PersonId>,
    /// Hash of the bearer token, if one came along (see [`crate::hash_token`]).
    pub bearer_hash: Option<&'a str>,
}

/// What somebody may do with a note: the strongest of all they have. `None` is
/// answered like a note that does not exist. In the trash it is the owner's alone.
#[must_use]
pub fn role_for(who: &Asker<'_>, note: &NoteRecord) -> Option<Role> {
    if owns(who, note) {
        return Some(Role::Owner);
    }
    if note.trashed_at.is_some() {
        return None;
    }
    note.access.role()
}

fn owns(who: &Asker<'_>, note: &NoteRecord) -> bool {
    let as_person = who.person.is_some() && who.person == note.owner;
    let by_token = match (who.bearer_hash, &note.owner_token_hash) {
        (Some(shown), Some(kept)) => same_hash(shown, kept),
        _ => false,
    };
    as_person || by_token
}
