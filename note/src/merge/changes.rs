//! What changed between two texts: by lines first, then by words within the
//! lines that differ.

use std::ops::Range;

use super::tokens;
use crate::document::{common_prefix, common_suffix};

/// Lines that differ are compared by words up to this many bytes of both sides
/// together: beyond it the change is too large to be read as a set of small ones.
const MAX_WORDS_BYTES: usize = 64 * 1024;

/// A place in the base and what came instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change<'a> {
    pub(super) base: Range<usize>,
    pub(super) insert: &'a str,
}

/// The changes from one text to another: ascending, apart from each other, and
/// at whole characters.
pub(super) fn changes<'a>(base: &str, other: &'a str) -> Vec<Change<'a>> {
    let mut found = Vec::new();
    if base == other {
        return found;
    }
    let whole = Span {
        base: 0..base.len(),
        other: 0..other.len(),
    };
    for lines in differing(base, other, whole, lines) {
        let gone = base.get(lines.base.clone()).unwrap_or_default();
        let came = other.get(lines.other.clone()).unwrap_or_default();
        let replaced = !gone.is_empty() && !came.is_empty();
        if replaced && gone.len() + came.len() <= MAX_WORDS_BYTES {
            for part in differing(base, other, lines, words) {
                push_trimmed(&mut found, base, other, part);
            }
        } else {
            push_trimmed(&mut found, base, other, lines);
        }
    }
    found
}

/// A place in each of the two texts.
#[derive(Clone)]
struct Span {
    base: Range<usize>,
    other: Range<usize>,
}

/// The spans that differ within a span, comparing the tokens it is cut into.
fn differing(base: &str, other: &str, within: Span, cut: fn(&str) -> Vec<&str>) -> Vec<Span> {
    let base_tokens = cut(base.get(within.base.clone()).unwrap_or_default());
    let other_tokens = cut(other.get(within.other.clone()).unwrap_or_default());
    let base_ends = ends(&base_tokens, within.base.start);
    let other_ends = ends(&other_tokens, within.other.start);
    tokens::differing(&base_tokens, &other_tokens)
        .into_iter()
        .map(|(before, after)| Span {
            base: bytes(&base_ends, before),
            other: bytes(&other_ends, after),
        })
        .collect()
}

/// Where each token begins, and where the last one ends.
fn ends(tokens: &[&str], start: usize) -> Vec<usize> {
    let mut ends = Vec::with_capacity(tokens.len() + 1);
    let mut end = start;
    ends.push(end);
    for token in tokens {
        end += token.len();
        ends.push(end);
    }
    ends
}

fn bytes(ends: &[usize], tokens: Range<usize>) -> Range<usize> {
    let at = |token: usize| ends.get(token).or(ends.last()).copied().unwrap_or_default();
    at(tokens.start)..at(tokens.end)
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Runs of letters and digits, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() {
            rest.find(|character: char| !character.is_alphanumeric())
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Adds a span without what both sides share at its ends.
fn push_trimmed<'a>(found: &mut Vec<Change<'a>>, base: &str, other: &'a str, span: Span) {
    let gone = base.get(span.base.clone()).unwrap_or_default();
    let came = other.get(span.other).unwrap_or_default();
    let start = common_prefix(gone, came);
    let gone = gone.get(start..).unwrap_or_default();
    let came = came.get(start..).unwrap_or_default();
    let same = common_suffix(gone, came);
    let insert = came.get(..came.len() - same).unwrap_or_default();
    let from = span.base.start + start;
    let base = from..from + gone.len() - same;
    if !base.is_empty() || !insert.is_empty() {
        found.push(Change { base, insert });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_in_a_line_is_a_change_of_that_word() {
        let found = changes("one two three\nfour\n", "one 2 three\nfour!\n");
        let expected = [
            Change {
                base: 4..7,
                insert: "2",
            },
            Change {
                base: 18..18,
                insert: "!",
            },
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn characters_are_not_cut() {
        let found = changes("a é b", "a è b");
        assert_eq!(
            found,
            [Change {
                base: 2..4,
                insert: "è"
            }]
        );
    }
}
