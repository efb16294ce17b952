//! How the members stand, as the steering hears it.

use serde::Serialize;

/// All of them.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// Milliseconds since 1970.
    pub(crate) now: u64,
    pub(crate) members: Vec<Standing>,
}

/// One of them.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Standing {
    pub(crate) key: String,
    /// The socket is in step.
    pub(crate) live: bool,
    /// What it said and nobody has acknowledged.
    pub(crate) waiting: usize,
    /// When it tried to connect.
    pub(crate) tried_at: Vec<u64>,
    /// The longest that it meant to wait before another try, in milliseconds.
    pub(crate) longest_wait: u64,
    /// When its socket was in step.
    pub(crate) live_at: Vec<u64>,
    /// Why sockets were closed by the server with a code of ours.
    pub(crate) closed: Vec<u16>,
    /// Of a note: its text. Of a chat room: what was said, in order.
    pub(crate) text: String,
}
