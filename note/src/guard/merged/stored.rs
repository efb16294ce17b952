//! What was stored of a document as one update, without the text that was deleted since.

use std::borrow::Cow;

use super::{Copied, Held, Merged, Piece, Run, Section, id_before};
use crate::document::ClientId;
use crate::edit::Places;
use crate::guard::UpdateError;
use crate::guard::ranges::Ranges;
use crate::guard::structs::{self, Content, Encoded, Struct, Visit};

/// Structs that are copied in one piece, or read again together where one is touched.
const COPIED_AT_ONCE: usize = 256;

/// Makes one update of a snapshot, if there is one, and the updates after it, without the
/// text that one of those deletes: how long it was is all that stays. Of the snapshot, which is most
/// of it and holds no deleted text, what they do not touch is copied as it is.
pub(crate) fn merge_and_forget(
    snapshot: Option<&[u8]>,
    updates: &[&[u8]],
) -> Result<Vec<u8>, UpdateError> {
    let mut merged = Merged::default();
    if let Some(snapshot) = snapshot {
        structs::visit(snapshot, &mut Copying(&mut merged))?;
    }
    let deleted_before = std::mem::take(&mut merged.deletions);
    for update in updates {
        structs::visit(update, &mut merged)?;
    }
    for (client, section) in &mut merged.sections {
        if let Some(deleted) = merged.deletions.get(client) {
            section.forget(*client, deleted)?;
        }
    }
    let deleted_after = std::mem::replace(&mut merged.deletions, deleted_before);
    for (client, ranges) in deleted_after {
        let before = merged.deletions.entry(client).or_default();
        (ranges.iter()).for_each(|(from, to)| before.insert(from, to));
    }
    Ok(merged.write())
}

/// Takes in a snapshot, the first that is taken in, as it is written.
struct Copying<'m, 'a>(&'m mut Merged<'a>);

impl<'a> Visit<'a> for Copying<'_, 'a> {
    fn section(&mut self, client: ClientId, start: u32) {
        self.0.section(client, start);
    }

    fn item(
        &mut self,
        client: ClientId,
        _: u32,
        item: Struct<'a>,
        encoded: Encoded<'a>,
    ) -> Result<(), UpdateError> {
        if let Some(section) = self.0.sections.get_mut(&client) {
            section.copy(&item, encoded);
        }
        Ok(())
    }

    fn deletion(&mut self, client: ClientId, from: u32, to: u32) {
        self.0.deletion(client, from, to);
    }
}

impl<'a> Section<'a> {
    /// Adds a struct as it is written.
    fn copy(&mut self, item: &Struct<'a>, encoded: Encoded<'a>) {
        self.end += item.length;
        match self.pieces.last_mut() {
            Some(Piece::Copied(last)) if last.structs < COPIED_AT_ONCE => {
                last.bytes += encoded.bytes;
                last.structs += 1;
                last.length += item.length;
            }
            _ => self.pieces.push(Piece::Copied(Copied {
                update: encoded.update,
                bytes: encoded.bytes,
                structs: 1,
                length: item.length,
            })),
        }
    }

    /// Takes the text out that is deleted.
    fn forget(&mut self, client: ClientId, deleted: &Ranges) -> Result<(), UpdateError> {
        let mut kept = Self::starting_at(self.start);
        let mut ranges = deleted.iter().peekable();
        // Whether something of so many units that come next is deleted.
        let mut is_hit = |start: u32, length: u32| {
            while ranges.next_if(|&(_, to)| to <= start).is_some() {}
            let first = ranges.peek();
            (first.is_some_and(|&(from, _)| from < start + length)).then(|| ranges.clone())
        };
        for piece in std::mem::take(&mut self.pieces) {
            match piece {
                Piece::Copied(copied) if is_hit(kept.end, copied.length).is_none() => {
                    kept.end += copied.length;
                    kept.pieces.push(Piece::Copied(copied));
                }
                Piece::Copied(copied) => {
                    copied.each_struct(|item, encoded| match is_hit(kept.end, item.length) {
                        Some(ranges) if matches!(item.content, Content::Text(_)) => {
                            kept.push_without(client, Run::from(item), ranges);
                        }
                        _ => kept.copy(&item, encoded),
                    })?;
                }
                Piece::Run(run) => match is_hit(kept.end, run.length) {
                    Some(ranges) => kept.push_without(client, run, ranges),
                    None => kept.push(client, run),
                },
            }
        }
        *self = kept;
        Ok(())
    }

