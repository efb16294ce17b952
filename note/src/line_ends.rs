//! Line ends: `\n` everywhere, converted at every entrance.

use std::borrow::Cow;

/// Makes every `\r\n` and every `\r` a `\n`.
pub fn normalise_line_ends(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character == '\r' {
            characters.next_if_eq(&'\n');
            out.push('\n');
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_becomes_a_newline() {
        assert_eq!(normalise_line_ends("a\r\nb\rc\nd\r\r\n"), "a\nb\nc\nd\n\n");
    }

    #[test]
    fn a_text_without_carriage_returns_is_not_copied() {
        assert!(matches!(normalise_line_ends("a\nb"), Cow::Borrowed("a\nb")));
    }
}
