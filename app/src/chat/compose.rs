//! [hydrate] Where a message is written: Enter sends, Shift+Enter breaks the line,
//! Up changes the last of mine, Escape leaves step by step.

use std::rc::Rc;

use js_sys::Math;
use leptos::prelude::{GetUntracked, Set};
use realtime::Ask;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

use super::room::Chat;
use super::{CHAT_MENU, drawer, names};
use crate::clock::now_ms;
use crate::editor::with_page;
use crate::markup::{by_id, find, is_composing, listen as hear, nearest, show, write};
use crate::mode::Mode;
use crate::session::Session;

const NO_LINE: &str =
    "There is no connection. Your change is still here: send it again in a moment.";

const GONE: &str = "That message was deleted meanwhile. Send this as a new one, or clear it.";

/// Listens to the field and the buttons beside it.
pub(super) fn listen(chat: &Rc<Chat>) {
    let typed = Rc::clone(chat);
    hear(&chat.panel, "input", move |_| {
        say(&typed, "");
        names::offer(&typed);
        let ask = typed.log.borrow_mut().typed(now_ms());
        if let Some(ask) = ask {
            typed.ask(&ask);
        }
    });
    let pressed = Rc::clone(chat);
    hear(&chat.panel, "keydown", move |event| {
        if let Ok(key) = event.dyn_into::<KeyboardEvent>() {
            on_key(&pressed, &key);
        }
    });
    let sent = Rc::clone(chat);
    hear(&chat.panel, "submit", move |event| {
        event.prevent_default();
        send(&sent);
    });
    let clicked = Rc::clone(chat);
    hear(&chat.panel, "click", move |event| {
        if nearest(&event, ".chat-line").is_some() {
            link_caret(&clicked);
        } else if let Some(line) = nearest(&event, "[data-line]") {
            let line = line
                .get_attribute("data-line")
                .and_then(|line| line.parse().ok());
            go_to_line(&clicked, line.unwrap_or(1));
        } else if let Some(name) = nearest(&event, "[role=option]") {
            names::choose(&clicked, &name);
        }
    });
}

/// The field.
pub(super) fn field(chat: &Chat) -> Option<HtmlTextAreaElement> {
    find(&chat.panel, "textarea")?.dyn_into().ok()
}

/// Puts the focus where one writes, or where one reads if that is all one may.
pub(super) fn focus(chat: &Chat) {
    let place = if chat.may_write() {
        "textarea"
    } else {
        ".chat-scroll"
    };
    if let Some(place) = find(&chat.panel, place) {
        crate::markup::focus(&place);
    }
}

/// Says what was refused, until something is typed.
pub(super) fn say(chat: &Chat, sentence: &str) {
    write(&chat.panel, ".chat-form .problem", sentence);
}

/// Says what the room did not take, where the message does not say it itself. The text of
/// a change comes back: at once, or when what stands in the field is out of it.
pub(super) fn refused(chat: &Chat, id: Option<&str>, sentence: &str) {
    let mut log = chat.log.borrow_mut();
    if id.is_some_and(|id| log.waiting().iter().any(|waiting| waiting.id == id)) {
        return;
    }
    let change = id.and_then(|id| log.take_back(id));
    if let (Some((number, text)), Some(field)) = (change, field(chat)) {
        if field.value().is_empty() {
            field.set_value(&text);
            set_changes(chat, Some(number));
        } else {
            put_aside(chat, &text);
        }
    }
    say(chat, sentence);
}

/// Keeps a text until the field is free again, below what is kept already.
fn put_aside(chat: &Chat, text: &str) {
    let mut draft = chat.draft.borrow_mut();
    if !(draft.is_empty() || text.is_empty()) {
        draft.push('\n');
    }
    draft.push_str(text);
}

/// Starts changing a message. What was being written comes back after it.
pub(super) fn change(chat: &Chat, number: u64) {
    if let (Some(message), Some(field)) = (chat.message(number), field(chat)) {
        if chat.changes.get().is_none() {
            put_aside(chat, &field.value());
        }
        field.set_value(&message.text);
        set_changes(chat, Some(number));
        focus(chat);
    }
}

/// Puts words where the caret is, with spaces around them where there are none.
pub(super) fn put(chat: &Chat, words: &str) {
    let Some(field) = field(chat) else { return };
    let (value, caret) = (units(&field), caret(&field));
    let before = value.get(..caret).unwrap_or_default();
    let after = value.get(caret..).unwrap_or_default();
    let space = |needed: bool| if needed { " " } else { "" };
    let is_space = |unit: &u16| *unit == 0x20 || *unit == 0x0a;
    let ahead = [
        &String::from_utf16_lossy(before),
        space(!before.last().is_none_or(is_space)),
        words,
        space(!after.first().is_some_and(is_space)),
    ]
    .concat();
    fill(&field, &ahead, &String::from_utf16_lossy(after));
}

