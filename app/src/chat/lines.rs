//! [hydrate] Links to lines of the note: `L12` in a message is a button that
//! puts the caret there.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node, Text};

use crate::markup::set;

/// Makes a button of each `L12` in an element, but in code and links.
pub(super) fn link(below: &Element) {
    let mut next = below.first_child();
    while let Some(node) = next {
        next = node.next_sibling();
        if let Some(element) = node.dyn_ref::<Element>() {
            if !matches!(&*element.tag_name(), "CODE" | "A" | "BUTTON") {
                link(element);
            }
        } else if node.node_type() == Node::TEXT_NODE
            && let Ok(text) = node.dyn_into::<Text>()
            && let Some(rest) = link_first(&text)
        {
            next = Some(rest.into());
        }
    }
}

/// Makes a button of the first one in a text, and returns what stands after it.
fn link_first(text: &Text) -> Option<Text> {
    let (start, line) = first_line(&text.data())?;
    let named = text.split_text(start).ok()?;
    // The letter and the digits.
    let rest = named.split_text(1 + u32::try_from(line.len()).ok()?).ok()?;
    let button = document().create_element("button").ok()?;
    button.set_text_content(named.text_content().as_deref());
    set(&button, "type", "button");
    set(&button, "class", "line-link");
    set(&button, "data-line", &line);
    set(&button, "title", &["Go to line ", &line].concat());
    named.parent_node()?.replace_child(&button, &named).ok()?;
    Some(rest)
}

/// Where the first `L12` begins, in UTF-16 units, and its digits. It stands alone:
/// no letter or digit before or after it.
fn first_line(text: &str) -> Option<(u32, String)> {
    let mut before = None;
    let mut units = 0;
    for (at, letter) in text.char_indices() {
        let is_apart = !before.is_some_and(char::is_alphanumeric);
        if letter == 'L' && is_apart {
            let rest = text.get(at + 1..).unwrap_or_default();
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let after = rest.chars().nth(digits.len());
            let is_number = (1..=7).contains(&digits.len()) && !digits.starts_with('0');
            if is_number && !after.is_some_and(char::is_alphanumeric) {
                return Some((units, digits));
            }
        }
        units += letter.len_utf16() as u32;
        before = Some(letter);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_l_and_digits_that_stand_alone() {
        for (text, found) in [
            ("see L12.", Some((4, "12"))),
            ("L7", Some((0, "7"))),
            ("🙂 (L3)", Some((4, "3"))),
            ("XL12 L4", Some((5, "4"))),
            ("L0 L12a L L123456789", None),
            ("", None),
        ] {
            let found = found.map(|(at, line): (u32, &str)| (at, line.to_owned()));
            assert_eq!(first_line(text), found, "{text}");
        }
    }
}
