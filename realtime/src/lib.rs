//! Rooms: one Durable Object per key, the sockets that joined it, and the page's
//! half of the conversation.
//!
//! Without features this crate is pure: [`Room`] and [`Client`] are state
//! machines, event in and effects out, which ask nobody for the time. Two
//! features put a shell around them:
//!
//! - `durable-object`: `realtime_durable_object!` defines `RealtimeDurableObject`
//!   around [`Room`]; `realtime_route` sends a socket to its object;
//!   `render_realtime_clients` brings a key's clients up to date.
//! - `browser`: `init_realtime_client` opens the page's socket around [`Client`].
//!
//! `README.md` says how to use it, with the smallest Worker around it in `examples`.
//! `SPEC.md` holds the rules by number, and the tests are named after them.
#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)
)]

mod access;
mod action;
mod ask;
#[cfg(feature = "browser")]
pub mod browser;
mod budget;
pub mod chat;
mod client;
#[cfg(feature = "durable-object")]
pub mod durable_object;
mod effect;
mod event;
mod feed;
pub mod frame;
mod group;
mod key;
mod members;
mod notice;
mod notices;
pub mod packed;
pub mod parcel;
mod people;
mod person;
pub mod presence;
mod reading;
mod refusal;
mod rest;
mod rights;
mod room;
mod rooms;
#[cfg(feature = "durable-object")]
mod route;
mod session;
mod signals;
mod strike;

pub use access::{Access, Admission, Asker, PublishedPage, Right, Who};
pub use action::{Action, Done, MAX_TITLE_CHARS, Request, Tick, Ticked, clean_title};
pub use ask::{
    Ask, MAX_ASK_BYTES, MAX_HELD_BYTES, MAX_MESSAGE_BYTES, MAX_MESSAGE_ID_BYTES, MAX_SIGNAL_BYTES,
    MAX_SIGNAL_NAME_BYTES,
};
#[cfg(feature = "browser")]
pub use browser::{
    ClientOptions, RealtimeClient, Start, clear_device, edits_on_device, init_realtime_client,
    init_realtime_client_from, notes_that_wait,
};
pub use chat::{Chat, History, Message, Order, StoredChat, Unreadable};
pub use client::{
    Apart, Back, ChatLog, Client, Command, Found, Heard, KeptEdit, KeptNote, Link, OnDevice,
    Output, REMADE, Status, Synced, Transport, UnsentState, Waiting, WhyApart,
};
pub use effect::{Effect, IndexEntry, Outgoing, Writer};
pub use event::{Event, Limits, Muted, Part, Participant, Refusable};
pub use feed::{Feed, FeedState, MAX_GLOBAL_SESSIONS, Told};
pub use group::{Group, MAX_UNREAD_BYTES, StoredGroup};
pub use key::{GLOBAL_SHARDS, Key, Kind, MAX_ROOM_NAME_CHARS, NotAKey, RoomName, parse_uuid};
pub use notice::{Announcement, Notice, Notification};
pub use people::{Known, MAX_PEOPLE};
pub use person::{COLOURS, MAX_NAME_CHARS, Person, clean_name};
pub use reading::{Reading, Sealed};
pub use refusal::{Refusal, close_reason, worth_another_try};
pub use rest::{AtRest, Resting, may_come_at_rest, step_2_of_stored};
pub use rights::Rights;
pub use room::{
    MAX_PAGE_READERS, MAX_SESSIONS, MESSAGE_BURST, MESSAGES_A_SECOND, ROW_WINDOW_MS, Room,
    SEND_WINDOW_MS, Settings, Stored, Versions,
};
pub use rooms::{Pending, Rooms, Wanted};
#[cfg(feature = "durable-object")]
pub use route::{
    ObjectRooms, close_realtime_clients, erase_realtime_key, realtime_copy, realtime_line,
    realtime_route, realtime_say, recheck_realtime_clients, refuse_socket, render_realtime_clients,
};
pub use session::{Kept, Progress, Session, SessionId, Timestamp};
pub use signals::{MAX_HELD, MAX_SIGNALS, SLIDES, Signal};
pub use strike::is_risky;
