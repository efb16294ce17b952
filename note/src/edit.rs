//! An edit: a place in the text and what is put there.
//!
//! Offsets count UTF-16 units, as CodeMirror and Yjs do. A list of edits is
//! ascending and does not overlap, and every offset in it is one of the text
//! before the list.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Puts `insert` in the place of the text from `from` to `to`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The first UTF-16 unit that goes.
    pub from: u32,
    /// The first UTF-16 unit after `from` that stays.
    pub to: u32,
    /// What comes instead.
    pub insert: String,
}

impl Edit {
    /// An edit of this place.
    pub fn new(from: u32, to: u32, insert: impl Into<String>) -> Self {
        Self {
            from,
            to,
            insert: insert.into(),
        }
    }

    /// Whether it leaves the text as it was.
    pub fn is_empty(&self) -> bool {
        self.from == self.to && self.insert.is_empty()
    }
}

/// Why a list of edits was not made. Nothing of such a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EditError {
    /// An edit reaches past the text's end, or the list is not in order.
    #[error("the edit is not a place in the text")]
    Range,
    /// An edit begins or ends between the two halves of one character.
    #[error("the edit would cut a character in two")]
    Split,
    /// The text would grow past what a note may hold.
    #[error("the note is full: take something out before putting more in")]
    Full,
    /// The document could not be written, and must be loaded again.
    #[error("the note has to be loaded again")]
    Broken,
}

/// Makes a list of edits on a text.
pub fn apply_to(text: &str, edits: &[Edit]) -> Result<String, EditError> {
    let mut places = Places::new(text);
    let added: usize = edits.iter().map(|edit| edit.insert.len()).sum();
    let mut out = String::with_capacity(text.len() + added);
    let mut kept_from = 0;
    check_order(edits, u32::MAX)?;
    for edit in edits {
        let from = places.byte_at(edit.from)?;
        let to = places.byte_at(edit.to)?;
        out.push_str(text.get(kept_from..from).ok_or(EditError::Split)?);
        out.push_str(&edit.insert);
        kept_from = to;
    }
    out.push_str(text.get(kept_from..).ok_or(EditError::Split)?);
    Ok(out)
}

/// Checks that a list is ascending, does not overlap and stays within the text.
pub(crate) fn check_order(edits: &[Edit], length: u32) -> Result<(), EditError> {
    let mut free_from = 0;
    for edit in edits {
        if edit.from < free_from || edit.to < edit.from || edit.to > length {
            return Err(EditError::Range);
        }
        free_from = edit.to;
    }
    Ok(())
}

/// How many UTF-16 units a text has.
pub(crate) fn utf16_length(text: &str) -> u32 {
    text.bytes().map(utf16_units_begun).sum()
}

/// A text without its first UTF-16 units. Of a character that this cuts in two a
/// replacement character stays, as with Yjs.
pub(crate) fn after_utf16(text: &str, units: u32) -> String {
    let mut passed = 0;
    let mut rest = text.chars();
    while passed < units {
        match rest.next() {
            Some(character) => passed += character.len_utf16() as u32,
            None => return String::new(),
        }
    }
    let cut = if passed > units { "\u{fffd}" } else { "" };
    format!("{cut}{}", rest.as_str())
}

/// How many UTF-16 units begin with this byte of UTF-8: none with a following
/// byte, two with the first of four.
fn utf16_units_begun(byte: u8) -> u32 {
    u32::from(byte & 0xc0 != 0x80) + u32::from(byte >= 0xf0)
}

/// Finds the bytes of ascending UTF-16 offsets in one walk over the text.
pub(crate) struct Places<'a> {
    text: &'a str,
    byte: usize,
    unit: u32,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            byte: 0,
            unit: 0,
        }
    }

    pub(crate) fn byte_at(&mut self, unit: u32) -> Result<usize, EditError> {
        let rest = self.text.get(self.byte..).ok_or(EditError::Range)?;
        let mut passed = 0;
        for character in rest.chars() {
            if self.unit >= unit {
                break;
            }
            self.unit += character.len_utf16() as u32;
            passed += character.len_utf8();
        }
        self.byte += passed;
        match self.unit.cmp(&unit) {
            std::cmp::Ordering::Equal => Ok(self.byte),
            std::cmp::Ordering::Less => Err(EditError::Range),
            std::cmp::Ordering::Greater => Err(EditError::Split),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_all_in_offsets_of_the_text_before() {
        let edits = [
            Edit::new(0, 1, "A"),
            Edit::new(1, 1, "-"),
            Edit::new(2, 4, ""),
        ];
        assert_eq!(apply_to("abcd", &edits).unwrap(), "A-b");
    }

    #[test]
    fn offsets_count_utf16_units() {
        assert_eq!(apply_to("é😀x", &[Edit::new(3, 4, "y")]).unwrap(), "é😀y");
        assert_eq!(
            apply_to("é😀x", &[Edit::new(2, 2, "y")]),
            Err(EditError::Split)
        );
        assert_eq!(utf16_length("é😀x"), 4);
    }

    #[test]
    fn a_list_out_of_order_or_range_is_refused() {
        let backwards = [Edit::new(2, 2, "x"), Edit::new(1, 1, "y")];
        assert_eq!(apply_to("abc", &backwards), Err(EditError::Range));
        assert_eq!(
            apply_to("abc", &[Edit::new(0, 4, "")]),
            Err(EditError::Range)
        );
        assert_eq!(
            apply_to("abc", &[Edit::new(2, 1, "")]),
            Err(EditError::Range)
        );
    }
}
