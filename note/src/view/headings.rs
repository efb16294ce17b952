//! The headings of a note: what each is called in an address, as GitHub does it.
//!
//! Two headings of one name are told apart by numbers in the order of the note,
//! so an id is the note's affair and not the block's.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::section::Section;

/// The longest name, in characters; the rest of a longer heading is left out.
const MAX_SLUG_CHARS: usize = 100;

/// What a heading without a letter is called.
const NAMELESS: &str = "section";

/// A heading as its block has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) level: HeadingLevel,
    /// Its name, as long as no other heading has it.
    pub(super) slug: String,
}

/// Whether there may be a heading in a stretch of source. Says yes too often, never
/// no where there is one.
pub(super) fn may_be_in(text: &str) -> bool {
    let underlined = |line: &str| line.trim_end().ends_with(['=', '-']);
    text.contains('#') || text.split(['\n', '\r']).any(underlined)
}

/// Gathers headings from events.
#[derive(Default)]
pub(super) struct Reader {
    found: Vec<Heading>,
    open: Option<(HeadingLevel, String)>,
}

impl Reader {
    /// Looks at the next event.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        match (event, &mut self.open) {
            (Event::Start(Tag::Heading { level, .. }), open) => {
                *open = Some((*level, String::new()));
            }
            (Event::End(TagEnd::Heading(_)), open) => {
                if let Some((level, text)) = open.take() {
                    let slug = slug(&text);
                    self.found.push(Heading { level, slug });
                }
            }
            (
                Event::Text(text)
                | Event::Code(text)
                | Event::InlineHtml(text)
                | Event::InlineMath(text)
                | Event::DisplayMath(text),
                Some((_, words)),
            ) => words.push_str(text),
            (Event::SoftBreak | Event::HardBreak, Some((_, words))) => words.push(' '),
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

/// Gives out ids: a name that was given gets the next free number.
#[derive(Default)]
struct Names {
    /// Names given out, each with the last number tried for it.
    given: BTreeMap<String, u32>,
}

impl Names {
    fn give(&mut self, slug: &str) -> String {
        let mut id = slug.to_owned();
        while self.given.contains_key(&id) {
            let tried = self.given.entry(slug.to_owned()).or_default();
            *tried += 1;
            id = format!("{slug}-{tried}");
        }
        self.given.insert(id.clone(), 0);
        id
    }
}

/// Names the headings of the whole note, and adds the sections whose headings have
/// other names now.
pub(super) fn number(sections: &mut [Section], concerned: &mut BTreeSet<usize>) {
    let mut names = Names::default();
    for (index, section) in sections.iter_mut().enumerate() {
        let Some(headings) = &mut section.headings else {
            continue;
        };
        let ids = headings.found.iter().map(|found| names.give(&found.slug));
        let ids: Vec<String> = ids.collect();
        if headings.ids != ids {
            headings.ids = ids;
            concerned.insert(index);
        }
    }
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

    #[test]
    fn names_are_given_once() {
        let mut names = Names::default();
        let given = ["a", "a", "a-1", "a", "b"].map(|slug| names.give(slug));
        assert_eq!(given, ["a", "a-1", "a-1-1", "a-2", "b"]);
    }
}
