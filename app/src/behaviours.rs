//! [hydrate] What buttons outside of the islands do: one listener reads what a
//! button is for from its `data-do`. What the browser can do by itself (open a
//! dialog, a menu) it does, and is not here.

use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent};

use crate::dialog::SHORTCUTS_DIALOG;
use crate::editor::with_page;
use crate::markup::{focus, reload};
use crate::session::Session;
use crate::{panels, passkeys};

/// Listens to buttons and keys, as long as the page lives.
pub(crate) fn listen() {
    // The handles are dropped without being removed: the page ends with them.
    drop(window_event_listener(ev::click, |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let button = target.and_then(|target| target.closest("[data-do]").ok().flatten());
        let Some(button) = button else { return };
        match button.get_attribute("data-do").as_deref() {
            Some("retry") => with_page(|page| page.client().retry_now()),
            Some("reload") => reload(),
            Some("download-copy") => with_page(|page| download_copy(&page.client().text())),
            Some("print") => print(),
            Some("shortcuts") => drop(show_shortcuts()),
            Some("copy") => copy(button),
            Some("register-passkey") => passkeys::run(&passkeys::REGISTER, button),
            Some("sign-in-passkey") => passkeys::run(&passkeys::SIGN_IN, button),
            Some("scroll-together") => scroll_together(&button),
            Some("load-part") => crate::parts::load_in(&button),
            Some("lead") => Session::of_page()
                .leading
                .update(|leading| *leading = !*leading),
            _ => {}
        }
    }));
    drop(window_event_listener(ev::keydown, |event| {
        if on_key(&event) {
            event.prevent_default();
        }
    }));
}

/// What a key does everywhere; false for one that does nothing here. The editor
/// comes first: it takes `Mod+K` for itself where something is selected.
fn on_key(event: &KeyboardEvent) -> bool {
    if event.default_prevented() || event.alt_key() {
        return false;
    }
    let key = event.key();
    if event.ctrl_key() || event.meta_key() {
        return match key.as_str() {
            "k" | "K" => panels::toggle_palette(),
            "/" => show_shortcuts(),
            _ => false,
        };
    }
    if is_in_text() || is_in_dialog() || panels::is_waited_for() {
        return false;
    }
    match key.as_str() {
        "?" => show_shortcuts(),
        "/" => press("/") || panels::toggle_palette(),
        "n" => press("n") || go("/new"),
        "d" => go("/"),
        _ => false,
    }
}

/// Presses the button, or enters the field, that has a key on this page.
fn press(key: &str) -> bool {
    let found = document().query_selector(&format!("[data-key='{key}']"));
    let Some(found) = found.ok().flatten() else {
        return false;
    };
    if let Some(field) = found.dyn_ref::<HtmlInputElement>() {
        focus(&found);
        field.select();
    } else if let Some(button) = found.dyn_ref::<HtmlElement>() {
        button.click();
    }
    true
}

fn go(address: &str) -> bool {
    window().location().assign(address).is_ok()
}

/// Whether a dialog is open: its keys are its own.
fn is_in_dialog() -> bool {
    matches!(document().query_selector("dialog[open]"), Ok(Some(_)))
}

/// Saves the text as this window has it as a file: also what is not sent yet.
fn download_copy(text: &str) {
    if crate::download::markdown("note.md", text).is_none() {
        leptos::logging::warn!("the copy could not be made");
    }
}

fn print() {
    if window().print().is_err() {
        leptos::logging::warn!("this browser does not print");
    }
}

/// Copies the button's `data-text`, and says on the button itself whether it worked.
fn copy(button: Element) {
    let text = button.get_attribute("data-text").unwrap_or_default();
    spawn_local(async move {
        let copied = JsFuture::from(window().navigator().clipboard().write_text(&text)).await;
        let said = if copied.is_ok() {
            "Link copied"
        } else {
            "Select and copy it by hand"
        };
        button.set_text_content(Some(said));
    });
}

/// Couples the panes' scrolling, or lets it go.
fn scroll_together(button: &Element) {
    let together = !Session::of_page().scrolls_together.get_untracked();
    Session::of_page().scrolls_together.set(together);
    let pressed = if together { "true" } else { "false" };
    if button.set_attribute("aria-pressed", pressed).is_err() {
        leptos::logging::warn!("the button does not show that the panes' scrolling changed");
    }
}

fn show_shortcuts() -> bool {
    let sheet = document().get_element_by_id(SHORTCUTS_DIALOG);
    let Some(sheet) = sheet.and_then(|sheet| sheet.dyn_into::<HtmlDialogElement>().ok()) else {
        return false;
    };
    if !sheet.open() && sheet.show_modal().is_err() {
        leptos::logging::warn!("the sheet does not open");
    }
    true
}

/// Whether what is typed goes into a text, also one that is locked just now: whoever
/// types on in it means no shortcut.
pub(crate) fn is_in_text() -> bool {
    let focused = document().active_element();
    focused.is_some_and(|element| {
        let text = element.closest("input, textarea, select, .cm-content");
        text.ok().flatten().is_some()
    })
}
