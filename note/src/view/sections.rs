//! The sections of a note in their order, in chunks that count: where a byte is, and
//! which section an index names, is found by stepping over whole chunks, and what
//! comes or goes moves only its own chunk.
//!
//! Each section has a name for as long as it is in the list, so that what knows it
//! need not learn where it is moved to. Knows nothing of Markdown.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::chunk::{Chunk, Names};
use super::patch::Block;
use super::section::Section;
use super::word::Signs;

/// The most sections of a chunk. A note of 1 MB in short paragraphs is some hundreds
/// of chunks then, and stepping over those takes as long as over one of them.
const WIDTH: usize = 256;

/// Names a section while it is in the list; used again afterwards.
pub(super) type Name = u32;

/// A section, its piece of the source, and the block it renders to.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) name: Name,
    pub(super) text: String,
    pub(super) section: Section,
    pub(super) block: Block,
    pub(super) signs: Signs,
}

impl Entry {
    /// Whether it has to do with footnotes.
    pub(super) fn has_notes(&self) -> bool {
        self.section.notes.is_some()
    }
}

/// The list. Its pieces of the source together are the source.
#[derive(Debug, Default)]
pub(super) struct Sections {
    chunks: Vec<Chunk>,
    next_chunk: u32,
    names: Names,
    len: usize,
    bytes: usize,
    /// Where the last search ended: what a key asks for is there again and again.
    last: Cell<Whereabouts>,
}

/// A chunk, and how many sections and bytes stand before it.
#[derive(Clone, Copy, Debug, Default)]
struct Whereabouts {
    chunk: usize,
    entries: usize,
    bytes: usize,
}

/// A place in the list: a chunk, and an entry of it.
#[derive(Clone, Copy)]
struct Spot {
    chunk: usize,
    entry: usize,
}

impl Sections {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many bytes of the source they take.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many sections begin at or before a byte.
    pub(super) fn begun_by(&self, byte: usize) -> usize {
        let is_before = |here: Whereabouts| here.bytes <= byte;
        let here = self.find(is_before, |here, chunk| here.bytes + chunk.bytes > byte);
        let (mut count, mut start) = (here.entries, here.bytes);
        let lengths = self.chunks.get(here.chunk).map(|chunk| &chunk.lengths);
        for length in lengths.into_iter().flatten() {
            if start > byte {
                break;
            }
            count += 1;
            start += length;
        }
        count
    }

    /// The sections from an index on, and the byte at which the first of them begins.
    pub(super) fn from(&self, index: usize) -> (usize, impl Iterator<Item = &Entry>) {
        let here = self.chunk_of(index);
        let chunks = self.chunks.get(here.chunk..).unwrap_or_default();
        let entry = index - here.entries;
        let within = chunks.first().map_or(&[][..], |chunk| &chunk.lengths);
        let start = here.bytes + within.iter().take(entry).sum::<usize>();
        let entries = chunks.iter().flat_map(|chunk| &chunk.entries);
        (start, entries.skip(entry))
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.chunks.iter().flat_map(|chunk| &chunk.entries)
    }

    /// The one of an index.
    pub(super) fn get(&self, index: usize) -> Option<&Entry> {
        // The beginning is asked for at each key, which leaves the last search where it is.
        let first = self.chunks.first()?;
        if let Some(entry) = first.entries.get(index) {
            return Some(entry);
        }
        let spot = self.spot(index);
        self.chunks.get(spot.chunk)?.entries.get(spot.entry)
    }

    /// The same, to be changed; not its text, nor whether it has to do with footnotes.
    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Entry> {
        let spot = self.spot(index);
        let chunk = self.chunks.get_mut(spot.chunk)?;
        chunk.entries.get_mut(spot.entry)
    }

    /// A piece of the source; `None` if it is none, or cuts a character in two.
    pub(super) fn slice(&self, range: Range<usize>) -> Option<String> {
        if range.start > range.end || range.end > self.bytes {
            return None;
        }
        let (start, entries) = self.from(self.begun_by(range.start).saturating_sub(1));
        let mut from = range.start - start;
        let mut left = range.end - range.start;
        let mut slice = String::with_capacity(left);
        for entry in entries {
            let to = entry.text.len().min(from + left);
            slice.push_str(entry.text.get(from..to)?);
            left -= to - from;
            from = 0;
            if left == 0 {
                break;
            }
        }
        Some(slice)
    }

