//! The block of facts that a note may begin with, between a line `---` and one more
//! (or `...`): title, tags, language, description, and what it says to robots.
//!
//! Not a reader of YAML: it knows lines of `key: value`, quotes around a value, a
//! value folded over several lines, and lists of words. So there is no depth, no
//! anchor and no alias to mind, and only so much of a note is looked at. A block in
//! which anything else stands is no front matter but Markdown, lest a note that
//! begins with a rule loses its words.

use crate::tags;

/// How much of a note is looked at; a block that is longer is none.
pub(crate) const LOOK_BYTES: usize = 8 * 1024;

/// The line that a block begins with.
const FENCE: &str = "---\n";

/// The longest title and the longest description, in characters.
const MAX_WORDS_CHARS: usize = 200;

/// The longest name of a language that is taken, in characters.
const MAX_LANG_CHARS: usize = 35;

/// What may be said to robots.
const ROBOTS: &[&str] = &[
    "all",
    "follow",
    "index",
    "noarchive",
    "nofollow",
    "noimageindex",
    "noindex",
    "none",
    "nosnippet",
    "notranslate",
];

/// What a note says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// What it is called.
    pub title: Option<String>,
    /// Its tags, in lower case, each once.
    pub tags: Vec<String>,
    /// The language it is in, as HTML writes it.
    pub lang: Option<String>,
    /// Words for robots, with commas between.
    pub robots: Option<String>,
    /// What it is about, in a line.
    pub description: Option<String>,
}

/// Reads what a note says of itself.
#[must_use]
pub fn read(source: &str) -> FrontMatter {
    let Some(block) = block(source) else {
        return FrontMatter::default();
    };
    FrontMatter {
        title: value(block, "title").and_then(|title| line(&title)),
        tags: tags::listed_in(block),
        lang: value(block, "lang").and_then(|lang| language(&lang)),
        robots: value(block, "robots").and_then(|robots| to_robots(&robots)),
        description: value(block, "description").and_then(|words| line(&words)),
    }
}

/// How many bytes the block takes, its two lines included.
#[must_use]
pub fn length(source: &str) -> usize {
    let Some(block) = block(source) else {
        return 0;
    };
    let inside = FENCE.len() + block.len();
    let end = source.get(inside..).and_then(|rest| rest.find('\n'));
    end.map_or(source.len(), |end| inside + end + 1)
}

/// Whether a text begins as front matter does.
pub(crate) fn may_begin(source: &str) -> bool {
    source.starts_with(FENCE)
}

/// A text without the block that it may begin with.
#[must_use]
pub fn body(source: &str) -> &str {
    source.get(length(source)..).unwrap_or_default()
}

/// What stands between the first line and the one that ends the block.
pub(crate) fn block(source: &str) -> Option<&str> {
    let mut end = source.len().min(LOOK_BYTES);
    while !source.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let rest = source.get(..end)?.strip_prefix(FENCE)?;
    let mut at = 0_usize;
    for line in rest.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return rest.get(..at).filter(|block| !block.is_empty());
        }
        let is_first = at == 0;
        if key(line).is_none() && (is_first || !may_follow(line)) {
            return None;
        }
        at = at.saturating_add(line.len());
    }
    None
}

/// The key that a line begins with.
fn key(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let is_key = key.starts_with(char::is_alphabetic) && key.chars().all(plain);
    (is_key && (rest.trim().is_empty() || rest.starts_with([' ', '\t']))).then_some(key)
}

/// Whether a line without a key belongs to one above it, or says nothing.
fn may_follow(line: &str) -> bool {
    line.trim().is_empty()
        || line.starts_with(['#', ' ', '\t'])
        || line.starts_with("- ")
        || line.trim_end() == "-"
}

