//! One section of the source: a block and the blank lines and definitions that
//! trail it. Reads what it defines, and renders it.

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag};
use std::borrow::Cow;
use std::cell::RefCell;

use super::contents::{self, Line};
use super::definitions::{Definitions, Label, Numbering, Target, fold};
use super::extended::{self, Piece};
use super::headings::{self, Heading};
use super::html::{Around, TooLong, Writer};

/// Closes the footnote definitions put before a block, so that the block
/// starts as it would at the beginning of a note.
const AFTER_STUBS: &str = "***\n";

/// A stretch of the source that renders to one block.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The links it defines, each label once.
    pub(super) links: Vec<(Label, Target)>,
    /// Every link label it asked for, found or not.
    pub(super) asked: Vec<Label>,
    /// What it has to do with footnotes, if anything.
    pub(super) notes: Option<Box<Notes>>,
    /// Its headings, if it has any or may have.
    pub(super) headings: Option<Box<Headings>>,
    /// Whether it may show the note's contents.
    pub(super) has_contents: bool,
    /// How many of its bytes are the note's front matter, which is not shown.
    pub(super) front: usize,
}

/// A section's headings.
#[derive(Debug, Default)]
pub(super) struct Headings {
    /// They, in order.
    pub(super) found: Vec<Heading>,
    /// The id of each, which the note as a whole decides.
    pub(super) ids: Vec<String>,
}

/// A section's footnotes.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Labels it might refer to, if they are defined.
    pub(super) mentions: Vec<Label>,
    /// Labels it does refer to, in order.
    pub(super) references: Vec<Label>,
    /// Labels it defines, in order, and how it writes them.
    pub(super) definitions: Vec<(Label, String)>,
    /// What its HTML was made with.
    pub(super) numbering: Numbering,
}

/// The Markdown that Tandem speaks.
pub(super) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_WIKILINKS
}

/// The same text with each lone carriage return written as a line feed, which
/// means the same: the parser mishandles some of them.
pub(super) fn parseable(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let lone = c == '\r' && chars.peek() != Some(&'\n');
        out.push(if lone { '\n' } else { c });
    }
    Cow::Owned(out)
}

