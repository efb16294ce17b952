//! What reaches across blocks: link references and footnotes.
//!
//! The first definition of a label in the note wins, wherever it stands.
//! Knows which labels changed their meaning; whom that concerns is the view's
//! affair.

use std::collections::{BTreeMap, BTreeSet};

use super::section::Section;

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

/// The definitions in force in a note.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    links: BTreeMap<Label, Target>,
    /// The label as some definition wrote it, and how many define it.
    footnotes: BTreeMap<Label, (String, usize)>,
}

/// Labels whose meaning changed.
#[derive(Debug, Default)]
pub(super) struct Changed {
    pub(super) links: BTreeSet<Label>,
    pub(super) footnotes: BTreeSet<Label>,
}

impl Definitions {
    /// What a label leads to.
    pub(super) fn link(&self, label: &str) -> Option<&Target> {
        if self.links.is_empty() {
            return None;
        }
        self.links.get(&fold(label))
    }

    /// How some definition wrote this label, if one exists.
    pub(super) fn footnote(&self, label: &Label) -> Option<&str> {
        self.footnotes
            .get(label)
            .map(|(written, _)| written.as_str())
    }

    /// Takes over that `removed` became `added` somewhere in `sections`, which
    /// is the note as it now is.
    pub(super) fn follow(
        &mut self,
        removed: &[Section],
        added: &BTreeSet<usize>,
        sections: &[Section],
    ) -> Changed {
        let added = || added.iter().filter_map(|index| sections.get(*index));
        let mut changed = Changed::default();
        let concerned: BTreeSet<&Label> = removed
            .iter()
            .chain(added())
            .flat_map(|section| {
                section
                    .footnote_definitions()
                    .iter()
                    .map(|(label, _)| label)
            })
            .collect();
        let known = |footnotes: &BTreeMap<Label, _>, label: &Label| footnotes.contains_key(label);
        let before: Vec<bool> = concerned
            .iter()
            .map(|label| known(&self.footnotes, label))
            .collect();
        for (label, _) in removed.iter().flat_map(Section::footnote_definitions) {
            if let Some((_, count)) = self.footnotes.get_mut(label) {
                *count = count.saturating_sub(1);
            }
        }
        for (label, written) in added().flat_map(Section::footnote_definitions) {
            let entry = self.footnotes.entry(label.clone());
            entry.or_insert_with(|| (written.clone(), 0)).1 += 1;
        }
        for (label, before) in concerned.into_iter().zip(before) {
            if self
                .footnotes
                .get(label)
                .is_some_and(|(_, count)| *count == 0)
            {
                self.footnotes.remove(label);
            }
            if before != known(&self.footnotes, label) {
                changed.footnotes.insert(label.clone());
            }
        }

        let concerned: BTreeSet<&Label> = removed
            .iter()
            .chain(added())
            .flat_map(|section| section.links.iter().map(|(label, _)| label))
            .collect();
        if concerned.is_empty() {
            return changed;
        }
        let mut now: BTreeMap<&Label, &Target> = BTreeMap::new();
        for (label, target) in sections.iter().flat_map(|section| &section.links) {
            if concerned.contains(label) {
                now.entry(label).or_insert(target);
            }
        }
        for label in concerned {
            let now = now.get(label).copied();
            if self.links.get(label) != now {
                changed.links.insert(label.clone());
                match now {
                    Some(target) => self.links.insert(label.clone(), target.clone()),
                    None => self.links.remove(label),
                };
            }
        }
        changed
    }
}

/// Numbers the footnotes of the whole note by their first references.
///
/// Returns the numbering of each block that has any, by its index.
pub(super) fn number(sections: &[Section]) -> Vec<(usize, Numbering)> {
    let mut numbers: BTreeMap<&Label, (u32, u32)> = BTreeMap::new();
    let mut numbered = Vec::new();
    let with_notes = || {
        let notes = |(index, section): (usize, &'_ Section)| (index, section.notes.is_some());
        sections
            .iter()
            .enumerate()
            .map(notes)
            .filter(|(_, has)| *has)
            .map(|(index, _)| index)
    };
    for index in with_notes() {
        let mut numbering = Numbering::default();
        let notes = sections
            .get(index)
            .and_then(|section| section.notes.as_deref());
        for label in notes
            .map(|notes| notes.references.as_slice())
            .unwrap_or_default()
        {
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
    for (index, numbering) in &mut numbered {
        let notes = sections
            .get(*index)
            .and_then(|section| section.notes.as_deref());
        for (label, _) in notes
            .map(|notes| notes.definitions.as_slice())
            .unwrap_or_default()
        {
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
