//! [hydrate] `@` and the names of those who are here: offered while one is
//! typed, chosen by arrow keys and Enter, or by a click.

use leptos::prelude::document;
use web_sys::{Element, KeyboardEvent};

use super::CHAT_NAMES;
use super::compose::{caret, field, fill, units};
use super::room::Chat;
use crate::markup::{arrange, by_id, find, set, show};

/// As many are offered at once.
const OFFERED: usize = 6;
/// No name is longer, in UTF-16 units.
const LONGEST: usize = 48;

/// Offers the names that go on with what stands before the caret.
pub(super) fn offer(chat: &Chat) {
    let Some(list) = by_id(CHAT_NAMES) else {
        return;
    };
    let people = chat.people.borrow();
    let me = chat.log.borrow().me();
    let begun = begun(chat).map(|(_, name)| name.to_lowercase());
    let fitting = people.iter().filter(|person| {
        let begun = begun.as_deref();
        Some(person.person) != me
            && begun.is_some_and(|begun| person.name.to_lowercase().starts_with(begun))
    });
    let options: Vec<Element> = fitting
        .take(OFFERED)
        .enumerate()
        .filter_map(|(index, person)| option(index, &person.name))
        .collect();
    show(&list, !options.is_empty());
    arrange(&list, &options);
    point_at(chat, options.first());
}

/// Lets the keys go to the list while it is there. True if one did.
pub(super) fn on_key(chat: &Chat, key: &KeyboardEvent) -> bool {
    let Some(list) = by_id(CHAT_NAMES).filter(|list| !list.has_attribute("hidden")) else {
        return false;
    };
    let chosen = find(&list, "[aria-selected=true]");
    match key.key().as_str() {
        "ArrowDown" => {
            let next = chosen.and_then(|chosen| chosen.next_element_sibling());
            point_at(chat, next.or_else(|| list.first_element_child()).as_ref());
        }
        "ArrowUp" => {
            let before = chosen.and_then(|chosen| chosen.previous_element_sibling());
            point_at(chat, before.or_else(|| list.last_element_child()).as_ref());
        }
        "Enter" | "Tab" => {
            if let Some(chosen) = chosen {
                choose(chat, &chosen);
            }
        }
        "Escape" => {
            // Or Escape would close the chat as well.
            key.stop_propagation();
            close(chat);
        }
        _ => return false,
    }
    true
}

/// Puts a name into the message, in place of what was begun.
pub(super) fn choose(chat: &Chat, option: &Element) {
    let (Some(field), Some((start, _))) = (field(chat), begun(chat)) else {
        return;
    };
    let name = option.text_content().unwrap_or_default();
    let value = units(&field);
    let before = String::from_utf16_lossy(value.get(..start).unwrap_or_default());
    let after = String::from_utf16_lossy(value.get(caret(&field)..).unwrap_or_default());
    fill(&field, &[&before, "@", &name, " "].concat(), &after);
    close(chat);
}

fn close(chat: &Chat) {
    if let Some(list) = by_id(CHAT_NAMES) {
        show(&list, false);
    }
    point_at(chat, None);
}

/// The name that is being typed, and where its `@` stands in UTF-16 units.
fn begun(chat: &Chat) -> Option<(usize, String)> {
    let field = field(chat)?;
    let value = units(&field);
    let before = value.get(..caret(&field))?;
    let start = before.iter().rposition(|unit| *unit == u16::from(b'@'))?;
    let is_apart = start
        .checked_sub(1)
        .and_then(|at| before.get(at))
        .is_none_or(|unit| *unit == 0x20 || *unit == 0x0a);
    let name = before.get(start + 1..)?;
    (is_apart && name.len() <= LONGEST).then(|| (start, String::from_utf16_lossy(name)))
}

fn option(index: usize, name: &str) -> Option<Element> {
    let option = document().create_element("li").ok()?;
    option.set_id(&[CHAT_NAMES, "-", &index.to_string()].concat());
    set(&option, "role", "option");
    option.set_text_content(Some(name));
    Some(option)
}

/// Marks one of the options as the one that Enter takes.
fn point_at(chat: &Chat, chosen: Option<&Element>) {
    let Some(list) = by_id(CHAT_NAMES) else {
        return;
    };
    let mut next = list.first_element_child();
    while let Some(option) = next {
        let is_chosen = Some(&option) == chosen;
        set(
            &option,
            "aria-selected",
            if is_chosen { "true" } else { "false" },
        );
        next = option.next_element_sibling();
    }
    if let Some(field) = field(chat) {
        let id = chosen.map(Element::id).unwrap_or_default();
        set(&field, "aria-activedescendant", &id);
    }
}
