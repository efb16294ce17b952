//! [ssr] Sharing: the link, and in a sentence what it gives.

use leptos::prelude::*;

use crate::dialog::{Dialog, SHARE_DIALOG};

/// The Share button and its dialog.
#[component]
pub fn Share(
    /// The note's address, whole.
    link: String,
    /// What the link gives to whom.
    sentence: &'static str,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button-filled needs-scripts"
            command="show-modal"
            commandfor=SHARE_DIALOG
        >
            "Share"
        </button>
        <Dialog id=SHARE_DIALOG title="Share this note">
            <div class="stack">
                <p>{sentence}</p>
                <label class="field">
                    <span>"Link"</span>
                    <input type="text" readonly=true value=link.clone() />
                </label>
                <button
                    type="button"
                    class="button button-filled needs-scripts"
                    data-do="copy"
                    data-text=link
                    aria-live="polite"
                >
                    "Copy link"
                </button>
            </div>
        </Dialog>
    }
}
