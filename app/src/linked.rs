//! [ssr] The notes that link to this one, under its view: to each reader those they
//! may open, found with the page. Where there are none, nothing is shown.

use leptos::prelude::*;
use store::NoteId;
use store::finding::LinkingNote;
use uuid::Uuid;

use crate::server::finding::finder;
use crate::server::{Services, Visitor};

/// The notes that link to a note, as far as its reader may know of them. A page
/// without them is better than none.
pub(crate) async fn linking(
    services: &Services,
    visitor: &Visitor,
    note: Uuid,
) -> Vec<LinkingNote> {
    let finder = finder(services, visitor);
    if finder.person.is_none() && finder.bearer_hash.is_none() {
        return Vec::new();
    }
    let found = store::finding::linked(&*services.database, &finder, NoteId(note));
    found.await.unwrap_or_else(|error| {
        leptos::logging::warn!("links to a note: {error}");
        Vec::new()
    })
}

/// The list.
#[component]
pub fn LinkedFrom(
    /// The notes in it.
    notes: Vec<LinkingNote>,
) -> impl IntoView {
    (!notes.is_empty()).then(|| {
        let row = |note: LinkingNote| {
            view! {
                <li>
                    <a href=format!("/note/{}", note.id.0)>{note.title}</a>
                    <span class="linked-excerpt">{note.excerpt}</span>
                </li>
            }
        };
        let rows = notes.into_iter().map(row).collect_view();
        view! {
            <nav class="linked-from" aria-labelledby="linked-from">
                <h2 id="linked-from">"Linked from"</h2>
                <ul>{rows}</ul>
            </nav>
        }
    })
}
