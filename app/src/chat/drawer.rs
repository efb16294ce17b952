//! [hydrate] The chat as a drawer beside the note: opened and closed by its
//! button, `Alt+C` and Escape; the focus goes back to where it was.

use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, MediaQueryList};

use super::room::Chat;
use super::{CHAT_BUTTON, asked, compose};
use crate::markup::{by_id, find, focus, listen as hear, set, show, write};

/// As `layout.css` has it: below, the drawer covers the note.
const COVERS: &str = "(max-width: 640px)";

thread_local! {
    /// What had the focus before the drawer took it.
    static FOCUSED_BEFORE: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// Listens to what opens and closes it. On a page of its own, it is just there.
pub(super) fn listen(chat: &Rc<Chat>) {
    let Some(button) = by_id(CHAT_BUTTON) else {
        return;
    };
    let toggled = Rc::clone(chat);
    hear(&button, "click", move |_| toggle(&toggled));
    let toggled = Rc::clone(chat);
    hear(&window(), "keydown", move |event| {
        let Ok(key) = event.dyn_into::<KeyboardEvent>() else {
            return;
        };
        if asked::by_key(&key) {
            key.prevent_default();
            toggle(&toggled);
        }
    });
    // A phone that is turned has room for both, or no longer.
    if let Some(query) = covering() {
        let turned = Rc::clone(chat);
        hear(&query, "change", move |_| stand(&turned, turned.is_open()));
    }
    if let Some(cross) = find(&chat.panel, ".chat-close") {
        let closed = Rc::clone(chat);
        hear(&cross, "click", move |_| close(&closed));
    }
}

fn toggle(chat: &Rc<Chat>) {
    if chat.is_open() {
        close(chat);
    } else {
        open(chat);
    }
}

/// Opens the drawer, at its end or at what is new in it.
pub(super) fn open(chat: &Rc<Chat>) {
    if chat.is_open() {
        return;
    }
    FOCUSED_BEFORE.set(document().active_element());
    stand(chat, true);
    if chat.new_from.get().is_none() {
        chat.new_from.set(chat.log.borrow().unread_from());
    }
    chat.show();
    chat.to_latest();
    compose::focus(chat);
    chat.look();
}

/// Closes the drawer, and puts the focus back. A chat on its own page stays.
pub(super) fn close(chat: &Rc<Chat>) {
    let Some(button) = by_id(CHAT_BUTTON) else {
        return;
    };
    stand(chat, false);
    chat.new_from.set(None);
    let before = FOCUSED_BEFORE.take();
    let before = before.filter(|before| before.is_connected() && before.tag_name() != "BODY");
    focus(&before.unwrap_or(button));
}

/// Shows or hides the drawer; where it covers the note, that is out of reach.
fn stand(chat: &Rc<Chat>, open: bool) {
    show(&chat.panel, open);
    if let Some(root) = document().document_element() {
        set(&root, "data-chat", if open { "open" } else { "closed" });
    }
    if let Some(button) = by_id(CHAT_BUTTON) {
        set(
            &button,
            "aria-expanded",
            if open { "true" } else { "false" },
        );
    }
    let covers = open && covering().is_some_and(|query| query.matches());
    let note = document().query_selector("main.panes").ok().flatten();
    if let Some(note) = note
        && note.toggle_attribute_with_force("inert", covers).is_err()
    {
        leptos::logging::warn!("the note stays in reach behind the chat");
    }
}

/// Whether an open drawer covers the note.
fn covering() -> Option<MediaQueryList> {
    window().match_media(COVERS).ok().flatten()
}

/// The badge on the button, and what the button is called with it.
pub(super) fn show_unread(chat: &Chat) {
    let Some(button) = by_id(CHAT_BUTTON).filter(|_| chat.arrived.get()) else {
        return;
    };
    let unread = chat.log.borrow().unread();
    let count = if unread > 99 {
        "99+".to_owned()
    } else {
        unread.to_string()
    };
    if let Some(badge) = find(&button, ".badge") {
        show(&badge, unread > 0);
    }
    write(&button, ".badge", &count);
    let label = match unread {
        0 => "Chat".to_owned(),
        _ => format!("Chat, {count} new"),
    };
    set(&button, "aria-label", &label);
}
