//! [hydrate] Notes in the palette: asked of the server when typing pauses, shown
//! unless something else was typed meanwhile.

use std::cell::Cell;
use std::time::Duration;

use js_sys::{Array, Reflect, encode_uri_component};
use leptos::prelude::{set_timeout, window};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Response};

use super::{PALETTE_LIST, PALETTE_NOTE, keys};
use crate::markup::{by_id, copy_of, set, write};

/// So long a pause in the typing is worth a question to the server.
const PAUSE: Duration = Duration::from_millis(120);
/// More notes than this are better looked at on home.
const MOST_NOTES: u32 = 8;

thread_local! {
    /// Number of the newest question; the answer to an older one comes too late.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

/// Looks for notes after a pause; nothing typed finds the newest.
pub(super) fn look_for(words: &str) {
    let number = ASKED.get().wrapping_add(1);
    ASKED.set(number);
    let address = format!("/api/notes?q={}", String::from(encode_uri_component(words)));
    set_timeout(
        move || {
            if ASKED.get() != number {
                return;
            }
            spawn_local(async move {
                // Without an answer the commands are still there.
                let found = ask(&address).await.unwrap_or_default();
                if ASKED.get() == number {
                    list(&found);
                }
            });
        },
        PAUSE,
    );
}

async fn ask(address: &str) -> Result<Array, JsValue> {
    let response = JsFuture::from(window().fetch_with_str(address)).await?;
    let response: Response = response.dyn_into()?;
    if !response.ok() {
        return Ok(Array::new());
    }
    let answer = JsFuture::from(response.json()?).await?;
    Reflect::get(&answer, &"notes".into())?.dyn_into()
}

/// Puts the notes in the place of those that were found before.
fn list(found: &Array) {
    let Some(list) = by_id(PALETTE_LIST) else {
        return;
    };
    while let Ok(Some(old)) = list.query_selector("[data-note]") {
        old.remove();
    }
    for note in found.iter().take(MOST_NOTES as usize) {
        let said = |name: &str| {
            let value = Reflect::get(&note, &name.into()).ok();
            value
                .and_then(|value| value.as_string())
                .unwrap_or_default()
        };
        let Some(option) = copy_of(PALETTE_NOTE) else {
            return;
        };
        set(&option, "data-note", "");
        set(&option, "data-href", &format!("/note/{}", said("id")));
        let title = said("title");
        let title = if title.is_empty() { "Untitled" } else { &title };
        write(&option, ".palette-label", title);
        write(&option, ".palette-more", &said("excerpt"));
        add(&list, &option);
    }
    keys::settle();
}

fn add(list: &Element, option: &Element) {
    if list.append_child(option).is_err() {
        leptos::logging::warn!("a note could not be listed");
    }
}
