//! The few elements that may be written as HTML, without attributes: `kbd`, `sub`,
//! `sup` and `br` among words; around blocks also `details` (which may be `open`)
//! and `summary`. All other HTML is shown as the text it is.
//!
//! Balanced by construction: an end without its beginning is text, and what is left
//! open ends with the element it stands in.

use super::{Open, Writer, escape};

/// A `details` that is not closed ends after this much: unlike the end of a note,
/// that keeps a keystroke in it cheap.
pub(in super::super) const MAX_DETAILS_BYTES: usize = 64 * 1024;

/// An element that may be written as HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Kbd,
    Sub,
    Sup,
    Summary,
    Details,
}

impl Element {
    pub(super) fn end(self) -> &'static str {
        match self {
            Element::Kbd => "</kbd>",
            Element::Sub => "</sub>",
            Element::Sup => "</sup>",
            Element::Summary => "</summary>",
            Element::Details => "</details>",
        }
    }
}

/// A tag that may be written as HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Start(Element, &'static str),
    End(Element),
    Break,
}

/// Reads one tag, which must be all of `text`.
fn tag(text: &str) -> Option<Tag> {
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let spaceless = inner.trim_end_matches([' ', '\t', '\n']);
    let lower = spaceless.to_ascii_lowercase();
    Some(match lower.as_str() {
        "kbd" => Tag::Start(Element::Kbd, "<kbd>"),
        "sub" => Tag::Start(Element::Sub, "<sub>"),
        "sup" => Tag::Start(Element::Sup, "<sup>"),
        "summary" => Tag::Start(Element::Summary, "<summary dir=\"auto\">"),
        "details" => Tag::Start(Element::Details, "<details>"),
        "details open" => Tag::Start(Element::Details, "<details open>"),
        "/kbd" => Tag::End(Element::Kbd),
        "/sub" => Tag::End(Element::Sub),
        "/sup" => Tag::End(Element::Sup),
        "/summary" => Tag::End(Element::Summary),
        "/details" => Tag::End(Element::Details),
        "br" | "br/" | "br /" => Tag::Break,
        _ => return None,
    })
}

/// What a block of HTML consists of.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Tag(Tag, &'a str),
    Text(&'a str),
}

/// Cuts a block of HTML into the tags that count and the text between them.
fn parts(html: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut written, mut from) = (0, 0);
    while let Some(start) = html.get(from..).and_then(|rest| rest.find('<')) {
        let start = from + start;
        from = start + 1;
        let rest = html.get(start..).unwrap_or_default();
        let end = rest
            .bytes()
            .take(MAX_TAG_BYTES)
            .position(|byte| byte == b'>');
        let Some(written_tag) = end.and_then(|end| rest.get(..=end)) else {
            continue;
        };
        if let Some(tag) = tag(written_tag) {
            parts.push(Part::Text(html.get(written..start).unwrap_or_default()));
            parts.push(Part::Tag(tag, written_tag));
            written = start + written_tag.len();
            from = written;
        }
    }
    parts.push(Part::Text(html.get(written..).unwrap_or_default()));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

/// The longest tag that is looked at.
const MAX_TAG_BYTES: usize = 32;

/// Whether all of a block of HTML is what it is, whatever stands in it.
fn is_literal(html: &str) -> bool {
    let start = html.trim_start();
    let name = |name: &str| {
        let end = start.get(..=name.len());
        end.is_some_and(|end| {
            end.get(1..)
                .is_some_and(|end| end.eq_ignore_ascii_case(name))
        })
    };
    start.starts_with("<!")
        || start.starts_with("<?")
        || ["script", "pre", "style", "textarea"]
            .iter()
            .any(|one| name(one))
}

/// How many `details` are open after a block of HTML, when so many were before.
pub(in super::super) fn open_details(html: &str, before: usize) -> usize {
    if is_literal(html) {
        return before;
    }
    parts(html).iter().fold(before, |open, part| match part {
        Part::Tag(Tag::Start(Element::Details, _), _) => open + 1,
        Part::Tag(Tag::End(Element::Details), _) => open.saturating_sub(1),
        _ => open,
    })
}

