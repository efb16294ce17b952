//! The save chip: how the connection and the saving stand, in words that are true.
//! "Saved" comes from the server's acknowledgements alone.

mod shown;
mod state;

use leptos::prelude::*;

use crate::clock;
use crate::session::Session;
use shown::Chip;

/// The chip, and what it knows when asked.
#[island]
pub fn SaveChip() -> impl IntoView {
    let session = Session::of_page();
    let now = ArcRwSignal::new(clock::now_ms());
    #[cfg(feature = "hydrate")]
    browser::watch(&session, now.clone());
    let chip = {
        let session = session.clone();
        Memo::new(move |_| {
            session.status.with(|status| {
                session.refused.with(|refused| {
                    state::told(
                        status.as_ref(),
                        refused.as_deref(),
                        session.writes.get(),
                        now.get(),
                    )
                })
            })
        })
    };
    let spoken = Memo::new(move |before: Option<&String>| state::spoken(&chip.get(), before));
    let text = move || chip.get().text;
    view! {
        <div class="chip-place needs-scripts">
            <button
                type="button"
                class=move || chip.get().class()
                popovertarget="chip-details"
                aria-label=move || format!("{}. Details", text())
            >
                <ChipIcon chip />
                <span class="chip-text">{text}</span>
            </button>
            <div id="chip-details" class="popover chip-details" popover="auto">
                <p class="popover-lead">{text}</p>
                <p>{move || detail(&chip.get())}</p>
                <div class="popover-buttons">
                    <button type="button" class="button" data-do="retry">
                        "Try now"
                    </button>
                    <button type="button" class="button" data-do="reload">
                        "Reload"
                    </button>
                    <button type="button" class="button" data-do="download-copy">
                        "Download a copy"
                    </button>
                </div>
            </div>
            <p class="visually-hidden" role="status">{move || spoken.get()}</p>
        </div>
    }
}

#[component]
fn ChipIcon(chip: Memo<Chip>) -> impl IntoView {
    let name = move || format!("#i-{}", chip.get().tone.icon());
    view! {
        <svg class="icon" aria-hidden="true" focusable="false">
            <use_ href=name></use_>
        </svg>
    }
}

fn detail(chip: &Chip) -> String {
    match chip.saved_at {
        Some(at) => format!("All changes were stored by {}.", clock::time_of_day(at)),
        None => chip.detail.clone(),
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::ev;
    use leptos::prelude::*;

    use realtime::OnDevice;

    use super::state::BACK_TOLD_MS;
    use crate::clock;
    use crate::session::Session;

    /// How often a waiting time is looked at again.
    const TICK: Duration = Duration::from_secs(1);

    /// Keeps `now` going while something waits, and asks before the page is left
    /// with edits that are nowhere else.
    pub(super) fn watch(session: &Session, now: ArcRwSignal<u64>) {
        let status = session.status.clone();
        let ticked = set_interval_with_handle(
            move || {
                let waits = status.with_untracked(|status| {
                    status.as_ref().is_some_and(|status| {
                        let told = |at| clock::now_ms() < at + 2 * BACK_TOLD_MS;
                        status.waiting > 0
                            || status.retry_at.is_some()
                            || status.back.is_some_and(|back| told(back.at))
                    })
                });
                if waits {
                    now.set(clock::now_ms());
                }
            },
            TICK,
        );
        if ticked.is_err() {
            leptos::logging::warn!("no timer: a slow save will not be shown as slow");
        }
        let status = session.status.clone();
        let leaving = window_event_listener(ev::beforeunload, move |event| {
            let nowhere_else = status.with_untracked(|status| {
                status
                    .as_ref()
                    .is_some_and(|status| status.waiting > 0 && status.device != OnDevice::All)
            });
            if nowhere_else {
                event.prevent_default();
            }
        });
        on_cleanup(move || leaving.remove());
    }
}
