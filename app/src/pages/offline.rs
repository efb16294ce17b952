//! [ssr] What a device keeps of the app's pages, for when there is no line. They hold
//! nothing of anybody; `app/offline` fills them with what is on the device.

use leptos::prelude::*;
use realtime::Key;
use uuid::Uuid;

use crate::chip::SaveChip;
use crate::document_shell::{Head, Islands};
use crate::editor::Editor;
use crate::icons::Icon;
use crate::kept_text::KeptText;
use crate::mode::ModeSwitch;
use crate::offline::BACK_ONLINE;
use crate::reader::ContentsButton;
use crate::session::Writes;
use crate::splitter::Splitter;
use crate::status_line::StatusLine;

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

/// The head of either page.
pub(crate) fn head(islands: Option<Islands>) -> Head {
    Head {
        title: "Offline".to_owned(),
        description: "There is no connection.".to_owned(),
        offline: true,
        islands,
        ..Head::default()
    }
}

/// What comes alive in the page of a note.
pub(crate) const NOTE: Option<Islands> = Some(Islands::Note(Writes::Yes));

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
                <form method="post" action="/new">
                    <button type="submit" class="button button-filled" data-key="n" title="New note (N)">
                        <Icon name="plus" />
                        "New note"
                    </button>
                </form>
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

/// A note that is on this device, whichever: the service worker puts its id in the place
/// of the nil one. What only the server can do is not offered.
#[component]
pub fn OfflineNotePage() -> impl IntoView {
    let note = Uuid::nil();
    view! {
        <a class="skip-link" href="#view-pane">"Skip to the note"</a>
        <div class="note-page">
            <header class="bar">
                <a class="icon-button" href="/" aria-label="Home" title="Home">
                    <Icon name="house" />
                </a>
                <h1 class="title-text"></h1>
                <SaveChip />
                <span class="bar-space"></span>
            </header>
            <main class="panes">
                <section class="source-pane" aria-label="Source">
                    // Whether it may be written in is in what the device has of the note.
                    <Editor note revision=0 can_write=false on_device=true />
                </section>
                <Splitter />
                <section class="view-pane" id="view-pane" aria-label="View" tabindex="0">
                    <article id="view" class="prose" data-key=Key::Note(note).to_string()>
                        <p class="view-waits">"The view comes in a moment, or when you are back online."</p>
                    </article>
                </section>
            </main>
            <KeptText />
            <div class="leader needs-scripts" role="status">
                <div id=BACK_ONLINE class="news-item" hidden=true>
                    <p>"You are back online. Sharing, chat and the rest are a step away."</p>
                    <a class="button" href="">
                        "Load the whole page"
                    </a>
                </div>
            </div>
            <footer class="status-line needs-scripts">
                <ContentsButton />
                <StatusLine />
                <p class="page-said" role="status"></p>
                <ModeSwitch />
            </footer>
        </div>
    }
}
