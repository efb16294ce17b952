//! Emoji by name: `:tada:`, with the names that GitHub knows.

/// One a line, `name glyph`, ascending by bytes. From `gemoji`, which is under the
/// MIT licence.
const TABLE: &str = include_str!("emoji.txt");

/// The longest name in the table.
const MAX_NAME_BYTES: usize = 40;

/// A text with its emoji names replaced; names with a byte of `hard` in them stay.
pub(in super::super) fn with_emoji(text: &str, hard: &[usize]) -> String {
    let mut out = String::with_capacity(text.len());
    // Up to where the text has been written, and looked at.
    let (mut written, mut from) = (0, 0);
    while let Some(colon) = find(text, from) {
        from = colon + 1;
        let rest = text.get(from..).unwrap_or_default();
        let length = rest.bytes().take(MAX_NAME_BYTES).take_while(is_of_name);
        let length = length.count();
        if rest.as_bytes().get(length) != Some(&b':') || is_in_word(text, colon) {
            continue;
        }
        let end = from + length + 1;
        let first_hard = hard.partition_point(|at| *at < colon);
        if hard.get(first_hard).is_some_and(|at| *at < end) {
            continue;
        }
        if let Some(glyph) = rest.get(..length).and_then(glyph) {
            out.push_str(text.get(written..colon).unwrap_or_default());
            out.push_str(glyph);
            (written, from) = (end, end);
        }
    }
    out.push_str(text.get(written..).unwrap_or_default());
    out
}

fn find(text: &str, from: usize) -> Option<usize> {
    Some(from + text.get(from..)?.find(':')?)
}

fn is_of_name(byte: &u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_+-".contains(byte)
}

/// Times and ratios are full of numbers between colons, and `:100:` is a name.
fn is_in_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let before = before.chars().next_back();
    before.is_some_and(char::is_alphanumeric)
}

/// The emoji of a name.
fn glyph(name: &str) -> Option<&'static str> {
    let table = TABLE.as_bytes();
    let (mut low, mut high) = (0, table.len());
    // The lines from `low` to `high` are those that may hold it.
    while low < high {
        let middle = low + (high - low) / 2;
        let before = table.get(low..middle)?.iter().rev();
        let start = middle - before.take_while(|byte| **byte != b'\n').count();
        let after = table.get(middle..high)?.iter();
        let end = (middle + after.take_while(|byte| **byte != b'\n').count() + 1).min(high);
        let (known, glyph) = TABLE.get(start..end)?.trim_end().split_once(' ')?;
        match known.cmp(name) {
            std::cmp::Ordering::Equal => return Some(glyph),
            std::cmp::Ordering::Less => low = end,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_table_is_found() {
        let mut count = 0;
        for line in TABLE.lines() {
            let (name, expected) = line.split_once(' ').unwrap();
            assert_eq!(glyph(name), Some(expected), "{name}");
            assert!(name.bytes().all(|byte| is_of_name(&byte)), "{name}");
            assert!(name.len() <= MAX_NAME_BYTES, "{name}");
            count += 1;
        }
        assert!(count > 1_800);
        for unknown in ["", "zz", "zzzz", "tad", "tada2"] {
            assert_eq!(glyph(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_name_between_colons_becomes_its_emoji() {
        for (text, expected) in [
            (":tada:", "🎉"),
            ("a :tada::+1: b", "a 🎉👍 b"),
            (":nothing: :tada", ":nothing: :tada"),
            ("12:100:5", "12:100:5"),
            (":::tada:::", "::🎉::"),
            ("é:tada:", "é:tada:"),
        ] {
            assert_eq!(with_emoji(text, &[]), expected, "{text:?}");
        }
        assert_eq!(with_emoji(":tada: :tada:", &[7]), "🎉 :tada:");
    }
}
