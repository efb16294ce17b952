//! Several updates as one.
//!
//! What a client typed in one go becomes one struct again, so a burst of
//! keystrokes is hardly longer than its text. `yrs` merges too, but does not
//! join structs, and leaves holes where its inputs overlap.

mod stored;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::UpdateError;
use super::known::Known;
use super::ranges::Ranges;
use super::structs::{
    self, Content, Encoded, Id, MAX_LENGTH, Neighbours, Parsed, Struct, Visit, write_struct,
};
use crate::document::ClientId;
use crate::edit::after_utf16;
use crate::encoding::{Reader, write_var_u64};

pub(crate) use stored::merge_and_forget;

/// Makes one update that does what these do one after the other.
pub(crate) fn merge(updates: &[&[u8]]) -> Result<Vec<u8>, UpdateError> {
    Ok(merged(updates)?.write())
}

#[inline(never)]
fn merged<'a>(updates: &[&'a [u8]]) -> Result<Merged<'a>, UpdateError> {
    let mut merged = Merged::default();
    for update in updates {
        structs::visit(update, &mut merged)?;
    }
    Ok(merged)
}

/// Makes an update of what a client writes, if anything, and of what it deletes.
pub(crate) fn write(
    client: ClientId,
    clock: u32,
    item: Option<Struct<'_>>,
    deletions: BTreeMap<ClientId, Ranges>,
) -> Vec<u8> {
    let mut merged = Merged {
        sections: BTreeMap::new(),
        deletions,
    };
    if let Some(item) = item {
        let mut section = Section::starting_at(clock);
        section.push(client, Run::from(item));
        merged.sections.insert(client, section);
    }
    merged.write()
}

/// What an update brings beyond what a document has, as an update; `None` where
/// that is all of it.
pub(crate) fn beyond(update: &Parsed<'_>, known: &Known) -> Result<Option<Vec<u8>>, UpdateError> {
    let is_all_new = |section: &structs::Section<'_>| section.start >= known.clock(section.client);
    if update.sections.iter().all(is_all_new) {
        return Ok(None);
    }
    let mut news = Merged::default();
    for from in &update.sections {
        let start = from.start.max(known.clock(from.client));
        if from.end > start {
            let mut section = Section::starting_at(start);
            section.add_all(from)?;
            news.sections.insert(from.client, section);
        }
    }
    news.add_deletions(update)?;
    Ok(Some(news.write()))
}

#[derive(Default)]
struct Merged<'a> {
    sections: BTreeMap<ClientId, Section<'a>>,
    deletions: BTreeMap<ClientId, Ranges>,
}

struct Section<'a> {
    start: u32,
    end: u32,
    pieces: Vec<Piece<'a>>,
}

enum Piece<'a> {
    /// Structs as they are written.
    Copied(Copied<'a>),
    /// A struct that was read.
    Run(Run<'a>),
}

/// Structs that follow one another.
struct Copied<'a> {
    /// The update from the first of them on.
    update: &'a [u8],
    /// How much of it they are.
    bytes: usize,
    structs: usize,
    /// In units.
    length: u32,
}

/// A struct that may still grow.
struct Run<'a> {
    length: u32,
    neighbours: Neighbours,
    held: Held<'a>,
}

enum Held<'a> {
    Collected,
    Deleted,
    Text(Cow<'a, str>),
}

impl<'a> Visit<'a> for Merged<'a> {
    fn section(&mut self, client: ClientId, start: u32) {
        let section = self.sections.entry(client);
        let section = section.or_insert_with(|| Section::starting_at(start));
        if start > section.end {
            // The document that took this in had all up to here, and not from
            // the updates before: so they brought nothing new of this client.
            *section = Section::starting_at(start);
        }
    }

    fn item(
        &mut self,
        client: ClientId,
        clock: u32,
        item: Struct<'a>,
        _: Encoded<'a>,
    ) -> Result<(), UpdateError> {
        match self.sections.get_mut(&client) {
            Some(section) => section.add(client, clock, item),
            None => Ok(()),
        }
    }

    fn deletion(&mut self, client: ClientId, from: u32, to: u32) {
        self.deletions.entry(client).or_default().insert(from, to);
    }
}

