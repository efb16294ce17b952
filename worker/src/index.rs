//! The index over all notes, as rooms write to it: what a note is called and
//! says, and who wrote in it.

use realtime::{IndexEntry, Key};
use store::{NoteId, PersonId, Writer};
use worker::Env;

use crate::d1::D1;

/// Writes a note's index entry to D1.
pub(crate) async fn write(env: &Env, key: &Key, entry: &IndexEntry) -> Result<(), String> {
    let Key::Note(id) = *key else {
        return Err(format!("{key} is no note, and only notes are in the index"));
    };
    let database = D1::of(env).map_err(|error| error.to_string())?;
    store::notes::index(&database, &to_store(NoteId(id), entry))
        .await
        .map_err(|error| error.to_string())
}

/// Writes how many people have a note open to D1.
pub(crate) async fn here(env: &Env, key: &Key, people: usize) -> Result<(), String> {
    let Key::Note(id) = *key else {
        return Ok(());
    };
    let database = D1::of(env).map_err(|error| error.to_string())?;
    let at = worker::Date::now().as_millis();
    store::notes::here(&database, NoteId(id), people as u64, at)
        .await
        .map_err(|error| error.to_string())
}

fn to_store(id: NoteId, entry: &IndexEntry) -> store::IndexEntry {
    store::IndexEntry {
        id,
        version: entry.version,
        title: entry.title.clone(),
        excerpt: entry.excerpt.clone(),
        text: note::front_matter::body(&entry.text).to_owned(),
        at: entry.at,
        tags: note::tags::tags(&entry.text),
        links: note::view::wiki_links(&entry.text),
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
