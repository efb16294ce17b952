//! What the note is called, and which of its blocks says so: what changes elsewhere
//! gives it no other name, and nothing has to be read for it.

use pulldown_cmark::HeadingLevel;

use super::View;
use super::patch::Patch;
use super::sections::Entry;
use crate::summary::{self, LOOK_BYTES, Words};
use crate::{changes::Changes, front_matter};

/// What a note is called, and by what. Nothing at first.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Title {
    /// As [`summary::title`] has it: `None` if there is no text.
    pub text: Option<String>,
    said_by: SaidBy,
    /// The source of what says it: that may change, and look the same.
    source: String,
    /// How many of the labels it asks for are defined somewhere.
    defined: usize,
    /// How long the front matter was, and the note.
    front: usize,
    len: usize,
}

/// Who says what a note is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SaidBy {
    /// The beginning as a whole: any change in it may say otherwise.
    #[default]
    Beginning,
    /// Its front matter, whatever the blocks say.
    FrontMatter,
    /// A block, by index: the first that has a top heading.
    Heading(usize),
    /// The first words, which end at a byte of a block, by index; there is no top heading.
    Words { block: usize, end: usize },
}

impl Title {
    /// Goes along with a view whose source changed, and its blocks by patches: false where
    /// something else may be said now, so that [`View::title`] has to be asked.
    pub fn follow(&mut self, view: &View, changes: &Changes, patches: &[Patch]) -> bool {
        let splices = changes.splices();
        let first = splices.and_then(|splices| splices.first());
        let at = first.map_or(0, |splice| splice.from.byte);
        let is_one = splices.is_some_and(|splices| splices.len() == 1);
        self.follow_from((at, is_one), view, patches)
    }

    /// The same, of changes that begin at a byte, or of a single one.
    pub fn follow_from(
        &mut self,
        (at, is_one): (usize, bool),
        view: &View,
        patches: &[Patch],
    ) -> bool {
        let front = self.front.max(view.front_bytes());
        let len = std::mem::replace(&mut self.len, view.len_bytes());
        let is_near = at <= LOOK_BYTES;
        let stays = (front == 0 || at > front)
            && match &mut self.said_by {
                SaidBy::FrontMatter => true,
                SaidBy::Beginning => !is_near,
                SaidBy::Words { block, end } => {
                    // What stood behind the beginning may come into it.
                    let moves = self.len < len || !is_one || patches.len() > 1;
                    let comes_near = is_near && len > LOOK_BYTES && moves;
                    let is_behind = |it: &Patch| it.at > *block || it.at == *block && at > *end;
                    !comes_near && patches.iter().all(|it| is_behind(it) && !heads(it))
                }
                SaidBy::Heading(block) => {
                    let stays = patches.iter().all(|patch| outlives(block, patch));
                    let is_long = self.len > LOOK_BYTES;
                    let stays_near = !is_long || !is_near || view.ends_near(*block);
                    // What defines a label may be moved over the edge.
                    stays && stays_near && (!is_long || self.defined == 0)
                }
            };
        let stays = stays && self.is_source_of(view);
        if !stays {
            self.said_by = SaidBy::Beginning;
        }
        stays
    }

    fn is_source_of(&self, view: &View) -> bool {
        let source = self.said_by.source(view).map(str::bytes);
        source.flatten().eq(self.source.bytes()) && self.said_by.defined(view) == self.defined
    }
}

/// Whether it brings a top heading.
fn heads(patch: &Patch) -> bool {
    patch.insert.iter().any(|it| it.html.contains("<h1"))
}

/// Follows the first block with a top heading; false where it may be another.
fn outlives(block: &mut usize, patch: &Patch) -> bool {
    if patch.at > *block {
        return true;
    }
    let is_before = patch.at + patch.remove <= *block && !heads(patch);
    if is_before {
        *block = *block - patch.remove + patch.insert.len();
    }
    is_before
}

