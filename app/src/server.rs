//! [ssr] What pages and server functions are given by whoever runs them: who
//! asks ([`Visitor`]) and what there is to ask ([`Services`]). The Worker puts
//! both into the Leptos context of each request; a test puts doubles there.
//!
//! Nothing here knows Workers, cookies as headers, or how a room is reached.

pub mod finding;
mod rooms;
mod sharing;

use std::sync::Arc;

use http::StatusCode;
use leptos::prelude::{ServerFnError, use_context};
use realtime::{Access, Admission, Key, Person, Refusal, Rooms};
use store::{Asker, Database, NoteId, PersonId, Role};
use uuid::Uuid;

pub use rooms::{MakeRooms, OpenedRoom, open_room};
pub use sharing::ShareNotes;

use crate::theme::Theme;

/// A future of a port; `Send`, as server functions want it.
pub type Pending<'a, T> = realtime::Pending<'a, T>;

/// Who asks: made by the Worker from cookies and headers, believed here.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Who it is. A first-time visitor has one too, made up for this request.
    pub person: Person,
    /// Whether they are signed in: an account, not a guest.
    pub account: bool,
    /// SHA-256 of the token in the cookie, hex; none when cookies do not count here.
    pub credential: Option<String>,
    /// SHA-256 of a bearer token that came along, hex.
    pub bearer: Option<String>,
    /// Whether this browser was here before (it came with a token cookie).
    pub known: bool,
    /// Whether the name was chosen, not made up.
    pub has_name: bool,
    /// The theme chosen in this browser.
    pub theme: Theme,
}

/// What a request may ask.
#[derive(Clone)]
pub struct Services {
    /// Records: which notes there are, whose, open to whom.
    pub database: Arc<dyn Database>,
    /// The notes themselves.
    pub rooms: Arc<dyn Rooms>,
    /// Makes notes; the same one that `POST /new` asks.
    pub notes: Arc<dyn MakeNotes>,
    /// Makes chat rooms.
    pub chats: Arc<dyn MakeRooms>,
    /// What sharing asks of the runtime.
    pub share: Arc<dyn ShareNotes>,
    /// When this request came, milliseconds of the epoch.
    pub now_ms: u64,
    /// Scheme and host as visitors write them, without a slash at the end.
    pub origin: String,
}

/// Makes notes. Ids, times and rate limits are the Worker's, so it implements this.
pub trait MakeNotes: Send + Sync {
    /// Makes a note with this text and general access, owned by the visitor when
    /// the visitor has a credential.
    fn make<'a>(&'a self, visitor: &'a Visitor, text: String)
    -> Pending<'a, Result<Uuid, Refusal>>;

    /// Closes the sockets of a note that went to the trash, and of its chat.
    fn gone(&self, _note: Uuid) -> Pending<'_, Result<(), Refusal>> {
        Box::pin(async { Ok(()) })
    }

    /// Erases what was written in a note that goes for good, and in its chat.
    fn erase(&self, _note: Uuid) -> Pending<'_, Result<(), Refusal>> {
        Box::pin(async { Ok(()) })
    }
}

/// A note somebody may open: what they may do with it, and its key.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The note's key.
    pub key: Key,
    /// What the visitor may do.
    pub role: Role,
    /// When that is to be looked at again, for it rests on something that ends.
    pub until: Option<u64>,
    /// What those may do who have no right of their own.
    pub general: store::GeneralAccess,
    /// Its title by the index; empty until the first entry.
    pub title: String,
    /// Whether it has no owner, and a token that makes somebody its owner.
    pub claimable: bool,
    /// When it went to the trash, if it is there; then it is its owner's alone.
    pub trashed_at: Option<u64>,
}

impl Opened {
    /// The right as the room knows it.
    #[must_use]
    pub fn access(&self) -> Access {
        access_of(self.role)
    }

    /// What the room is shown of the visitor for one action.
    #[must_use]
    pub fn admission(&self, visitor: &Visitor) -> Admission {
        Admission {
            credential: visitor.credential.clone(),
            bearer: visitor.bearer.clone(),
            until: self.until,
            ..Admission::new(visitor.person.clone(), self.access())
        }
    }
}

/// A role in the words of rooms.
#[must_use]
pub fn access_of(role: Role) -> Access {
    match role {
        Role::View => Access::View,
        Role::Comment => Access::Comment,
        Role::Suggest => Access::Suggest,
        Role::Edit => Access::Edit,
        Role::Owner => Access::Own,
    }
}

