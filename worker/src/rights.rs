//! What the sockets of a room may do now, by the database: asked by the object
//! when something changed or ended.

use realtime::{Access, Asker, Key, Right, Rights, RoomName};
use store::publishing::Slug;
use store::{NoteId, PersonId};
use worker::{Date, Env};

use crate::d1::D1;

/// The rights of those who have sockets on a key.
pub(crate) async fn of(env: &Env, key: &Key, askers: Vec<Asker>) -> Result<Rights, String> {
    let database = D1::of(env).map_err(|error| error.to_string())?;
    let (readers, askers): (Vec<_>, Vec<_>) =
        askers.into_iter().partition(|asker| asker.page.is_some());
    let known: Vec<_> = askers.iter().map(asker).collect();
    match key {
        Key::Note(id) | Key::Chat(RoomName::OfNote(id)) => {
            let now = Date::now().as_millis();
            let reading = of_readers(&database, NoteId(*id), readers).await?;
            if known.is_empty() {
                return Ok(reading.into_iter().collect());
            }
            let found = store::rights::of_all(&database, NoteId(*id), &known, now).await;
            let Some((_, rights)) = found.map_err(|error| error.to_string())? else {
                // The note is gone, and with it all rights on it.
                return Ok(Rights::new());
            };
            let rights = askers.into_iter().zip(rights);
            let right = |(asker, right): (Asker, Option<store::Right>)| {
                let right = right?;
                let access = app::server::access_of(right.role);
                let until = right.until;
                Some((asker, Right { access, until }))
            };
            Ok(rights.filter_map(right).chain(reading).collect())
        }
        // A room that somebody made is open to everybody, a feed to its person: as
        // long as their session stands.
        Key::Chat(RoomName::Named(_)) | Key::User(_) | Key::Global => {
            let standing = store::rights::standing(&database, &known).await;
            let standing = standing.map_err(|error| error.to_string())?;
            let owner = owner_of(&database, key).await?;
            let pairs = askers.into_iter().zip(standing);
            let right = |(asker, stands): (Asker, bool)| {
                let access = match key {
                    Key::Chat(_)
                        if asker.credential.is_some() && owner == Some(PersonId(asker.person)) =>
                    {
                        Access::Own
                    }
                    Key::Chat(_) => Access::Edit,
                    _ => Access::View,
                };
                stands.then_some((
                    asker,
                    Right {
                        access,
                        until: None,
                    },
                ))
            };
            Ok(pairs.filter_map(right).collect())
        }
    }
}

/// Who reads on a published page may, as long as the page is this note's.
async fn of_readers(
    database: &D1,
    note: NoteId,
    readers: Vec<Asker>,
) -> Result<Vec<(Asker, Right)>, String> {
    let mut may = Vec::new();
    for reader in readers {
        let slug = reader.page.as_deref().map(Slug::find);
        let Some(Ok(slug)) = slug else { continue };
        let page = store::publishing::find(database, &slug).await;
        let page = page.map_err(|error| error.to_string())?;
        if page.is_some_and(|page| page.note == note) {
            let right = Right {
                access: Access::View,
                until: None,
            };
            may.push((reader, right));
        }
    }
    Ok(may)
}

async fn owner_of(database: &D1, key: &Key) -> Result<Option<PersonId>, String> {
    let Key::Chat(RoomName::Named(name)) = key else {
        return Ok(None);
    };
    let found = store::rooms::find(database, name).await;
    Ok(found
        .map_err(|error| error.to_string())?
        .and_then(|room| room.owner))
}

fn asker(asker: &Asker) -> store::Asker<'_> {
    let credential = asker.credential.as_deref();
    store::Asker {
        person: credential.map(|_| PersonId(asker.person)),
        credential,
        bearer_hash: asker.bearer.as_deref(),
    }
}
