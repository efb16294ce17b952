//! [hydrate] Chat, bell, palette and import are a wasm file of their own. A note's page
//! fetches it when one of them is first used: until then the reader's script counts what
//! is unread (`app/reader/badges.ts`). Every other page fetches it with the app.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::{document, set_timeout, window};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::{Element, Event, HtmlElement};

use crate::bell::{BELL, BELL_BUTTON};
use crate::chat::{CHAT_BUTTON, asked};
use crate::markup::{by_id, listen as hear, nearest, set};
use crate::{bell, chat, import, palette};

/// Said to the document when they take over, and marked on it; `app/reader/reader.ts`
/// heeds both.
const HERE: &str = "tandem-panels";
const ARE_HERE_MARK: &str = "data-panels";
/// Where a page says what is being loaded or could not be, and how long the latter stands.
const SAID: &str = ".page-said";
const SAID_FOR: Duration = Duration::from_secs(10);
const LOADING: &str = "Loading…";
const FAILED: &str =
    "That could not be loaded. Check the connection and try again, or reload the page.";

thread_local! {
    static ARE_HERE: Cell<bool> = const { Cell::new(false) };
    /// The button that is pressed as soon as they are here.
    static PRESSED: Cell<Option<&'static str>> = const { Cell::new(None) };
    /// How many sentences were said: the last is taken away by its own timer alone.
    static SENTENCES: Cell<u32> = const { Cell::new(0) };
}

/// Fetches them, brings them to life, once, and does what was pressed.
///
/// # Errors
///
/// If they could not be fetched; it may be tried again.
#[wasm_split(panels, fallible)]
pub(crate) fn start() -> Result<(), SplitLoaderError> {
    if !ARE_HERE.replace(true) {
        if let Some(root) = document().document_element() {
            set(&root, ARE_HERE_MARK, "");
        }
        let told = Event::new(HERE).and_then(|event| document().dispatch_event(&event));
        if told.is_err() {
            leptos::logging::warn!("what is unread is counted twice");
        }
        chat::listen();
        bell::listen();
        palette::listen();
        import::listen();
    }
    // The address may have opened the chat already, or the browser the bell.
    let button = PRESSED.take().and_then(by_id);
    if let Some(button) = button.filter(|button| !is_open(button))
        && let Some(button) = button.dyn_ref::<HtmlElement>()
    {
        button.click();
    }
    palette::opened();
    Ok(())
}

/// Opens the palette, or closes it when it is open; false for a page without one. It
/// takes what is typed from now on, also while what finds is still being fetched.
pub(crate) fn toggle_palette() -> bool {
    match palette::toggle() {
        Some(true) => want(None),
        Some(false) => {}
        None => return false,
    }
    true
}

/// Whether somebody pressed for one and waits: what they type is for it, and no shortcut.
pub(crate) fn is_waited_for() -> bool {
    PRESSED.get().is_some()
}

/// Has them fetched when they are first used.
pub(crate) fn listen() {
    hear(&window(), "click", |event| {
        if ARE_HERE.get() {
            return;
        }
        for id in [CHAT_BUTTON, BELL_BUTTON] {
            if let Some(button) = nearest(&event, &["#", id].concat())
                && !is_open(&button)
            {
                // The bell's panel would open empty.
                event.prevent_default();
                want(Some((id, button)));
            }
        }
    });
    hear(&window(), "keydown", |event| {
        if !ARE_HERE.get()
            && event.dyn_ref().is_some_and(asked::by_key)
            && let Some(button) = by_id(CHAT_BUTTON)
        {
            event.prevent_default();
            want(Some((CHAT_BUTTON, button)));
        }
    });
    hear(&window(), "hashchange", |_| follow_address());
    follow_address();
    // Whoever was quicker than the page has opened it by the browser alone.
    if by_id(BELL_BUTTON).is_some_and(|button| is_open(&button)) {
        want(None);
    }
}

fn follow_address() {
    if !ARE_HERE.get() && asked::by_address().is_some() {
        want(None);
    }
}

/// Whether what a button opens is open.
fn is_open(button: &Element) -> bool {
    if button.id() == BELL_BUTTON {
        by_id(BELL).is_some_and(|panel| panel.matches(":popover-open").unwrap_or(false))
    } else {
        button.get_attribute("aria-expanded").as_deref() == Some("true")
    }
}

/// Fetches them for something; a second press before they are here takes back the first.
fn want(pressed: Option<(&'static str, Element)>) {
    let (id, button) = pressed.unzip();
    if id.is_some() {
        PRESSED.set(if PRESSED.get() == id { None } else { id });
    }
    if !ARE_HERE.get() {
        say(LOADING);
    }
    if let Some(button) = &button {
        set(button, "aria-busy", "true");
    }
    spawn_local(async move {
        let failed = start().await.is_err();
        if let Some(button) = &button
            && button.remove_attribute("aria-busy").is_err()
        {
            leptos::logging::warn!("a button stays busy");
        }
        if failed {
            PRESSED.set(None);
            // It would stand over what is said.
            palette::close();
            let said = say(FAILED);
            let take_away = move || {
                if SENTENCES.get() == said {
                    say("");
                }
            };
            set_timeout(take_away, SAID_FOR);
        } else {
            say("");
        }
    });
}

/// Writes a sentence where a page has a place for it, and returns its number.
fn say(words: &str) -> u32 {
    if let Ok(Some(place)) = document().query_selector(SAID) {
        place.set_text_content(Some(words));
    }
    SENTENCES.set(SENTENCES.get().wrapping_add(1));
    SENTENCES.get()
}
