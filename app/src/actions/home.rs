//! What is done to notes from the list of them: pins, the trash, and back.
//! Whoever posts is checked here as everywhere: a list is no right.

use leptos::prelude::*;
use uuid::Uuid;

use super::{go, inbox::page_before};
use crate::server::{Opened, Services, Visitor, context, open, refused, said};
use realtime::Refusal;
use store::{NoteId, PersonId, StoreError};

/// Pins a note for me, or, without a tick, takes the pin away.
#[server(prefix = "/api/fn", endpoint = "pin_note")]
pub async fn pin_note(note: Uuid, #[server(default)] pinned: bool) -> Result<(), ServerFnError> {
    let (services, visitor) = context()?;
    let me = known(&visitor)?;
    let done = if pinned {
        open(&services, &visitor, note).await.map_err(refused)?;
        store::finding::pin(&*services.database, me, NoteId(note), services.now_ms).await
    } else {
        // Also what I may not open any more.
        store::finding::unpin(&*services.database, me, NoteId(note)).await
    };
    stored(done)?;
    go(&page_before(&services.origin));
    Ok(())
}

/// Puts a note of mine into the trash.
#[server(prefix = "/api/fn", endpoint = "trash_note")]
pub async fn trash_note(note: Uuid) -> Result<(), ServerFnError> {
    let (services, visitor) = context()?;
    own(&services, &visitor, note).await?;
    stored(store::notes::trash(&*services.database, NoteId(note), services.now_ms).await)?;
    // It is in the trash; who still has it open is told, now or when they write.
    if let Err(refusal) = services.notes.gone(note).await {
        leptos::logging::warn!("closing a note in the trash: {refusal}");
    }
    go(&format!("/?trashed={note}"));
    Ok(())
}

/// Takes a note of mine out of the trash.
#[server(prefix = "/api/fn", endpoint = "restore_note")]
pub async fn restore_note(note: Uuid) -> Result<(), ServerFnError> {
    let (services, visitor) = context()?;
    own(&services, &visitor, note).await?;
    stored(store::notes::restore(&*services.database, NoteId(note)).await)?;
    go(&format!("/note/{note}"));
    Ok(())
}

/// Deletes a note of mine that is in the trash, for whoever types its title.
#[server(prefix = "/api/fn", endpoint = "delete_note_for_good")]
pub async fn delete_note_for_good(note: Uuid, title: String) -> Result<(), ServerFnError> {
    let (services, visitor) = context()?;
    let opened = own(&services, &visitor, note).await?;
    if title.trim() != crate::pages::home::shown_title(&opened.title).trim() {
        return Err(said(
            http::StatusCode::CONFLICT,
            "That is not its title, so nothing was deleted.",
        ));
    }
    let (database, now) = (&*services.database, services.now_ms);
    if !stored(store::notes::delete_for_good(database, NoteId(note), now).await)? {
        return Err(said(
            http::StatusCode::CONFLICT,
            "It is not in the trash any more, so nothing was deleted.",
        ));
    }
    // It is gone; what cannot be erased now, the clock erases.
    if let Err(refusal) = services.notes.erase(note).await {
        leptos::logging::warn!("erasing a note: {refusal}");
    }
    go("/?view=trash");
    Ok(())
}

/// The person who asks; somebody made up for this one request keeps nothing.
fn known(visitor: &Visitor) -> Result<PersonId, ServerFnError> {
    let credential = visitor.credential.as_ref();
    credential
        .map(|_| PersonId(visitor.person.id))
        .ok_or_else(|| refused(Refusal::NotAllowed))
}

/// A note that the visitor owns, in the trash or not.
async fn own(services: &Services, visitor: &Visitor, note: Uuid) -> Result<Opened, ServerFnError> {
    let opened = open(services, visitor, note).await.map_err(refused)?;
    if !opened.role.may(store::Action::Trash) {
        return Err(refused(Refusal::NotAllowed));
    }
    Ok(opened)
}

fn stored<T>(done: Result<T, StoreError>) -> Result<T, ServerFnError> {
    done.map_err(|error| {
        leptos::logging::warn!("a list of notes: {error}");
        refused(Refusal::Storage)
    })
}
