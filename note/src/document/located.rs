//! Where an update changed the text: from what `yrs` reports to our edits.

use yrs::types::Delta;
use yrs::{Any, Out};

use crate::edit::{Edit, apply_to, utf16_length};

/// The edits of a delta, in offsets of the text before.
pub(super) fn edits_of(deltas: &[Delta]) -> Vec<Edit> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut position = 0;
    for delta in deltas {
        match delta {
            Delta::Retain(length, _) => position += length,
            Delta::Deleted(length) => {
                edit_at(&mut edits, position, |edit| edit.to += length);
                position += length;
            }
            Delta::Inserted(Out::Any(Any::String(text)), _) => {
                edit_at(&mut edits, position, |edit| edit.insert.push_str(text));
            }
            // The guard lets nothing but text in.
            Delta::Inserted(..) => {}
        }
    }
    edits
}

/// Changes the edit that ends at a position, or a new one there.
fn edit_at(edits: &mut Vec<Edit>, position: u32, change: impl FnOnce(&mut Edit)) {
    match edits.last_mut() {
        Some(last) if last.to == position => change(last),
        _ => {
            let mut edit = Edit::new(position, position, "");
            change(&mut edit);
            edits.push(edit);
        }
    }
}

/// These edits if they turn `before` into `after`, else one edit that does.
pub(super) fn proven(before: &str, after: &str, edits: Vec<Edit>) -> Vec<Edit> {
    if apply_to(before, &edits).is_ok_and(|text| text == after) {
        return edits;
    }
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
    if edit.is_empty() {
        Vec::new()
    } else {
        vec![edit]
    }
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