/// Makes the text these two parts, with the caret between them.
pub(super) fn fill(field: &HtmlTextAreaElement, before: &str, after: &str) {
    field.set_value(&[before, after].concat());
    let caret = u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX);
    let placed = field.set_selection_range(caret, caret);
    if placed.is_err() || field.focus().is_err() {
        leptos::logging::warn!("the caret could not be placed");
    }
}

/// The text in UTF-16 units, as the caret counts.
pub(super) fn units(field: &HtmlTextAreaElement) -> Vec<u16> {
    field.value().encode_utf16().collect()
}

/// Where the caret is, in UTF-16 units.
pub(super) fn caret(field: &HtmlTextAreaElement) -> usize {
    let start = field.selection_start().ok().flatten();
    start
        .and_then(|start| usize::try_from(start).ok())
        .unwrap_or(0)
}

fn on_key(chat: &Rc<Chat>, key: &KeyboardEvent) {
    if is_composing(key) {
        return;
    }
    let in_field = nearest(key, "textarea").is_some();
    if in_field && names::on_key(chat, key) {
        key.prevent_default();
        return;
    }
    match key.key().as_str() {
        "Enter" if in_field && !key.shift_key() => {
            key.prevent_default();
            send(chat);
        }
        "ArrowUp" if in_field && field(chat).is_some_and(|field| field.value().is_empty()) => {
            if let Some(number) = last_of_mine(chat) {
                key.prevent_default();
                change(chat, number);
            }
        }
        "Escape" => leave(chat),
        _ => {}
    }
}

/// Escape: out of the change, then out of the chat. A menu that is open takes it.
fn leave(chat: &Rc<Chat>) {
    let menu_is_open =
        by_id(CHAT_MENU).is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false));
    if menu_is_open {
        return;
    }
    if chat.changes.get().is_some() {
        set_changes(chat, None);
        clear(chat);
    } else {
        drawer::close(chat);
    }
}

fn send(chat: &Rc<Chat>) {
    let Some(field) = field(chat) else { return };
    let text = field.value().trim().to_owned();
    if text.is_empty() {
        return;
    }
    if let Some(number) = chat.changes.get() {
        if chat.message(number).is_none() {
            set_changes(chat, None);
            say(chat, GONE);
            return;
        }
        let ask = Ask::Change {
            number,
            text: text.clone(),
        };
        if !chat.ask(&ask) {
            say(chat, NO_LINE);
            return;
        }
        chat.log.borrow_mut().changing(number, &text);
        set_changes(chat, None);
    } else {
        let id = fresh_id();
        let ask = chat.log.borrow_mut().say(&text, &id, now_ms());
        if let Some(ask) = ask {
            chat.ask(&ask);
        }
        chat.new_from.set(None);
    }
    clear(chat);
    names::offer(chat);
    chat.show();
    chat.to_latest();
}

/// Empties the field, but for what waits to be in it.
fn clear(chat: &Chat) {
    if let Some(field) = field(chat) {
        field.set_value(&chat.draft.take());
    }
}

fn set_changes(chat: &Chat, number: Option<u64>) {
    chat.changes.set(number);
    if let Some(hint) = find(&chat.panel, ".chat-editing") {
        show(&hint, number.is_some());
    }
}

fn last_of_mine(chat: &Chat) -> Option<u64> {
    let log = chat.log.borrow();
    let me = log.me()?;
    let mut mine = log.messages().iter().rev();
    mine.find(|each| each.person.id == me && !each.deleted)
        .map(|message| message.number)
}

/// Puts a link to the line of my caret into the message.
fn link_caret(chat: &Chat) {
    let caret = Session::of_page().caret.get_untracked();
    let line = caret.map_or(1, |caret| caret.line);
    put(chat, &["L", &line.to_string()].concat());
}

/// Puts the caret into a line of the note. Where the chat covers it, the chat goes.
fn go_to_line(chat: &Rc<Chat>, line: u32) {
    let session = Session::of_page();
    if session.mode.get_untracked() == Mode::View {
        session.mode.set(Mode::Both);
    }
    let source = by_id("source").and_then(|source| source.closest("[inert]").ok().flatten());
    if source.is_some() {
        drawer::close(chat);
    }
    with_page(|page| page.go_to_line(line));
}

/// An id that no other message of anybody has.
fn fresh_id() -> String {
    format!("{:x}-{:x}", now_ms(), Math::random().to_bits())
}
