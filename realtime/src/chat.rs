//! Chat rooms: numbered messages and what is kept around them.

mod message;

pub use message::Message;

/// How long somebody counts as writing after [`crate::Event::Typing`].
pub const TYPING_MS: u64 = 3_000;
