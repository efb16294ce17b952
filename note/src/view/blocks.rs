//! Cutting the source into top-level blocks, and finding how little of it an
//! edit makes necessary to cut again.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::html::{MAX_DETAILS_BYTES, open_details};
use super::section::{options, parseable};

/// Cut points of a stretch of source: the starts of the lines where top-level
/// blocks begin, ascending, as far as parsing can begin there afresh. A block
/// that leans on the one before it is not cut from it.
pub(super) fn cut(text: &str, work: &mut u64) -> Vec<usize> {
    *work += text.len() as u64;
    let text = parseable(text);
    let mut starts: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    let mut before = None;
    let mut details = Details::default();
    for (event, range) in Parser::new_ext(&text, options()).into_offset_iter() {
        if depth == 0 {
            let block = Found::new(&text, &event, &range);
            let start = match &before {
                // Whatever stands before the first block goes with it.
                None => line_start(&text, range.start),
                Some(before) => block
                    .start
                    .filter(|start| !details.holds(range.start) && !leans(&text, before, *start)),
            };
            let block = Found {
                joined: start.is_none(),
                ..block
            };
            starts.extend(start);
            before = Some(block);
        }
        details.follow(&event, depth, range.start);
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    starts
}

/// The `details` elements around top-level blocks: what stands in one is a part of
/// it, and not cut from it.
#[derive(Default)]
pub(super) struct Details {
    open: usize,
    /// Where the outermost began.
    begin: usize,
    /// The block of HTML that goes by.
    html: Option<String>,
}

impl Details {
    /// Looks at the next event.
    pub(super) fn follow(&mut self, event: &Event<'_>, depth: usize, at: usize) {
        match (event, &mut self.html) {
            (Event::Start(Tag::HtmlBlock), html) if depth == 0 => {
                *html = Some(String::new());
                if self.open == 0 {
                    self.begin = at;
                }
            }
            (Event::Html(text), Some(html)) => html.push_str(text),
            (Event::End(TagEnd::HtmlBlock), Some(html)) => {
                self.open = open_details(html, self.open);
                self.html = None;
            }
            _ => {}
        }
    }

    /// Whether a block that begins here stands in one.
    pub(super) fn holds(&mut self, at: usize) -> bool {
        if at > self.begin + MAX_DETAILS_BYTES {
            self.open = 0;
        }
        self.open > 0
    }
}

/// A top-level block as the parser reported it.
struct Found {
    /// The start of its line, if nothing but indentation stands before it.
    start: Option<usize>,
    /// Where it begins itself.
    begin: usize,
    /// Where it ends. For containers the parser counts trailing definitions
    /// in, so there it is not known.
    end: Option<usize>,
    /// Whether it was not cut from the one before.
    joined: bool,
}

impl Found {
    fn new(text: &str, event: &Event<'_>, range: &Range<usize>) -> Found {
        let container = matches!(
            event,
            Event::Start(Tag::List(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_))
        );
        let code = matches!(event, Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
        // A footnote definition may stand deeply indented in another one and end it.
        let start = line_start(text, range.start)
            .filter(|start| code || text.get(*start..range.start).is_some_and(is_shallow));
        Found {
            start,
            begin: range.start,
            end: (!container).then_some(range.end),
            joined: false,
        }
    }
}

/// Indentation that means nothing.
fn is_shallow(indent: &str) -> bool {
    indent.len() < 4 && !indent.contains('\t')
}

/// Whether what starts here directly follows a link definition: it is then
/// read as the definition's paragraph going on, which forbids some blocks.
fn leans(text: &str, before: &Found, start: usize) -> bool {
    let between = |from: usize| text.get(from..start).unwrap_or_default();
    let mut lines = between(before.begin).split_inclusive('\n').rev();
    match before.end {
        _ if lines.next().is_none_or(is_blank) => false,
        // What was joined may have been ended by a table that begins here.
        _ if before.joined => true,
        Some(end) => !is_blank(between(end)),
        None => {
            let lines = between(before.begin).split_inclusive('\n').rev();
            let mut paragraph = lines.take_while(|line| !is_blank(line));
            paragraph.any(|line| line.contains("]:"))
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// The start of the line, if nothing but indentation stands before `at`.
fn line_start(text: &str, at: usize) -> Option<usize> {
    let before = text.as_bytes().get(..at)?;
    let indent = before
        .iter()
        .rev()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let start = at - indent;
    let line = start == 0 || matches!(before.get(start - 1), Some(b'\n' | b'\r'));
    line.then_some(start)
}

/// Bytes compared at once: enough for the compiler to use wide registers.
const STRIDE: usize = 64;

/// How many bytes two texts share at their beginning, whole characters only.
pub(super) fn common_prefix(one: &str, other: &str) -> usize {
    let strides = |text: &str| text.len() / STRIDE;
    let most = strides(one).min(strides(other));
    let (a, b) = (
        one.as_bytes().chunks(STRIDE),
        other.as_bytes().chunks(STRIDE),
    );
    let same = a.zip(b).take(most).take_while(|(a, b)| a == b).count() * STRIDE;
    let (a, b) = (one.bytes().skip(same), other.bytes().skip(same));
    let mut end = same + a.zip(b).take_while(|(a, b)| a == b).count();
    while !one.is_char_boundary(end) || !other.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// How many bytes two texts share at their end, at most `most`, whole
/// characters only.
pub(super) fn common_suffix(one: &str, other: &str, most: usize) -> usize {
    let (a, b) = (
        one.as_bytes().rchunks(STRIDE),
        other.as_bytes().rchunks(STRIDE),
    );
    let strides = most / STRIDE;
    let same = a.zip(b).take(strides).take_while(|(a, b)| a == b).count() * STRIDE;
    let (a, b) = (one.bytes().rev().skip(same), other.bytes().rev().skip(same));
    let tail = a
        .zip(b)
        .take(most - same)
        .take_while(|(a, b)| a == b)
        .count();
    let mut length = same + tail;
    while !one.is_char_boundary(one.len() - length) || !other.is_char_boundary(other.len() - length)
    {
        length -= 1;
    }
    length
}
