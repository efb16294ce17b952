//! The port to what a chat room has stored. The object's SQLite is behind it, in
//! tests a list. Only reads: what is written leaves the room as effects.

use uuid::Uuid;

use crate::chat::Message;
use crate::session::Timestamp;

/// Storage could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("stored messages could not be read: {0}")]
pub struct Unreadable(pub String);

/// The stored messages of one room, and who has seen them.
pub trait History {
    /// The message somebody wrote under an id of their own.
    ///
    /// # Errors
    /// When storage cannot be read; so with all of these.
    fn by_id(&self, person: Uuid, id: &str) -> Result<Option<Message>, Unreadable>;

    /// The message with this number.
    ///
    /// # Errors
    /// When storage cannot be read.
    fn by_number(&self, number: u64) -> Result<Option<Message>, Unreadable>;

    /// The newest messages below a number, in order.
    ///
    /// # Errors
    /// When storage cannot be read.
    fn before(&self, number: u64, limit: usize) -> Result<Vec<Message>, Unreadable>;

    /// The messages whose last change came after a revision, in order.
    ///
    /// # Errors
    /// When storage cannot be read.
    fn changed_after(&self, revision: u64, limit: usize) -> Result<Vec<Message>, Unreadable>;

    /// When somebody wrote their newest message.
    ///
    /// # Errors
    /// When storage cannot be read.
    fn last_by(&self, person: Uuid) -> Result<Option<Timestamp>, Unreadable>;

    /// The newest message somebody has seen; 0 for none.
    ///
    /// # Errors
    /// When storage cannot be read.
    fn seen_by(&self, person: Uuid) -> Result<u64, Unreadable>;
}