/// Finds a note and what the visitor may do with it; [`Refusal::NotFound`] for
/// none at all, which is also the answer when there is no such note.
///
/// # Errors
/// [`Refusal::NotFound`], or [`Refusal::Storage`] when the database is out.
pub async fn open(services: &Services, visitor: &Visitor, id: Uuid) -> Result<Opened, Refusal> {
    let who = asker(visitor);
    let found = store::rights::of(&*services.database, NoteId(id), &who, services.now_ms).await;
    let store::rights::Found { note, right } = match found {
        Ok(found) => found.ok_or(Refusal::NotFound)?,
        Err(_unavailable) => return Err(Refusal::Storage),
    };
    let right = right.ok_or(Refusal::NotFound)?;
    Ok(Opened {
        key: Key::Note(id),
        role: right.role,
        until: right.until,
        general: note.general,
        title: note.title,
        claimable: note.owner.is_none() && note.owner_token_hash.is_some(),
        trashed_at: note.trashed_at,
    })
}

/// Has a note's rooms look again at who is in them, after a right on it changed: who may
/// less is lowered, who may nothing is out.
///
/// # Errors
/// When a room cannot be reached; what the store noted is told it by the clock.
pub async fn recheck(services: &Services, note: Uuid) -> Result<(), Refusal> {
    let keys = Key::of_note(note);
    for key in &keys {
        services.rooms.recheck(key).await?;
    }
    let keys = keys.map(|key| key.to_string());
    let told = store::rechecks::told(&*services.database, &keys, services.now_ms).await;
    if let Err(error) = told {
        leptos::logging::warn!("rooms of {note} are told once more: {error}");
    }
    Ok(())
}

/// A visitor as the rules know them.
fn asker(visitor: &Visitor) -> Asker<'_> {
    let credential = visitor.credential.as_deref();
    Asker {
        // Without a credential the person is made up for this request and has no rights.
        person: credential.map(|_| PersonId(visitor.person.id)),
        credential,
        bearer_hash: visitor.bearer.as_deref(),
    }
}

/// Visitor and services of the server function that is running.
///
/// # Errors
/// When whoever runs it gave none: a mistake of the Worker, not of a stranger.
pub fn context() -> Result<(Services, Visitor), ServerFnError> {
    match (use_context::<Services>(), use_context::<Visitor>()) {
        (Some(services), Some(visitor)) => Ok((services, visitor)),
        _ => Err(ServerFnError::new("This server is not set up to do that.")),
    }
}

/// A refusal as the sentence a server function answers with.
#[must_use]
pub fn refused(refusal: Refusal) -> ServerFnError {
    let status = StatusCode::from_u16(refusal.status());
    said(
        status.unwrap_or(StatusCode::BAD_REQUEST),
        &refusal.to_string(),
    )
}

/// A sentence that a server function answers with, and the status it has.
#[must_use]
pub fn said(status: StatusCode, sentence: &str) -> ServerFnError {
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(status);
    }
    ServerFnError::ServerError(sentence.to_owned())
}

/// Which kinds of notification somebody switched off. What cannot be read counts
/// as on, as it is for who never switched anything.
pub async fn silent_kinds(services: &Services, visitor: &Visitor) -> Vec<&'static str> {
    if !visitor.known {
        return Vec::new();
    }
    let person = PersonId(visitor.person.id);
    let settings = store::notifications::settings(&*services.database, person).await;
    let silent = settings
        .unwrap_or_default()
        .into_iter()
        .filter(|(_, on)| !on);
    silent.map(|(kind, _)| kind.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::Action;

    #[test]
    fn rooms_and_records_agree_on_what_a_role_may() {
        for role in Role::ALL {
            let access = access_of(role);
            assert_eq!(access.can_write(), role.may(Action::Write), "{role:?}");
            assert_eq!(access.can_write(), role.may(Action::Lead), "{role:?}");
            assert_eq!(access.can_write(), role.may(Action::Rename), "{role:?}");
            assert_eq!(access.can_chat(), role.may(Action::WriteChat), "{role:?}");
            assert_eq!(
                access == Access::Own,
                role.may(Action::KeepOrder),
                "{role:?}"
            );
        }
    }
}
