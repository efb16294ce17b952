//! [ssr] What a page that is read shows around its view: how the connection stands
//! and who is here. The scripts in `app/reader` fill it; once the app runs it is
//! hidden, for the app has its own.

use leptos::prelude::*;

use crate::dialog::ME_DIALOG;
use crate::icons::Icon;

/// How the connection stands.
#[component]
pub fn ReaderChip(
    /// Whether the visitor may change the note.
    #[prop(optional)]
    writes: bool,
    /// What it says while all is well, instead of what the visitor may do.
    #[prop(optional, into)]
    live: Option<&'static str>,
) -> impl IntoView {
    view! {
        <div
            id="reader-chip"
            class="chip-place needs-scripts reader-only"
            data-writes=writes.then_some("")
            data-live=live
        >
            <button
                type="button"
                class="chip chip-busy"
                popovertarget="reader-details"
                aria-label="Connecting…. Details"
            >
                <Icon name="cloud-upload" />
                <span class="chip-text">"Connecting…"</span>
            </button>
            <div id="reader-details" class="popover chip-details" popover="auto">
                <p class="popover-lead"></p>
                <p class="chip-detail"></p>
                <div class="popover-buttons">
                    <button type="button" class="button" data-do="retry" hidden=true>
                        "Try now"
                    </button>
                </div>
            </div>
            <p class="visually-hidden" role="status"></p>
        </div>
    }
}

/// The button of the contents list; `app/reader/contents.ts` shows it once there is
/// something to list.
#[component]
pub fn ContentsButton() -> impl IntoView {
    view! {
        <button
            type="button"
            id="contents-button"
            class="contents-button needs-scripts"
            aria-expanded="false"
            aria-label="Contents"
            title="Contents"
            hidden=true
        >
            <Icon name="table-of-contents" />
            <span>"Contents"</span>
        </button>
    }
}

/// That somebody leads the others, and a button to follow.
#[component]
pub fn ReaderLeader() -> impl IntoView {
    view! {
        <div id="reader-leader" class="reader-leader needs-scripts reader-only" role="status">
            <div class="news-item leader-item" hidden=true>
                <p></p>
                <button type="button" class="button" data-do="follow">
                    "Follow"
                </button>
            </div>
        </div>
    }
}

/// Who is here.
#[component]
pub fn ReaderPeople(
    /// Whether the page has the dialog with one's name.
    #[prop(optional)]
    renames: bool,
) -> impl IntoView {
    let rename = renames.then(|| {
        view! {
            <button type="button" class="button" command="show-modal" commandfor=ME_DIALOG>
                "Change my name"
            </button>
        }
    });
    view! {
        <div id="reader-people" class="people needs-scripts reader-only">
            <button
                type="button"
                class="faces"
                popovertarget="reader-people-list"
                aria-label="Nobody yet here"
            ></button>
            <div id="reader-people-list" class="popover people-list" popover="auto">
                <ul></ul>
                {rename}
            </div>
            <p class="visually-hidden" role="status"></p>
        </div>
    }
}
