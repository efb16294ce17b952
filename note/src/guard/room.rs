//! Whether somebody can have seen two neighbours side by side.
//!
//! Replicas agree on where a struct goes as long as its writer told the truth
//! about what it stood between. That was true if one of the two stood beside the
//! other when it was written, and it cannot be if something is between them that
//! one of the two was written beside. Between what several people put in one
//! place at once it stays open.

use super::runs::before;
use super::structs::{Id, Neighbours};

/// How far back the neighbours of neighbours are followed.
const MAX_HOPS: usize = 64;

/// Whether there is room between two neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// They have been side by side.
    Sure,
    /// It cannot be told from what they stood between.
    Unsure,
    /// They have never been side by side.
    None,
}

/// Looks for room between two neighbours, where `run` finds the run of a unit.
pub(super) fn between(
    neighbours: Neighbours,
    run: impl Fn(Id) -> Option<(u32, Neighbours)>,
) -> Room {
    let left_of = |id: Id| match run(id) {
        Some((start, run)) if start == id.clock => run.origin,
        _ => before(id.client, id.clock),
    };
    let right_of = |id: Id| run(id).and_then(|(_, run)| run.right_origin);
    let sure = |is_sure: bool| if is_sure { Room::Sure } else { Room::None };
    match (neighbours.origin, neighbours.right_origin) {
        (None, None) => Room::Sure,
        // Nothing may ever have been left of the one, or right of the other.
        (None, Some(right)) => sure(left_of(right).is_none()),
        (Some(left), None) => sure(right_of(left).is_none()),
        (Some(left), Some(right)) if left == right => Room::None,
        (Some(left), Some(right)) => {
            if left_of(right) == Some(left) || right_of(left) == Some(right) {
                return Room::Sure;
            }
            let apart = leads_left(left, right, &run)
                || leads_left(right, left, &run)
                || leads_right(left, right, &run)
                || leads_right(right, left, &run);
            if apart { Room::None } else { Room::Unsure }
        }
    }
}

/// Whether one unit is among the origins of another, and so left of it.
fn leads_left(from: Id, to: Id, run: impl Fn(Id) -> Option<(u32, Neighbours)>) -> bool {
    let mut at = Some(from);
    for _ in 0..MAX_HOPS {
        let Some(id) = at else { return false };
        let Some((start, found)) = run(id) else {
            return false;
        };
        if id.client == to.client && (start..=id.clock).contains(&to.clock) {
            return true;
        }
        at = found.origin;
    }
    false
}

/// Whether one unit is among the right origins of another, and so right of it.
fn leads_right(from: Id, to: Id, run: impl Fn(Id) -> Option<(u32, Neighbours)>) -> bool {
    let mut at = Some(from);
    for _ in 0..MAX_HOPS {
        let Some(id) = at else { return false };
        if id == to {
            return true;
        }
        at = run(id).and_then(|(_, found)| found.right_origin);
    }
    false
}
