//! What an update from a stranger may cost.
//!
//! The frame's size bounds its bytes, and not the time that `yrs` takes to place
//! them.

use super::Tally;
use super::UpdateError::{self, Malformed};
use super::known::Known;
use super::structs::Parsed;

/// The most steps that placing an update may take: some tenths of a second.
const MAX_STEPS: usize = 1_000_000;

/// A struct is a piece of the text, and cuts others into at most two more.
const PIECES_A_STRUCT: usize = 3;

/// The most structs of an update from a stranger: days of editing without a
/// connection, and few enough that `yrs` holds them in some megabytes.
const MAX_STRUCTS: usize = 1 << 16;

/// The most clients in an update from a stranger. `yrs` looks through all that
/// wait whenever one has to wait.
const MAX_CLIENTS: usize = 1 << 14;

/// Checks that an update has no more in it than an honest one.
pub(super) fn check_count(parsed: &Parsed<'_>) -> Result<(), UpdateError> {
    let structs: usize = parsed.sections.iter().map(|section| section.count).sum();
    if structs > MAX_STRUCTS || parsed.sections.len() > MAX_CLIENTS {
        return Err(Malformed(
            "it has more parts than anybody writes between two syncs",
        ));
    }
    Ok(())
}

/// Checks that placing an update takes no longer than an honest one does. `yrs`
/// finds the place of a struct whose neighbours stand apart by walking over what
/// is between them, so a few thousand such structs would keep it busy for minutes.
pub(super) fn check_steps(known: &Known, tally: &Tally) -> Result<(), UpdateError> {
    let pieces = known
        .pieces()
        .saturating_add(tally.new_structs * PIECES_A_STRUCT);
    if tally.squeezed.saturating_mul(pieces) > MAX_STEPS && tally.squeezed > MIN_SQUEEZED {
        return Err(Malformed("placing it would take too long"));
    }
    Ok(())
}

/// Structs between others' that are taken in however long the text's history is.
const MIN_SQUEEZED: usize = 8;
