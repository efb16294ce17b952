//! The bell: what happened to me, in a panel that opens over any page. The server
//! renders its parts and the table of kinds; [`listen`] fills them from the
//! `/user/<uuid>` feed. Reading, archiving and settings are plain forms.

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
/// What one of several tabs is called that shows everything.
pub const ALL: &str = "All";
