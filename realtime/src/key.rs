//! Keys: the path of the thing a group of sockets is about. A key is checked for
//! form here; whether it exists, and for whom, is asked elsewhere before an
//! object is made or woken.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a group of sockets is about, written as the path of its page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Key {
    /// `/note/<uuid>`: everyone who has the note open.
    Note(Uuid),
}

/// A path that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is nothing to join at this path")]
pub struct NotAKey;

impl FromStr for Key {
    type Err = NotAKey;

    /// Reads a key from a path. Only the canonical spelling is one: lower case,
    /// with hyphens, nothing before or after, so that two spellings never name
    /// two objects for one thing.
    fn from_str(path: &str) -> Result<Self, NotAKey> {
        let id = path.strip_prefix("/note/").ok_or(NotAKey)?;
        parse_uuid(id).map(Self::Note).ok_or(NotAKey)
    }
}

/// Reads a UUID in its canonical spelling, and no other.
#[must_use]
pub fn parse_uuid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (*id.hyphenated().encode_lower(&mut buffer) == *text).then_some(id)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note(id) => write!(f, "/note/{}", id.hyphenated()),
        }
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.to_string()
    }
}

impl TryFrom<String> for Key {
    type Error = NotAKey;

    fn try_from(path: String) -> Result<Self, NotAKey> {
        path.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_spelling_is_a_key() {
        let path = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
        assert_eq!(
            path.parse::<Key>().map(|key| key.to_string()),
            Ok(path.to_owned())
        );
        for twin in [
            "/note/6F2C1A52-3C1E-4D38-9D0A-0D4E8F1B2C3D",
            "/note/6f2c1a523c1e4d389d0a0d4e8f1b2c3d",
            "/note/{6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d}",
            "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d/",
            "/note/",
            "/user/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d",
            "note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d",
        ] {
            assert_eq!(twin.parse::<Key>(), Err(NotAKey), "{twin}");
        }
    }
}
