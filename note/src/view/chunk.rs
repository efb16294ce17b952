//! A piece of the list of sections, and the names of sections by the piece they are in.

use super::sections::{Entry, Name};

/// Sections that follow one another, and what they come to.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    /// Never used again in this list.
    pub(super) name: u32,
    pub(super) entries: Vec<Entry>,
    /// How long the text of each is: entries are large, and these stand close together.
    pub(super) lengths: Vec<usize>,
    pub(super) bytes: usize,
    /// How many have to do with footnotes.
    pub(super) noted: usize,
}

/// Which chunk each name is in.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) chunks: Vec<u32>,
    pub(super) free: Vec<Name>,
}

impl Chunk {
    pub(super) fn count(&mut self) {
        self.lengths.clear();
        let lengths = self.entries.iter().map(|entry| entry.text.len());
        self.lengths.extend(lengths);
        self.bytes = self.lengths.iter().sum();
        self.noted = self.entries.iter().filter(|it| it.has_notes()).count();
    }
}

impl Names {
    pub(super) fn take(&mut self) -> Name {
        self.free.pop().unwrap_or_else(|| {
            let name = u32::try_from(self.chunks.len()).unwrap_or(Name::MAX);
            self.chunks.push(0);
            name
        })
    }

    pub(super) fn put(&mut self, chunk: u32, entries: &[Entry]) {
        for entry in entries {
            if let Some(place) = self.chunks.get_mut(entry.name as usize) {
                *place = chunk;
            }
        }
    }
}
