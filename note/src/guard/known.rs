//! What a document is known to contain: enough to judge the next update by.

use std::collections::BTreeMap;

use super::UpdateError;
use super::ranges::Ranges;
use super::runs::{Runs, before};
use super::structs::{Content, Id, Neighbours, Parsed};
use crate::document::ClientId;

/// Every client's clock, and which of its structs are deleted.
///
/// A map in order, and not a hashed one: strangers choose the keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    clients: BTreeMap<ClientId, Client>,
    /// An upper bound of the pieces that the text and its tombstones are in.
    pieces: usize,
}

/// A struct is a piece and cuts two others, a delete range cuts two.
const PIECES_A_STRUCT: usize = 3;
const PIECES_A_DELETION: usize = 2;

#[derive(Debug, Clone, Default)]
struct Client {
    clock: u32,
    deleted: Ranges,
    collected: Ranges,
    runs: Runs,
}

impl Known {
    /// How far this client's structs have arrived: the first clock that has not.
    pub(crate) fn clock(&self, client: ClientId) -> u32 {
        self.clients.get(&client).map_or(0, |known| known.clock)
    }

    /// Whether all of a range is deleted already.
    pub(crate) fn is_deleted(&self, client: ClientId, from: u32, to: u32) -> bool {
        self.clients
            .get(&client)
            .is_some_and(|known| known.deleted.covers(from, to))
    }

    /// Whether only a tombstone without a place in the text is left of a clock.
    pub(crate) fn is_collected(&self, client: ClientId, clock: u32) -> bool {
        self.clients
            .get(&client)
            .is_some_and(|known| known.collected.covers(clock, clock.saturating_add(1)))
    }

    /// The run that a unit is in: its first clock, and what it stands between.
    pub(crate) fn run(&self, id: Id) -> Option<(u32, Neighbours)> {
        self.clients
            .get(&id.client)
            .and_then(|known| known.runs.run(id))
    }

    /// An upper bound of the pieces that the text and its tombstones are in.
    pub(crate) fn pieces(&self) -> usize {
        self.pieces
    }

    /// All clients and their clocks, in order.
    pub(crate) fn clocks(&self) -> impl ExactSizeIterator<Item = (ClientId, u32)> {
        self.clients
            .iter()
            .map(|(&client, known)| (client, known.clock))
    }

    /// Takes in an update that the document has taken in.
    pub(crate) fn absorb(&mut self, parsed: &Parsed<'_>) -> Result<(), UpdateError> {
        for section in &parsed.sections {
            let known = self.clients.entry(section.client).or_default();
            if section.end <= known.clock {
                continue;
            }
            let clock_before = known.clock;
            section.each_struct(|clock, item| {
                // What was here before may be alive although it arrives as deleted:
                // then the deletion comes as a delete range of its own.
                let from = clock.max(clock_before);
                let to = clock + item.length;
                if to <= clock_before {
                    return Ok(());
                }
                let mut neighbours = item.neighbours;
                if from > clock {
                    neighbours.origin = before(section.client, from);
                }
                if known.runs.push(section.client, from, neighbours) {
                    self.pieces += PIECES_A_STRUCT;
                }
                if !matches!(item.content, Content::Text(_)) {
                    known.deleted.insert(from, to);
                }
                if matches!(item.content, Content::Collected) {
                    known.collected.insert(from, to);
                }
                Ok(())
            })?;
            known.clock = section.end;
        }
        parsed.each_deletion(|client, from, to| {
            if let Some(known) = self.clients.get_mut(&client)
                && !known.deleted.covers(from, to)
            {
                self.pieces += PIECES_A_DELETION;
                known.deleted.insert(from, to);
            }
            Ok(())
        })
    }
}
