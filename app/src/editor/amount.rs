//! [hydrate] How much text there is.

use crate::session::Amount;

/// Counts a text: words as white space parts them.
pub(super) fn of(text: &str, limit: usize) -> Amount {
    let words = text.split_whitespace().count();
    Amount {
        words,
        bytes: text.len(),
        limit,
    }
}
