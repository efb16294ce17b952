//! What the client wants done, and what it tells the page.

use note::Edit;
use serde_json::Value;

use super::kept::{Apart, KeptEdit};
use super::{Link, Transport};
use crate::event::Event;
use crate::session::Timestamp;

/// What the shell does for the client.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Open a socket for the key, or what stands in for one, stating the revision the
    /// page has.
    Connect {
        /// By which way.
        transport: Transport,
        /// None: the whole view, or the newest messages, are wanted.
        revision: Option<u64>,
    },
    /// Send a binary frame.
    Send(Vec<u8>),
    /// Send a text frame: an [`crate::Ask`].
    Say(String),
    /// Send the text `ping`.
    Ping,
    /// Find out whether a WebSocket gets through; if it does, call
    /// [`super::Client::socket_works`].
    Probe,
    /// Drop the socket.
    Drop,
    /// Keep an own edit on this device, then call [`super::Client::kept`] (D1).
    Keep(KeptEdit),
    /// Forget the own edits up to a number: they are stored.
    Forget {
        /// The newest of them.
        through: u64,
    },
    /// Forget what another page kept, up to a number: it is stored, or nobody wants
    /// it any longer.
    ForgetOf {
        /// The page.
        page: String,
        /// The newest of its edits.
        through: u64,
    },
    /// The server would not have what these pages kept: remember not to try again.
    Doubt {
        /// The pages.
        pages: Vec<String>,
    },
    /// Tell the page.
    Tell(Output),
}

/// What the page is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// The text is here for the first time.
    Ready {
        /// The Markdown source.
        text: String,
    },
    /// Others changed the text, in coordinates of the text before.
    Edits(Vec<Edit>),
    /// An event of the server.
    Event(Event),
    /// What the others show now: client id and state.
    Awareness(Vec<(u64, Value)>),
    /// How the connection and the saving stand.
    Status(Status),
    /// What earlier pages kept on this device and cannot be merged: all of it.
    Apart(Vec<Apart>),
}

/// How the connection and the saving stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// The socket.
    pub link: Link,
    /// What it is, or will be.
    pub transport: Transport,
    /// Own edits that are not acknowledged.
    pub waiting: u32,
    /// When the oldest of them was made.
    pub waiting_since: Option<Timestamp>,
    /// Whether this device has them.
    pub device: OnDevice,
    /// How many of them it has.
    pub kept: u32,
    /// When the last acknowledgement that left nothing waiting came.
    pub saved_at: Option<Timestamp>,
    /// When the next attempt to connect is made.
    pub retry_at: Option<Timestamp>,
    /// What the last return to the server brought together.
    pub back: Option<Back>,
}

/// Whether what waits is on this device, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDevice {
    /// All of it.
    All,
    /// Some of it is still on its way there.
    NotYet,
    /// The device keeps nothing: storage is off, or full.
    Unavailable,
}

/// Edits that waited were merged with what others wrote meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Back {
    /// When the last of them was stored.
    pub at: Timestamp,
    /// How many had waited.
    pub merged: u32,
    /// How many places others had changed.
    pub came_in: u32,
}
