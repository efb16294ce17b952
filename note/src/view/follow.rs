//! Following a change: new sections in the place of old ones, and what of the rest
//! they reach rendered again.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::cut::Cut;
use super::definitions::{Changed, number};
use super::headings::Touched;
use super::patch::{self, Block, Patch};
use super::section::Section;
use super::sections::Entry;
use super::word::Signs;
use super::{Change, View};
use crate::front_matter;

/// What became of the sections around a change.
struct Placed {
    /// Old sections that are no more.
    removed: Vec<Entry>,
    /// Indices of the new ones.
    added: Range<usize>,
}

impl View {
    /// Brings source and blocks up to date with a change; `None` if that came to too
    /// much HTML. The source has changed even then.
    pub(super) fn follow(&mut self, change: &Change<'_>) -> Option<Vec<Patch>> {
        let mut cut = self.cut_around(change);
        self.remember(change, &cut);
        if let Some(patches) = self.respell(change, &mut cut) {
            return Some(patches);
        }
        let placed = self.place(cut);
        let concerned = self.concerned(&placed);
        let mut rendered = self.render(concerned)?;
        let Placed { removed, added } = placed;
        let old: Vec<Block> = removed.into_iter().map(|entry| entry.block).collect();
        let html = added.clone().map(|index| rendered.remove(&index));
        let html = html.map(Option::unwrap_or_default).collect();
        self.html_bytes -= html_bytes(&old);
        let (blocks, mut patches) = patch::follow(&old, html, added.start, &mut self.next_key);
        self.html_bytes += html_bytes(&blocks);
        for (index, block) in added.zip(blocks) {
            if let Some(entry) = self.sections.get_mut(index) {
                entry.signs = Signs::of(&entry.text, &block.html);
                entry.block = block;
            }
        }
        for (index, html) in rendered {
            self.change_in_place(index, html, &mut patches);
        }
        (self.html_bytes <= self.html_limit()).then_some(patches)
    }

    /// Puts new sections in the place of the old ones.
    fn place(&mut self, cut: Cut) -> Placed {
        let work = &mut self.work;
        let first = cut.sections.start;
        let read = |(index, text): (usize, &str)| {
            let front = match first + index {
                0 => front_matter::length(text),
                _ => 0,
            };
            Entry {
                section: Section::read(text, front, work),
                text: text.to_owned(),
                ..Entry::default()
            }
        };
        let fresh: Vec<Entry> = cut.pieces().enumerate().map(read).collect();
        let added = first..first + fresh.len();
        let removed = self.sections.splice(cut.sections, fresh);
        self.loose = if self.sections.is_empty() {
            cut.text
        } else {
            String::new()
        };
        Placed { removed, added }
    }

    /// Which sections have to be rendered: the new ones, and those that asked
    /// for a label whose meaning changed.
    fn concerned(&mut self, placed: &Placed) -> BTreeSet<usize> {
        let Placed { removed, added } = placed;
        let changed = self
            .definitions
            .follow(removed, added.clone(), &self.sections);
        let reached = self.definitions.reached(&changed);
        let mut concerned = self.sections.places(&reached);
        concerned.extend(added.clone());
        let mut fresh = self.sections.from(added.start).1.take(added.len());
        let is_numbered = |entry: &Entry| entry.section.is_numbered();
        let numbered = removed.iter().any(is_numbered) || fresh.any(is_numbered);
        drop(fresh);
        let renumbered =
            (numbered || !changed.is_empty()) && self.renumber(placed, &changed, &mut concerned);
        removed.iter().for_each(|entry| self.contents.forget(entry));
        let fresh = self.sections.from(added.start).1.take(added.len());
        fresh.for_each(|entry| self.contents.learn(entry));
        self.contents
            .settle(renumbered, &self.sections, &mut concerned);
        concerned
    }

    /// Numbers the footnotes and headings again, and adds the sections whose
    /// numbers changed. Says whether they or the headings may have changed at all.
    fn renumber(
        &mut self,
        placed: &Placed,
        changed: &Changed,
        concerned: &mut BTreeSet<usize>,
    ) -> bool {
        let mut touched = Touched::default();
        for Entry { name, section, .. } in &placed.removed {
            self.ids.forget(*name, section.headings(), &mut touched);
        }
        for index in concerned.iter() {
            let Some(entry) = self.sections.get_mut(*index) else {
                continue;
            };
            let before = entry.section.headings().to_vec();
            self.ids.forget(entry.name, &before, &mut touched);
            let Entry { section, text, .. } = entry;
            section.refer(text, &self.definitions, &mut self.work);
            self.ids
                .learn(entry.name, entry.section.headings(), &mut touched);
        }
        if changed.is_empty() && self.keep_numbers(placed).is_some() {
            return false;
        }
        let is_noted = |index: &usize| self.sections.get(*index).is_some_and(Entry::has_notes);
        let noted = placed.removed.iter().any(Entry::has_notes) || concerned.iter().any(is_noted);
        let numbered = noted.then(|| number(&self.sections));
        for (index, numbering) in numbered.into_iter().flatten() {
            let entry = self.sections.get_mut(index);
            let notes = entry.and_then(|entry| entry.section.notes.as_deref_mut());
            if let Some(notes) = notes.filter(|notes| notes.numbering != numbering) {
                notes.numbering = numbering;
                concerned.insert(index);
            }
        }
        self.ids.settle(&touched, &mut self.sections, concerned);
        true
    }

    /// Numbers one section that came in the place of one with the same footnotes and
    /// headings, as it is while people type, without a look at the rest.
    fn keep_numbers(&mut self, placed: &Placed) -> Option<()> {
        let [removed] = placed.removed.as_slice() else {
            return None;
        };
        let is_one = placed.added.len() == 1;
        let now = is_one.then(|| self.sections.get_mut(placed.added.start))??;
        let alike = now.section.is_numbered_like(&removed.section);
        alike.then(|| now.section.take_numbers(&removed.section))
    }

    /// Renders sections; `None` if they come to more than the whole may.
    fn render(&mut self, concerned: BTreeSet<usize>) -> Option<BTreeMap<usize, String>> {
        let mut left = self.html_limit();
        let mut rendered = BTreeMap::new();
        for index in concerned {
            let Entry {
                name,
                text,
                section,
                ..
            } = self.sections.get_mut(index)?;
            let before = std::mem::take(&mut section.asked);
            let html = section
                .render(
                    text,
                    &self.definitions,
                    self.contents.lines(),
                    left,
                    &mut self.work,
                )
                .ok()?;
            self.definitions.asked(*name, &before, &section.asked);
            left = left.checked_sub(html.len())?;
            rendered.insert(index, html);
        }
        Some(rendered)
    }

    fn change_in_place(&mut self, at: usize, html: String, patches: &mut Vec<Patch>) {
        let entry = self.sections.get_mut(at);
        let Some(entry) = entry.filter(|entry| entry.block.html != html) else {
            return;
        };
        self.html_bytes = self.html_bytes + html.len() - entry.block.html.len();
        let old = std::mem::replace(&mut entry.block.html, html);
        entry.signs = Signs::of(&entry.text, &entry.block.html);
        patches.push(Patch::between(at, &[&old], vec![entry.block.clone()]));
    }
}

fn html_bytes(blocks: &[Block]) -> usize {
    blocks.iter().map(|block| block.html.len()).sum()
}