    /// The indices of named sections, in order.
    pub(super) fn places(&self, names: &BTreeSet<Name>) -> BTreeSet<usize> {
        let mut by_chunk: BTreeMap<u32, usize> = BTreeMap::new();
        for name in names {
            if let Some(chunk) = self.names.chunks.get(*name as usize) {
                *by_chunk.entry(*chunk).or_default() += 1;
            }
        }
        let mut places = BTreeSet::new();
        let mut first = 0;
        for chunk in &self.chunks {
            if by_chunk.remove(&chunk.name).is_some() {
                let entries = chunk.entries.iter().enumerate();
                let named = entries.filter(|(_, entry)| names.contains(&entry.name));
                places.extend(named.map(|(at, _)| first + at));
            }
            if by_chunk.is_empty() {
                break;
            }
            first += chunk.entries.len();
        }
        places
    }

    /// Those that have to do with footnotes, in order, each with its index.
    pub(super) fn noted(&self) -> impl Iterator<Item = (usize, &Entry)> {
        let mut first = 0;
        let chunks = self.chunks.iter().map(move |chunk| {
            first += chunk.entries.len();
            (first - chunk.entries.len(), chunk)
        });
        chunks
            .filter(|(_, chunk)| chunk.noted > 0)
            .flat_map(|(first, chunk)| (first..).zip(&chunk.entries))
            .filter(|(_, entry)| entry.has_notes())
    }

    /// Puts sections in the place of others, and returns those. The new ones get
    /// their names here.
    pub(super) fn splice(&mut self, range: Range<usize>, mut new: Vec<Entry>) -> Vec<Entry> {
        if range.len() == 1 && new.len() == 1 {
            // As it is while people type.
            let replaced = new.pop().map(|entry| self.replace(range.start, entry));
            return replaced.flatten().into_iter().collect();
        }
        let removed = self.remove(range.clone());
        for entry in &mut new {
            entry.name = self.names.take();
        }
        self.len += new.len();
        self.bytes += new.iter().map(|entry| entry.text.len()).sum::<usize>();
        let mut spot = self.spot(range.start);
        self.last.take();
        if spot.entry == 0 && spot.chunk > 0 {
            // Between two chunks: behind the one before, where typing goes on.
            spot.chunk -= 1;
            spot.entry = self.width_of(spot.chunk);
        }
        if self.width_of(spot.chunk) + new.len() > WIDTH || self.chunks.is_empty() {
            self.spread(spot, new);
        } else if let Some(chunk) = self.chunks.get_mut(spot.chunk) {
            self.names.put(chunk.name, &new);
            chunk.entries.splice(spot.entry..spot.entry, new);
            chunk.count();
            self.join_next(spot.chunk);
        }
        removed
    }

    /// Puts one section in the place of one, and returns that; its name stays.
    fn replace(&mut self, index: usize, mut new: Entry) -> Option<Entry> {
        // It leaves the last search at this chunk, and moves none before it.
        let spot = self.spot(index);
        let chunk = self.chunks.get_mut(spot.chunk)?;
        let place = chunk.entries.get_mut(spot.entry)?;
        let length = chunk.lengths.get_mut(spot.entry)?;
        new.name = place.name;
        let (grown, noted) = (new.text.len(), usize::from(new.has_notes()));
        let old = std::mem::replace(place, new);
        *length = grown;
        chunk.bytes = chunk.bytes - old.text.len() + grown;
        chunk.noted = chunk.noted - usize::from(old.has_notes()) + noted;
        self.bytes = self.bytes - old.text.len() + grown;
        Some(old)
    }

    /// Changes the text of one and its HTML, and nothing else of it. Returns its block as it
    /// is now, and the HTML before.
    pub(super) fn respell(
        &mut self,
        index: usize,
        text: String,
        html: String,
        signs: Signs,
    ) -> Option<(Block, String)> {
        let spot = self.spot(index);
        let chunk = self.chunks.get_mut(spot.chunk)?;
        let entry = chunk.entries.get_mut(spot.entry)?;
        let length = chunk.lengths.get_mut(spot.entry)?;
        let (before, now) = (entry.text.len(), text.len());
        *length = now;
        chunk.bytes = chunk.bytes - before + now;
        self.bytes = self.bytes - before + now;
        entry.text = text;
        entry.signs = signs;
        let old = std::mem::replace(&mut entry.block.html, html);
        Some((entry.block.clone(), old))
    }

