//! The line at the bottom: where the caret is, how many words, and how much of
//! the limit is used.

use leptos::prelude::*;

use crate::session::{Amount, Session};

/// From this share of the limit on, in percent, the amount turns amber.
const AMBER_FROM_PERCENT: usize = 90;
/// Below this share nobody needs to know of a limit.
const TOLD_FROM_PERCENT: usize = 10;

/// Position, words and size.
#[island]
pub fn StatusLine() -> impl IntoView {
    let session = Session::of_page();
    let (caret, words, size, full) = (
        session.caret,
        session.amount.clone(),
        session.amount.clone(),
        session.amount,
    );
    let position = move || {
        caret
            .get()
            .map(|caret| format!("Ln {}, Col {}", caret.line, caret.column))
    };
    let word_count = move || words.get().map(|amount| counted(amount.words));
    let used = move || size.get().map(used);
    let class = move || {
        if full.get().is_some_and(is_near_limit) {
            "used used-amber"
        } else {
            "used"
        }
    };
    view! {
        <p class="status-items needs-scripts">
            <span class="position">{position}</span>
            <span class="words">{word_count}</span>
            <span class=class title="Size of the text, of the most a note may have">{used}</span>
        </p>
    }
}

fn counted(words: usize) -> String {
    if words == 1 {
        "1 word".to_owned()
    } else {
        format!("{} words", grouped(words))
    }
}

fn used(amount: Amount) -> String {
    let percent = amount
        .bytes
        .saturating_mul(100)
        .checked_div(amount.limit)
        .unwrap_or(0);
    let size = format!("{} kB", grouped(amount.bytes.div_ceil(1024)));
    if percent < TOLD_FROM_PERCENT {
        size
    } else {
        format!("{size} · {percent}% of the limit")
    }
}

fn is_near_limit(amount: Amount) -> bool {
    amount.bytes.saturating_mul(100) >= amount.limit.saturating_mul(AMBER_FROM_PERCENT)
}

/// A number with thin spaces between its thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1\u{202f}000"),
            (1_234_567, "1\u{202f}234\u{202f}567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn the_limit_turns_amber_at_nine_tenths() {
        let amount = |bytes| Amount {
            words: 0,
            bytes,
            limit: 1000,
        };
        assert!(!is_near_limit(amount(899)));
        assert!(is_near_limit(amount(900)));
    }
}
