//! The view of a note: safe HTML made from its Markdown, as a keyed list of
//! top-level blocks.
//!
//! Source goes in, patches come out, and the cost of an edit follows the edit:
//! only the blocks around it are cut and rendered again, and those that a
//! changed link or footnote definition reaches. What comes out is always what
//! rendering the whole source afresh would give. Knows no page and no wire.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

mod address;
mod blocks;
mod definitions;
mod headings;
mod html;
mod inline;
#[cfg(test)]
mod oracle;
mod patch;
mod section;

pub use inline::inline_html;
pub use patch::{Block, Patch, PatchError, apply_patches};

use definitions::Definitions;
use section::Section;

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
    source: String,
    /// One for each block; together they are the source, unless there is no block.
    sections: Vec<Section>,
    blocks: Vec<Block>,
    definitions: Definitions,
    next_key: u32,
    html_bytes: usize,
    marks: usize,
    paused: bool,
    work: u64,
}

/// Where the source changed: the bytes before, and how many stand there now.
struct Change {
    start: usize,
    old_end: usize,
    new_end: usize,
}

/// Sections looked at beyond the touched ones at first: two whole blocks must
/// be found again where they were, and the third shows where the second ends.
const FIRST_REACH: usize = 2;

/// Sections cut again before the touched one: it may have grown together with
/// the one before, which may have begun only because a table seemed to.
const BLOCKS_BEFORE: usize = 2;

/// What became of the sections around a change.
#[derive(Default)]
struct Placed {
    /// Old sections that are no more; kept ones have left an empty one here.
    removed: Vec<Section>,
    /// Indices of the new ones.
    added: BTreeSet<usize>,
    /// Those that stayed: index among the new ones, index among the old ones.
    kept: BTreeMap<usize, usize>,
}

