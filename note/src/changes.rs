//! What several edits, made one after the other, come to: one list of places of
//! the text before the first of them.
//!
//! Places count UTF-16 units for an editor and UTF-8 bytes for the view, both at
//! once, so that nobody has to walk over the text to turn one into the other.

use crate::edit::{Edit, utf16_length};

/// Splices that are kept apart. Beyond them the whole text is as well compared.
const MAX_SPLICES: usize = 4096;

/// A place in a text, or a distance between two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// UTF-16 units before it.
    pub unit: usize,
    /// UTF-8 bytes before it.
    pub byte: usize,
}

impl Place {
    /// How long a text is.
    pub fn length_of(text: &str) -> Self {
        Self {
            unit: utf16_length(text) as usize,
            byte: text.len(),
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            unit: self.unit + other.unit,
            byte: self.byte + other.byte,
        }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        Self {
            unit: self.unit.saturating_sub(other.unit),
            byte: self.byte.saturating_sub(other.byte),
        }
    }
}

/// Puts `insert` in the place of what is between two places of the text before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// Where what goes begins.
    pub from: Place,
    /// Where it ends.
    pub to: Place,
    /// What comes instead.
    pub insert: String,
    came: Place,
}

/// The splices of a text, ascending and apart from each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    splices: Vec<Splice>,
    lost: bool,
}

impl Changes {
    /// Nothing is known of how the text changed: who follows compares all of it.
    pub fn unknown() -> Self {
        Self {
            splices: Vec::new(),
            lost: true,
        }
    }

    /// Whether the text is as it was.
    pub fn is_empty(&self) -> bool {
        self.splices.is_empty() && !self.lost
    }

    /// The splices; `None` when only comparing the texts can tell.
    pub fn splices(&self) -> Option<&[Splice]> {
        (!self.lost).then_some(self.splices.as_slice())
    }

    /// The splices as edits of the text before; `None` as with [`Self::splices`].
    pub fn into_edits(self) -> Option<Vec<Edit>> {
        let edit = |splice: Splice| {
            Edit::new(
                splice.from.unit as u32,
                splice.to.unit as u32,
                splice.insert,
            )
        };
        (!self.lost).then(|| self.splices.into_iter().map(edit).collect())
    }

    pub(crate) fn lose(&mut self) {
        *self = Self::unknown();
    }

    /// Adds that in the text as it is now, `gone` after `at` was replaced.
    pub(crate) fn then(&mut self, at: Place, gone: Place, insert: &str) {
        if self.lost {
            return;
        }
        if self.add(at, gone, insert).is_none() || self.splices.len() > MAX_SPLICES {
            self.lose();
        }
    }

    fn add(&mut self, at: Place, gone: Place, insert: &str) -> Option<()> {
        let end = at.plus(gone);
        // What went and came in the splices before, so that places now can be
        // turned into places then.
        let (mut went, mut came) = (Place::default(), Place::default());
        let start_now = |splice: &Splice, went, came| splice.from.plus(came).minus(went);
        let mut first = 0;
        while let Some(splice) = self.splices.get(first) {
            if start_now(splice, went, came).plus(splice.came) >= at {
                break;
            }
            went = went.plus(splice.to.minus(splice.from));
            came = came.plus(splice.came);
            first += 1;
        }
        let then = |now: Place, went, came| now.plus(went).minus(came);
        let mut merged = Splice {
            from: then(at, went, came),
            to: Place::default(),
            insert: insert.to_owned(),
            came: Place::length_of(insert),
        };
        let mut last = first;
        let mut kept_after = None;
        while let Some(splice) = self.splices.get(last) {
            let start = start_now(splice, went, came);
            if start > end {
                break;
            }
            if last == first {
                if start < at {
                    let kept = at.minus(start);
                    merged.insert = format!("{}{insert}", splice.insert.get(..kept.byte)?);
                    merged.came = merged.came.plus(kept);
                }
                if start <= at {
                    merged.from = splice.from;
                }
            }
            let stop = start.plus(splice.came);
            kept_after = (stop > end).then(|| (end.minus(start), stop.minus(end), splice.to, last));
            went = went.plus(splice.to.minus(splice.from));
            came = came.plus(splice.came);
            last += 1;
        }
        merged.to = then(end, went, came);
        if let Some((from, length, to, index)) = kept_after {
            merged
                .insert
                .push_str(self.splices.get(index)?.insert.get(from.byte..)?);
            merged.came = merged.came.plus(length);
            merged.to = to;
        }
        let is_something = merged.from != merged.to || !merged.insert.is_empty();
        self.splices
            .splice(first..last, is_something.then_some(merged));
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::apply_to;

    #[test]
    fn edits_one_after_the_other_come_to_one_list() {
        for seed in 0..2_000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let before: Vec<char> = (0..random.usize(0..30))
                .map(|n| ['a', 'é', '漢', '😀'][n % 4])
                .collect();
            let mut now = before.clone();
            let mut changes = Changes::default();
            for _ in 0..random.usize(1..12) {
                let from = random.usize(0..=now.len());
                let to = random.usize(from..=now.len().min(from + 4));
                let insert: Vec<char> = (0..random.usize(0..4))
                    .map(|_| random.choice(['x', 'ß', '字', '🦀']).unwrap())
                    .collect();
                let length = |part: &[char]| Place::length_of(&part.iter().collect::<String>());
                let text: String = insert.iter().collect();
                changes.then(length(&now[..from]), length(&now[from..to]), &text);
                now.splice(from..to, insert);
            }
            let before: String = before.iter().collect();
            let now: String = now.iter().collect();
            let mut by_bytes = before.clone();
            for splice in changes.splices().unwrap().iter().rev() {
                by_bytes.replace_range(splice.from.byte..splice.to.byte, &splice.insert);
                assert_eq!(splice.came, Place::length_of(&splice.insert), "seed {seed}");
            }
            assert_eq!(by_bytes, now, "seed {seed}");
            let edits = changes.into_edits().unwrap();
            assert!(edits.windows(2).all(|pair| pair[0].to < pair[1].from));
            assert_eq!(apply_to(&before, &edits).unwrap(), now, "seed {seed}");
        }
    }
}
