//! Which of two units stands before the other, for whoever asks often.

use std::collections::BTreeMap;

use super::Sequence;
use crate::guard::Id;

/// How many runs stand before each run, under its client and first clock.
pub(in crate::document) struct Ranks(BTreeMap<(u64, u32), usize>);

impl Sequence {
    /// Reads the whole order, deleted text too.
    pub(in crate::document) fn ranks(&self) -> Ranks {
        let mut ranks = BTreeMap::new();
        let mut next = self.tree.first();
        while let Some(spot) = next {
            if let Some(run) = self.tree.get(spot) {
                ranks.insert((u64::from(run.client), run.clock), ranks.len());
            }
            next = self.tree.after(spot);
        }
        Ranks(ranks)
    }
}

impl Ranks {
    /// Whether one unit stands before another; `None` if one of them stands nowhere.
    pub(in crate::document) fn is_before(&self, one: Id, other: Id) -> Option<bool> {
        Some(self.of(one)? < self.of(other)?)
    }

    fn of(&self, unit: Id) -> Option<(usize, u32)> {
        let client = unit.client.0;
        let up_to = ..=(client, unit.clock);
        let (&(run, _), &rank) = self.0.range(up_to).next_back()?;
        (run == client).then_some((rank, unit.clock))
    }
}
