//! What reaches across blocks: link references and footnotes.
//!
//! The first definition of a label in the note wins, wherever it stands.
//! Knows which labels changed their meaning; whom that concerns is the view's
//! affair.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::section::Section;
use super::sections::{Entry, Name, Sections};

/// A label as it is compared: white space collapsed, case folded.
pub(super) type Label = String;

/// Where a link reference leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) address: String,
    pub(super) title: String,
}

/// What the note as a whole says about the footnotes of one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbering {
    /// For each reference in order: its number, and how often that footnote
    /// has been referred to, this time included.
    pub(super) references: Vec<(u32, u32)>,
    /// For each definition in order: its number if anything refers to it, and
    /// whether it is the first of its label.
    pub(super) definitions: Vec<(Option<u32>, bool)>,
}

/// The definitions in force in a note, and whom each label reaches.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    links: BTreeMap<Label, Link>,
    footnotes: BTreeMap<Label, Footnote>,
    /// Link labels that lead somewhere.
    targets: usize,
}

/// What there is to know of a link label.
#[derive(Debug, Default)]
struct Link {
    target: Option<Target>,
    /// The sections that define it, and those that asked for it.
    defined_in: BTreeSet<Name>,
    asked_in: BTreeSet<Name>,
}

/// What there is to know of a footnote's label.
#[derive(Debug, Default)]
struct Footnote {
    /// As some definition wrote it.
    written: String,
    /// How many define it.
    count: usize,
    /// The sections that may refer to it.
    mentioned_in: BTreeSet<Name>,
}

/// Labels whose meaning changed.
#[derive(Debug, Default)]
pub(super) struct Changed {
    links: Vec<Label>,
    footnotes: Vec<Label>,
}

impl Changed {
    pub(super) fn is_empty(&self) -> bool {
        self.links.is_empty() && self.footnotes.is_empty()
    }
}

impl Definitions {
    /// What a label leads to.
    pub(super) fn link(&self, label: &str) -> Option<&Target> {
        if self.targets == 0 {
            return None;
        }
        self.links.get(&fold(label))?.target.as_ref()
    }

    /// How some definition wrote this label, if one exists.
    pub(super) fn footnote(&self, label: &Label) -> Option<&str> {
        let footnote = self.footnotes.get(label)?;
        (footnote.count > 0).then_some(footnote.written.as_str())
    }

    /// Takes over that `removed` became those of `added` in `sections`, which is the
    /// note as it now is.
    pub(super) fn follow(
        &mut self,
        removed: &[Entry],
        added: Range<usize>,
        sections: &Sections,
    ) -> Changed {
        let came = || sections.from(added.start).1.take(added.len());
        let touched = || removed.iter().chain(came()).map(|entry| &entry.section);
        let notes = touched().flat_map(Section::footnote_definitions);
        let notes: BTreeSet<&Label> = notes.map(|(label, _)| label).collect();
        let links = touched().flat_map(|section| &section.links);
        let links: BTreeSet<&Label> = links.map(|(label, _)| label).collect();
        let known = |known: &Self, label: &Label| known.footnote(label).is_some();
        let before: Vec<bool> = notes.iter().map(|label| known(self, label)).collect();
        removed.iter().for_each(|entry| self.forget(entry));
        came().for_each(|entry| self.learn(entry));

        let mut changed = Changed::default();
        let notes = notes.into_iter().zip(before);
        let notes = notes.filter(|(label, before)| known(self, label) != *before);
        changed.footnotes = notes.map(|(label, _)| label.clone()).collect();
        for label in links {
            let target = self.first_target(label, sections);
            let link = self.links.entry(label.clone()).or_default();
            if link.target != target {
                self.targets += usize::from(target.is_some());
                self.targets -= usize::from(link.target.is_some());
                link.target = target;
                changed.links.push(label.clone());
            }
            self.drop_link(label);
        }
        changed
    }

    /// The sections that labels reach.
    pub(super) fn reached(&self, changed: &Changed) -> BTreeSet<Name> {
        let links = changed.links.iter();
        let links = links.filter_map(|label| self.links.get(label));
        let notes = changed.footnotes.iter();
        let notes = notes.filter_map(|label| self.footnotes.get(label));
        let links = links.flat_map(|link| &link.asked_in);
        let notes = notes.flat_map(|note| &note.mentioned_in);
        links.chain(notes).copied().collect()
    }

    /// Takes over that a section, rendered again, asked for these link labels.
    pub(super) fn asked(&mut self, name: Name, before: &[Label], now: &[Label]) {
        if before == now {
            return;
        }
        for label in before {
            self.links
                .entry(label.clone())
                .or_default()
                .asked_in
                .remove(&name);
        }
        for label in now {
            self.links
                .entry(label.clone())
                .or_default()
                .asked_in
                .insert(name);
        }
        before.iter().for_each(|label| self.drop_link(label));
    }

