//! Where a place of an earlier view stands now: what was shown under the last
//! revisions is kept as how its sections followed one another, not as text.
//!
//! A place is a section and a byte in it. Who names one says which revision they
//! saw, and gets the same character back however much was written since; or hears
//! that it is gone, or that the revision is too old to be known.

use std::collections::VecDeque;

use super::cut::Cut;
use super::{Change, View};

/// Revisions that can be named beside the present one. A page is behind by what is on
/// its way to it, so this is minutes of three people's typing.
const MAX_STEPS: usize = 1_024;

/// Lengths of sections that are kept in all: one edit may replace every section.
const MAX_LENGTHS: usize = 65_536;

/// A place of an earlier view that cannot be shown in this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Untraced {
    /// The revision is none of the last ones.
    #[error("that view is too old, or there was none")]
    TooOld,
    /// What stood there was taken out.
    #[error("what stood there is gone")]
    Gone,
}

/// A place where bytes were replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The first byte that went.
    pub start: usize,
    /// The first byte after it that stayed.
    pub end: usize,
    /// How many bytes came instead.
    pub came: usize,
}

/// How the last revisions followed one another.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The revision of the view as it was when it was last named.
    now: Option<u64>,
    /// From each known revision to the next; ascending.
    steps: VecDeque<Step>,
    /// What happened since.
    pending: Vec<Move>,
    /// What happened since cannot be told.
    lost: bool,
    /// Where the next change really changes something.
    places: Option<Vec<Replaced>>,
    /// Lengths kept in `steps`.
    lengths: usize,
}

/// How one revision became the next.
#[derive(Debug)]
struct Step {
    from: u64,
    moves: Vec<Move>,
}

/// Sections that were replaced by others.
#[derive(Debug)]
struct Move {
    /// Index of the first one.
    first: usize,
    /// How long those were that went,
    old: Vec<usize>,
    /// and those that came.
    new: Vec<usize>,
    /// Ascending, not overlapping, in bytes from the first one's beginning, before.
    places: Vec<Replaced>,
}

impl History {
    /// What is shown from now on goes by this revision. One that is named again shows
    /// what it showed, whatever became of the source: its places are the same.
    fn name(&mut self, revision: u64) {
        let moves = std::mem::take(&mut self.pending);
        if std::mem::take(&mut self.lost) {
            self.steps.clear();
            self.lengths = 0;
        } else if let Some(from) = self.now.filter(|now| *now < revision) {
            self.lengths += moves.iter().map(Move::lengths).sum::<usize>();
            self.steps.push_back(Step { from, moves });
        }
        self.now = Some(revision);
        while self.steps.len() > MAX_STEPS || self.lengths > MAX_LENGTHS {
            let Some(oldest) = self.steps.pop_front() else {
                break;
            };
            self.lengths -= oldest.moves.iter().map(Move::lengths).sum::<usize>();
        }
    }

    /// Nothing of what was shown can be found again.
    pub(super) fn lose(&mut self) {
        self.lost = true;
        self.pending.clear();
        self.places = None;
    }

    fn trace(&self, revision: u64, place: (usize, usize)) -> Result<(usize, usize), Untraced> {
        let now = self.now.filter(|_| !self.lost).ok_or(Untraced::TooOld)?;
        let first = self.steps.partition_point(|step| step.from < revision);
        let known = revision == now
            || self
                .steps
                .get(first)
                .is_some_and(|step| step.from == revision);
        if !known {
            return Err(Untraced::TooOld);
        }
        let mut moves = self.steps.iter().skip(first).flat_map(|step| &step.moves);
        moves
            .try_fold(place, |place, step| step.carry(place))
            .ok_or(Untraced::Gone)
    }
}

impl Move {
    fn lengths(&self) -> usize {
        // An empty one takes room as well.
        self.old.len() + self.new.len() + self.places.len() + 1
    }

    /// Where a place stands after it.
    fn carry(&self, (section, at): (usize, usize)) -> Option<(usize, usize)> {
        let Some(inside) = section.checked_sub(self.first) else {
            return Some((section, at));
        };
        let Some(length) = self.old.get(inside) else {
            return Some((section - self.old.len() + self.new.len(), at));
        };
        if at >= *length {
            return None;
        }
        let before: usize = self.old.iter().take(inside).sum();
        let mut byte = moved(&self.places, before + at)?;
        for (index, length) in self.new.iter().enumerate() {
            if byte < *length {
                return Some((self.first + index, byte));
            }
            byte -= length;
        }
        None
    }
}

/// Where a byte stands after the replacements. One byte in the place of one is the
/// same thing, changed: a box that was ticked is still that box.
fn moved(places: &[Replaced], at: usize) -> Option<usize> {
    let (mut went, mut came) = (0, 0);
    for place in places.iter().take_while(|place| place.start <= at) {
        let same = place.end - place.start == 1 && place.came == 1;
        if at < place.end {
            return same.then_some(at - went + came);
        }
        went += place.end - place.start;
        came += place.came;
    }
    Some(at - went + came)
}

/// The one replacement, from the first to the last, that several come to.
fn spans(places: &[Replaced]) -> Option<Replaced> {
    let (start, end) = (places.first()?.start, places.last()?.end);
    let went: usize = places.iter().map(|place| place.end - place.start).sum();
    let came: usize = places.iter().map(|place| place.came).sum();
    let kept = (end - start).checked_sub(went)?;
    Some(Replaced {
        start,
        end,
        came: kept + came,
    })
}

impl View {
    /// Says by which revision the blocks as they are go from now on.
    pub fn name(&mut self, revision: u64) {
        self.history.name(revision);
    }

    /// Says where the next [`View::replace`] really changes something, if that is less
    /// than its range: several edits are rendered as one.
    pub fn expect_changes(&mut self, places: Vec<Replaced>) {
        self.history.places = Some(places);
    }

    /// Where a byte of a block's section, in the view of a revision, stands now.
    pub fn trace(
        &self,
        revision: u64,
        block: usize,
        at: usize,
    ) -> Result<(usize, usize), Untraced> {
        self.history.trace(revision, (block, at))
    }

    /// Keeps how a change replaces sections, before it does.
    pub(super) fn remember(&mut self, change: &Change<'_>, cut: &Cut) {
        if self.history.now.is_none() {
            return;
        }
        let (from, old) = self.sections.from(cut.sections.start);
        let old = old.take(cut.sections.len());
        let whole = Replaced {
            start: change.start,
            end: change.end,
            came: change.insert.len(),
        };
        let places = self.history.places.take();
        let places = places.filter(|places| spans(places) == Some(whole));
        let places = places.unwrap_or_else(|| vec![whole]);
        let from_first = |place: Replaced| Replaced {
            start: place.start - from,
            end: place.end - from,
            ..place
        };
        let step = Move {
            first: cut.sections.start,
            old: old.map(|entry| entry.text.len()).collect(),
            new: cut.pieces().map(str::len).collect(),
            places: places.into_iter().map(from_first).collect(),
        };
        self.history.pending.push(step);
    }
}
