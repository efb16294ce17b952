//! The view of a note: safe HTML made from its Markdown, as a keyed list of
//! top-level blocks.
//!
//! Source goes in, patches come out, and the cost of an edit follows the edit:
//! only the blocks around it are cut and rendered again, and those that a
//! changed link or footnote definition reaches. What comes out is always what
//! rendering the whole source afresh would give. Knows no page and no wire.

use std::ops::Range;

mod address;
mod blocks;
mod chunk;
mod contents;
mod cut;
mod definitions;
mod extended;
mod follow;
mod headings;
mod history;
mod html;
mod inline;
mod math;
#[cfg(test)]
mod oracle;
mod patch;
mod section;
mod sections;
mod task;
mod title;
mod wiki;
mod word;

pub use history::{Replaced, Untraced};
pub use inline::inline_html;
pub use patch::{Block, Patch, PatchError, Stays, apply_patches};
pub use task::TaskBox;
pub use title::Title;
pub use wiki::{MAX_WIKI_LINKS, wiki_links};

use crate::front_matter;
use contents::Contents;
use definitions::Definitions;
use headings::Ids;
use history::History;
use sections::Sections;

/// HTML bytes allowed for each byte of source; references and tables can
/// multiply what they are given.
const MAX_GROWTH: usize = 10;

/// HTML bytes allowed besides, so that short notes may use long links.
const FREE_HTML_BYTES: usize = 64 * 1024;

/// Characters of the source that may each become a node of the parser's tree;
/// more would take more memory than a room has.
const MAX_MARKS: usize = 300_000;

const PAUSED: &str =
    "<p class=\"paused\">Preview paused: this note takes too much to render. Editing goes on.</p>";

/// A range that is not in the source, or cuts a character in two.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("bytes {start} to {end} are no range of a source of {len} bytes")]
pub struct RangeError {
    /// Where the range was to begin.
    pub start: usize,
    /// Where it was to end.
    pub end: usize,
    /// How long the source is.
    pub len: usize,
}

/// Markdown source and the blocks it renders to.
#[derive(Debug, Default)]
pub struct View {
    /// One for each block; together they are the source, unless there is none.
    sections: Sections,
    /// The source while there is no section: it has no block, or the view is paused.
    loose: String,
    definitions: Definitions,
    ids: Ids,
    contents: Contents,
    next_key: u32,
    html_bytes: usize,
    marks: usize,
    /// The sentence that stands for the blocks of a paused view.
    paused: Option<Block>,
    work: u64,
    history: History,
}

/// What replaces the bytes between two places of the source.
struct Change<'a> {
    start: usize,
    end: usize,
    insert: &'a str,
}

impl Change<'_> {
    /// Where a place behind the change is after it.
    fn moved(&self, at: usize) -> usize {
        at - self.end + self.start + self.insert.len()
    }
}

impl View {
    /// Renders a source from scratch.
    pub fn new(source: &str) -> View {
        let mut view = View::default();
        view.update(source);
        view
    }

    /// Takes a new whole source; finds what changed and renders only that.
    pub fn update(&mut self, source: &str) -> Vec<Patch> {
        let before = self.source();
        let start = blocks::common_prefix(&before, source);
        let most = before.len().min(source.len()) - start;
        let suffix = blocks::common_suffix(&before, source, most);
        let insert = source.get(start..source.len() - suffix).unwrap_or_default();
        let range = start..before.len() - suffix;
        self.replace(range, insert).unwrap_or_default()
    }

    /// Replaces a range of bytes of the source.
    pub fn replace(&mut self, range: Range<usize>, insert: &str) -> Result<Vec<Patch>, RangeError> {
        let Some(removed) = self.slice(range.clone()) else {
            return Err(RangeError {
                start: range.start,
                end: range.end,
                len: self.len_bytes(),
            });
        };
        if removed == insert {
            return Ok(Vec::new());
        }
        self.marks = self.marks - marks(&removed) + marks(insert);
        let standing = self.standing();
        let change = Change {
            start: range.start,
            end: range.end,
            insert,
        };
        let rendered = if self.marks > MAX_MARKS || self.paused.is_some() {
            self.loosen();
            self.loose.replace_range(range, insert);
            (self.marks <= MAX_MARKS).then(|| self.resume()).flatten()
        } else {
            self.follow(&change)
        };
        Ok(rendered.unwrap_or_else(|| self.pause(standing)))
    }

