//! A note in a line: its title, and the words it opens with, both plain text.
//!
//! Looks only at the beginning of a note, so that asking is cheap however long
//! it is.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::front_matter;

/// How much of a note is looked at.
pub const LOOK_BYTES: usize = 64 * 1024;

/// How much of it says enough for an excerpt, mostly.
const FEW_BYTES: usize = 4 * 1024;

/// The longest title and the longest excerpt.
const MAX_CHARS: usize = 200;

/// What a note is called: as it says itself, or by its first top heading, or else
/// its first line of text. `None` if there is no text.
pub fn title(source: &str) -> Option<String> {
    let said = front_matter::read(source).title;
    said.or_else(|| first_words(source).map(|words| words.line))
}

/// What a stretch of Markdown calls the note.
pub(crate) struct Words {
    pub(crate) line: String,
    /// Whether a top heading says it.
    pub(crate) are_heading: bool,
    /// Up to which byte a change may say something else, unless it brings a top heading.
    pub(crate) end: usize,
}

/// What a stretch of Markdown calls the note: its first top heading, or else its first line.
pub(crate) fn first_words(source: &str) -> Option<Words> {
    let texts = texts(source);
    let heading = texts.iter().find(|text| text.is_title);
    let named = heading.or_else(|| texts.first())?;
    // The line that follows ends it, or may go on with it; without one that is for another
    // block to say. Line ends that were put in the place of others moved it, and where a
    // definition ends is a matter of what comes after.
    let rest = source.get(named.end..).unwrap_or_default();
    let lines = rest.split_inclusive('\n').take(2).map(str::len);
    let end = named.end.saturating_add(lines.sum());
    let is_told = end < source.len() && !source.contains('\r') && !source.contains("]:");
    let end = if is_told { end } else { usize::MAX };
    Some(Words {
        line: named.lines.lines().find_map(tidy)?,
        are_heading: named.is_title,
        end,
    })
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
    let source = looked_at(source);
    of_beginning(source).unwrap_or_else(|| words(&texts_of(source)).0)
}

/// The excerpt, of the first lines alone; `None` where what follows has a say in it.
/// Parsing takes by far the most of it, and most notes say enough in their first lines.
fn of_beginning(source: &str) -> Option<String> {
    // In the middle of a line it could become something else.
    let few = source.get(..source.floor_char_boundary(FEW_BYTES))?;
    let (beginning, rest) = source.split_at_checked(few.rfind('\n')? + 1)?;
    // What a link points to may stand further down.
    if few.len() == source.len() || source.contains("]:") {
        return None;
    }
    let texts = texts_of(beginning);
    let (cut, whole) = texts.split_last()?;
    // Whether there is a title, and so whether the first line is one, a heading may say that
    // comes later.
    let is_named = whole.iter().any(|text| text.is_title);
    if !is_named && (cut.is_title || rest.contains(['#', '='])) {
        return None;
    }
    let (excerpt, are_enough) = words(whole);
    are_enough.then_some(excerpt)
}

/// The words of texts after the title, tidied, and whether more of them would say nothing
/// else.
fn words(texts: &[Text]) -> (String, bool) {
    let named = texts.iter().position(|text| text.is_title);
    let (mut words, mut are_enough) = (String::new(), false);
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
        are_enough = words.len() > MAX_CHARS * char::MAX.len_utf8();
        if are_enough {
            break;
        }
    }
    (tidy(&words).unwrap_or_default(), are_enough)
}

/// One block's plain text.
#[derive(Default)]
struct Text {
    is_title: bool,
    lines: String,
    /// Up to which byte a change may make it another text.
    end: usize,
}

/// The texts of the first blocks; code, raw HTML and empty blocks are none.
fn texts(source: &str) -> Vec<Text> {
    texts_of(looked_at(source))
}

/// The beginning of a note, without its front matter.
fn looked_at(source: &str) -> &str {
    let end = source.floor_char_boundary(LOOK_BYTES);
    front_matter::body(source.get(..end).unwrap_or_default())
}

