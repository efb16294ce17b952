//! What each struct of a client stood between when it was written.
//!
//! Typing on makes structs that differ only in their clocks, so those are one
//! entry: a run.

use std::collections::BTreeMap;

use super::structs::{Id, MAX_CLOCK, Neighbours};
use crate::document::ClientId;

/// The runs of one client, each under its first clock.
#[derive(Debug, Clone, Default)]
pub(crate) struct Runs {
    starts: BTreeMap<u32, Kept>,
}

/// Neighbours in a third of the memory: of a long history there are many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    origin: KeptId,
    right_origin: KeptId,
}

/// A client, which has 32 bits, and a clock; [`NO_CLOCK`] where there is no unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct KeptId(u32, u32);

/// Beyond [`MAX_CLOCK`].
const NO_CLOCK: u32 = u32::MAX;
const _: () = assert!(NO_CLOCK > MAX_CLOCK);

impl From<Option<Id>> for KeptId {
    fn from(id: Option<Id>) -> Self {
        // No client id is longer: the guard lets none in, and a document takes none.
        id.map_or(Self(0, NO_CLOCK), |id| Self(id.client.0 as u32, id.clock))
    }
}

impl From<KeptId> for Option<Id> {
    fn from(KeptId(client, clock): KeptId) -> Self {
        let client = ClientId(u64::from(client));
        (clock != NO_CLOCK).then_some(Id { client, clock })
    }
}

impl Runs {
    /// Adds a struct after all that are there, and tells whether it begins a run.
    pub(crate) fn push(&mut self, client: ClientId, clock: u32, neighbours: Neighbours) -> bool {
        let right_origin = KeptId::from(neighbours.right_origin);
        let typed_on = neighbours.origin.is_some()
            && neighbours.origin == before(client, clock)
            && self
                .starts
                .last_key_value()
                .is_some_and(|(_, last)| last.right_origin == right_origin);
        if !typed_on {
            let origin = KeptId::from(neighbours.origin);
            let kept = Kept {
                origin,
                right_origin,
            };
            self.starts.insert(clock, kept);
        }
        !typed_on
    }

    /// The run that a unit is in: its first clock, and what it stands between.
    pub(crate) fn run(&self, id: Id) -> Option<(u32, Neighbours)> {
        let (&start, &run) = self.starts.range(..=id.clock).next_back()?;
        let neighbours = Neighbours {
            origin: run.origin.into(),
            right_origin: run.right_origin.into(),
        };
        Some((start, neighbours))
    }
}

/// The unit that a client wrote before this clock.
pub(crate) fn before(client: ClientId, clock: u32) -> Option<Id> {
    clock.checked_sub(1).map(|clock| Id { client, clock })
}