impl SaidBy {
    /// The source of what says it, in pieces; of the front matter none.
    fn source(self, view: &View) -> impl Iterator<Item = &str> {
        let (from, to, mut left) = match self {
            Self::Beginning | Self::FrontMatter => (0, 0, 0),
            Self::Heading(block) => (block, block + 1, LOOK_BYTES),
            Self::Words { block, end } => (0, block + 1, end.min(LOOK_BYTES)),
        };
        (from..to).map_while(move |index| {
            let text = view.sections.get(index)?.text.as_str();
            let piece = text.get(..text.floor_char_boundary(left))?;
            left -= piece.len();
            Some(piece)
        })
    }

    fn defined(self, view: &View) -> usize {
        let (Self::Heading(block) | Self::Words { block, .. }) = self else {
            return 0;
        };
        let Some(entry) = view.sections.get(block) else {
            return 0;
        };
        let leads = |label: &&String| view.definitions.link(label).is_some();
        let is_note = |label: &&String| view.definitions.footnote(label).is_some();
        let links = entry.section.asked.iter().filter(leads).count();
        links + entry.section.mentions().iter().filter(is_note).count()
    }
}

impl View {
    /// What the note is called.
    pub fn title(&self) -> Title {
        let first = self.sections.get(0);
        let front = first.and_then(|entry| entry.text.get(..entry.section.front));
        let said = front.and_then(|front| front_matter::read(front).title);
        let (text, said_by) = match said {
            Some(said) => (Some(said), SaidBy::FrontMatter),
            None => self.title_by_blocks(),
        };
        Title {
            text,
            said_by,
            source: said_by.source(self).collect(),
            defined: said_by.defined(self),
            front: self.front_bytes(),
            len: self.len_bytes(),
        }
    }

    fn title_by_blocks(&self) -> (Option<String>, SaidBy) {
        if let Some((said_by, words)) = self.block_that_names() {
            // What a label says may be read only where its definition is read too.
            let is_whole = said_by.defined(self) == 0;
            let reads_all = self.len_bytes() <= LOOK_BYTES;
            if matches!(said_by, SaidBy::Heading(_)) && !is_whole && reads_all {
                return (self.title_by_all(), said_by);
            }
            if is_whole {
                return (Some(words.line), said_by);
            }
        }
        (self.title_by_all(), SaidBy::Beginning)
    }

    fn title_by_all(&self) -> Option<String> {
        summary::title(&self.beginning(LOOK_BYTES))
    }

    /// The first block with a top heading in what a summary looks at, or else the first one
    /// with words, and what it says by itself. None where it takes all to know.
    fn block_that_names(&self) -> Option<(SaidBy, Words)> {
        let mut start = 0;
        let mut with_words = None;
        for (block, entry) in self.sections.iter().enumerate() {
            let end = start + entry.text.len();
            let mut headings = entry.section.headings().iter();
            if headings.any(|it| it.level == HeadingLevel::H1 && !it.text.is_empty()) {
                // One that is cut off there is another one to a summary.
                let words = summary::first_words(source(entry))?;
                let is_it = words.are_heading && end <= LOOK_BYTES;
                return is_it.then_some((SaidBy::Heading(block), words));
            }
            if with_words.is_none()
                && let Some(words) = summary::first_words(source(entry))
            {
                if words.are_heading {
                    return None;
                }
                let end = words.end.saturating_add(start + entry.section.front);
                with_words = Some((SaidBy::Words { block, end }, words));
            }
            start = end;
            if start >= LOOK_BYTES {
                break;
            }
        }
        with_words
    }

    fn ends_near(&self, block: usize) -> bool {
        let (start, mut entries) = self.sections.from(block);
        let len = entries.next().map_or(0, |entry| entry.text.len());
        start + len <= LOOK_BYTES
    }

    /// How many bytes of the source are front matter, which is shown in no block.
    fn front_bytes(&self) -> usize {
        let loose = || front_matter::length(&self.loose);
        let first = self.sections.get(0);
        first.map_or_else(loose, |entry| entry.section.front)
    }
}

/// A block's source, without front matter.
fn source(entry: &Entry) -> &str {
    entry.text.get(entry.section.front..).unwrap_or_default()
}
