//! Feeds: keys on which only the server speaks, to one person or to everybody.

use serde::{Deserialize, Serialize};

use crate::notice::{Announcement, Notification};

/// What a feed has to say now, by the host's database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedState {
    /// Of one person.
    Person {
        /// How many notifications are unread, those not in the list included.
        unread: u64,
        /// The newest, newest first.
        notifications: Vec<Notification>,
    },
    /// Of everybody.
    Everyone {
        /// What is said to everybody now.
        announcement: Option<Announcement>,
    },
}
