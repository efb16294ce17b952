//! What a note says around a hit: pieces of plain text, some of them the hit
//! itself. Whoever shows them escapes them; [`html`] does.

/// One piece of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Plain text, as somebody wrote it.
    pub text: String,
    /// Whether it is what was looked for.
    pub hit: bool,
}

/// What stands before a hit, as the database marks it; `note_texts` keeps both out
/// of the text itself.
const OPENS: char = '\u{2}';
/// What stands after a hit.
const CLOSES: char = '\u{3}';

/// Reads the pieces of what the database cut out. Nothing in it is a hit: nothing
/// comes back, for then the words after the title say more.
pub(super) fn pieces(marked: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut hit = false;
    for part in marked.split_inclusive([OPENS, CLOSES]) {
        let text = part.trim_end_matches([OPENS, CLOSES]);
        if !text.is_empty() {
            let text = text.replace(char::is_control, " ");
            pieces.push(Piece { text, hit });
        }
        hit = part.ends_with(OPENS);
    }
    if !pieces.iter().any(|piece| piece.hit) {
        pieces.clear();
    }
    pieces
}

/// The pieces as HTML: everything escaped, hits in `<mark>`.
#[must_use]
pub fn html(pieces: &[Piece]) -> String {
    let mut html = String::new();
    for Piece { text, hit } in pieces {
        let (open, close) = if *hit {
            ("<mark>", "</mark>")
        } else {
            ("", "")
        };
        html.push_str(open);
        for c in text.chars() {
            match c {
                '&' => html.push_str("&amp;"),
                '<' => html.push_str("&lt;"),
                '>' => html.push_str("&gt;"),
                '"' => html.push_str("&quot;"),
                '\'' => html.push_str("&#39;"),
                _ => html.push(c),
            }
        }
        html.push_str(close);
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hits_are_marked_and_everything_is_escaped() {
        let pieces = pieces("a\n<b>\u{2}</mark>&\u{3}'\"");
        assert_eq!(
            html(&pieces),
            "a &lt;b&gt;<mark>&lt;/mark&gt;&amp;</mark>&#39;&quot;"
        );
    }

    #[test]
    fn marks_that_do_not_match_break_nothing() {
        assert_eq!(html(&pieces("a\u{3}b\u{2}\u{2}c")), "ab<mark>c</mark>");
        assert_eq!(html(&pieces("\u{2}\u{3}\u{2}")), "");
        assert_eq!(pieces("no hit in it"), []);
        assert_eq!(pieces(""), []);
    }
}
