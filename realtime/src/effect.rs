//! What a room wants done, as data: the shell performs the list in order, and
//! stops at a write that fails.

use std::rc::Rc;

use crate::chat::{Message, Order};
use crate::feed::Told;
use crate::notice::Notice;
use crate::people::Known;
use crate::person::Person;
use crate::reading::Reading;
use crate::refusal::Refusal;
use crate::session::{SessionId, Timestamp};
use crate::signals::Signal;

/// A frame on its way out. Shared, so that a frame for two hundred sockets is
/// made once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// A y-protocols message.
    Binary(Rc<[u8]>),
    /// A JSON event.
    Text(Rc<str>),
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send a frame to these sockets.
    Send {
        /// The sockets, in the order they came.
        to: Vec<SessionId>,
        /// The frame.
        frame: Outgoing,
    },
    /// Store a row of the update log. What follows must wait for it: an
    /// acknowledgement after a write that failed would be a lie.
    Append {
        /// Number of the row, one more than the last.
        version: u64,
        /// A Yjs update, version 1.
        update: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// Store who first brought edits under a client id.
    Author {
        /// Yjs client id.
        client: u64,
        /// Who.
        person: uuid::Uuid,
        /// When.
        at: Timestamp,
    },
    /// Store who wrote since the index over all notes last knew: all of them.
    Writers(Vec<Writer>),
    /// Store the title that was set; none goes back to a note's first heading.
    Title(Option<String>),
    /// Replace the log up to a version by a snapshot, in one transaction.
    Fold {
        /// The last row the snapshot holds.
        through: u64,
        /// A Yjs update that builds the document from nothing.
        snapshot: Vec<u8>,
    },
    /// Keep the session's state beside its socket, as it is when all is done.
    Attach(SessionId),
    /// Take the clean point out of what is kept beside a session's socket, before
    /// anything that follows.
    Doubt(SessionId),
    /// Close a socket.
    Close {
        /// Which.
        session: SessionId,
        /// Why.
        refusal: Refusal,
    },
    /// Call [`crate::Group::tick`] at this time.
    Timer(Timestamp),
    /// Call [`crate::Group::alarm`] at this time, also after a sleep.
    Alarm(Timestamp),
    /// Write the entry to the index over all notes, then call
    /// [`crate::Room::indexed`].
    Index(IndexEntry),
    /// Store that the index knows the note up to this version, and its writers.
    Indexed(u64),
    /// Store what the note reads like at its version, in place of what was stored: for
    /// who reads it while it sleeps. The note is whole without it.
    View(Box<Reading>),
    /// Store that somebody is known here, by this name.
    Known(Known),
    /// Store a synced signal; one that is null is forgotten.
    Signal(Signal),
    /// Store a message, in place of what was stored under its number, and notices
    /// until the host has taken them: both or neither.
    Message {
        /// It.
        message: Message,
        /// Whom it tells.
        notices: Vec<Notice>,
    },
    /// Store how a chat room is kept.
    Order(Order),
    /// Store how far somebody has seen.
    Seen {
        /// Who.
        person: uuid::Uuid,
        /// The newest message they have seen.
        number: u64,
    },
    /// Store notices until the host has taken them.
    Notices(Vec<Notice>),
    /// Hand notices to the host, then call [`crate::Group::notified`].
    Notify(Vec<Notice>),
    /// Forget notices the host has taken.
    Notified(Vec<Notice>),
    /// Tell the host how many people are here.
    Here(usize),
    /// Ask the host what these sockets may do now, then call
    /// [`crate::Group::rights`].
    Recheck(Vec<SessionId>),
    /// Ask the host what a feed has to say, then call [`crate::Group::loaded`] with
    /// this number.
    LoadFeed(u64),
    /// Store what a feed told last.
    Told(Box<Told>),
    /// The document in memory can't be trusted: load it again from storage, then
    /// call [`crate::Group::reload`].
    Reload,
}

/// Somebody who wrote in the note.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Writer {
    /// Who, by the name they had.
    pub person: Person,
    /// Hash of a guest's token, to be recorded at this first write.
    pub credential: Option<String>,
    /// When they first wrote since the index last knew.
    pub at: Timestamp,
}

/// What the index over all notes should know of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// The version described.
    pub version: u64,
    /// Title as shown.
    pub title: String,
    /// First words.
    pub excerpt: String,
    /// The Markdown source.
    pub text: String,
    /// When the note last changed.
    pub at: Timestamp,
    /// Who wrote since the index last knew.
    pub writers: Vec<Writer>,
}
