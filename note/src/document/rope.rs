//! The text itself, beside the `yrs` document: a rope, so that a place is found and
//! a text put in without touching the rest.

use ropey::Rope;

use super::sequence::Listener;
use crate::changes::{Changes, Place};

/// What Yjs makes of the two halves of a character that was cut in two.
const TWO_HALVES: &str = "\u{fffd}\u{fffd}";

/// A text that knows its places in UTF-16 units and in bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct TextRope {
    rope: Rope,
}

impl TextRope {
    pub(super) fn new(text: &str) -> Self {
        Self {
            rope: Rope::from_str(text),
        }
    }

    pub(super) fn text(&self) -> String {
        String::from(&self.rope)
    }

    pub(super) fn length(&self) -> Place {
        Place {
            unit: self.rope.len_utf16_cu(),
            byte: self.rope.len_bytes(),
        }
    }

    /// A piece of the text; `None` if it is none, or cuts a character in two.
    pub(super) fn slice(&self, from_byte: usize, to_byte: usize) -> Option<String> {
        let slice = self.rope.get_byte_slice(from_byte..to_byte)?;
        Some(String::from(slice))
    }

    /// The place of a UTF-16 offset; `None` if that is past the end or within a
    /// character.
    pub(super) fn place(&self, unit: u32) -> Option<Place> {
        let unit = unit as usize;
        let at = self.rope.try_utf16_cu_to_char(unit).ok()?;
        let is_whole = self.rope.try_char_to_utf16_cu(at).ok()? == unit;
        let byte = self.rope.try_char_to_byte(at).ok()?;
        is_whole.then_some(Place { unit, byte })
    }

    /// The UTF-16 offset of a byte; `None` as with [`Self::place`].
    pub(super) fn unit(&self, byte: usize) -> Option<u32> {
        let at = self.rope.try_byte_to_char(byte).ok()?;
        let is_whole = self.rope.try_char_to_byte(at).ok()? == byte;
        let unit = self.rope.try_char_to_utf16_cu(at).ok()?;
        is_whole.then_some(unit as u32)
    }

    /// Where carriage returns stand, in bytes, and whether a line feed follows.
    pub(super) fn carriage_returns(&self) -> impl Iterator<Item = (usize, bool)> {
        let start = |start: &mut usize, chunk: &'_ str| {
            Some(std::mem::replace(start, *start + chunk.len()))
        };
        let chunks = self.rope.chunks().zip(self.rope.chunks().scan(0, start));
        let found = chunks.flat_map(|(chunk, start)| {
            let places = chunk.match_indices('\r');
            places.map(move |(at, _)| start + at)
        });
        found.map(|at| (at, self.rope.get_byte(at + 1) == Some(b'\n')))
    }

    /// Replaces a piece of the text, and says which that was.
    fn replace(&mut self, from: u32, length: u32, insert: &str) -> Option<(Place, Place)> {
        let start = self.place(from)?;
        let end = if length == 0 {
            start
        } else {
            self.place(from.checked_add(length)?)?
        };
        let at = self.rope.try_byte_to_char(start.byte).ok()?;
        if length > 0 {
            let end = self.rope.try_byte_to_char(end.byte).ok()?;
            self.rope.try_remove(at..end).ok()?;
        }
        if !insert.is_empty() {
            self.rope.try_insert(at, insert).ok()?;
        }
        Some((start, end.minus(start)))
    }
}

/// Keeps a text in step with the order, and writes down what changed.
pub(super) struct Follower<'a> {
    pub(super) rope: &'a mut TextRope,
    pub(super) changes: &'a mut Changes,
}

impl Follower<'_> {
    fn replace(&mut self, from: u32, length: u32, insert: &str) -> Option<()> {
        let (at, gone) = self.rope.replace(from, length, insert)?;
        self.changes.then(at, gone, insert);
        Some(())
    }
}

impl Listener for Follower<'_> {
    fn cut(&mut self, at: u32) -> Option<()> {
        if self.rope.place(at).is_some() {
            return Some(());
        }
        self.replace(at.checked_sub(1)?, 2, TWO_HALVES)
    }

    fn insert(&mut self, at: u32, text: &str) -> Option<()> {
        self.replace(at, 0, text)
    }

    fn delete(&mut self, at: u32, length: u32) -> Option<()> {
        self.replace(at, length, "")
    }
}