impl Section {
    /// Reads what a stretch of source defines, without rendering it. The first `front`
    /// bytes of it are the note's front matter.
    pub(super) fn read(text: &str, front: usize, work: &mut u64) -> Section {
        let text = text.get(front..).unwrap_or_default();
        let mut section = Section {
            front,
            has_contents: contents::may_be_in(text),
            ..Section::default()
        };
        let mentions = mentions(text);
        let mut notes = Notes::default();
        if text.contains("]:") {
            *work += text.len() as u64;
            let text = parseable(text);
            let mut events = Parser::new_ext(&text, options()).into_offset_iter();
            if !mentions.is_empty() {
                for (event, _) in events.by_ref() {
                    if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                        notes.definitions.push((fold(&label), label.into_string()));
                    }
                }
            }
            let links = events.reference_definitions().iter();
            section.links = links
                .map(|(label, link)| {
                    let title = link.title.as_deref().unwrap_or_default().to_owned();
                    let address = link.dest.to_string();
                    (fold(label), Target { address, title })
                })
                .collect();
            section
                .links
                .sort_unstable_by(|one, other| one.0.cmp(&other.0));
        }
        if !mentions.is_empty() {
            notes.mentions = mentions;
            section.notes = Some(Box::new(notes));
        }
        section.headings = headings::may_be_in(text).then(Box::default);
        section
    }

    /// Whether the note as a whole has a say in how it is shown.
    pub(super) fn is_numbered(&self) -> bool {
        self.notes.is_some() || self.headings.is_some()
    }

    /// Whether the note as a whole numbers another one alike: what both refer to,
    /// define and are headed by is the same.
    pub(super) fn is_numbered_like(&self, other: &Section) -> bool {
        let labels = |section: &'_ Section| {
            let labels = section.footnote_definitions().iter();
            labels.map(|(label, _)| label.clone()).collect::<Vec<_>>()
        };
        self.references() == other.references()
            && labels(self) == labels(other)
            && self.headings() == other.headings()
    }

    /// Is numbered as another one was.
    pub(super) fn take_numbers(&mut self, from: &Section) {
        if let (Some(notes), Some(from)) = (&mut self.notes, &from.notes) {
            notes.numbering.clone_from(&from.numbering);
        }
        if let (Some(headings), Some(from)) = (&mut self.headings, &from.headings) {
            headings.ids.clone_from(&from.ids);
        }
    }

    /// The footnotes it refers to, in order.
    fn references(&self) -> &[Label] {
        self.notes
            .as_deref()
            .map(|notes| notes.references.as_slice())
            .unwrap_or_default()
    }

    /// Its headings, in order.
    pub(super) fn headings(&self) -> &[Heading] {
        self.headings
            .as_deref()
            .map(|headings| headings.found.as_slice())
            .unwrap_or_default()
    }

    /// The footnotes it defines, each with how it is written.
    pub(super) fn footnote_definitions(&self) -> &[(Label, String)] {
        self.notes
            .as_deref()
            .map(|notes| notes.definitions.as_slice())
            .unwrap_or_default()
    }

    /// The footnotes it might refer to.
    pub(super) fn mentions(&self) -> &[Label] {
        self.notes
            .as_deref()
            .map(|notes| notes.mentions.as_slice())
            .unwrap_or_default()
    }

    /// Finds the footnotes it refers to and the headings it has, which needs to be
    /// known before any of them has a number.
    pub(super) fn refer(&mut self, text: &str, known: &Definitions, work: &mut u64) {
        if !self.is_numbered() {
            return;
        }
        let mut references = Vec::new();
        let mut headings = headings::Reader::default();
        self.pieces(text, known, work, |piece, _, _| {
            headings.piece(&piece);
            if let Piece::Event(Event::FootnoteReference(label)) = piece {
                references.push(fold(&label));
            }
            Ok(())
        })
        .unwrap_or_default();
        if let Some(notes) = &mut self.notes {
            notes.references = references;
        }
        if let Some(known) = &mut self.headings {
            known.found = headings.finish();
        }
    }

    /// Renders it to one HTML element of at most `limit` bytes.
    pub(super) fn render(
        &mut self,
        text: &str,
        known: &Definitions,
        contents: &[Line],
        limit: usize,
        work: &mut u64,
    ) -> Result<String, TooLong> {
        let around = Around {
            numbering: self.notes.as_deref().map(|notes| &notes.numbering),
            ids: self
                .headings
                .as_deref()
                .map_or(&[], |headings| headings.ids.as_slice()),
            contents,
        };
        let asked = RefCell::new(Vec::new());
        let target = |label: &str| {
            asked.borrow_mut().push(fold(label));
            known.link(label).cloned()
        };
        let mut writer = Writer::new(limit, around, &target);
        let mut ask = self.pieces(text, known, work, |piece, at, written| {
            writer.piece(piece, at, written)
        })?;
        let (html, elements) = writer.finish();
        ask.append(&mut asked.into_inner());
        ask.sort_unstable();
        ask.dedup();
        self.asked = ask;
        // Two footnotes can be defined in one line, and a line is not divided; nor is
        // a block of HTML.
        Ok(if elements == 1 {
            html
        } else {
            format!("<div>{html}</div>")
        })
    }

    /// Parses the section as a part of its note; returns the labels that its
    /// own definitions did not answer. `each` gets a piece, where it stands in the
    /// section, and the source it was made of.
    fn pieces(
        &self,
        text: &str,
        known: &Definitions,
        work: &mut u64,
        mut each: impl FnMut(Piece<'_>, usize, &str) -> Result<(), TooLong>,
    ) -> Result<Vec<Label>, TooLong> {
        let text = parseable(text.get(self.front..).unwrap_or_default());
        let stubs = self.stubs(known);
        let (text, skip) = match stubs {
            None => (text, 0),
            Some(mut stubs) => {
                let skip = stubs.len();
                stubs.push_str(&text);
                (Cow::Owned(stubs), skip)
            }
        };
        *work += text.len() as u64;
        let mut asked = Vec::new();
        let answer = |link: BrokenLink<'_>| {
            let target = known.link(&link.reference);
            asked.push(fold(&link.reference));
            target.map(|target| {
                let owned = |text: &str| CowStr::from(text.to_owned());
                (owned(&target.address), owned(&target.title))
            })
        };
        let parser = Parser::new_with_broken_link_callback(&text, options(), Some(answer));
        for (piece, range) in extended::pieces(parser.into_offset_iter(), &text) {
            if skip == 0 || range.start >= skip {
                let written = text.get(range.clone()).unwrap_or_default();
                each(piece, range.start - skip + self.front, written)?;
            }
        }
        Ok(asked)
    }

    /// Definitions of the footnotes it may refer to, to stand before it: the
    /// parser takes for a reference only what is defined in the same text.
    fn stubs(&self, known: &Definitions) -> Option<String> {
        let mentions = &self.notes.as_deref()?.mentions;
        let mut stubs = String::new();
        for written in mentions.iter().filter_map(|label| known.footnote(label)) {
            stubs.push_str("[^");
            stubs.push_str(written);
            stubs.push_str("]:\n");
        }
        if stubs.is_empty() {
            return None;
        }
        stubs.push_str(AFTER_STUBS);
        Some(stubs)
    }
}

/// The labels after each `[^`: all that could be footnotes, and perhaps more.
fn mentions(text: &str) -> Vec<Label> {
    let mut found = Vec::new();
    for rest in text.split("[^").skip(1) {
        let mut escaped = false;
        let end = rest.find(|c| {
            let ends = !escaped && matches!(c, ']' | '[' | '\n' | '\r');
            escaped = c == '\\' && !escaped;
            ends
        });
        if let Some((label, _)) = end.and_then(|end| rest.split_at_checked(end)) {
            found.push(fold(label));
            if label.contains("\\|") {
                found.push(fold(&label.replace("\\|", "|")));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
