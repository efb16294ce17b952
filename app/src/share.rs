//! Sharing: the link, and in a sentence what it gives.

use leptos::prelude::*;

use crate::commands;
use crate::dialog::{self, dialog};

const SHARE_DIALOG: &str = "share";

/// The Share button and its dialog.
#[island]
pub fn Share(
    /// The note's address, whole.
    link: String,
    /// What the link gives to whom.
    sentence: String,
) -> impl IntoView {
    let copied = RwSignal::new(None::<bool>);
    let to_copy = link.clone();
    let copy = move |_| commands::copy(to_copy.clone(), move |worked| copied.set(Some(worked)));
    let label = move || match copied.get() {
        Some(true) => "Link copied",
        Some(false) => "Select and copy it by hand",
        None => "Copy link",
    };
    let open = move |_| {
        copied.set(None);
        dialog::show(SHARE_DIALOG);
    };
    let inside = view! {
        <div class="stack">
            <p>{sentence}</p>
            <label class="field">
                <span>"Link"</span>
                <input type="text" readonly=true value=link />
            </label>
            <button type="button" class="button button-filled" on:click=copy aria-live="polite">
                {label}
            </button>
        </div>
    };
    let sheet = dialog(SHARE_DIALOG, "Share this note", inside);
    view! {
        <div class="needs-scripts">
            <button type="button" class="button button-filled" on:click=open>
                "Share"
            </button>
            {sheet}
        </div>
    }
}
