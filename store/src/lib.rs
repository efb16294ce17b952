//! Records: what Tandem keeps in SQL, and the rules on it.
//!
//! ```text
//! people ──< credentials        who somebody is, and the tokens that prove it
//!    │            └──< session_keys   where a session has sockets
//!    ├── accounts ──< passkeys, identities   who can come back anywhere, and how
//!    │
//!    ├────< notes (owner_id)    one row a note: whose, open to whom, its index entry
//!    │        │
//!    ├──< note_people >──┘      who wrote in which note
//!    │
//!    ├──< note_members >─┤      who is in which note by name
//!    ├──< link_people >── share_links >── notes    who came through which link
//!    │
//!    ├────< rooms (owner_id)    one row a chat room: its name and title
//!    │        │
//!    └──< room_people >──┘      who was in which room
//!
//! notes ──< note_words           the words of titles and texts, for searching
//!   ├────< note_tags            tags, by the list in a note's front matter
//!   ├────< note_links           the titles a note links to
//!   ├────< pins                 what somebody pinned
//!   ├────< note_visits          where accounts were last
//!   └───── published            the address under which anybody may read it
//!
//! notifications                 what somebody is told, once for one cause
//! notification_settings         which kinds they do not want
//! announcements                 what is said to every open page
//! challenges                    questions to browsers that are open
//! erasures                      notes that are gone, still to be erased in their rooms
//! rechecks                      rooms still to look at who is in them
//! ```
//!
//! Everything here goes through the [`Database`] port. The crate knows neither
//! D1 nor Workers, asks for no time and makes no ids: all three come in. The text
//! in a row is an index entry, written behind; the note itself is in its room.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")
)]
#![warn(missing_docs)]

pub mod access;
pub mod accounts;
pub mod announcements;
pub mod database;
pub mod finding;
pub mod ids;
pub mod notes;
pub mod notifications;
pub mod people;
pub mod publishing;
pub mod rechecks;
pub mod rights;
pub mod rooms;
pub mod sharing;
pub mod token;

pub use access::{Action, Asker, Audience, GeneralAccess, Grants, Right, Role, role_for};
pub use database::{Database, Pending, Row, Statement, StoreError, Value};
pub use ids::{NoteId, PersonId};
pub use notes::{Card, IndexEntry, NewNote, NoteRecord};
pub use people::Writer;
pub use token::{hash_token, same_hash};
