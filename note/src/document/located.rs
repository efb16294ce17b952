//! Where two texts differ.

use crate::edit::{Edit, utf16_length};

/// The one edit that turns `before` into `after`; none if they are the same.
pub(super) fn difference(before: &str, after: &str) -> Option<Edit> {
    let start = common_prefix(before, after);
    let before_rest = before.get(start..).unwrap_or_default();
    let after_rest = after.get(start..).unwrap_or_default();
    let same = common_suffix(before_rest, after_rest);
    let gone = before_rest
        .get(..before_rest.len() - same)
        .unwrap_or_default();
    let came = after_rest
        .get(..after_rest.len() - same)
        .unwrap_or_default();
    let from = utf16_length(before.get(..start).unwrap_or_default());
    let edit = Edit::new(from, from + utf16_length(gone), came);
    (!edit.is_empty()).then_some(edit)
}

/// How many bytes two texts share at their start, in whole characters.
pub(crate) fn common_prefix(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.floor_char_boundary(same).min(b.floor_char_boundary(same))
}

/// How many bytes two texts share at their end, in whole characters.
pub(crate) fn common_suffix(a: &str, b: &str) -> usize {
    let pairs = a.bytes().rev().zip(b.bytes().rev());
    let same = pairs.take_while(|(a, b)| a == b).count();
    a.len() - a.ceil_char_boundary(a.len() - same)
}