    /// Takes sections out; what is left of their chunks stays where it is.
    fn remove(&mut self, range: Range<usize>) -> Vec<Entry> {
        let mut removed = Vec::with_capacity(range.len());
        let Spot { chunk, mut entry } = self.spot(range.start);
        let mut emptied = false;
        for chunk in self.chunks.iter_mut().skip(chunk) {
            let left = range.len() - removed.len();
            if left == 0 {
                break;
            }
            let to = chunk.entries.len().min(entry + left);
            removed.extend(chunk.entries.drain(entry..to));
            chunk.count();
            emptied |= chunk.entries.is_empty();
            entry = 0;
        }
        if emptied {
            self.chunks.retain(|chunk| !chunk.entries.is_empty());
        }
        self.len -= removed.len();
        self.bytes -= removed.iter().map(|entry| entry.text.len()).sum::<usize>();
        let names = removed.iter().map(|entry| entry.name);
        self.names.free.extend(names);
        removed
    }

    /// Puts more sections in a place than its chunk holds: it and they become chunks
    /// that are half full.
    fn spread(&mut self, spot: Spot, new: Vec<Entry>) {
        if new.is_empty() {
            return;
        }
        let whole = spot.chunk..(spot.chunk + 1).min(self.chunks.len());
        let mut entries = Vec::new();
        if let Some(chunk) = self.chunks.get_mut(spot.chunk) {
            entries = std::mem::take(&mut chunk.entries);
        }
        let at = spot.entry.min(entries.len());
        entries.splice(at..at, new);
        let count = entries.len().div_ceil(WIDTH / 2);
        let each = entries.len().div_ceil(count);
        let mut chunks = Vec::with_capacity(count);
        let mut entries = entries.into_iter();
        while entries.len() > 0 {
            let mut chunk = Chunk {
                name: self.next_chunk,
                entries: entries.by_ref().take(each).collect(),
                ..Chunk::default()
            };
            self.next_chunk = self.next_chunk.wrapping_add(1);
            chunk.count();
            self.names.put(chunk.name, &chunk.entries);
            chunks.push(chunk);
        }
        self.chunks.splice(whole, chunks);
    }

    /// Joins a chunk with the next where both are nearly empty, so that what was
    /// deleted leaves nothing to step over.
    fn join_next(&mut self, at: usize) {
        let together = self.width_of(at) + self.width_of(at + 1);
        if together > WIDTH / 2 || at + 1 >= self.chunks.len() {
            return;
        }
        let next = self.chunks.remove(at + 1);
        if let Some(chunk) = self.chunks.get_mut(at) {
            self.names.put(chunk.name, &next.entries);
            chunk.entries.extend(next.entries);
            chunk.count();
        }
    }

    fn width_of(&self, chunk: usize) -> usize {
        self.chunks
            .get(chunk)
            .map_or(0, |chunk| chunk.entries.len())
    }

    /// Where an index is; behind the last chunk if it is none.
    fn spot(&self, index: usize) -> Spot {
        let here = self.chunk_of(index);
        Spot {
            chunk: here.chunk,
            entry: match self.chunks.get(here.chunk) {
                Some(_) => index - here.entries,
                None => 0,
            },
        }
    }

    fn chunk_of(&self, index: usize) -> Whereabouts {
        let is_before = |here: Whereabouts| here.entries <= index;
        self.find(is_before, |here, chunk| {
            here.entries + chunk.entries.len() > index
        })
    }

