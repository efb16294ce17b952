//! A note in a line: its title, and the words it opens with, both plain text.
//!
//! Looks only at the beginning of a note, so that asking is cheap however long
//! it is.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::front_matter;

/// How much of a note is looked at.
pub const LOOK_BYTES: usize = 64 * 1024;

/// How much of a note is looked at for a heading at first.
const TITLE_BYTES: usize = 2 * 1024;

/// The longest title and the longest excerpt.
const MAX_CHARS: usize = 200;

/// What a note is called: as it says itself, or by its first top heading, or else
/// its first line of text. `None` if there is no text.
pub fn title(source: &str) -> Option<String> {
    title_and_place(source).map(|(title, _)| title)
}

/// The same, and where the place ends that it is from, in bytes: what changes behind it
/// gives another title only where it makes a top heading.
pub fn title_and_place(source: &str) -> Option<(String, usize)> {
    let front = source.len() - front_matter::body(source).len();
    if let Some(title) = front_matter::read(source).title {
        return Some((title, front));
    }
    let texts = texts(enough_for_a_title(source));
    let heading = texts.iter().find(|text| text.is_title);
    let named = heading.or_else(|| texts.first())?;
    let title = named.lines.lines().find_map(tidy)?;
    Some((title, front + named.end))
}

/// Whether a note names itself by a heading, so that no other name is needed.
pub fn has_heading(source: &str) -> bool {
    texts(source).iter().any(|text| text.is_title)
}

/// What a note says it is about, or the words after the title: as many as fit a line
/// of a list.
pub fn excerpt(source: &str) -> String {
    if let Some(description) = front_matter::read(source).description {
        return description;
    }
    let texts = texts(source);
    let named = texts.iter().position(|text| text.is_title);
    let mut words = String::new();
    for (index, text) in texts.iter().enumerate() {
        if Some(index) == named {
            continue;
        }
        // Without a heading the first line is the title, and not said again.
        let first_line = usize::from(named.is_none() && index == 0);
        for line in text.lines.lines().skip(first_line) {
            words.push_str(line);
            words.push(' ');
        }
        if words.len() > MAX_CHARS * char::MAX.len_utf8() {
            break;
        }
    }
    tidy(&words).unwrap_or_default()
}

/// As much of a note as tells its title: for a heading near the top not more than a
/// piece of the beginning has to be read, so that typing there costs the same in a
/// long note. Where later definitions, or front matter, have a say it is all of it.
fn enough_for_a_title(source: &str) -> &str {
    let beginning = source
        .get(..source.floor_char_boundary(TITLE_BYTES))
        .unwrap_or_default();
    // Up to a blank line: what follows it is no part of a heading before it.
    let whole_blocks = beginning.rfind("\n\n").and_then(|end| beginning.get(..end));
    let tells = |blocks: &&str| {
        let is_plain = !blocks.contains(']') && !blocks.starts_with("---");
        is_plain && texts(blocks).iter().any(|text| text.is_title)
    };
    let enough = whole_blocks.filter(|_| beginning.len() < source.len());
    enough.filter(tells).unwrap_or(source)
}

/// One block's plain text.
#[derive(Default)]
struct Text {
    is_title: bool,
    lines: String,
    /// Where it ends in what was looked at, in bytes.
    end: usize,
}

/// The texts of the first blocks; code, raw HTML and empty blocks are none.
fn texts(source: &str) -> Vec<Text> {
    let source = front_matter::body(source);
    let mut end = source.len().min(LOOK_BYTES);
    while !source.is_char_boundary(end) {
        end -= 1;
    }
    let source = source.get(..end).unwrap_or_default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut texts = Vec::new();
    let mut text = Text::default();
    let mut hidden = 0_usize;
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => hidden += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => hidden = hidden.saturating_sub(1),
            Event::Start(Tag::Heading { level, .. }) => text.is_title = level == HeadingLevel::H1,
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::TableHead,
            ) => {
                text.end = range.end;
                let text = std::mem::take(&mut text);
                if tidy(&text.lines).is_some() {
                    texts.push(text);
                }
            }
            Event::Text(words) | Event::Code(words) if hidden == 0 => text.lines.push_str(&words),
            Event::SoftBreak | Event::HardBreak => {
                text.lines.push(if text.is_title { ' ' } else { '\n' });
            }
            _ => {}
        }
    }
    texts
}

