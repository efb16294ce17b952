//! The index over all notes, as rooms write to it: what a note is called and
//! says, and who wrote in it.

use std::pin::Pin;

use realtime::durable_object::Host;
use realtime::{IndexEntry, Key};
use store::{NoteId, PersonId, Writer};

use crate::d1::D1;
use crate::settings::Settings;

/// The index in D1.
pub(crate) struct NoteIndex;

impl Host for NoteIndex {
    fn index(
        env: &worker::Env,
        key: &Key,
        entry: &IndexEntry,
    ) -> Pin<Box<dyn Future<Output = Result<(), String>>>> {
        let database = D1::of(env);
        let entry = to_store(key, entry);
        Box::pin(async move {
            let database = database.map_err(|error| error.to_string())?;
            store::notes::index(&database, &entry)
                .await
                .map_err(|error| error.to_string())
        })
    }

    fn settings(env: &worker::Env) -> realtime::Settings {
        Settings::of(env).room()
    }
}

fn to_store(key: &Key, entry: &IndexEntry) -> store::IndexEntry {
    let Key::Note(id) = *key;
    store::IndexEntry {
        id: NoteId(id),
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