impl Writer<'_> {
    /// Writes HTML that stands among words.
    pub(super) fn inline_html(&mut self, html: &str) {
        match tag(html) {
            _ if self.image.is_some() => self.text(html),
            Some(Tag::Break) => self.out.push_str("<br>"),
            Some(Tag::Start(element, start)) if !is_block(element) => {
                self.open_raw(element, start);
            }
            Some(Tag::End(element)) if self.is_innermost(element) => self.close_one(),
            _ => self.text(html),
        }
    }

    /// Writes a block of HTML.
    pub(super) fn html_block(&mut self, html: &str) {
        let parts = if is_literal(html) {
            vec![Part::Text(html)]
        } else {
            parts(html)
        };
        let mut words = Words::default();
        for part in parts {
            match part {
                Part::Tag(Tag::Start(Element::Details, start), _) => {
                    self.write_words(&mut words);
                    self.close_inline();
                    self.open_raw(Element::Details, start);
                }
                Part::Tag(Tag::End(Element::Details), written) => {
                    self.write_words(&mut words);
                    self.close_inline();
                    if self.is_innermost(Element::Details) {
                        self.close_one();
                    } else {
                        words.text(written);
                    }
                }
                Part::Tag(Tag::Start(Element::Summary, start), _)
                    if self.is_innermost(Element::Details) =>
                {
                    self.write_words(&mut words);
                    self.open_raw(Element::Summary, start);
                }
                Part::Tag(Tag::End(Element::Summary), _) if self.is_in_summary() => {
                    self.write_words(&mut words);
                    self.close_inline();
                }
                Part::Tag(tag, written) => words.tag(tag, written),
                Part::Text(text) => words.text(text),
            }
        }
        self.write_words(&mut words);
        self.close_inline();
    }

    /// Writes the words between tags that stand around blocks.
    fn write_words(&mut self, words: &mut Words) {
        let words = std::mem::take(words);
        if words.is_blank() {
            return;
        }
        let in_summary = self.is_in_summary();
        let depth = self.open.len();
        if !in_summary {
            let (start, end) = if words.is_plain() {
                ("<p dir=\"auto\">", "</p>")
            } else {
                ("<pre class=\"raw\">", "</pre>")
            };
            self.open(start, end);
        }
        let base = self.open.len();
        for word in &words.0 {
            match word {
                Word::Text(text) => escape(&mut self.out, text),
                Word::Tag(Tag::Break, _) => self.out.push_str("<br>"),
                Word::Tag(Tag::Start(element, start), _) if !is_block(*element) => {
                    self.open_raw(*element, start);
                }
                Word::Tag(Tag::End(element), _)
                    if self.open.len() > base && self.is_innermost(*element) =>
                {
                    self.close_one();
                }
                Word::Tag(_, written) => escape(&mut self.out, written),
            }
        }
        while self.open.len() > depth + usize::from(!in_summary) {
            self.close_one();
        }
        if !in_summary {
            self.close_one();
        }
    }

    fn open_raw(&mut self, element: Element, start: &str) {
        self.open(start, element.end());
        if let Some(open) = self.open.last_mut() {
            open.raw = Some(element);
        }
    }

    fn is_innermost(&self, element: Element) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.raw == Some(element))
    }

    fn is_in_summary(&self) -> bool {
        self.is_innermost(Element::Summary)
    }

    /// Ends a summary that was left open: it holds words, and no blocks.
    fn close_inline(&mut self) {
        if self.is_in_summary() {
            self.close_one();
        }
    }
}

/// Whether an element stands around blocks, not among words.
fn is_block(element: Element) -> bool {
    matches!(element, Element::Details | Element::Summary)
}

impl Open {
    /// Whether it is a `details` written as HTML.
    pub(super) fn is_details(&self) -> bool {
        self.raw == Some(Element::Details)
    }
}

/// Words and the tags among them.
#[derive(Default)]
struct Words(Vec<Word>);

enum Word {
    Text(String),
    Tag(Tag, String),
}

impl Words {
    fn text(&mut self, text: &str) {
        self.0.push(Word::Text(text.to_owned()));
    }

    fn tag(&mut self, tag: Tag, written: &str) {
        self.0.push(Word::Tag(tag, written.to_owned()));
    }

    fn is_blank(&self) -> bool {
        let blank = |word: &Word| matches!(word, Word::Text(text) if text.trim().is_empty());
        self.0.iter().all(blank)
    }

    /// Whether there is no HTML in it but what is shown as such.
    fn is_plain(&self) -> bool {
        self.0.iter().all(|word| match word {
            Word::Text(text) => !text.contains('<'),
            Word::Tag(tag, _) => {
                !matches!(tag, Tag::Start(element, _) | Tag::End(element) if is_block(*element))
            }
        })
    }
}
