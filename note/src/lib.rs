//! A note: its shared text, and what is made from it.
//!
//! [`document`] is the text that several people write at once, [`guard`] is the
//! check between it and whatever strangers send, and [`view`] is the HTML made
//! from its Markdown. The crate is pure: it asks no clock, rolls no dice and
//! reaches for no network, so a test can hold all of it.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::panic
    )
)]
#![warn(missing_docs)]

pub mod changes;
pub mod document;
pub mod edit;
pub mod encoding;
pub mod front_matter;
pub mod guard;
pub mod line_ends;
pub mod merge;
pub mod summary;
pub mod tags;
pub mod view;

pub use document::{ClientId, Document, MAX_TEXT_BYTES, inserted_text};
pub use edit::{Edit, EditError};
pub use guard::{Checked, UpdateError};
pub use view::inline_html;
