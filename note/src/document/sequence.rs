//! Where every unit that was ever written stands in the text.
//!
//! `yrs` walks over the whole history to say where an edit landed. This keeps the
//! order of all runs, the deleted ones too, in a tree that counts, and follows each
//! update by the same rules (`sequence/place.rs`), so that an edit's place is found
//! in steps that grow with the logarithm of the history. It holds no text.
//!
//! Whatever finds nothing where something must be answers `None`: then the order is
//! lost, and the document goes the long way.

use std::collections::BTreeMap;

use crate::document::ClientId;
use crate::guard::{Id, Known, Neighbours};

mod place;
mod ranks;
mod tree;

use tree::{Run, Spot, Tree};

/// Hears how the text changes, step by step, in units of the text at that step.
pub(super) trait Listener {
    /// A run was cut here: a character of two units that stood across is no more,
    /// as with Yjs.
    fn cut(&mut self, at: u32) -> Option<()>;
    /// A text came.
    fn insert(&mut self, at: u32, text: &str) -> Option<()>;
    /// So many units went.
    fn delete(&mut self, at: u32, length: u32) -> Option<()>;
}

/// Hears nothing.
impl Listener for () {
    fn cut(&mut self, _: u32) -> Option<()> {
        Some(())
    }
    fn insert(&mut self, _: u32, _: &str) -> Option<()> {
        Some(())
    }
    fn delete(&mut self, _: u32, _: u32) -> Option<()> {
        Some(())
    }
}

/// The order of all runs.
#[derive(Debug)]
pub(super) struct Sequence {
    tree: Tree,
    /// The leaf of each run, under its client and first clock.
    leaves: BTreeMap<u32, BTreeMap<u32, u32>>,
}

impl Sequence {
    /// Nothing was written yet.
    pub(super) fn new() -> Self {
        Self {
            tree: Tree::new(),
            leaves: BTreeMap::new(),
        }
    }

    /// The text's length in UTF-16 units.
    pub(super) fn visible(&self) -> u32 {
        self.tree.visible()
    }

    /// The unit that stands at an offset of the text.
    pub(super) fn unit_at(&self, offset: u32) -> Option<Id> {
        let (spot, passed) = self.tree.at(offset)?;
        let run = self.tree.get(spot)?;
        Some(id(run.client, run.clock + passed))
    }

    /// The offset of a unit; of a deleted one, where it was.
    pub(super) fn offset_of(&self, unit: Id) -> Option<u32> {
        let spot = self.find(unit)?;
        let run = self.tree.get(spot)?;
        let within = if run.deleted {
            0
        } else {
            unit.clock - run.clock
        };
        Some(self.tree.offset(spot)? + within)
    }

    /// What text put in at an offset stands between; as with Yjs, behind what was
    /// deleted there.
    pub(super) fn neighbours_at(&self, offset: u32) -> Option<Neighbours> {
        if offset == self.visible() {
            let last = self.tree.last().and_then(|spot| self.tree.get(spot));
            return Some(Neighbours {
                origin: last.map(last_unit),
                right_origin: None,
            });
        }
        let (spot, passed) = self.tree.at(offset)?;
        let run = self.tree.get(spot)?;
        let origin = match passed.checked_sub(1) {
            Some(before) => Some(id(run.client, run.clock + before)),
            None => {
                let before = self.tree.before(spot);
                before.and_then(|spot| self.tree.get(spot)).map(last_unit)
            }
        };
        Some(Neighbours {
            origin,
            right_origin: Some(id(run.client, run.clock + passed)),
        })
    }

    /// Whether two neighbours stand side by side, deleted text counted.
    pub(super) fn are_side_by_side(&self, neighbours: Neighbours) -> bool {
        let behind = match neighbours.origin {
            Some(origin) => self.behind(origin),
            None => Some(self.tree.first().and_then(|spot| self.first_unit(spot))),
        };
        behind == Some(neighbours.right_origin)
    }

    /// The unit behind another; none behind the last.
    fn behind(&self, unit: Id) -> Option<Option<Id>> {
        let spot = self.find(unit)?;
        let next = unit.clock + 1;
        if next < self.tree.get(spot)?.end() {
            return Some(Some(Id {
                clock: next,
                ..unit
            }));
        }
        let behind = self.tree.after(spot);
        Some(behind.and_then(|spot| self.first_unit(spot)))
    }

    fn first_unit(&self, spot: Spot) -> Option<Id> {
        let run = self.tree.get(spot)?;
        Some(id(run.client, run.clock))
    }

    /// Visits the units of a piece of the text: each client, first clock and the
    /// clock after the last.
    pub(super) fn units(
        &self,
        from: u32,
        to: u32,
        mut visit: impl FnMut(ClientId, u32, u32),
    ) -> Option<()> {
        if from >= to {
            return Some(());
        }
        let (mut spot, mut passed) = self.tree.at(from)?;
        let mut left = to - from;
        loop {
            let run = self.tree.get(spot)?;
            if !run.deleted {
                let length = (run.length - passed).min(left);
                let start = run.clock + passed;
                visit(ClientId(u64::from(run.client)), start, start + length);
                left -= length;
                passed = 0;
            }
            if left == 0 {
                return Some(());
            }
            spot = self.tree.after(spot)?;
        }
    }

    /// The run that a unit is in.
    fn find(&self, unit: Id) -> Option<Spot> {
        let client = u32::try_from(unit.client.0).ok()?;
        let runs = self.leaves.get(&client)?;
        let (_, &leaf) = runs.range(..=unit.clock).next_back()?;
        self.tree.in_leaf(leaf, client, unit.clock)
    }

    /// Adds a run after another.
    fn insert(&mut self, after: Option<Spot>, run: Run) -> Option<()> {
        let leaves = &mut self.leaves;
        self.tree.insert(after, run, |run, leaf| {
            let runs = leaves.entry(run.client).or_default();
            runs.insert(run.clock, leaf);
        })
    }

    /// Cuts a run so that one begins with this unit.
    fn cut_before(&mut self, unit: Id, listener: &mut impl Listener) -> Option<()> {
        let spot = self.find(unit)?;
        let run = self.tree.get(spot)?;
        let kept = unit.clock - run.clock;
        if kept == 0 {
            return Some(());
        }
        if !run.deleted {
            listener.cut(self.tree.offset(spot)? + kept)?;
        }
        self.tree.change(spot, |run| run.length = kept)?;
        let rest = Run {
            clock: unit.clock,
            length: run.length - kept,
            ..run
        };
        self.insert(Some(spot), rest)
    }
}

fn id(client: u32, clock: u32) -> Id {
    Id {
        client: ClientId(u64::from(client)),
        clock,
    }
}

/// The last unit of a run.
fn last_unit(run: Run) -> Id {
    id(run.client, run.end().saturating_sub(1))
}

/// What a unit stood between when it was written.
fn neighbours(known: &Known, unit: Id) -> Option<Neighbours> {
    let (start, run) = known.run(unit)?;
    let origin = if start == unit.clock {
        run.origin
    } else {
        unit.clock.checked_sub(1).map(|clock| Id { clock, ..unit })
    };
    Some(Neighbours { origin, ..run })
}
