//! [ssr] The Share button and its dialog: for its owner how the note is shared,
//! fetched when it is opened; for others its address, and what that gives.

use leptos::either::Either;
use leptos::prelude::*;
use store::GeneralAccess;
use uuid::Uuid;

use crate::dialog::{Dialog, SHARE_DIALOG};

/// The Share button and its dialog.
#[component]
pub fn Share(
    /// The note.
    note: Uuid,
    /// Its address, whole.
    link: String,
    /// What those may do who have no right of their own.
    general: GeneralAccess,
    /// Whether it has no owner yet, and somebody may become it.
    claimable: bool,
    /// Whether the visitor may change any of it.
    may_share: bool,
) -> impl IntoView {
    let page = format!("/note/{note}/share");
    let (body, opens) = if may_share {
        let loading = view! {
            <div data-part=format!("{page}?part=1")>
                <p class="aside" role="status">"Loading…"</p>
            </div>
        };
        (Either::Left(loading), Some("load-part"))
    } else {
        let claim = claimable.then(|| {
            view! { <p class="aside">"Nobody owns this note yet. " <a href=page.clone()>"Claim it"</a></p> }
        });
        (Either::Right((address(link, general), claim)), None)
    };
    view! {
        <button
            type="button"
            class="button button-filled needs-scripts"
            command="show-modal"
            commandfor=SHARE_DIALOG
            data-do=opens
        >
            "Share"
        </button>
        {may_share
            .then(|| view! { <a class="button button-filled no-scripts" href=page>"Share"</a> })}
        <Dialog id=SHARE_DIALOG title="Share this note">
            {body}
        </Dialog>
    }
}

fn address(link: String, general: GeneralAccess) -> impl IntoView {
    view! {
        <div class="stack">
            <p>{general.sentence()}</p>
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
    }
}
