//! [hydrate] The palette's keys: what is shown, what is chosen, what it does.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

use super::{PALETTE, PALETTE_LIST, dialog, notes};
use crate::markup::{
    by_id, find, find_all, is_composing, listen as hear, nearest, set, show, write,
};

/// Takes the palette over, as long as the page lives.
pub(crate) fn listen() {
    let (Some(dialog), Some(list)) = (by_id(PALETTE), by_id(PALETTE_LIST)) else {
        return;
    };
    let Some(field) = field() else { return };
    hear(&field, "input", |_| typed());
    hear(&field, "keydown", on_key);
    hear(&list, "click", on_click);
    // A press on the list must not take the focus out of the field.
    hear(&list, "mousedown", |event| event.prevent_default());
    hear(&dialog, "close", |_| {
        if let Some(field) = self::field() {
            field.set_value("");
        }
    });
}

/// Shows what there is, if the palette is open.
pub(crate) fn opened() {
    if dialog().is_some_and(|dialog| dialog.open()) {
        typed();
    }
}

fn field() -> Option<HtmlInputElement> {
    find(&by_id(PALETTE)?, "input")?.dyn_into().ok()
}

/// Shows the commands that have what was typed, and has notes looked for.
fn typed() {
    let words = field().map(|field| field.value()).unwrap_or_default();
    let wanted = words.trim().to_lowercase();
    for option in options("[role=option]:not([data-note])") {
        let label = option.text_content().unwrap_or_default().to_lowercase();
        let there = match option.get_attribute("data-press") {
            Some(selector) => matches!(document().query_selector(&selector), Ok(Some(_))),
            None => true,
        };
        let has = wanted.split_whitespace().all(|word| label.contains(word));
        show(&option, there && has);
    }
    notes::look_for(&words);
    choose(None);
    settle();
}

/// Chooses the first option that shows, after what shows has changed; one that is
/// chosen and still shows stays, for notes come while somebody uses the arrows.
pub(super) fn settle() {
    for (index, option) in options("[role=option]").iter().enumerate() {
        option.set_id(&format!("{PALETTE_LIST}-{index}"));
    }
    let shown = options(SHOWN);
    if let Some(dialog) = dialog() {
        let said = if shown.is_empty() {
            "Nothing found."
        } else {
            ""
        };
        write(&dialog, "[role=status]", said);
    }
    let chosen = shown.iter().find(|option| is_chosen(option));
    choose(chosen.or(shown.first()));
}

/// Options that show.
const SHOWN: &str = "[role=option]:not([hidden])";

fn options(selector: &str) -> Vec<Element> {
    by_id(PALETTE_LIST).map_or_else(Vec::new, |list| find_all(&list, selector))
}

fn is_chosen(option: &Element) -> bool {
    option.get_attribute("aria-selected").as_deref() == Some("true")
}

fn choose(option: Option<&Element>) {
    for other in options("[aria-selected=true]") {
        set(&other, "aria-selected", "false");
    }
    let Some(field) = field() else { return };
    let Some(option) = option else {
        set(&field, "aria-activedescendant", "");
        return;
    };
    set(option, "aria-selected", "true");
    set(&field, "aria-activedescendant", &option.id());
    let near = ScrollIntoViewOptions::new();
    near.set_block(ScrollLogicalPosition::Nearest);
    option.scroll_into_view_with_scroll_into_view_options(&near);
}

fn on_key(event: Event) {
    let key = event.dyn_ref::<KeyboardEvent>();
    let key = key.filter(|key| !is_composing(key));
    let Some(key) = key.map(KeyboardEvent::key) else {
        return;
    };
    let shown = options(SHOWN);
    let chosen = shown.iter().position(is_chosen);
    let last = shown.len().saturating_sub(1);
    let next = match (key.as_str(), chosen) {
        ("ArrowDown", Some(at)) if at < last => at.saturating_add(1),
        ("ArrowDown", _) => 0,
        ("ArrowUp", Some(at)) if at > 0 => at.saturating_sub(1),
        ("ArrowUp", _) => last,
        ("Enter", Some(at)) => {
            event.prevent_default();
            if let Some(option) = shown.get(at).and_then(|it| it.dyn_ref::<HtmlElement>()) {
                option.click();
            }
            return;
        }
        _ => return,
    };
    event.prevent_default();
    choose(shown.get(next));
}

/// Does what an option is for. What its `data-do` says is done by whoever listens
/// to all buttons.
fn on_click(event: Event) {
    let Some(option) = nearest(&event, "[role=option]") else {
        return;
    };
    if let Some(dialog) = dialog() {
        // First, so that the focus goes back before something else takes it.
        dialog.close();
    }
    if let Some(address) = option.get_attribute("data-href") {
        if window().location().assign(&address).is_err() {
            leptos::logging::warn!("this browser goes nowhere");
        }
    } else if let Some(selector) = option.get_attribute("data-press") {
        let button = document().query_selector(&selector).ok().flatten();
        if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            button.click();
        }
    }
}
