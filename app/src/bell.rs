//! The bell: what happened to me, in a panel that opens over any page. The server
//! renders its parts and the table of kinds; [`listen`] fills them from the
//! `/user/<uuid>` feed. Reading, archiving and settings are plain forms. The page of
//! `/user/<uuid>` (`pages/notifications.rs`) is the same parts, filled by the server.

#[cfg(feature = "hydrate")]
mod inbox;
#[cfg(feature = "hydrate")]
mod panel;
#[cfg(feature = "hydrate")]
mod rows;
#[cfg(feature = "ssr")]
pub mod shell;

#[cfg(feature = "hydrate")]
pub(crate) use panel::listen;
#[cfg(feature = "ssr")]
pub use shell::Bell;

/// The panel's id.
pub const BELL: &str = "bell";
/// The id of the button that opens it.
pub const BELL_BUTTON: &str = "bell-button";
/// The id of the template of a row.
pub const BELL_ROW: &str = "bell-row";
/// What stands between who and where for a kind that is not in the table.
const UNKNOWN_KIND: &str = "wrote in";
/// What one of several tabs is called that shows everything.
pub const ALL: &str = "All";

/// Whether a place is a path of this instance; anything else is no link.
fn is_here(place: &str) -> bool {
    place.starts_with('/') && !place.starts_with("//")
}