/// Those of a stretch without front matter.
fn texts_of(source: &str) -> Vec<Text> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH;
    let source = source.replace("\r\n", "\n").replace('\r', "\n");
    let mut texts = Vec::new();
    let mut text = Text::default();
    let mut hidden = 0_usize;
    let mut end = |text: &mut Text, end: usize| {
        let mut text = std::mem::take(text);
        text.end = end;
        if text.lines.chars().any(is_visible) {
            texts.push(text);
        }
    };
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        match event {
            Event::Start(tag) if is_inline(&tag) => {}
            // What stands in a list item before another block is a text of its own.
            Event::Start(tag) => {
                end(&mut text, range.start);
                match tag {
                    Tag::CodeBlock(_) | Tag::HtmlBlock => hidden += 1,
                    Tag::Heading { level, .. } => text.is_title = level == HeadingLevel::H1,
                    _ => {}
                }
            }
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) => hidden = hidden.saturating_sub(1),
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::Item
                | TagEnd::DefinitionListDefinition,
            ) => end(&mut text, range.end),
            Event::Rule => end(&mut text, range.start),
            // What follows has a say in whether it is a table, or the term of a list.
            Event::End(TagEnd::TableCell | TagEnd::TableHead | TagEnd::DefinitionListTitle) => {
                end(&mut text, usize::MAX);
            }
            Event::Text(words) | Event::Code(words) if hidden == 0 => text.lines.push_str(&words),
            Event::InlineMath(formula) => text.lines.extend(["$", &in_a_line(&formula), "$"]),
            Event::DisplayMath(formula) => text.lines.extend(["$$", &in_a_line(&formula), "$$"]),
            Event::SoftBreak | Event::HardBreak => {
                text.lines.push(if text.is_title { ' ' } else { '\n' });
            }
            _ => {}
        }
    }
    texts
}

fn in_a_line(formula: &str) -> String {
    formula.replace('\n', " ")
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn is_visible(c: char) -> bool {
    !c.is_whitespace() && !c.is_control()
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

    /// Lines of which each may make something else of the one before.
    const LINES: &[&str] = &[
        "Some words that stand in a paragraph of their own, and more of them, so that it is long.\n",
        "Some words of [a link] and of a note[^1], *emphasised\n",
        "\n",
        "\n",
        "# A title\n",
        "## Not a title\n",
        "===\n",
        "---\n",
        "    code\n",
        "```\n",
        "- an item\n",
        "  - an item in it\n",
        "> said\n",
        "<div>\n",
        "<!-- unseen\n",
        "-->\n",
        "a | b\n",
        "--|--\n",
        ": what it means\n",
        "[a link]: /there\n",
        "[^1]: at the foot\n",
        "$$\n",
        "`code\n",
        "wörds and\r\n",
        "  ***\n",
        "1. one\n",
        "- [x] done\n",
    ];

    #[test]
    fn the_beginning_alone_says_nothing_else_than_all_of_it() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut few = 0;
        for round in 0..2_000 {
            // Some have few kinds of lines, and so no title or no definition.
            let kinds = 1 + round % LINES.len();
            let start = random.usize(..LINES.len());
            let len = FEW_BYTES + random.usize(..3_000);
            let mut source = String::new();
            while source.len() < len {
                let line = (start + random.usize(..kinds)) % LINES.len();
                source += LINES[line];
            }
            let Some(found) = of_beginning(&source) else {
                continue;
            };
            few += 1;
            assert_eq!(found, words(&texts_of(&source)).0, "{source}");
        }
        assert!(few > 100, "{few}");
    }

    #[test]
    fn it_says_nothing_else_wherever_it_ends() {
        let tails = [
            "# Title\n",
            "# ![](x) Title\n",
            "Title\n===\n",
            "[a link]: /u \"title\"\n",
            "[a link]:\n/u\n",
            "a | b\n--|--\nc | d\n",
            "- a\n  ***\n  b\n\n- c\n",
            "term\n\n: what it means\n",
            "one\r\ntwo\r\n",
        ];
        let mut few = 0;
        for tail in tails {
            for gone in 0..=tail.len() {
                let opening = "First line.\n\nWords with [a link] in them.\n\n";
                let len = FEW_BYTES - gone - opening.len() - 2;
                let source = format!("{opening}{}\n\n{tail}\nThe end.\n", "x ".repeat(len / 2));
                if let Some(found) = of_beginning(&source) {
                    few += 1;
                    assert_eq!(
                        found,
                        words(&texts_of(&source)).0,
                        "{tail:?} without {gone}"
                    );
                }
            }
        }
        assert!(few > 50, "{few}");
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
        check("- one\n  - two\n", Some("one"), "two");
        check("- one\n  # Plan\n", Some("Plan"), "one");
        check("Term\n: meaning\n", Some("Term"), "meaning");
        check("- a\n  ***\n  b\n", Some("a"), "b");
        check("# Of $e=mc^2$\n", Some("Of $e=mc^2$"), "");
        check("$$\ne=mc^2\n$$\n\nWords.", Some("$$ e=mc^2 $$"), "Words.");
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
    fn both_are_cut_between_characters() {
        let long = format!("# {}\n\n{}", "é".repeat(900), "👩‍🚀 ".repeat(90_000));
        assert_eq!(
            title(&long).map(|title| title.chars().count()),
            Some(MAX_CHARS)
        );
        assert!(excerpt(&long).chars().count() <= MAX_CHARS);
    }
}