/// One line with single spaces, no control characters, and not too long.
fn tidy(text: &str) -> Option<String> {
    let visible: String = text
        .chars()
        .filter(|c| c.is_whitespace() || !c.is_control())
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().take(MAX_CHARS).collect();
    let line = line.trim_end();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected_title: Option<&str>, expected_excerpt: &str) {
        assert_eq!(title(source).as_deref(), expected_title, "{source:?}");
        assert_eq!(excerpt(source), expected_excerpt, "{source:?}");
    }

    #[test]
    fn a_note_is_called_by_its_first_top_heading_or_else_its_first_line() {
        check(
            "# Plan *of* `ada`\n\nBuy milk.\n\n- and\n- bread\n",
            Some("Plan of ada"),
            "Buy milk. and bread",
        );
        check(
            "Before.\n\n## Not\n\nTitle\nof two\n===\n\nAfter.",
            Some("Title of two"),
            "Before. Not After.",
        );
        check(
            "First line\nsecond line\n\nmore",
            Some("First line"),
            "second line more",
        );
        check("- [ ] task\n", Some("task"), "");
        check("", None, "");
        check("\n\n  \n", None, "");
        check("# \n\ntext", Some("text"), "");
        check(
            "```\ncode\n```\n\n<b>raw</b>\n\n[a](javascript:b)",
            Some("raw"),
            "a",
        );
        check("[x]: /u\n", None, "");
        check(
            "---\ntags: [a]\n---\nFirst\nsecond",
            Some("First"),
            "second",
        );
        check(
            "---\ntitle: Mine\n---\n# Other\n\nText",
            Some("Mine"),
            "Text",
        );
        check(
            "---\ndescription: About it\n---\n# A\n\nText",
            Some("A"),
            "About it",
        );
    }

    #[test]
    fn the_title_is_the_same_however_much_comes_after_it() {
        let long = "More *words* of it.\n\n".repeat(500);
        let late = format!("{long}# Late\n\n");
        for beginning in [
            "# A *plain* `one`\n\n",
            "First.\n\n# [A link][x]\n\n[x]: /u\n\n",
            "```\n# Code\n\n# More code\n",
            "<div>\n# Raw\n\n# After\n\n",
            "---\ntags: [a]\n---\n# After facts\n\n",
            "---\n# No fact\n\n",
            "A\n=\n\n",
            "# ",
            "",
        ] {
            for end in [&long, &late, "\n\n[x]: /u"] {
                let source = format!("{beginning}{long}{end}");
                let whole = texts(&source);
                let heading = whole.iter().find(|text| text.is_title);
                let expected = heading.or_else(|| whole.first());
                let expected = expected.and_then(|text| text.lines.lines().find_map(tidy));
                assert_eq!(title(&source), expected, "{beginning:?}");
            }
        }
    }

    #[test]
    fn the_place_of_a_title_ends_with_it() {
        for (title, rest) in [
            ("# Plan", "\n\nBuy milk."),
            ("Words.\n\n## Not\n\nOf two\n===", "\n\nAfter."),
            ("First line\nsecond", "\n\nmore"),
            ("---\ntags: [a]\n---\n# Plan", "\n\nText"),
            ("---\ntitle: Mine\n---\n", "# Other\n"),
        ] {
            let (_, end) = title_and_place(&format!("{title}{rest}")).unwrap();
            assert!(end.abs_diff(title.len()) <= 1, "{title:?} ends at {end}");
        }
        assert_eq!(title_and_place("```\ncode\n```\n"), None);
    }

    #[test]
    fn both_are_cut_between_characters() {
        let long = format!("# {}\n\n{}", "é".repeat(900), "👩‍🚀 ".repeat(90_000));
        assert_eq!(
            title(&long).map(|title| title.chars().count()),
            Some(MAX_CHARS)
        );
        assert!(excerpt(&long).chars().count() <= MAX_CHARS);
    }
}
