//! What the note is called, and which of its blocks says so: what changes elsewhere
//! gives it no other name, and nothing has to be read for it.

use std::ops::RangeInclusive;

use pulldown_cmark::HeadingLevel;

use super::View;
use super::patch::Patch;
use super::sections::Entry;
use crate::{front_matter, summary};

/// What a note is called, and by what. Nothing at first.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Title {
    /// As [`summary::title`] has it: `None` if there is no text.
    pub text: Option<String>,
    said_by: SaidBy,
    /// The source of the blocks that say it: one may change, and look the same.
    source: String,
    /// How many of the labels it asks for are defined somewhere.
    defined: usize,
}

/// Who says what a note is called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SaidBy {
    /// Whoever it is, a change of any block may say otherwise.
    #[default]
    Anyone,
    /// Its front matter, whatever the blocks say.
    FrontMatter,
    /// A block, by index: the first that has a top heading.
    Heading(usize),
    /// A block, by index: the first that has words, in a note without a top heading.
    Words(usize),
}

impl Title {
    /// Goes along with a view whose source changed, and its blocks by patches: false where
    /// those may say otherwise now, so that [`View::title`] has to be asked. Knows nothing of
    /// front matter.
    pub fn follow(&mut self, view: &View, patches: &[Patch]) -> bool {
        let stays = self.said_by != SaidBy::Anyone
            && patches.iter().all(|patch| self.said_by.outlives(patch))
            && self.said_by.source(view).eq(self.source.bytes())
            && self.said_by.defined(view) == self.defined;
        if !stays {
            self.said_by = SaidBy::Anyone;
        }
        stays
    }
}

impl SaidBy {
    fn outlives(&mut self, patch: &Patch) -> bool {
        let heads = || patch.insert.iter().any(|block| block.html.contains("<h1"));
        match self {
            Self::Anyone => false,
            Self::FrontMatter => true,
            Self::Words(said_by) => patch.at > *said_by && !heads(),
            Self::Heading(said_by) if patch.at > *said_by => true,
            Self::Heading(said_by) => {
                let is_before = patch.at + patch.remove <= *said_by && !heads();
                if is_before {
                    *said_by = *said_by - patch.remove + patch.insert.len();
                }
                is_before
            }
        }
    }

    /// The bytes of the blocks that say it; of the front matter none.
    fn source(self, view: &View) -> impl Iterator<Item = u8> {
        let blocks = match self {
            Self::Anyone | Self::FrontMatter => RangeInclusive::new(1, 0),
            Self::Heading(said_by) => said_by..=said_by,
            Self::Words(said_by) => 0..=said_by,
        };
        let entries = blocks.filter_map(|index| view.sections.get(index));
        entries.flat_map(|entry| source(entry).bytes())
    }

    fn defined(self, view: &View) -> usize {
        let (Self::Heading(index) | Self::Words(index)) = self else {
            return 0;
        };
        let Some(entry) = view.sections.get(index) else {
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
        let source = said_by.source(self).collect();
        Title {
            text,
            said_by,
            source: String::from_utf8(source).unwrap_or_default(),
            defined: said_by.defined(self),
        }
    }

    fn title_by_blocks(&self) -> (Option<String>, SaidBy) {
        let all = || summary::title(&self.beginning(summary::LOOK_BYTES));
        let names = self.block_that_names();
        let Some((said_by, entry)) = names else {
            return (all(), SaidBy::Anyone);
        };
        let is_heading = matches!(said_by, SaidBy::Heading(_));
        let by_itself = summary::first_words(source(entry));
        let defined = said_by.defined(self);
        match by_itself {
            Some((text, by_heading)) if by_heading == is_heading && defined == 0 => {
                (Some(text), said_by)
            }
            // What is a link is known only where its definition is read too. What is a
            // footnote says nothing.
            Some((_, by_heading)) if by_heading == is_heading && !entry.has_notes() => {
                (all(), said_by)
            }
            _ => (all(), SaidBy::Anyone),
        }
    }

    /// How many bytes of the source are front matter, which is shown in no block.
    pub fn front_bytes(&self) -> usize {
        let loose = || front_matter::length(&self.loose);
        self.sections
            .get(0)
            .map_or_else(loose, |entry| entry.section.front)
    }

    /// The first block with a top heading in what a summary looks at, or else the first one
    /// with words.
    fn block_that_names(&self) -> Option<(SaidBy, &Entry)> {
        let mut start = 0;
        let mut with_words = None;
        for (index, entry) in self.sections.iter().enumerate() {
            let end = start + entry.text.len();
            let mut headings = entry.section.headings().iter();
            if headings.any(|it| it.level == HeadingLevel::H1 && !it.text.is_empty()) {
                // One that is cut off there is another one to a summary.
                let is_whole = end <= summary::LOOK_BYTES;
                return is_whole.then_some((SaidBy::Heading(index), entry));
            }
            if with_words.is_none() && summary::first_words(source(entry)).is_some() {
                with_words = Some((SaidBy::Words(index), entry));
            }
            start = end;
            if start >= summary::LOOK_BYTES {
                break;
            }
        }
        with_words
    }
}

/// A block's source, without front matter.
fn source(entry: &Entry) -> &str {
    entry.text.get(entry.section.front..).unwrap_or_default()
}