impl Merged<'_> {
    fn add_deletions(&mut self, update: &Parsed<'_>) -> Result<(), UpdateError> {
        update.each_deletion(|client, from, to| {
            self.deletion(client, from, to);
            Ok(())
        })
    }

    /// Higher clients first, as Yjs does.
    fn write(&self) -> Vec<u8> {
        let pieces = self.sections.values().flat_map(|section| &section.pieces);
        let mut out = Vec::with_capacity(pieces.map(Piece::copied_bytes).sum());
        write_var_u64(&mut out, self.sections.len() as u64);
        for (client, section) in self.sections.iter().rev() {
            let structs = section.pieces.iter().map(Piece::structs);
            write_var_u64(&mut out, structs.sum::<usize>() as u64);
            write_var_u64(&mut out, client.0);
            write_var_u64(&mut out, u64::from(section.start));
            for piece in &section.pieces {
                match piece {
                    Piece::Copied(copied) => out.extend_from_slice(copied.written()),
                    Piece::Run(run) => write_struct(&mut out, &run.as_struct()),
                }
            }
        }
        write_var_u64(&mut out, self.deletions.len() as u64);
        for (client, ranges) in self.deletions.iter().rev() {
            write_var_u64(&mut out, client.0);
            write_var_u64(&mut out, ranges.iter().len() as u64);
            for (from, to) in ranges.iter() {
                write_var_u64(&mut out, u64::from(from));
                write_var_u64(&mut out, u64::from(to - from));
            }
        }
        out
    }
}

impl<'a> Section<'a> {
    fn starting_at(start: u32) -> Self {
        Self {
            start,
            end: start,
            pieces: Vec::new(),
        }
    }

    fn add_all(&mut self, from: &structs::Section<'a>) -> Result<(), UpdateError> {
        from.each_struct(|clock, item| self.add(from.client, clock, item))
    }

    /// Adds what a struct brings beyond what is here: the first copy counts, as
    /// it does in a document.
    fn add(&mut self, client: ClientId, clock: u32, item: Struct<'a>) -> Result<(), UpdateError> {
        let known = self.end.saturating_sub(clock);
        if known >= item.length {
            return Ok(());
        }
        let mut run = Run::from(item);
        if known > 0 {
            run.cut(known, id_before(client, self.end));
        }
        let is_copied = |piece: &mut Piece<'_>| matches!(piece, Piece::Copied(_));
        if let Some(Piece::Copied(copied)) = self.pieces.pop_if(is_copied) {
            // Perhaps it goes on with the last struct of these.
            self.end -= copied.length;
            copied.each_struct(|item, _| self.push(client, Run::from(item)))?;
        }
        self.push(client, run);
        Ok(())
    }

    #[inline(never)]
    fn push(&mut self, client: ClientId, run: Run<'a>) {
        let last_id = id_before(client, self.end);
        self.end += run.length;
        match self.pieces.last_mut() {
            Some(Piece::Run(last)) if last.continues_with(&run, last_id) => last.join(run),
            _ => self.pieces.push(Piece::Run(run)),
        }
    }
}

impl Piece<'_> {
    fn copied_bytes(&self) -> usize {
        match self {
            Self::Copied(copied) => copied.bytes,
            Self::Run(_) => 0,
        }
    }

    fn structs(&self) -> usize {
        match self {
            Self::Copied(copied) => copied.structs,
            Self::Run(_) => 1,
        }
    }
}

impl<'a> Copied<'a> {
    fn written(&self) -> &'a [u8] {
        self.update.get(..self.bytes).unwrap_or_default()
    }

    /// Visits its structs, read.
    fn each_struct(
        &self,
        mut visit: impl FnMut(Struct<'a>, Encoded<'a>),
    ) -> Result<(), UpdateError> {
        let mut reader = Reader::new(self.update);
        for _ in 0..self.structs {
            let (item, encoded) = structs::read_with_bytes(&mut reader)?;
            visit(item, encoded);
        }
        Ok(())
    }
}

