//! The headings of a note: what each is called in an address, as GitHub does it.
//!
//! Two headings of one name are told apart by numbers in the order of the note,
//! so an id is the note's affair and not the block's.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::extended::Piece;

mod ids;

pub(super) use ids::{Ids, Touched};

/// The longest name, in characters; the rest of a longer heading is left out.
const MAX_SLUG_CHARS: usize = 100;

/// The longest words that are kept, in characters.
const MAX_TEXT_CHARS: usize = 200;

/// What a heading without a letter is called.
const NAMELESS: &str = "section";

/// A heading as its block has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) level: HeadingLevel,
    /// Its words, as one line.
    pub(super) text: String,
    /// Its name, as long as no other heading has it.
    pub(super) slug: String,
}

impl Heading {
    fn new(level: HeadingLevel, text: &str) -> Self {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text: String = line.chars().take(MAX_TEXT_CHARS).collect();
        let slug = slug(&text);
        Heading { level, text, slug }
    }
}

/// Whether there may be a heading in a stretch of source. Says yes too often, never
/// no where there is one.
pub(super) fn may_be_in(text: &str) -> bool {
    let underlined = |line: &str| line.trim_end().ends_with(['=', '-']);
    let may_be_underlined = text.contains('=') || text.contains('-');
    text.contains('#') || may_be_underlined && text.split(['\n', '\r']).any(underlined)
}

/// Gathers headings from the pieces of a text.
#[derive(Default)]
pub(super) struct Reader {
    found: Vec<Heading>,
    open: Option<(HeadingLevel, String)>,
}

impl Reader {
    /// Looks at the next piece.
    pub(super) fn piece(&mut self, piece: &Piece<'_>) {
        let Piece::Event(event) = piece else {
            return;
        };
        match (event, &mut self.open) {
            (Event::Start(Tag::Heading { level, .. }), open) => {
                *open = Some((*level, String::new()));
            }
            (Event::End(TagEnd::Heading(_)), open) => {
                if let Some((level, text)) = open.take() {
                    self.found.push(Heading::new(level, &text));
                }
            }
            (
                Event::Text(text)
                | Event::Code(text)
                | Event::InlineMath(text)
                | Event::DisplayMath(text),
                Some((_, words)),
            ) => words.push_str(text),
            (Event::InlineHtml(_) | Event::SoftBreak | Event::HardBreak, Some((_, words))) => {
                words.push(' ');
            }
            _ => {}
        }
    }

    /// The headings, in order.
    pub(super) fn finish(self) -> Vec<Heading> {
        self.found
    }
}

/// A heading's words as a name: lower case, hyphens for spaces, and nothing but
/// letters, digits, hyphens and low lines.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    let kept = text.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ => c.is_alphanumeric().then_some(c),
    });
    kept.take(MAX_SLUG_CHARS)
        .for_each(|c| slug.extend(c.to_lowercase()));
    // Footnotes are called so.
    if slug.starts_with("fn-") || slug.starts_with("fnref-") {
        slug.insert_str(0, "section-");
    }
    if slug.is_empty() {
        slug.push_str(NAMELESS);
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_named_as_github_names_it() {
        for (text, expected) in [
            ("Getting Started", "getting-started"),
            ("  What's new?  ", "whats-new"),
            ("a_b - c", "a_b---c"),
            ("Übung 1.2", "übung-12"),
            ("漢字 🦀", "漢字-"),
            ("!!!", "section"),
            ("fn-1", "section-fn-1"),
        ] {
            assert_eq!(slug(text), expected, "{text:?}");
        }
        assert_eq!(slug(&"é".repeat(900)).chars().count(), MAX_SLUG_CHARS);
    }
}
