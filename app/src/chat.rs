//! The chat, beside a note or on a page of its own: the server renders all its
//! parts, [`listen`] brings them to life around one socket and one
//! `realtime::ChatLog`. Nothing of it is a Leptos view in the browser: rows are
//! copies of templates, which is a tenth of the code.

#[cfg(feature = "hydrate")]
pub(crate) mod asked;
#[cfg(feature = "hydrate")]
mod compose;
#[cfg(feature = "hydrate")]
mod drawer;
#[cfg(feature = "hydrate")]
mod lines;
#[cfg(feature = "hydrate")]
mod log;
#[cfg(feature = "hydrate")]
mod menu;
#[cfg(feature = "hydrate")]
mod names;
#[cfg(feature = "hydrate")]
mod room;
#[cfg(feature = "ssr")]
pub mod shell;

#[cfg(feature = "hydrate")]
pub(crate) use room::listen;
#[cfg(feature = "ssr")]
pub use shell::{ChatButton, ChatPanel, Standing};

/// The panel's id.
pub const CHAT: &str = "chat";
/// The id of the button that opens it beside a note.
pub const CHAT_BUTTON: &str = "chat-button";
/// The id of the menu of a message.
pub const CHAT_MENU: &str = "chat-menu";
/// The id of the list of people to mention.
pub const CHAT_NAMES: &str = "chat-names";
/// The id of the template of a message.
pub const CHAT_ROW: &str = "chat-row";
/// The id of the template of a message that is not sent yet.
pub const CHAT_WAITING: &str = "chat-waiting-row";
/// The id of the template of a rule between messages.
pub const CHAT_RULE: &str = "chat-rule";
