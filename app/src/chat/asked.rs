//! [hydrate] What asks for the chat, also before it is there: its key, and the address.

use leptos::prelude::window;
use web_sys::KeyboardEvent;

use super::CHAT;
use crate::behaviours::is_in_text;
use crate::markup::by_id;

/// Whether a key opens or closes the drawer. By its place, for with Alt a Mac types a "ç"
/// here; in a text that is what is meant.
pub(crate) fn by_key(key: &KeyboardEvent) -> bool {
    let meant = key.code() == "KeyC" && (!is_in_text() || key.key().eq_ignore_ascii_case("c"));
    meant && key.alt_key() && !key.ctrl_key()
}

/// What the address names of the chat, if anything.
pub(crate) enum Named {
    /// All of it.
    Chat,
    /// The message with this id.
    Message(String),
}

/// Reads it.
pub(crate) fn by_address() -> Option<Named> {
    let hash = window().location().hash().unwrap_or_default();
    let named = hash.trim_start_matches('#');
    if named == CHAT {
        return Some(Named::Chat);
    }
    let anchor = by_id(CHAT)?.get_attribute("data-anchor")?;
    let number = named.strip_prefix(&*anchor)?;
    let is_message = number.parse::<u64>().is_ok();
    is_message.then(|| Named::Message(named.to_owned()))
}