    /// The first chunk that is it, or what is behind the last one; stepping on from the
    /// last search's end where that is before it.
    fn find(
        &self,
        is_before: impl Fn(Whereabouts) -> bool,
        is_it: impl Fn(Whereabouts, &Chunk) -> bool,
    ) -> Whereabouts {
        let last = self.last.get();
        let mut here = if is_before(last) {
            last
        } else {
            Whereabouts::default()
        };
        for chunk in self.chunks.get(here.chunk..).unwrap_or_default() {
            if is_it(here, chunk) {
                self.last.set(here);
                break;
            }
            here.chunk += 1;
            here.entries += chunk.entries.len();
            here.bytes += chunk.bytes;
        }
        here
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sections of these texts; those that begin with a caret have footnotes.
    fn entries(texts: &[String]) -> Vec<Entry> {
        let entry = |text: &String| Entry {
            text: text.clone(),
            section: Section {
                notes: text.starts_with('^').then(Default::default),
                ..Section::default()
            },
            ..Entry::default()
        };
        texts.iter().map(entry).collect()
    }

    fn check(sections: &Sections, texts: &[String], story: &str) {
        let listed: Vec<&str> = sections.iter().map(|entry| entry.text.as_str()).collect();
        assert_eq!(listed, texts, "{story}");
        assert_eq!(
            (sections.len(), sections.is_empty()),
            (texts.len(), texts.is_empty())
        );
        assert_eq!(sections.bytes(), texts.concat().len(), "{story}");
        let noted = sections.noted().map(|(index, _)| index);
        let expected = (0..texts.len()).filter(|index| texts[*index].starts_with('^'));
        assert!(noted.eq(expected), "{story}");
        for chunk in &sections.chunks {
            assert!((1..=WIDTH).contains(&chunk.entries.len()), "{story}");
        }
    }

    fn check_place(sections: &Sections, texts: &[String], random: &mut fastrand::Rng) {
        let index = random.usize(..=texts.len());
        assert_eq!(sections.get(index).map(|it| &it.text), texts.get(index));
        let source = texts.concat();
        let (start, rest) = sections.from(index);
        assert_eq!(start, texts[..index].concat().len());
        assert!(rest.map(|it| &it.text).eq(&texts[index..]));
        let byte = random.usize(..=source.len());
        let starts = texts
            .iter()
            .scan(0, |at, text| Some(std::mem::replace(at, *at + text.len())));
        assert_eq!(
            sections.begun_by(byte),
            starts.filter(|start| *start <= byte).count()
        );
        let to = random.usize(byte..=source.len());
        assert_eq!(sections.slice(byte..to).as_deref(), source.get(byte..to));
        assert_eq!(sections.slice(to..source.len() + 1), None);
        let some: BTreeSet<usize> = (0..texts.len()).filter(|_| random.u8(..20) == 0).collect();
        let names = some.iter().map(|index| sections.get(*index).unwrap().name);
        assert_eq!(sections.places(&names.collect()), some);
    }

    #[test]
    fn the_list_behaves_like_a_vector() {
        for seed in 0..60 {
            let mut random = fastrand::Rng::with_seed(seed);
            let mut sections = Sections::default();
            let mut texts: Vec<String> = Vec::new();
            for round in 0..60 {
                let from = random.usize(..=texts.len());
                let gone = if random.u8(..4) == 0 { 400 } else { 4 };
                let to = (from + random.usize(..=gone)).min(texts.len());
                let come = if random.u8(..4) == 0 { 300 } else { 4 };
                let new: Vec<String> = (0..random.usize(..=come))
                    .map(|n| format!("{}{round}.{n}é\n", ["", "^"][random.usize(..2)]))
                    .collect();
                let removed = sections.splice(from..to, entries(&new));
                let expected = texts.splice(from..to, new);
                assert!(removed.into_iter().map(|it| it.text).eq(expected));
                let story = format!("seed {seed}, round {round}");
                check(&sections, &texts, &story);
                check_place(&sections, &texts, &mut random);
            }
            let names: BTreeSet<Name> = sections.iter().map(|entry| entry.name).collect();
            assert_eq!(names.len(), texts.len(), "a name twice, seed {seed}");
        }
    }

    #[test]
    fn what_was_deleted_leaves_nothing_to_step_over() {
        let mut sections = Sections::default();
        for _ in 0..40 {
            sections.splice(0..0, entries(&vec![String::from("a\n"); WIDTH + 1]));
            while sections.len() > 3 {
                sections.splice(2..3, Vec::new());
            }
        }
        assert!(sections.chunks.len() <= 2, "{}", sections.chunks.len());
        assert!(sections.names.chunks.len() <= 2 * WIDTH);
    }
}
