//! ★ The keystroke file: CodeMirror ⇄ client ⇄ view.
//!
//! A keystroke goes through here like this:
//!
//! 1. `codemirror/glue.ts` reports what is typed as (from, to, text), in UTF-16
//!    units, unless it is marked as not ours, before the editor shows it.
//! 2. [`on_edit`] gives it to the client, which changes the shared text at once.
//! 3. The client sends it when the socket is in step, and counts it as waiting
//!    until the server says that it is stored; the chip reads that count.
//! 4. The others' edits come back in [`on_output`]: `CodeMirror` gets them marked
//!    as not ours, and the carets follow.
//! 5. The server renders what changed; `preview.rs` swaps the blocks it names.
//!
//! What is absent: no document and no decision in JavaScript, and no rendering of
//! Markdown in this page, unless there is no server to do it (`own_view.rs`).

#[cfg(feature = "hydrate")]
mod amount;
#[cfg(feature = "hydrate")]
mod codemirror;
#[cfg(feature = "hydrate")]
mod cursors;
#[cfg(feature = "hydrate")]
mod page;

use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "hydrate")]
pub(crate) use {codemirror::CodeMirror, page::with_page};

/// The source pane. The editor appears in it as soon as the text is here.
#[island]
pub fn Editor(
    /// The note.
    note: Uuid,
    /// The view revision that the page was served with.
    revision: u64,
    /// Whether the text may be changed, as of this page.
    can_write: bool,
    /// Whether the page holds nothing of the note: it starts from this device.
    on_device: bool,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| page::open(note, revision, can_write, on_device));
    #[cfg(not(feature = "hydrate"))]
    let _for_the_browser = (note, revision, can_write, on_device);
    view! { <div id="source" class="editor"></div> }
}

#[cfg(feature = "hydrate")]
use {
    note::edit::{Edit, EditError},
    page::Page,
    realtime::{Event, Output, Refusable},
    std::rc::Rc,
};

/// Steps 2 and 3: what is typed becomes part of the shared text. False for what cannot:
/// the editor then does not show it, so that it never has text the note has not.
#[cfg(feature = "hydrate")]
fn on_edit(page: &Page, edits: &[Edit]) -> bool {
    let made = page.client().edit(edits);
    match &made {
        Ok(()) => {
            if page.session.refused.with_untracked(Option::is_some) {
                page.session.refused.set(None);
            }
        }
        Err(EditError::Full) => {
            let sentence = realtime::Refusal::Full.to_string();
            page.session.refused.set(Some(sentence));
        }
        Err(error) => {
            let sentence = format!("That change was not made: {error}.");
            page.session.refused.set(Some(sentence));
            // It was made on a text that is not the note's.
            page.show_text(&page.client().text());
        }
    }
    page.count_soon();
    made.is_ok()
}

/// Steps 3 to 5, from the client's side.
#[cfg(feature = "hydrate")]
fn on_output(page: &Rc<Page>, output: Output) {
    match output {
        Output::Ready { text } => page.show_source(&text),
        Output::Edits(edits) => {
            page.apply_remote(&edits);
            page.count_soon();
        }
        Output::Awareness(states) => page.show_carets(states),
        Output::Status(status) => page.show_status(status),
        Output::Apart(apart) => page.session.apart.set(apart),
        Output::Event(event) => on_event(page, event),
    }
}

#[cfg(feature = "hydrate")]
fn on_event(page: &Page, event: Event) {
    let session = &page.session;
    match event {
        Event::Hello {
            you,
            access,
            title,
            limits,
            ..
        } => {
            session.me.set(Some(you.id));
            page.set_access(access);
            crate::title::greeted(&title);
            page.set_limit(limits.text_bytes);
        }
        Event::View {
            revision,
            from,
            patches,
        } => page.show_view(revision, from, &patches),
        Event::Presence { people } => session.people.set(people),
        Event::Title { title } => crate::title::show(&title),
        Event::Access { access } => page.set_access(access),
        Event::Refused {
            what: Refusable::Edit | Refusable::Save,
            message,
            ..
        } => page.not_stored(message),
        // No text is in danger; what closes the socket tells itself.
        Event::Refused { .. } => {}
        // The client counts what is saved, its status says it; the rest is not the
        // editor's.
        _ => {}
    }
}
