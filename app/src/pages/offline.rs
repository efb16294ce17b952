//! [ssr] What a device keeps of the app's pages, for when there is no line. They hold
//! nothing of anybody; `app/offline` fills them with what is on the device.

use leptos::prelude::*;

use crate::document_shell::Head;
use crate::icons::Icon;

/// What `app/offline/list.ts` tells apart, by the address that was wanted: its mark,
/// heading and words.
const ABOUT: [(&str, &str, &str); 3] = [
    (
        "home",
        "You are offline",
        "Notes on this device open as ever. What you write is kept here, and merged when you are back.",
    ),
    (
        "note",
        "This note is not on this device",
        "There is no connection, and only notes that you wrote in on this device are kept here. Try again when you are back.",
    ),
    (
        "page",
        "You are offline",
        "This page is not kept on this device. Try again when you are back.",
    ),
];

pub(crate) fn head() -> Head {
    Head {
        title: "Offline".to_owned(),
        description: "There is no connection.".to_owned(),
        offline: true,
        ..Head::default()
    }
}

/// What cannot be reached, and what is here instead.
#[component]
pub fn OfflinePage() -> impl IntoView {
    let about = ABOUT.map(|(mark, heading, words)| {
        view! {
            <div data-about=mark hidden=true>
                <h1>{heading}</h1>
                <p class="lead">{words}</p>
            </div>
        }
    });
    view! {
        <main class="home offline">
            <header class="home-head">
                <a class="wordmark" href="/">
                    "Tandem"
                </a>
                <span class="bar-space"></span>
                <button type="button" class="button" data-do="again">
                    <Icon name="refresh-cw" />
                    "Try again"
                </button>
            </header>
            <section class="offline-about" role="status">
                {about}
            </section>
            <section class="note-list" aria-labelledby="list" data-notes="some" hidden=true>
                <h2 id="list">"On this device"</h2>
                <ul id="on-device"></ul>
            </section>
            <p class="empty" data-notes="none" hidden=true>
                "No note is kept on this device yet. A note is, once you wrote in it here."
            </p>
        </main>
    }
}