/// The unit that a client wrote before a clock.
fn id_before(client: ClientId, clock: u32) -> Option<Id> {
    clock.checked_sub(1).map(|clock| Id { client, clock })
}

impl<'a> From<Struct<'a>> for Run<'a> {
    fn from(item: Struct<'a>) -> Self {
        let held = match item.content {
            Content::Collected => Held::Collected,
            Content::Deleted => Held::Deleted,
            Content::Text(text) => Held::Text(Cow::Borrowed(text)),
        };
        Self {
            length: item.length,
            neighbours: item.neighbours,
            held,
        }
    }
}

impl Run<'_> {
    fn as_struct(&self) -> Struct<'_> {
        let content = match &self.held {
            Held::Collected => Content::Collected,
            Held::Deleted => Content::Deleted,
            Held::Text(text) => Content::Text(text),
        };
        Struct {
            length: self.length,
            neighbours: self.neighbours,
            content,
        }
    }

    /// Takes units off the start; what is left has them as its neighbour.
    fn cut(&mut self, units: u32, origin: Option<Id>) {
        self.length -= units;
        match &mut self.held {
            Held::Collected => return,
            Held::Deleted => {}
            Held::Text(text) => *text = Cow::Owned(after_utf16(text, units)),
        }
        self.neighbours.origin = origin;
    }

    /// Whether the next run was typed right after this one, and is of its kind.
    fn continues_with(&self, next: &Run<'_>, last_id: Option<Id>) -> bool {
        let typed_on = next.neighbours.origin == last_id
            && next.neighbours.right_origin == self.neighbours.right_origin;
        let alike = match (&self.held, &next.held) {
            (Held::Collected, Held::Collected) => true,
            (Held::Deleted, Held::Deleted) | (Held::Text(_), Held::Text(_)) => typed_on,
            _ => false,
        };
        alike && self.length + next.length <= MAX_LENGTH
    }

    fn join(&mut self, next: Run<'_>) {
        self.length += next.length;
        if let (Held::Text(text), Held::Text(more)) = (&mut self.held, next.held) {
            text.to_mut().push_str(&more);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Edit};

    #[test]
    fn a_burst_of_keystrokes_is_hardly_longer_than_its_text() {
        let mut ada = Document::new(ClientId(900));
        let updates: Vec<Vec<u8>> = "typed one by one"
            .chars()
            .zip(0..)
            .map(|(key, at)| ada.edit(&[Edit::new(at, at, key)]).unwrap())
            .collect();
        let updates: Vec<&[u8]> = updates.iter().map(Vec::as_slice).collect();
        let merged = merge(&updates).unwrap();
        assert_eq!(merged, ada.snapshot());
        assert_eq!(merge(&[&merged, updates[3], &merged]).unwrap(), merged);
    }

    #[test]
    fn what_was_there_before_a_hole_is_left_out() {
        let mut ada = Document::new(ClientId(900));
        let [first, _, third] =
            ["a", "b", "c"].map(|key| ada.edit(&[Edit::new(0, 0, key)]).unwrap());
        assert_eq!(merge(&[&first, &third]).unwrap(), third);
    }

    #[test]
    fn overlapping_updates_are_cut_also_within_a_character() {
        let text = |start: u32, text: &str| {
            let mut out = vec![1, 1, 9, start as u8, if start == 0 { 4 } else { 0x84 }];
            match start.checked_sub(1) {
                Some(before) => out.extend([9, before as u8]),
                None => out.extend(b"\x01\x07content"),
            }
            out.push(text.len() as u8);
            out.extend(text.as_bytes());
            out.push(0);
            out
        };
        let merged = merge(&[&text(0, "ab"), &text(1, "bcd")]).unwrap();
        assert_eq!(merged, text(0, "abcd"));
        let merged = merge(&[&text(0, "ab"), &text(1, "😀d")]).unwrap();
        assert_eq!(merged, text(0, "ab\u{fffd}d"));
    }
}
