//! The note's contents: a list of its headings with links, where a paragraph is
//! nothing but `[TOC]`.
//!
//! Every heading is in every such list, so that they are made again when one changes;
//! in a note without any, nothing is gathered.

use std::collections::BTreeSet;

use pulldown_cmark::HeadingLevel;

use super::sections::{Entry, Name, Sections};

/// What stands for the contents, in any case.
const SIGN: &str = "[TOC]";

/// Most headings in a list; a note with more is not read by its contents.
const MAX_LINES: usize = 1_000;

/// A heading in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) level: HeadingLevel,
    pub(super) text: String,
    pub(super) id: String,
}

/// The headings of a note, and the sections that list them.
#[derive(Debug, Default)]
pub(super) struct Contents {
    lines: Vec<Line>,
    shown_in: BTreeSet<Name>,
}

/// Whether a paragraph stands for the contents.
pub(super) fn is_sign(paragraph: &str) -> bool {
    paragraph.trim().eq_ignore_ascii_case(SIGN)
}

/// Whether there may be a list of contents in a stretch of source.
pub(super) fn may_be_in(text: &str) -> bool {
    let is_sign = |(at, _): (usize, &str)| {
        let sign = text.as_bytes().get(at..at + SIGN.len());
        sign.is_some_and(|sign| sign.eq_ignore_ascii_case(SIGN.as_bytes()))
    };
    text.match_indices('[').any(is_sign)
}

impl Contents {
    /// The list.
    pub(super) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// A section is no more.
    pub(super) fn forget(&mut self, entry: &Entry) {
        if entry.section.has_contents {
            self.shown_in.remove(&entry.name);
        }
    }

    /// A section came.
    pub(super) fn learn(&mut self, entry: &Entry) {
        if entry.section.has_contents {
            self.shown_in.insert(entry.name);
        }
    }

    /// Gathers the headings again if they may have changed, and adds the sections that
    /// list them if they have.
    pub(super) fn settle(
        &mut self,
        may_have_changed: bool,
        sections: &Sections,
        concerned: &mut BTreeSet<usize>,
    ) {
        if self.shown_in.is_empty() {
            self.lines = Vec::new();
            return;
        }
        if !may_have_changed && !self.lines.is_empty() {
            return;
        }
        let headings = sections
            .iter()
            .filter_map(|entry| entry.section.headings.as_deref());
        let headings = headings.flat_map(|headings| headings.found.iter().zip(&headings.ids));
        let lines = headings.take(MAX_LINES).map(|(heading, id)| Line {
            level: heading.level,
            text: heading.text.clone(),
            id: id.clone(),
        });
        let lines: Vec<Line> = lines.collect();
        if lines != self.lines {
            self.lines = lines;
            concerned.extend(sections.places(&self.shown_in));
        }
    }
}