/// What a key stands before, in the first line that has it: what else stands in that
/// line, or in the indented ones below it.
fn value(block: &str, wanted: &str) -> Option<String> {
    let mut lines = block.lines();
    lines
        .find(|line| key(line) == Some(wanted))
        .and_then(|found| {
            let (_, first) = found.split_once(':')?;
            let first = first.trim();
            if !matches!(first, "" | "|" | ">" | "|-" | ">-") {
                return Some(unquoted(first).to_owned());
            }
            let below = lines.take_while(|line| line.starts_with([' ', '\t']));
            let words: Vec<&str> = below.flat_map(str::split_whitespace).collect();
            Some(words.join(" "))
        })
}

fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

/// One line without control characters, and not too long.
fn line(words: &str) -> Option<String> {
    let visible = words.chars().filter(|c| !c.is_control());
    let short: String = visible.take(MAX_WORDS_CHARS).collect();
    let line = short.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

/// A language that HTML may be told: letters, then parts of letters and digits.
fn language(name: &str) -> Option<String> {
    let mut parts = name.split('-');
    let first = parts.next().unwrap_or_default();
    let is_first = (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    (is_first && parts.all(is_part) && name.len() <= MAX_LANG_CHARS).then(|| name.to_owned())
}

fn to_robots(words: &str) -> Option<String> {
    let words = words
        .split(',')
        .map(|word| word.trim().to_ascii_lowercase());
    let known: Vec<String> = words
        .filter(|word| ROBOTS.contains(&word.as_str()))
        .collect();
    (!known.is_empty()).then(|| known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_says_what_it_is() {
        let source = "---\ntitle: \"Plan: *B*\"\ntags: [Work, a]\nlang: pt-BR\nrobots: noindex, evil, NoFollow\ndescription: >\n  What we do\n  when it rains.\nslideOptions:\n  theme: white\n# a comment\n\n---\n# Heading\n";
        assert_eq!(
            read(source),
            FrontMatter {
                title: Some("Plan: *B*".to_owned()),
                tags: vec!["work".to_owned(), "a".to_owned()],
                lang: Some("pt-BR".to_owned()),
                robots: Some("noindex, nofollow".to_owned()),
                description: Some("What we do when it rains.".to_owned()),
            }
        );
        assert_eq!(body(source), "# Heading\n");
    }

    #[test]
    fn a_text_begins_after_its_block() {
        for (source, text) in [
            ("---\ntags: [a]\n---\n# A\n", "# A\n"),
            ("---\ntags: [a]\n...\n\nA", "\nA"),
            ("---\na: b\n---", ""),
            ("---\na:\n- b\n---\n---\n", "---\n"),
            ("A", "A"),
        ] {
            assert_eq!(body(source), text, "{source:?}");
        }
    }

    #[test]
    fn what_begins_with_a_rule_loses_no_words() {
        for source in [
            "---\n---\n",
            "---\n\n---\n",
            "---\nFoo\n---\nBar\n---\n",
            "---\n# Slide\n---\n",
            "---\nNote: this\nis prose\n---\n",
            "---\nhttps://e.org\n---\n",
            "---\ntitle: a\n",
            "--- \ntitle: a\n---\n",
            "\n---\ntitle: a\n---\n",
        ] {
            assert_eq!(length(source), 0, "{source:?}");
            assert_eq!(read(source), FrontMatter::default(), "{source:?}");
        }
    }

    #[test]
    fn what_a_stranger_may_say_is_bounded() {
        let long = "é".repeat(1_500);
        let facts = read(&format!("---\ntitle: {long}\nlang: {long}\n---\n"));
        assert_eq!(facts.title.unwrap().chars().count(), MAX_WORDS_CHARS);
        assert_eq!(facts.lang, None);
        assert_eq!(length(&format!("---\ntitle: {long}{long}{long}\n---\n")), 0);
        for lang in ["\" onclick", "de de", "d", "de-", "-de", "de-<b>"] {
            assert_eq!(read(&format!("---\nlang: {lang}\n---\n")).lang, None);
        }
        let deep = format!("---\na:\n{}\n---\n", " b:\n".repeat(1_000));
        assert_eq!(read(&deep), FrontMatter::default());
    }
}
