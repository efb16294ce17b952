//! Who somebody is to the others in a room: an id, a chosen name, a colour.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest name in characters; a name flag has to fit beside a caret.
pub const MAX_NAME_CHARS: usize = 40;

/// The person colours as `#rrggbb`, dark enough for white text on them and told
/// apart by colour-blind people (after the Okabe-Ito palette, darkened).
pub const COLOURS: [&str; 8] = [
    "#0b6fa4", "#b3541e", "#00795c", "#9c3d7c", "#6b5b00", "#5a55b8", "#a8323e", "#3d6b2f",
];

/// Somebody in a room, as the server knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Stable for one browser of a guest, and for an account.
    pub id: Uuid,
    /// As chosen, made presentable by [`Person::new`].
    pub name: String,
    /// Index into [`COLOURS`].
    pub colour: u8,
}

impl Person {
    /// A person with a presentable name (see [`clean_name`]) and a colour within
    /// the palette.
    #[must_use]
    pub fn new(id: Uuid, name: &str, colour: u8) -> Self {
        let palette = u8::try_from(COLOURS.len()).unwrap_or(u8::MAX);
        Self {
            id,
            name: clean_name(name),
            colour: colour.checked_rem(palette).unwrap_or(0),
        }
    }

    /// The colour as `#rrggbb`.
    #[must_use]
    pub fn css_colour(&self) -> &'static str {
        COLOURS
            .get(usize::from(self.colour))
            .copied()
            .unwrap_or(COLOURS[0])
    }
}

/// Makes a name presentable: control and bidirectional-override characters gone,
/// white space folded, at most [`MAX_NAME_CHARS`]; `Guest` when nothing is left.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let visible: String = name
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !c.is_control() && !is_invisible(c))
        .collect();
    let folded = visible
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    let short: String = folded.chars().take(MAX_NAME_CHARS).collect();
    let short = short.trim();
    if short.is_empty() {
        "Guest".to_owned()
    } else {
        short.to_owned()
    }
}

/// Characters that would let one name pass for another or turn a line around.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_presentable() {
        assert_eq!(clean_name("  Ada \n Lovelace "), "Ada Lovelace");
        assert_eq!(clean_name("\u{202e}neB\u{0}"), "neB");
        assert_eq!(clean_name(" \u{200b} "), "Guest");
        assert_eq!(clean_name(&"é".repeat(99)).chars().count(), MAX_NAME_CHARS);
    }
}
