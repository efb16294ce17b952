//! The JSON events of a room: what the server says to a socket that asked with
//! `?events=1`. A plain Yjs client never meets one.

use note::view::Patch;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::Access;
use crate::person::Person;

/// One text frame from the server. `SPEC.md` §E gives each field's meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// First frame on a socket: who I am, what I may do, what is served.
    Hello {
        /// The person the server takes this socket for.
        you: Person,
        /// What this socket may do.
        access: Access,
        /// Version of the note: number of the newest stored row.
        version: u64,
        /// Revision of the view as of this frame.
        revision: u64,
        /// Title as shown.
        title: String,
        /// Version of the server's code.
        server: String,
        /// Bounds the page shows before they are reached.
        limits: Limits,
    },
    /// The rendered view changed.
    View {
        /// The revision these patches lead to.
        revision: u64,
        /// The revision they start from; none: forget what you have, the
        /// patches build the whole view from nothing.
        from: Option<u64>,
        /// Applied one after the other to the list of blocks.
        patches: Vec<Patch>,
    },
    /// Document frames of this socket are in the object's storage.
    Saved {
        /// How many of them (step 2 and updates, counted from 1 on this socket).
        through: u64,
        /// Version of the note that holds them.
        version: u64,
    },
    /// Everybody in the room, by the server's word.
    Presence {
        /// One entry a person, in the order they came.
        people: Vec<Participant>,
    },
    /// The title changed.
    Title {
        /// Title as shown.
        title: String,
    },
    /// What this socket may do changed.
    Access {
        /// From now on.
        access: Access,
    },
    /// Something was not done.
    Refused {
        /// What was not done.
        what: Refusable,
        /// Why, as a code of [`crate::Refusal`].
        reason: String,
        /// A sentence that says what to do.
        message: String,
    },
}

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusable {
    /// A change of the text.
    Edit,
    /// Storing what was already passed on.
    Save,
    /// A frame that could not be read.
    Frame,
}

/// Somebody in the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who it is.
    pub person: Uuid,
    /// Name as shown.
    pub name: String,
    /// Colour as an index of the palette.
    pub colour: u8,
    /// What they may do.
    pub access: Access,
    /// The Yjs client ids of their sockets.
    pub clients: Vec<u64>,
}

/// Bounds the page shows before they are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Text of a note, bytes of UTF-8.
    pub text_bytes: u64,
    /// One frame from a client, bytes.
    pub frame_bytes: u64,
}
