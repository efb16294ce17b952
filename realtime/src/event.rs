//! The JSON events of a room: what the server says to a socket that asked with
//! `?events=1` or `2`. A plain Yjs client never meets one.

mod decode;

use note::view::Patch;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::access::Access;
use crate::chat::Message;
use crate::notice::{Announcement, Notification};
use crate::person::Person;
use crate::refusal::Refusal;
use crate::session::Timestamp;

/// One text frame from the server. `SPEC.md` §E gives each field's meaning.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
        /// Of a note, which document it has: another one after it was made anew (D4).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        generation: Option<String>,
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
    /// A synced signal has this value now; on joining, each that is set.
    Signal {
        /// Which.
        name: String,
        /// To what; null when it was never set or was unset.
        value: Value,
        /// Number of the setting in the room, rising; a smaller one is older.
        revision: u64,
    },
    /// A message was written, changed or taken back. Its author's acknowledgement
    /// too: it carries the id the author made.
    Message {
        /// As it is now. One with a smaller revision than known is older.
        message: Message,
    },
    /// Several messages at once, in order: on joining, or of the past.
    Messages {
        /// What they are to the client.
        part: Part,
        /// Ascending by number.
        messages: Vec<Message>,
        /// Whether there are older ones than the first of these.
        more: bool,
    },
    /// Somebody is writing a message; holds for [`crate::chat::TYPING_MS`].
    Typing {
        /// Who.
        person: Uuid,
        /// Name as shown.
        name: String,
    },
    /// I have seen messages up to here, on whatever device.
    Seen {
        /// The newest number seen.
        number: u64,
    },
    /// How a chat room is kept.
    Order {
        /// Seconds between two messages of one person; 0 for none.
        slow_seconds: u64,
        /// Who may write nothing now.
        muted: Vec<Muted>,
    },
    /// All of my newest notifications: on joining, and when several changed.
    Notifications {
        /// How many are unread, those not in the list included.
        unread: u64,
        /// Newest first.
        notifications: Vec<Notification>,
        /// Rising; one with a smaller number is older.
        revision: u64,
    },
    /// A new notification.
    Notification {
        /// It.
        notification: Notification,
        /// How many are unread now.
        unread: u64,
        /// Rising; as in [`Event::Notifications`].
        revision: u64,
    },
    /// What is said to everybody now: on joining, and when it changes.
    Announcement {
        /// None: nothing, or no longer anything.
        announcement: Option<Announcement>,
        /// Rising; one with a smaller number is older.
        revision: u64,
    },
    /// Something was not done.
    Refused {
        /// What was not done.
        what: Refusable,
        /// Why, as a code of [`crate::Refusal`].
        reason: String,
        /// A sentence that says what to do.
        message: String,
        /// The client's id of the message that was refused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// After how many milliseconds another try makes sense.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
}

/// What a list of messages is to its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The newest: forget what you have.
    Newest,
    /// What changed since the revision you named.
    Changed,
    /// What came before the number you named.
    Older,
}

/// Somebody who may write nothing for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Muted {
    /// Who.
    pub person: Uuid,
    /// Until when.
    pub until: Timestamp,
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
    /// A message, or a change of one.
    Message,
    /// Setting a synced signal.
    Signal,
    /// Keeping order in a room: muting, slowing.
    Order,
}

impl Refusable {
    /// Why this was not done, in a sentence.
    #[must_use]
    pub fn sentence(self, why: Refusal) -> String {
        let own = match (self, why) {
            (Self::Message, Refusal::NotAllowed) => "You can only read here.",
            (Self::Message, Refusal::NotFound) => "That message is gone.",
            (Self::Message, Refusal::Malformed) => "A message needs some text.",
            (Self::Message, Refusal::TooLarge) => {
                "That message is too long. Send it in several, or put it into a note."
            }
            (Self::Message, Refusal::TooFast) => {
                "Too many messages at once. Wait a few seconds and try again."
            }
            (Self::Message, Refusal::Storage) => {
                "Messages can't be stored just now. Yours is kept in this window."
            }
            (Self::Signal, Refusal::NotAllowed) => "You can only look on here.",
            (Self::Signal, Refusal::Full) => "There are too many shared settings here.",
            (Self::Order, Refusal::NotAllowed) => "Only who owns this chat can do that.",
            _ => return why.to_string(),
        };
        own.to_owned()
    }
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
