//! What a client says in words: JSON text frames, by which it asks for something
//! that is no document frame. Each is checked here for form and size, before the
//! room looks at what it means (T).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::event::Refusable;
use crate::members::Denied;
use crate::refusal::Refusal;

/// Longest text frame a client may send, bytes: a synced signal of 16 KiB, or a
/// message of 4 KiB with every letter escaped, and what stands around it.
pub const MAX_ASK_BYTES: usize = 32 << 10;
/// Longest message, bytes of UTF-8 (contract §6).
pub const MAX_MESSAGE_BYTES: usize = 4 << 10;
/// Longest client-made id of a message, bytes.
pub const MAX_MESSAGE_ID_BYTES: usize = 64;
/// Largest value of a synced signal, bytes of JSON.
pub const MAX_SIGNAL_BYTES: usize = 16 << 10;
/// Largest value of a signal that is set while its socket is here: it is kept in the
/// socket's attachment, for which there are 16 KiB in all.
pub const MAX_HELD_BYTES: usize = 1 << 10;
/// Longest name of a synced signal, bytes; of `a-z 0-9 - _ .`.
pub const MAX_SIGNAL_NAME_BYTES: usize = 64;

/// One text frame from a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Ask {
    /// Write a message. One that comes again under the same id is answered with
    /// what was kept of the first.
    Say {
        /// Made by the client, unique among its messages.
        id: String,
        /// Markdown source.
        text: String,
    },
    /// Change a message of mine.
    Change {
        /// Its number.
        number: u64,
        /// Markdown source.
        text: String,
    },
    /// Take a message back: mine, or, for who owns the room, anybody's.
    Delete {
        /// Its number.
        number: u64,
    },
    /// I am writing a message; told to the others for a few seconds.
    Typing,
    /// The messages before a number, newest last.
    History {
        /// The oldest number the client has.
        before: u64,
    },
    /// I have seen everything up to a number; told to my other sockets.
    Seen {
        /// The newest number seen.
        number: u64,
    },
    /// Let somebody write no messages for a while; for who owns the room.
    Mute {
        /// Who.
        person: Uuid,
        /// For how many seconds from now; 0 ends it.
        seconds: u64,
    },
    /// Let everybody wait between two messages; for who owns the room.
    Slow {
        /// How many seconds; 0 ends it.
        seconds: u64,
    },
    /// Set a synced signal for everybody in the room.
    Set {
        /// Which.
        name: String,
        /// To what.
        value: Value,
        /// It is set as long as this socket is here, and stored nowhere (G5).
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        while_here: bool,
    },
}

impl Ask {
    /// What is answered when it comes too soon after others.
    pub(crate) fn denied(&self, wait_ms: u64) -> Denied {
        let (what, id) = match self {
            Self::Set { name, .. } => (Refusable::Signal, Some(name)),
            Self::Say { id, .. } => (Refusable::Message, Some(id)),
            Self::Change { .. } | Self::Delete { .. } => (Refusable::Message, None),
            Self::Mute { .. } | Self::Slow { .. } => (Refusable::Order, None),
            Self::Typing | Self::History { .. } | Self::Seen { .. } => (Refusable::Frame, None),
        };
        let denied = Denied::new(what, Refusal::TooFast).after(wait_ms);
        match id {
            Some(id) => denied.about(id),
            None => denied,
        }
    }

    /// Reads a text frame.
    ///
    /// # Errors
    /// [`Refusal::TooLarge`] before anything is read, else [`Refusal::Malformed`].
    pub fn decode(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_ASK_BYTES {
            return Err(Refusal::TooLarge);
        }
        serde_json::from_str(text).map_err(|_not_an_ask| Refusal::Malformed)
    }
}
