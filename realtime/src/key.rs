//! Keys: the path of the thing a group of sockets is about. A key is checked for
//! form here; whether it exists, and for whom, is asked elsewhere before an
//! object is made or woken.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest name of a chat room, in characters.
pub const MAX_ROOM_NAME_CHARS: usize = 64;

/// Objects that share the pages of [`Key::Global`] among them: each holds at most
/// [`crate::MAX_GLOBAL_SESSIONS`].
pub const GLOBAL_SHARDS: u8 = 4;

/// What the names of notes' own chat rooms begin with.
const NOTE_ROOM: &str = "note-";

/// What a group of sockets is about, written as the path of its page.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Key {
    /// `/note/<uuid>`: everyone who has the note open.
    Note(Uuid),
    /// `/chat/<room>`: everyone in the chat room.
    Chat(RoomName),
    /// `/user/<uuid>`: one person's tabs and devices.
    User(Uuid),
    /// `/global`: every open page of the instance.
    Global,
}

/// Which chat room.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RoomName {
    /// One that somebody made and named: 1 to 64 of `a-z 0-9 -`, not beginning
    /// with `note-`.
    Named(String),
    /// `note-<uuid>`: the room beside a note, which follows the note's rights.
    OfNote(Uuid),
}

/// What runs behind a key. The one table from keys to kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A shared document: [`crate::Room`].
    Document,
    /// Numbered messages: [`crate::Chat`].
    Chat,
    /// Only the server speaks: [`crate::Feed`].
    Feed,
}

/// A path that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is nothing to join at this path")]
pub struct NotAKey;

impl Key {
    /// The rooms of a note: that of its text, and that of what is said beside it.
    #[must_use]
    pub fn of_note(note: Uuid) -> [Self; 2] {
        [Self::Note(note), Self::Chat(RoomName::OfNote(note))]
    }

    /// What runs behind this key.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Note(_) => Kind::Document,
            Self::Chat(_) => Kind::Chat,
            Self::User(_) | Self::Global => Kind::Feed,
        }
    }
}

impl Key {
    /// How many objects share the sockets of this key.
    #[must_use]
    pub fn shards(&self) -> u8 {
        match self {
            Self::Global => GLOBAL_SHARDS,
            _ => 1,
        }
    }

    /// Which of them a person's sockets go to.
    #[must_use]
    pub fn shard_of(&self, person: Uuid) -> u8 {
        let shard = person.as_u128().checked_rem(u128::from(self.shards()));
        shard
            .and_then(|shard| u8::try_from(shard).ok())
            .unwrap_or(0)
    }

    /// The name of one of the key's objects.
    #[must_use]
    pub fn object_name(&self, shard: u8) -> String {
        match shard {
            0 => self.to_string(),
            shard => format!("{self}#{shard}"),
        }
    }
}

impl FromStr for Key {
    type Err = NotAKey;

    /// Reads a key from a path. Only the canonical spelling is one: lower case,
    /// with hyphens, nothing before or after, so that two spellings never name
    /// two objects for one thing.
    fn from_str(path: &str) -> Result<Self, NotAKey> {
        if path == "/global" {
            return Ok(Self::Global);
        }
        let (kind, rest) = path
            .strip_prefix('/')
            .and_then(|path| path.split_once('/'))
            .ok_or(NotAKey)?;
        match kind {
            "note" => parse_uuid(rest).map(Self::Note).ok_or(NotAKey),
            "user" => parse_uuid(rest).map(Self::User).ok_or(NotAKey),
            "chat" => rest.parse().map(Self::Chat),
            _ => Err(NotAKey),
        }
    }
}

impl FromStr for RoomName {
    type Err = NotAKey;

    fn from_str(name: &str) -> Result<Self, NotAKey> {
        if let Some(id) = name.strip_prefix(NOTE_ROOM) {
            return parse_uuid(id).map(Self::OfNote).ok_or(NotAKey);
        }
        let plain = |c: u8| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if (1..=MAX_ROOM_NAME_CHARS).contains(&name.len()) && name.bytes().all(plain) {
            Ok(Self::Named(name.to_owned()))
        } else {
            Err(NotAKey)
        }
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
            Self::Chat(room) => write!(f, "/chat/{room}"),
            Self::User(id) => write!(f, "/user/{}", id.hyphenated()),
            Self::Global => f.write_str("/global"),
        }
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::OfNote(id) => write!(f, "{NOTE_ROOM}{}", id.hyphenated()),
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

    const ID: &str = "6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";

    #[test]
    fn every_kind_of_key_is_read_and_written() {
        let longest = format!("/chat/{}", "a".repeat(MAX_ROOM_NAME_CHARS));
        for (path, kind) in [
            (format!("/note/{ID}"), Kind::Document),
            (format!("/chat/note-{ID}"), Kind::Chat),
            ("/chat/tea-room-2".to_owned(), Kind::Chat),
            (longest, Kind::Chat),
            (format!("/user/{ID}"), Kind::Feed),
            ("/global".to_owned(), Kind::Feed),
        ] {
            let key: Key = path.parse().unwrap();
            assert_eq!(key.kind(), kind, "{path}");
            assert_eq!(key.to_string(), path);
        }
    }

    #[test]
    fn only_the_canonical_spelling_is_a_key() {
        for twin in [
            "/note/6F2C1A52-3C1E-4D38-9D0A-0D4E8F1B2C3D",
            "/note/6f2c1a523c1e4d389d0a0d4e8f1b2c3d",
            "/note/{6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d}",
            "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d/",
            "/note/",
            "note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d",
            "/user/",
            "/user/ada",
            "/global/",
            "/Global",
            "/chat/",
            "/chat/Tea",
            "/chat/tea room",
            "/chat/tea/room",
            "/chat/t%65a",
            "/chat/note-",
            "/chat/note-tea",
            "/chat/note-6f2c1a523c1e4d389d0a0d4e8f1b2c3d",
        ] {
            assert_eq!(twin.parse::<Key>(), Err(NotAKey), "{twin}");
        }
        let too_long = format!("/chat/{}", "a".repeat(MAX_ROOM_NAME_CHARS + 1));
        assert_eq!(too_long.parse::<Key>(), Err(NotAKey));
    }
}