    /// The Markdown, put together.
    pub fn source(&self) -> String {
        let mut source = String::with_capacity(self.len_bytes());
        source.push_str(&self.loose);
        source.extend(self.sections.iter().map(|entry| entry.text.as_str()));
        source
    }

    /// How long the Markdown is.
    pub fn len_bytes(&self) -> usize {
        self.sections.bytes() + self.loose.len()
    }

    /// A piece of the Markdown; `None` if it is none, or cuts a character in two.
    pub fn slice(&self, range: Range<usize>) -> Option<String> {
        if self.sections.is_empty() {
            return self.loose.get(range).map(str::to_owned);
        }
        self.sections.slice(range)
    }

    /// The Markdown from its beginning: so many bytes at most, whole characters only.
    pub fn beginning(&self, bytes: usize) -> String {
        let texts = self.sections.iter().map(|entry| entry.text.as_str());
        let mut beginning = String::new();
        for text in std::iter::once(self.loose.as_str()).chain(texts) {
            let mut end = text.len().min(bytes - beginning.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            beginning.push_str(text.get(..end).unwrap_or_default());
            if end < text.len() {
                break;
            }
        }
        beginning
    }

    /// Whether the note begins as one does that says of itself what it is.
    fn may_have_front_matter(&self) -> bool {
        let first = self.sections.get(0).map(|entry| entry.text.as_str());
        front_matter::may_begin(first.unwrap_or(&self.loose))
    }

    /// The blocks as they are now.
    pub fn blocks(&self) -> Vec<Block> {
        self.standing_blocks().cloned().collect()
    }

    /// The whole view as one fragment of HTML.
    pub fn html(&self) -> String {
        let html: Vec<&str> = self
            .standing_blocks()
            .map(|block| block.html.as_str())
            .collect();
        html.join("\n")
    }

    /// How long the HTML of its blocks is.
    pub fn html_bytes(&self) -> usize {
        self.html_bytes
    }

    /// Whether the source is too much to render, and a sentence stands for it.
    pub fn paused(&self) -> bool {
        self.paused.is_some()
    }

    /// How many bytes have been given to the Markdown parser so far: what the
    /// view has cost, counted without a clock.
    pub fn work(&self) -> u64 {
        self.work
    }

    fn standing_blocks(&self) -> impl Iterator<Item = &Block> {
        let rendered = self.sections.iter().map(|entry| &entry.block);
        self.paused.iter().chain(rendered)
    }

    /// How many blocks a page has.
    fn standing(&self) -> usize {
        self.sections.len() + usize::from(self.paused.is_some())
    }

    fn html_limit(&self) -> usize {
        self.len_bytes() * MAX_GROWTH + FREE_HTML_BYTES
    }

    /// Shows the sentence instead of the `standing` blocks that the page has.
    fn pause(&mut self, standing: usize) -> Vec<Patch> {
        self.loosen();
        if self.paused.is_some() {
            return Vec::new();
        }
        let block = Block {
            key: self.next_key,
            html: PAUSED.to_owned(),
        };
        self.next_key = self.next_key.wrapping_add(1);
        self.paused = Some(block.clone());
        vec![Patch {
            at: 0,
            remove: standing,
            insert: vec![block],
            ..Patch::default()
        }]
    }

    /// Tries the whole source again after a pause.
    fn resume(&mut self) -> Option<Vec<Patch>> {
        let source = std::mem::take(&mut self.loose);
        let whole = Change {
            start: 0,
            end: 0,
            insert: &source,
        };
        let rendered = self.follow(&whole)?;
        let sentence = self.paused.take();
        let mut patches = Vec::with_capacity(rendered.len() + 1);
        patches.extend(sentence.map(|_| Patch {
            remove: 1,
            ..Patch::default()
        }));
        patches.extend(rendered);
        Some(patches)
    }

    /// Forgets all but the source.
    fn loosen(&mut self) {
        self.history.lose();
        if !self.sections.is_empty() {
            self.loose = self.source();
        }
        self.sections = Sections::default();
        self.definitions = Definitions::default();
        self.ids = Ids::default();
        self.contents = Contents::default();
        self.html_bytes = 0;
    }
}

/// How many characters could become nodes of their own in the parser's tree.
fn marks(text: &str) -> usize {
    let is_mark = |byte: &u8| b"\n\r*_~`[]!<&\\|^$>-+#.)".contains(byte);
    text.as_bytes().iter().filter(|byte| is_mark(byte)).count()
}
