//! What each struct of a client stood between when it was written.
//!
//! Typing on makes structs that differ only in their clocks, so those are one
//! entry: a run.

use std::collections::BTreeMap;

use super::structs::{Id, Neighbours};
use crate::document::ClientId;

/// The runs of one client, each under its first clock.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs {
    starts: BTreeMap<u32, Neighbours>,
}

impl Runs {
    /// Adds a struct after all that are there, and tells whether it begins a run.
    pub(crate) fn push(&mut self, client: ClientId, clock: u32, neighbours: Neighbours) -> bool {
        let typed_on = neighbours.origin.is_some()
            && neighbours.origin == before(client, clock)
            && self
                .starts
                .last_key_value()
                .is_some_and(|(_, last)| last.right_origin == neighbours.right_origin);
        if !typed_on {
            self.starts.insert(clock, neighbours);
        }
        !typed_on
    }

    /// The run that a unit is in: its first clock, and what it stands between.
    pub(crate) fn run(&self, id: Id) -> Option<(u32, Neighbours)> {
        let (&start, &run) = self.starts.range(..=id.clock).next_back()?;
        Some((start, run))
    }
}

/// The unit that a client wrote before this clock.
pub(crate) fn before(client: ClientId, clock: u32) -> Option<Id> {
    clock.checked_sub(1).map(|clock| Id { client, clock })
}
