//! Tandem's pages. The server renders them whole; a few islands of them come
//! alive in the browser, around one editor and one socket.
//!
//! Two builds of one crate, told apart by feature and never by target, for the
//! server is wasm too: `ssr` holds [`Page`], [`document`] and the server half of
//! [`actions`]; `hydrate` holds [`hydrate`] and what the islands do. Start
//! reading at `editor.rs`: that is where a keystroke goes through.
//!
//! Nothing here knows Workers. Who asks and what there is to ask comes in as
//! `server::Visitor` and `server::Services`.

// A view is one type, nested as deep as its elements.
#![recursion_limit = "256"]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)
)]

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "hydrate")]
mod behaviours;
pub mod bell;
pub mod chat;
pub mod chip;
pub mod clock;
#[cfg(feature = "ssr")]
pub mod cookies;
pub mod dialog;
#[cfg(feature = "ssr")]
pub mod document_shell;
#[cfg(feature = "hydrate")]
mod download;
pub mod editor;
#[cfg(feature = "hydrate")]
mod forms;
pub mod icons;
pub mod import;
#[cfg(feature = "hydrate")]
mod kept;
pub mod kept_text;
pub mod lead;
#[cfg(feature = "hydrate")]
mod leaving;
#[cfg(feature = "ssr")]
pub mod linked;
#[cfg(feature = "hydrate")]
mod markup;
#[cfg(feature = "ssr")]
pub mod me;
#[cfg(feature = "ssr")]
pub mod menu;
pub mod mode;
pub mod news;
pub mod offline;
#[cfg(feature = "hydrate")]
mod own_view;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod palette;
#[cfg(feature = "hydrate")]
mod panels;
#[cfg(feature = "hydrate")]
mod parts;
#[cfg(feature = "hydrate")]
mod passkeys;
pub mod people;
#[cfg(feature = "hydrate")]
mod preview;
#[cfg(feature = "ssr")]
pub mod reader;
#[cfg(feature = "hydrate")]
mod scroll_sync;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
#[cfg(feature = "ssr")]
pub mod share;
#[cfg(feature = "ssr")]
pub mod shortcuts;
#[cfg(feature = "ssr")]
pub mod source_start;
pub mod splitter;
#[cfg(feature = "ssr")]
mod standalone;
pub mod status_line;
pub mod synced_signal;
#[cfg(feature = "hydrate")]
mod tab_title;
#[cfg(feature = "hydrate")]
mod tasks;
pub mod theme;
pub mod title;

#[cfg(feature = "ssr")]
pub use document_shell::{document, part};
#[cfg(feature = "ssr")]
pub use pages::Page;
#[cfg(feature = "ssr")]
pub use standalone::standalone;

/// Brings the page to life: called once by the script in its head, which then
/// starts each island.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    behaviours::listen();
    forms::listen();
    title::listen();
    panels::listen();
    news::listen();
    leaving::listen();
    offline::listen();
}

/// Fetches chat, bell, palette and import, and brings them to life: called by pages that
/// are not a note's, which has them fetched when they are used.
///
/// # Errors
///
/// If they could not be fetched; it may be tried again.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn panels() -> Result<(), wasm_bindgen::JsError> {
    Ok(panels::start().await?)
}