    /// Adds a run without the text of these ranges.
    fn push_without(
        &mut self,
        client: ClientId,
        run: Run<'a>,
        deleted: impl Iterator<Item = (u32, u32)>,
    ) {
        let (start, end) = (self.end, self.end + run.length);
        let within = deleted.take_while(|&(from, _)| from < end);
        match run.without(client, start, within) {
            Some(pieces) => pieces
                .into_iter()
                .for_each(|piece| self.push(client, piece)),
            None => self.push(client, run),
        }
    }
}

impl<'a> Run<'a> {
    /// The run in pieces, without the text of the ranges of clocks that are deleted: `None`
    /// where none of it goes, or where a character would be cut in two. That is left to who
    /// takes it in.
    fn without(
        &self,
        client: ClientId,
        start: u32,
        deleted: impl Iterator<Item = (u32, u32)>,
    ) -> Option<Vec<Self>> {
        let Held::Text(text) = &self.held else {
            return None;
        };
        let mut places = Places::new(text);
        let mut pieces = Vec::new();
        let (mut unit, mut byte) = (0, 0);
        let mut add = |to: u32, goes: bool, pieces: &mut Vec<Self>| {
            let from_byte = std::mem::replace(&mut byte, places.byte_at(to).ok()?);
            let from = std::mem::replace(&mut unit, to);
            let mut neighbours = self.neighbours;
            if from > 0 {
                neighbours.origin = id_before(client, start + from);
            }
            let held = match text {
                _ if goes => Held::Deleted,
                Cow::Borrowed(text) => Held::Text(Cow::Borrowed(text.get(from_byte..byte)?)),
                Cow::Owned(text) => Held::Text(Cow::Owned(text.get(from_byte..byte)?.to_owned())),
            };
            if to > from {
                pieces.push(Self {
                    length: to - from,
                    neighbours,
                    held,
                });
            }
            Some(())
        };
        for (from, to) in deleted {
            add(from.saturating_sub(start), false, &mut pieces)?;
            add((to - start).min(self.length), true, &mut pieces)?;
        }
        if pieces.is_empty() {
            return None;
        }
        add(self.length, false, &mut pieces)?;
        Some(pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Edit};

    #[test]
    fn text_that_was_deleted_is_forgotten() {
        let mut ada = Document::new(ClientId(900));
        let mut edits = |edits: &[Edit]| ada.edit(edits).unwrap();
        let rows = [
            edits(&[Edit::new(0, 0, "the secret is out 😀!")]),
            edits(&[Edit::new(4, 11, "")]),
            edits(&[Edit::new(0, 3, "no"), Edit::new(13, 14, "?")]),
        ];
        let rows: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
        let whole = merge_and_forget(None, &rows).unwrap();
        assert_eq!(whole, ada.snapshot());
        for word in ["secret", "the"] {
            assert!(!whole.windows(word.len()).any(|it| it == word.as_bytes()));
        }
        // A document that only lost half a character says what all others say of it.
        let mut halved = Document::new(ClientId(1));
        halved.apply(&halved.check(rows[0]).unwrap()).unwrap();
        let half = [0, 1, 0x84, 7, 1, 18, 1];
        halved.apply(&halved.check(&half).unwrap()).unwrap();
        let whole = merge_and_forget(None, &[rows[0], &half]).unwrap();
        let again = Document::load(ClientId(2), [whole.as_slice()]).unwrap();
        assert_eq!(again.text(), halved.text());
        assert_eq!(again.snapshot(), halved.snapshot());
    }

    #[test]
    fn of_a_snapshot_only_what_is_touched_is_read_again() {
        let mut ada = Document::new(ClientId(900));
        for at in 0..3_000 {
            ada.edit(&[Edit::new(at / 2, at / 2, "a")]).unwrap();
        }
        let snapshot = ada.snapshot();
        assert_eq!(merge_and_forget(Some(&snapshot), &[]).unwrap(), snapshot);
        let end = ada.len_utf16();
        let log = [
            ada.edit(&[Edit::new(end, end, "typed")]).unwrap(),
            ada.edit(&[Edit::new(end + 5, end + 5, " on")]).unwrap(),
            ada.edit(&[Edit::new(700, 1_900, "")]).unwrap(),
            ada.edit(&[Edit::new(0, 1, "")]).unwrap(),
        ];
        let log: Vec<&[u8]> = log.iter().map(Vec::as_slice).collect();
        let whole = merge_and_forget(Some(&snapshot), &log).unwrap();
        let read = |update: &[u8]| merge_and_forget(None, &[update]).unwrap();
        assert_eq!(read(&whole), read(&ada.snapshot()));
        let rows: Vec<&[u8]> = [snapshot.as_slice()].into_iter().chain(log).collect();
        assert_eq!(read(&whole), merge_and_forget(None, &rows).unwrap());
    }
}
