//! A set of clocks, kept as ranges.

use std::collections::BTreeMap;

/// Disjoint ranges that do not touch: each start, and the end after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ranges {
    ends: BTreeMap<u32, u32>,
}

impl Ranges {
    /// Adds the clocks from `from` to before `to`.
    pub(crate) fn insert(&mut self, mut from: u32, mut to: u32) {
        if from >= to {
            return;
        }
        // What comes in order, as all of an update does, goes to the end.
        if self
            .ends
            .last_key_value()
            .is_none_or(|(_, &end)| end < from)
        {
            self.ends.insert(from, to);
            return;
        }
        if let Some((&start, &end)) = self.ends.range(..=from).next_back()
            && end >= from
        {
            if end >= to {
                return;
            }
            from = start;
        }
        while let Some((&start, &end)) = self.ends.range(from..=to).next() {
            to = to.max(end);
            self.ends.remove(&start);
        }
        self.ends.insert(from, to);
    }

    /// The ranges in order: each start, and the end after it.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (u32, u32)> + Clone {
        self.ends.iter().map(|(&from, &to)| (from, to))
    }

    /// Whether all the clocks from `from` to before `to` are in the set.
    pub(crate) fn covers(&self, from: u32, to: u32) -> bool {
        from >= to
            || self
                .ends
                .range(..=from)
                .next_back()
                .is_some_and(|(_, &end)| end >= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_behave_like_a_set_of_clocks() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..200 {
            let mut ranges = Ranges::default();
            let mut clocks = [false; 40];
            for _ in 0..12 {
                let from = random.u32(0..40);
                let to = random.u32(from..40);
                ranges.insert(from, to);
                (from..to).for_each(|clock| clocks[clock as usize] = true);
                let from = random.u32(0..40);
                let to = random.u32(from..40);
                let expected = (from..to).all(|clock| clocks[clock as usize]);
                assert_eq!(ranges.covers(from, to), expected, "{ranges:?} {from}..{to}");
            }
            let runs = clocks.chunk_by(|a, b| a == b).filter(|run| run[0]).count();
            assert_eq!(ranges.ends.len(), runs, "ranges that touch are one");
        }
    }
}
