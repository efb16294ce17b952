//! The index over all notes, as rooms write to it: what a note is called and
//! says, and who wrote in it.

use realtime::durable_object::{Host, HostFuture};
use realtime::{FeedState, IndexEntry, Key, Notice};
use store::{NoteId, PersonId, Writer};

use crate::d1::D1;
use crate::settings::Settings;

/// The index in D1.
pub(crate) struct NoteIndex;

impl Host for NoteIndex {
    fn index(env: &worker::Env, key: &Key, entry: &IndexEntry) -> HostFuture<()> {
        let database = D1::of(env);
        let Key::Note(id) = *key else {
            return Box::pin(async { Err("only notes are in the index".to_owned()) });
        };
        let entry = to_store(NoteId(id), entry);
        Box::pin(async move {
            let database = database.map_err(|error| error.to_string())?;
            store::notes::index(&database, &entry)
                .await
                .map_err(|error| error.to_string())
        })
    }

    fn feed(_env: &worker::Env, key: &Key) -> HostFuture<FeedState> {
        let problem = format!("{key} has no feed");
        Box::pin(async { Err(problem) })
    }

    fn notify(_env: &worker::Env, _notices: Vec<Notice>) -> HostFuture<()> {
        Box::pin(async { Err("notices are kept nowhere".to_owned()) })
    }

    fn settings(env: &worker::Env) -> realtime::Settings {
        Settings::of(env).room()
    }
}

fn to_store(id: NoteId, entry: &IndexEntry) -> store::IndexEntry {
    store::IndexEntry {
        id,
        version: entry.version,
        title: entry.title.clone(),
        excerpt: entry.excerpt.clone(),
        text: entry.text.clone(),
        at: entry.at,
        // Who cannot come back as the same person would leave a row for nobody.
        writers: entry
            .writers
            .iter()
            .filter(|writer| writer.credential.is_some())
            .map(to_writer)
            .collect(),
    }
}

fn to_writer(writer: &realtime::Writer) -> Writer {
    Writer {
        person: PersonId(writer.person.id),
        name: writer.person.name.clone(),
        colour: writer.person.colour,
        credential: writer.credential.clone(),
        at: writer.at,
    }
}
