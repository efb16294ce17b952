//! [hydrate] What can be done with a message: answer it, change it, take it
//! back; for who keeps order, mute its author and slow everybody down.

use std::rc::Rc;

use realtime::Ask;
use web_sys::{Element, Event};

use super::room::Chat;
use super::{CHAT_MENU, compose};
use crate::clock::now_ms;
use crate::markup::{by_id, find, listen as hear, nearest, set, show, write};

/// How long somebody is muted.
const MUTE_SECONDS: u64 = 600;

const NO_LINE: &str = "There is no connection. Nothing was changed: try again in a moment.";

/// Listens to the buttons of messages, and to those of the menu.
pub(super) fn listen(chat: &Rc<Chat>) {
    let clicked = Rc::clone(chat);
    hear(&chat.panel, "click", move |event| {
        if nearest(&event, ".chat-more").is_some() {
            let number = number_of(&event);
            clicked.chosen.set(number);
            prepare(&clicked);
        } else if let Some(button) = nearest(&event, "[data-chat]") {
            act(&clicked, &button);
        }
    });
}

fn number_of(event: &Event) -> Option<u64> {
    let row = nearest(event, "[data-number]")?;
    row.get_attribute("data-number")?.parse().ok()
}

/// Shows what may be done with the chosen message, before the menu opens.
fn prepare(chat: &Chat) {
    let Some((menu, message)) = by_id(CHAT_MENU).zip(chosen(chat)) else {
        return;
    };
    let log = chat.log.borrow();
    let mine = log.me() == Some(message.person.id);
    let order = chat.keeps_order();
    for (action, shown) in [
        ("reply", !mine),
        ("edit", mine),
        ("delete", mine || order),
        ("mute", order && !mine),
    ] {
        if let Some(item) = find(&menu, &["[data-chat=", action, "]"].concat()) {
            show(&item, shown);
        }
    }
    let muted = is_muted(chat, &message.person.id);
    let label = if muted {
        "Let write again"
    } else {
        "Mute for 10 minutes"
    };
    write(&menu, "[data-chat=mute] span", label);
    if let Some(slow) = find(&menu, ".chat-slow") {
        show(&slow, order);
        let mut segment = find(&slow, "[data-chat=slow]");
        while let Some(button) = segment {
            let pressed = seconds(&button) == log.order().slow_seconds;
            set(
                &button,
                "aria-pressed",
                if pressed { "true" } else { "false" },
            );
            segment = button.next_element_sibling();
        }
    }
}

fn act(chat: &Rc<Chat>, button: &Element) {
    let action = button.get_attribute("data-chat").unwrap_or_default();
    match action.as_str() {
        "retry" | "discard" => {
            act_on_unsent(chat, button, action == "retry");
            return;
        }
        _ => hide_menu(),
    }
    let Some(message) = chosen(chat) else { return };
    let number = message.number;
    let ask = match action.as_str() {
        "reply" => {
            compose::put(chat, &["@", &message.person.name].concat());
            return;
        }
        "edit" => {
            compose::change(chat, number);
            return;
        }
        "delete" => Ask::Delete { number },
        "mute" => Ask::Mute {
            person: message.person.id,
            seconds: if is_muted(chat, &message.person.id) {
                0
            } else {
                MUTE_SECONDS
            },
        },
        "slow" => Ask::Slow {
            seconds: seconds(button),
        },
        _ => return,
    };
    if !chat.ask(&ask) {
        compose::say(chat, NO_LINE);
    }
    compose::focus(chat);
}

/// A message that is not sent yet: once more, or back into the field.
fn act_on_unsent(chat: &Rc<Chat>, button: &Element, again: bool) {
    let row = button.closest("[data-id]").ok().flatten();
    let Some(id) = row.and_then(|row| row.get_attribute("data-id")) else {
        return;
    };
    if again {
        chat.log.borrow_mut().retry(&id);
        if let Some(client) = chat.client() {
            client.retry_now();
        }
        chat.send_due();
    } else {
        let text = chat.log.borrow_mut().discard(&id);
        if let Some(text) = text {
            compose::put(chat, &text);
        }
    }
    compose::focus(chat);
    chat.show();
}

fn chosen(chat: &Chat) -> Option<realtime::Message> {
    chat.message(chat.chosen.get()?)
}

fn is_muted(chat: &Chat, person: &uuid::Uuid) -> bool {
    let log = chat.log.borrow();
    let mut muted = log.order().muted.iter();
    muted.any(|each| each.person == *person && each.until > now_ms())
}

fn seconds(button: &Element) -> u64 {
    let seconds = button.get_attribute("data-seconds");
    seconds
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(0)
}

fn hide_menu() {
    use wasm_bindgen::JsCast;
    let menu = by_id(CHAT_MENU).and_then(|menu| menu.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(menu) = menu
        && menu.hide_popover().is_err()
    {
        leptos::logging::warn!("the menu stays open");
    }
}