/// Which sections an edit replaces, and where the new ones begin.
struct Cut {
    sections: Range<usize>,
    from: usize,
    to: usize,
    /// Offsets from `from`.
    starts: Vec<usize>,
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
        let start = blocks::common_prefix(&self.source, source);
        let most = self.source.len().min(source.len()) - start;
        let suffix = blocks::common_suffix(&self.source, source, most);
        let insert = source.get(start..source.len() - suffix).unwrap_or_default();
        let range = start..self.source.len() - suffix;
        self.replace(range, insert).unwrap_or_default()
    }

    /// Replaces a range of bytes of the source.
    pub fn replace(&mut self, range: Range<usize>, insert: &str) -> Result<Vec<Patch>, RangeError> {
        let Some(removed) = self.source.get(range.clone()) else {
            return Err(RangeError {
                start: range.start,
                end: range.end,
                len: self.source.len(),
            });
        };
        if removed == insert {
            return Ok(Vec::new());
        }
        self.marks = self.marks - marks(removed) + marks(insert);
        let change = Change {
            start: range.start,
            old_end: range.end,
            new_end: range.start + insert.len(),
        };
        self.source.replace_range(range, insert);
        let standing = self.blocks.len();
        let rendered = if self.marks > MAX_MARKS {
            None
        } else if self.paused {
            self.resume()
        } else {
            self.follow(&change)
        };
        Ok(rendered.unwrap_or_else(|| self.pause(standing)))
    }

    /// The Markdown.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The blocks as they are now.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The whole view as one fragment of HTML.
    pub fn html(&self) -> String {
        let html: Vec<&str> = self
            .blocks
            .iter()
            .map(|block| block.html.as_str())
            .collect();
        html.join("\n")
    }

    /// Whether the source is too much to render, and a sentence stands for it.
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// How many bytes have been given to the Markdown parser so far: what the
    /// view has cost, counted without a clock.
    pub fn work(&self) -> u64 {
        self.work
    }

    fn html_limit(&self) -> usize {
        self.source.len() * MAX_GROWTH + FREE_HTML_BYTES
    }

    /// Shows the sentence instead of the `standing` blocks that the page has.
    fn pause(&mut self, standing: usize) -> Vec<Patch> {
        self.forget();
        if self.paused {
            return Vec::new();
        }
        self.paused = true;
        let block = Block {
            key: self.next_key,
            html: PAUSED.to_owned(),
        };
        self.next_key = self.next_key.wrapping_add(1);
        self.blocks = vec![block.clone()];
        vec![Patch {
            at: 0,
            remove: standing,
            insert: vec![block],
        }]
    }

    /// Tries the whole source again after a pause.
    fn resume(&mut self) -> Option<Vec<Patch>> {
        self.forget();
        let standing = std::mem::take(&mut self.blocks);
        let whole = Change {
            start: 0,
            old_end: 0,
            new_end: self.source.len(),
        };
        let Some(rendered) = self.follow(&whole) else {
            self.blocks = standing;
            return None;
        };
        self.paused = false;
        let mut patches = vec![Patch {
            at: 0,
            remove: standing.len(),
            insert: Vec::new(),
        }];
        patches.extend(rendered);
        Some(patches)
    }

    fn forget(&mut self) {
        self.sections = Vec::new();
        self.definitions = Definitions::default();
        self.html_bytes = 0;
    }

    /// Brings the blocks up to date with a change already made to the source;
    /// `None` if that came to too much HTML.
    fn follow(&mut self, change: &Change) -> Option<Vec<Patch>> {
        let cut = self.cut_around(change);
        let placed = self.place(change, &cut);
        let concerned = self.concerned(&placed);
        let mut rendered = self.render(concerned)?;
        let first = cut.sections.start;
        let old = self.blocks.get(cut.sections.clone()).unwrap_or_default();
        let mut html = Vec::with_capacity(cut.starts.len());
        for index in 0..cut.starts.len() {
            let fresh = rendered.remove(&(first + index));
            let kept = || old.get(*placed.kept.get(&index)?);
            html.push(
                fresh
                    .or_else(|| Some(kept()?.html.clone()))
                    .unwrap_or_default(),
            );
        }
        self.html_bytes -= html_bytes(old);
        let (blocks, mut patches) = patch::follow(old, html, first, &mut self.next_key);
        self.html_bytes += html_bytes(&blocks);
        self.blocks.splice(cut.sections, blocks);
        for (index, html) in rendered {
            self.change_in_place(index, html, &mut patches);
        }
        (self.html_bytes <= self.html_limit()).then_some(patches)
    }

    /// Cuts as little of the source again as tells all new blocks.
    ///
    /// It begins before the touched block, and ends where two old cut points in a row are found
    /// again: from there on everything stands as it stood.
    fn cut_around(&mut self, change: &Change) -> Cut {
        let starts = self.starts();
        let moved = |at: usize| at - change.old_end + change.new_end;
        let touched = starts.partition_point(|start| *start <= change.start);
        let mut first = touched.saturating_sub(1 + BLOCKS_BEFORE);
        let after = starts.partition_point(|start| *start <= change.old_end);
        let mut reach = FIRST_REACH;
        loop {
            let from = starts
                .get(first)
                .copied()
                .filter(|_| first > 0)
                .unwrap_or(0);
            let end = starts.get(after + reach).map(|at| moved(*at));
            let to = end.unwrap_or(self.source.len());
            let slice = self.source.get(from..to).unwrap_or_default();
            let mut found = blocks::cut(slice, &mut self.work);
            if first > 0 && found.first() != Some(&0) {
                first -= 1;
                continue;
            }
            if let Some(start) = found.first_mut() {
                *start = 0;
            }
            if end.is_none() {
                return Cut {
                    sections: first..self.sections.len(),
                    from,
                    to,
                    starts: found,
                };
            }
            let is_next = |pair: &[usize], at: usize, next: usize| {
                pair.first().is_some_and(|start| from + start == moved(at))
                    && pair.get(1).is_some_and(|start| from + start == moved(next))
            };
            for last in after..after + reach - 1 {
                let (Some(at), Some(next)) = (starts.get(last), starts.get(last + 1)) else {
                    break;
                };
                let agreed = found.windows(2).position(|pair| is_next(pair, *at, *next));
                if let Some(count) = agreed {
                    found.truncate(count);
                    return Cut {
                        sections: first..last,
                        from,
                        to: moved(*at),
                        starts: found,
                    };
                }
            }
            reach *= 2;
        }
    }

    /// Where each section begins, before the change.
    fn starts(&self) -> Vec<usize> {
        let lengths = self.sections.iter().map(|section| section.len);
        let begin = |at: &mut usize, len: usize| Some(std::mem::replace(at, *at + len));
        lengths.scan(0, begin).collect()
    }

    /// Puts new sections in the place of the old ones, keeping those that the
    /// change did not touch.
    fn place(&mut self, change: &Change, cut: &Cut) -> Placed {
        let mut placed = Placed::default();
        let mut untouched = BTreeMap::new();
        let old = self.sections.get(cut.sections.clone()).unwrap_or_default();
        let mut start = cut.from;
        for (index, section) in old.iter().enumerate() {
            let end = start + section.len;
            if end <= change.start {
                untouched.insert((start, end), index);
            } else if start >= change.old_end {
                let moved = |at: usize| at - change.old_end + change.new_end;
                untouched.insert((moved(start), moved(end)), index);
            }
            start = end;
        }
        let ends = cut.starts.iter().skip(1).map(|start| cut.from + start);
        let mut fresh = Vec::with_capacity(cut.starts.len());
        for (index, (start, end)) in cut.starts.iter().zip(ends.chain([cut.to])).enumerate() {
            let start = cut.from + start;
            if let Some(old) = untouched.get(&(start, end)) {
                placed.kept.insert(index, *old);
                fresh.push(Section::default());
            } else {
                let text = self.source.get(start..end).unwrap_or_default();
                placed.added.insert(cut.sections.start + index);
                fresh.push(Section::read(text, &mut self.work));
            }
        }
        let first = cut.sections.start;
        let removed = self.sections.splice(cut.sections.clone(), fresh);
        let mut removed: Vec<Section> = removed.collect();
        for (index, old) in &placed.kept {
            let kept = removed.get_mut(*old).map(std::mem::take);
            if let (Some(kept), Some(place)) = (kept, self.sections.get_mut(first + index)) {
                *place = kept;
            }
        }
        placed.removed = removed;
        placed
    }

    /// Which sections have to be rendered: the new ones, and those that asked
    /// for a label whose meaning changed.
    fn concerned(&mut self, placed: &Placed) -> BTreeSet<usize> {
        let mut concerned = placed.added.clone();
        let changed = self
            .definitions
            .follow(&placed.removed, &placed.added, &self.sections);
        if !changed.links.is_empty() || !changed.footnotes.is_empty() {
            for (index, section) in self.sections.iter().enumerate() {
                let mentions = section.notes.iter().flat_map(|notes| &notes.mentions);
                let mut mentions = mentions.filter(|label| changed.footnotes.contains(*label));
                let mut asked = section.asked.iter();
                if asked.any(|label| changed.links.contains(label)) || mentions.next().is_some() {
                    concerned.insert(index);
                }
            }
        }
        let sections = concerned
            .iter()
            .filter_map(|index| self.sections.get(*index));
        let noted = sections.chain(&placed.removed).any(Section::is_numbered);
        if noted {
            self.renumber(&mut concerned);
        }
        concerned
    }

    /// Numbers the footnotes and headings again, and adds the sections whose
    /// numbers changed.
    fn renumber(&mut self, concerned: &mut BTreeSet<usize>) {
        let mut start = 0;
        for (index, section) in self.sections.iter_mut().enumerate() {
            let end = start + section.len;
            if concerned.contains(&index) {
                let text = self.source.get(start..end).unwrap_or_default();
                section.refer(text, &self.definitions, &mut self.work);
            }
            start = end;
        }
        for (index, numbering) in definitions::number(&self.sections) {
            let section = self.sections.get_mut(index);
            let notes = section.and_then(|section| section.notes.as_deref_mut());
            if let Some(notes) = notes.filter(|notes| notes.numbering != numbering) {
                notes.numbering = numbering;
                concerned.insert(index);
            }
        }
        headings::number(&mut self.sections, concerned);
    }

    /// Renders sections; `None` if they come to more than the whole may.
    fn render(&mut self, concerned: BTreeSet<usize>) -> Option<BTreeMap<usize, String>> {
        let mut left = self.html_limit();
        let mut rendered = BTreeMap::new();
        let mut start = 0;
        for (index, section) in self.sections.iter_mut().enumerate() {
            let end = start + section.len;
            if concerned.contains(&index) {
                let text = self.source.get(start..end).unwrap_or_default();
                let html = section
                    .render(text, &self.definitions, left, &mut self.work)
                    .ok()?;
                left = left.checked_sub(html.len())?;
                rendered.insert(index, html);
            }
            start = end;
        }
        Some(rendered)
    }

    fn change_in_place(&mut self, at: usize, html: String, patches: &mut Vec<Patch>) {
        let Some(block) = self.blocks.get_mut(at).filter(|block| block.html != html) else {
            return;
        };
        self.html_bytes = self.html_bytes + html.len() - block.html.len();
        block.html = html;
        patches.push(Patch {
            at,
            remove: 1,
            insert: vec![block.clone()],
        });
    }
}

fn html_bytes(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| block.html.len()).sum()
}

/// How many characters could become nodes of their own in the parser's tree.
fn marks(text: &str) -> usize {
    let is_mark = |byte: &u8| b"\n\r*_~`[]!<&\\|^>-+#.)".contains(byte);
    text.as_bytes().iter().filter(|byte| is_mark(byte)).count()
}
