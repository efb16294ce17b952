//! Chat rooms as pages and sockets open them: which one, with what right, under
//! which title; and the port that makes one.

use realtime::{Access, Admission, Key, Refusal, RoomName};
use store::{PersonId, Role};

use super::{Pending, Services, Visitor, access_of};

/// What a room is called that has no title yet: that of a note without text.
const UNTITLED: &str = "Untitled";

/// A chat room somebody may be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedRoom {
    /// The room's key.
    pub key: Key,
    /// What the visitor may do in it.
    pub role: Role,
    /// When that is to be looked at again, for it rests on something that ends.
    pub until: Option<u64>,
    /// As shown; a note's room has the note's title.
    pub title: String,
}

/// Makes chat rooms. Endings of names and rate limits are the Worker's, so it
/// implements this.
pub trait MakeRooms: Send + Sync {
    /// Makes a room of this clean title, kept in order by the visitor, and returns its
    /// name. Refused for who could not come back as the same person.
    fn make<'a>(
        &'a self,
        visitor: &'a Visitor,
        title: String,
    ) -> Pending<'a, Result<String, Refusal>>;
}

impl OpenedRoom {
    /// The right as the room knows it.
    #[must_use]
    pub fn access(&self) -> Access {
        access_of(self.role)
    }

    /// What the room is shown of the visitor.
    #[must_use]
    pub fn admission(&self, visitor: &Visitor) -> Admission {
        Admission {
            title: Some(self.title.clone()),
            credential: visitor.credential.clone(),
            bearer: visitor.bearer.clone(),
            until: self.until,
            ..Admission::new(visitor.person.clone(), self.access())
        }
    }
}

/// Finds a chat room and what the visitor may do in it. A room that somebody
/// made is open to whoever knows its name; a note's room follows the note.
///
/// # Errors
/// [`Refusal::NotFound`] for no room and for no right alike, or
/// [`Refusal::Storage`] when the database is out.
pub async fn open_room(
    services: &Services,
    visitor: &Visitor,
    room: &RoomName,
) -> Result<OpenedRoom, Refusal> {
    let key = Key::Chat(room.clone());
    match room {
        RoomName::OfNote(id) => {
            let note = super::open(services, visitor, *id).await?;
            let title = if note.title.is_empty() {
                UNTITLED.to_owned()
            } else {
                note.title
            };
            Ok(OpenedRoom {
                key,
                role: note.role,
                until: note.until,
                title,
            })
        }
        RoomName::Named(name) => {
            let found = match store::rooms::find(&*services.database, name).await {
                Ok(found) => found.ok_or(Refusal::NotFound)?,
                Err(_unavailable) => return Err(Refusal::Storage),
            };
            let me = visitor.credential.as_ref();
            let me = me.map(|_| PersonId(visitor.person.id));
            let owns = me.is_some() && found.owner == me;
            Ok(OpenedRoom {
                key,
                role: if owns { Role::Owner } else { Role::Edit },
                until: None,
                title: found.title,
            })
        }
    }
}
