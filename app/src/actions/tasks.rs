//! A box pressed in the view.

use leptos::prelude::*;
use realtime::Ticked;
use uuid::Uuid;

/// Ticks the box of a task, or takes its tick away: of a block of the view as it was
/// shown under a revision, the box that `data-at` names. Answers what became of it.
#[server(prefix = "/api/fn", endpoint = "tick")]
pub async fn tick_task(
    note: Uuid,
    revision: u64,
    block: usize,
    at: usize,
    done: bool,
) -> Result<Ticked, ServerFnError> {
    let tick = realtime::Tick {
        revision,
        block,
        at,
        done,
    };
    let done = super::act(note, realtime::Action::Tick(tick)).await?;
    Ok(done.ticked.unwrap_or(Ticked::Gone))
}
