//! [hydrate] What islands without a view of their own do with the markup that the
//! server rendered: find a place in it, fill it, copy a template, listen.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, EventTarget, HtmlElement, HtmlTemplateElement, KeyboardEvent};

/// An element of the page.
pub(crate) fn by_id(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// The first element below another that a selector names.
pub(crate) fn find(below: &Element, selector: &str) -> Option<Element> {
    below.query_selector(selector).ok().flatten()
}

/// All elements below another that a selector names.
pub(crate) fn find_all(below: &Element, selector: &str) -> Vec<Element> {
    let list = below.query_selector_all(selector).ok();
    let count = list.as_ref().map_or(0, web_sys::NodeList::length);
    (0..count)
        .filter_map(|index| list.as_ref()?.get(index)?.dyn_into().ok())
        .collect()
}

/// The nearest element that a selector names, from where an event happened upwards.
pub(crate) fn nearest(event: &Event, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok().flatten()
}

/// A copy of what a template holds, to be filled and put somewhere.
pub(crate) fn copy_of(template: &str) -> Option<Element> {
    let template = by_id(template)?.dyn_into::<HtmlTemplateElement>().ok()?;
    let first = template.content().first_element_child()?;
    first.clone_node_with_deep(true).ok()?.dyn_into().ok()
}

/// Sets an attribute.
pub(crate) fn set(element: &Element, attribute: &str, value: &str) {
    if element.set_attribute(attribute, value).is_err() {
        leptos::logging::warn!("{attribute} could not be set");
    }
}

/// Shows or hides an element.
pub(crate) fn show(element: &Element, shown: bool) {
    if element
        .toggle_attribute_with_force("hidden", !shown)
        .is_err()
    {
        leptos::logging::warn!("an element could not be shown or hidden");
    }
}

/// Writes a text into the first element below another that a selector names. One
/// that stands there already is left alone, so that nobody hears it twice.
pub(crate) fn write(below: &Element, selector: &str, text: &str) {
    if let Some(place) = find(below, selector)
        && place.text_content().as_deref() != Some(text)
    {
        place.set_text_content(Some(text));
    }
}

/// Makes the children of an element these, in this order. Those that are among
/// them already keep their place, and with it the focus and what was read of them;
/// they have to be in the same order as before.
pub(crate) fn arrange(parent: &Element, wanted: &[Element]) {
    let mut at = parent.first_element_child();
    for element in wanted {
        if element.parent_element().as_ref() == Some(parent) {
            while let Some(other) = at.take_if(|at| at != element) {
                at = other.next_element_sibling();
                other.remove();
            }
            at = element.next_element_sibling();
        } else if parent.insert_before(element, at.as_deref()).is_err() {
            leptos::logging::warn!("a row could not be shown");
        }
    }
    while let Some(other) = at {
        at = other.next_element_sibling();
        other.remove();
    }
}

/// Whether a key belongs to an input method, which composes letters with it: Enter takes
/// what it offers. Safari says so by a number alone.
pub(crate) fn is_composing(key: &KeyboardEvent) -> bool {
    key.is_composing() || key.key_code() == 229
}

/// Puts the focus on an element.
pub(crate) fn focus(element: &Element) {
    let focused = element.dyn_ref::<HtmlElement>().map(HtmlElement::focus);
    if !matches!(focused, Some(Ok(()))) {
        leptos::logging::warn!("an element takes no focus");
    }
}

/// Loads the page anew.
pub(crate) fn reload() {
    if leptos::prelude::window().location().reload().is_err() {
        leptos::logging::warn!("the page could not be loaded again");
    }
}

/// Hears events as long as the page lives.
pub(crate) fn listen(target: &EventTarget, name: &str, heard: impl FnMut(Event) + 'static) {
    listen_boxed(target, name, Box::new(heard));
}

/// Not generic, so that it is in the page once.
fn listen_boxed(target: &EventTarget, name: &str, heard: Box<dyn FnMut(Event)>) {
    let heard = Closure::wrap(heard);
    let listener = heard.as_ref().unchecked_ref();
    if target
        .add_event_listener_with_callback(name, listener)
        .is_err()
    {
        leptos::logging::warn!("{name} is not heard");
    }
    heard.forget();
}
