//! Merging an edit made by somebody without a socket.
//!
//! They hold a text that others may have changed since: `base` is what they were
//! shown, `mine` what they made of it, `current` what it is now. The edits carry
//! their changes over to `current` and leave everybody else's where they are.
//! What both put in at one place is kept twice over: a sentence too many is
//! easier to mend than one that is gone.

use std::ops::Range;

use crate::edit::{Edit, utf16_length};

mod changes;
mod tokens;

use changes::{Change, changes};

/// The edits on `current` that carry over what `mine` changed from `base`.
pub fn merge(base: &str, mine: &str, current: &str) -> Vec<Edit> {
    let ours = changes(base, mine);
    if ours.is_empty() {
        return Vec::new();
    }
    let theirs = changes(base, current);
    let mut carried = Carried::default();
    let mut position = Position {
        theirs: &theirs,
        next: 0,
        shift: 0,
    };
    for change in &ours {
        position.carry(change, &mut carried);
    }
    carried.into_edits(current)
}

/// A walk along `base` that knows where each place of it is in `current`.
struct Position<'a> {
    theirs: &'a [Change<'a>],
    /// The first of their changes that does not end before the place.
    next: usize,
    /// How much longer `current` is than `base` up to there.
    shift: isize,
}

impl Position<'_> {
    fn carry(&mut self, change: &Change<'_>, carried: &mut Carried) {
        self.pass(change.base.start);
        // A walk of its own: the next change may touch the same ones of theirs.
        let mut at = Position { ..*self };
        let mut from = change.base.start;
        let mut insert = change.insert;
        while let Some(theirs) = self.theirs.get(at.next) {
            if theirs.base.start > change.base.end {
                break;
            }
            if theirs == change {
                // Both made the same change.
                return;
            }
            let touches_only = theirs.base.start == change.base.end && !theirs.base.is_empty();
            if touches_only {
                break;
            }
            // What they changed stays; around it, ours goes where it still stands.
            if theirs.base.start > from {
                carried.push(at.of(from)..at.of(theirs.base.start), insert);
                insert = "";
            }
            at.skip(theirs);
            from = from.max(theirs.base.end);
        }
        let to = change.base.end.max(from.min(change.base.end));
        if from < to {
            carried.push(at.of(from)..at.of(to), insert);
        } else if !insert.is_empty() {
            let place = at.of(from);
            carried.push(place..place, insert);
        }
    }

    /// Passes those of their changes that end before a place.
    fn pass(&mut self, place: usize) {
        while let Some(theirs) = self.theirs.get(self.next) {
            if theirs.base.end > place || (theirs.base.end == place && theirs.base.is_empty()) {
                break;
            }
            self.skip(theirs);
        }
    }

    fn skip(&mut self, theirs: &Change<'_>) {
        self.shift += theirs.insert.len() as isize - theirs.base.len() as isize;
        self.next += 1;
    }

    fn of(&self, place: usize) -> usize {
        place.saturating_add_signed(self.shift)
    }
}

/// Changes of `current`, in bytes.
#[derive(Default)]
struct Carried {
    pieces: Vec<(Range<usize>, String)>,
}

impl Carried {
    fn push(&mut self, place: Range<usize>, insert: &str) {
        match self.pieces.last_mut() {
            Some((last, text)) if last.end == place.start => {
                last.end = place.end;
                text.push_str(insert);
            }
            _ => self.pieces.push((place, insert.to_owned())),
        }
    }

    fn into_edits(self, current: &str) -> Vec<Edit> {
        let mut edits = Vec::with_capacity(self.pieces.len());
        let mut byte = 0;
        let mut unit = 0;
        for (place, insert) in self.pieces {
            unit += utf16_length(current.get(byte..place.start).unwrap_or_default());
            let gone = utf16_length(current.get(place.clone()).unwrap_or_default());
            edits.push(Edit {
                from: unit,
                to: unit + gone,
                insert,
            });
            unit += gone;
            byte = place.end;
        }
        edits
    }
}
