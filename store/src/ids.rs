//! Ids as types of their own, so that a note is never taken for a person.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::database::{StoreError, Value};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Value {
            fn from(id: $name) -> Self {
                Self::Text(id.to_string())
            }
        }

        impl $name {
            /// Reads an id back from the text in a column.
            pub(crate) fn from_column(text: &str, column: &'static str) -> Result<Self, StoreError> {
                match Uuid::try_parse(text) {
                    Ok(id) => Ok(Self(id)),
                    Err(_not_a_uuid) => Err(StoreError::BadRow(column)),
                }
            }
        }
    };
}

id! {
    /// Which note.
    NoteId
}

id! {
    /// Which person: an account, or one browser of a guest.
    PersonId
}