    /// The target of the first definition of a label.
    fn first_target(&self, label: &Label, sections: &Sections) -> Option<Target> {
        let defined_in = &self.links.get(label)?.defined_in;
        let first = match defined_in.len() {
            0 => return None,
            _ => sections.places(defined_in).into_iter().next()?,
        };
        let links = &sections.get(first)?.section.links;
        let found = links.iter().find(|(defined, _)| defined == label);
        found.map(|(_, target)| target.clone())
    }

    fn learn(&mut self, entry: &Entry) {
        for (label, _) in &entry.section.links {
            let link = self.links.entry(label.clone()).or_default();
            link.defined_in.insert(entry.name);
        }
        for (label, written) in entry.section.footnote_definitions() {
            let footnote = self.footnotes.entry(label.clone()).or_default();
            footnote.written.clone_from(written);
            footnote.count += 1;
        }
        for label in entry.section.mentions() {
            let footnote = self.footnotes.entry(label.clone()).or_default();
            footnote.mentioned_in.insert(entry.name);
        }
    }

    /// Forgets a section. A link label stays while it leads somewhere: what it
    /// leads to then is found out afterwards.
    fn forget(&mut self, entry: &Entry) {
        for (label, _) in &entry.section.links {
            if let Some(link) = self.links.get_mut(label) {
                link.defined_in.remove(&entry.name);
            }
        }
        let defined = entry.section.footnote_definitions().iter();
        for (label, _) in defined.clone() {
            if let Some(footnote) = self.footnotes.get_mut(label) {
                footnote.count = footnote.count.saturating_sub(1);
            }
        }
        for label in entry.section.mentions() {
            if let Some(footnote) = self.footnotes.get_mut(label) {
                footnote.mentioned_in.remove(&entry.name);
            }
        }
        let defined = defined.map(|(label, _)| label);
        for label in defined.chain(entry.section.mentions()) {
            let is_nothing = |it: &Footnote| it.count == 0 && it.mentioned_in.is_empty();
            if self.footnotes.get(label).is_some_and(is_nothing) {
                self.footnotes.remove(label);
            }
        }
        self.asked(entry.name, &entry.section.asked, &[]);
    }

    /// Forgets a link label that nothing is known of.
    fn drop_link(&mut self, label: &Label) {
        let is_nothing = |link: &Link| {
            link.target.is_none() && link.asked_in.is_empty() && link.defined_in.is_empty()
        };
        if self.links.get(label).is_some_and(is_nothing) {
            self.links.remove(label);
        }
    }
}

/// Numbers the footnotes of the whole note by their first references.
///
/// Returns the numbering of each block that has any, by its index.
pub(super) fn number(sections: &Sections) -> Vec<(usize, Numbering)> {
    let with_notes = || {
        let noted = sections.noted();
        noted.filter_map(|(index, entry)| Some((index, entry.section.notes.as_deref()?)))
    };
    let mut numbers: BTreeMap<&Label, (u32, u32)> = BTreeMap::new();
    let mut numbered = Vec::new();
    for (index, notes) in with_notes() {
        let mut numbering = Numbering::default();
        for label in &notes.references {
            let next = u32::try_from(numbers.len())
                .unwrap_or(u32::MAX)
                .saturating_add(1);
            let (number, occurrences) = numbers.entry(label).or_insert((next, 0));
            *occurrences = occurrences.saturating_add(1);
            numbering.references.push((*number, *occurrences));
        }
        numbered.push((index, numbering));
    }
    let mut defined = BTreeSet::new();
    for ((_, numbering), (_, notes)) in numbered.iter_mut().zip(with_notes()) {
        for (label, _) in &notes.definitions {
            let number = numbers.get(label).map(|(number, _)| *number);
            numbering.definitions.push((number, defined.insert(label)));
        }
    }
    numbered
}

/// Folds a label as the parser compares them: white space collapsed, and full
/// Unicode case folding, which the two case mappings together give.
pub(super) fn fold(label: &str) -> Label {
    let mut folded = String::with_capacity(label.len());
    for (index, word) in label.split_ascii_whitespace().enumerate() {
        if index > 0 {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            word.chars().for_each(|c| fold_char(&mut folded, c));
        }
    }
    folded
}

fn fold_char(folded: &mut String, c: char) {
    // The dotless i is a letter of its own, though its capital is not.
    if c == '\u{131}' {
        folded.push(c);
        return;
    }
    let upper = c.to_lowercase().flat_map(char::to_uppercase);
    folded.extend(upper.flat_map(char::to_lowercase));
}
