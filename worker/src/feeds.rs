//! What feeds have to say: notifications of a person, the announcement to
//! everybody. The truth of both is in D1.

use realtime::{Announcement, FeedState, Key, Notice, Notification, Person, Who};
use realtime::{Refusal, render_realtime_clients};
use store::announcements::AnnouncementRecord;
use store::notifications::{By, LISTED, NewNotification, NotificationRecord};
use store::{NoteId, PersonId};
use worker::{Date, Env};

use crate::d1::D1;
use crate::incoming::namespace;

/// What a feed has to say now.
pub(crate) async fn state(env: &Env, key: &Key) -> Result<FeedState, String> {
    let database = D1::of(env).map_err(|error| error.to_string())?;
    let state = match key {
        Key::User(id) => store::notifications::inbox(&database, PersonId(*id), None, None, LISTED)
            .await
            .map(|inbox| FeedState::Person {
                unread: inbox.unread,
                notifications: inbox.newest.into_iter().map(to_notification).collect(),
            }),
        Key::Global => store::announcements::current(&database, Date::now().as_millis())
            .await
            .map(|current| FeedState::Everyone {
                announcement: current.map(to_announcement),
            }),
        Key::Note(_) | Key::Chat(_) => return Err(format!("{key} has no feed")),
    };
    state.map_err(|error| error.to_string())
}

/// Keeps notices and brings the feeds up to date of those who have a new one. A notice
/// quotes what was written, and its room knows everybody who was ever there: who may not
/// read the note it leads to by now is told nothing.
pub(crate) async fn notify(env: &Env, notices: Vec<Notice>) -> Result<(), String> {
    let database = D1::of(env).map_err(|error| error.to_string())?;
    // They come from one room, so what one of them leads to all do.
    let note = notices.first().and_then(Notice::note);
    let mut new: Vec<_> = notices.into_iter().map(to_new).collect();
    if let Some(note) = note {
        let at = Date::now().as_millis();
        let to: Vec<_> = new.iter().map(|notice| notice.person).collect();
        let readers = store::rights::readers(&database, NoteId(note), &to, at).await;
        let readers = readers.map_err(|error| error.to_string())?;
        new.retain(|notice| readers.contains(&notice.person));
    }
    let told = store::notifications::keep(&database, &new)
        .await
        .map_err(|error| error.to_string())?;
    for person in told {
        // It is kept; who is not reached now sees it when their page joins again.
        render(env, &Key::User(person.0)).await;
    }
    Ok(())
}

/// Brings the clients of a feed up to date with what D1 says. What was done is
/// stored, so that it shows a moment later is no reason to say that it failed.
pub(crate) async fn render(env: &Env, key: &Key) {
    let rendered = match namespace(env) {
        Ok(namespace) => render_realtime_clients(&namespace, key, &Who::All).await,
        Err(_no_binding) => Err(Refusal::Storage),
    };
    if let Err(refusal) = rendered {
        worker::console_error!("rendering {key}: {refusal}");
    }
}

/// An announcement in the words of rooms.
pub(crate) fn to_announcement(record: AnnouncementRecord) -> Announcement {
    Announcement {
        id: record.id,
        text: record.text,
        at: record.at,
        until: record.until,
    }
}

fn to_new(notice: Notice) -> NewNotification {
    NewNotification {
        person: PersonId(notice.to),
        kind: notice.kind,
        cause: notice.cause,
        by: By {
            person: PersonId(notice.by.id),
            name: notice.by.name,
            colour: notice.by.colour,
        },
        place: notice.place,
        title: notice.title,
        quote: notice.quote,
        at: notice.at,
    }
}

fn to_notification(record: NotificationRecord) -> Notification {
    let NewNotification {
        kind,
        by,
        place,
        title,
        quote,
        at,
        ..
    } = record.what;
    Notification {
        id: record.id,
        kind,
        by: Person::new(by.person.0, &by.name, by.colour),
        place,
        title,
        quote,
        at,
        read: record.read,
    }
}
