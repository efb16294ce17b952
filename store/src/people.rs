//! People as far as they wrote something. A visitor who only reads leaves no row.

use crate::database::{Statement, Value};
use crate::ids::{NoteId, PersonId};

/// Somebody who wrote, as they were then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// Who.
    pub person: PersonId,
    /// Name as chosen.
    pub name: String,
    /// Colour as an index of the palette.
    pub colour: u8,
    /// Hash of the token that proves who they are, if they have one.
    pub credential: Option<String>,
    /// When they wrote, milliseconds of the epoch.
    pub at: u64,
}

/// Who is seen again within this time, by the same name and colour, costs no row.
const SEEN_EVERY_MS: u64 = 60_000;

/// Keeps a person with their latest name and colour, and the credential that
/// proves them. Told late and twice it changes nothing: the newest sighting wins.
/// An account's name is changed in its settings alone.
pub(crate) fn keep(writer: &Writer) -> Vec<Statement> {
    let mut statements = vec![Statement::new(
        "INSERT INTO people (id, name, colour, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (id) DO UPDATE
         SET name = excluded.name, colour = excluded.colour, seen_at = excluded.seen_at
         WHERE excluded.seen_at >= people.seen_at
           AND (excluded.seen_at >= people.seen_at + ?5
             OR excluded.name <> people.name OR excluded.colour <> people.colour)
           AND people.id NOT IN (SELECT person_id FROM accounts)",
        [
            writer.person.into(),
            writer.name.as_str().into(),
            u64::from(writer.colour).into(),
            writer.at.into(),
            SEEN_EVERY_MS.into(),
        ],
    )];
    statements.extend(keep_credential(writer));
    statements
}

/// Keeps a person who is not known yet; one who is keeps the name they have.
pub(crate) fn keep_if_new(who: &Writer) -> Vec<Statement> {
    let mut statements = vec![Statement::new(
        "INSERT INTO people (id, name, colour, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (id) DO NOTHING",
        [
            who.person.into(),
            who.name.as_str().into(),
            u64::from(who.colour).into(),
            who.at.into(),
        ],
    )];
    statements.extend(keep_credential(who));
    statements
}

fn keep_credential(who: &Writer) -> Option<Statement> {
    let credential = who.credential.as_deref()?;
    Some(Statement::new(
        "INSERT INTO credentials (token_hash, person_id, created_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (token_hash) DO NOTHING",
        [Value::from(credential), who.person.into(), who.at.into()],
    ))
}

/// Keeps that a person wrote in a note: the account they became, when the guest's
/// token has ended meanwhile. Nothing happens for a note without a row.
pub(crate) fn keep_writing(note: NoteId, writer: &Writer) -> Statement {
    Statement::new(
        "INSERT INTO note_people (note_id, person_id, edited_at)
         SELECT id, coalesce((SELECT person_id FROM credentials
             WHERE token_hash = ?4 AND kind = 'guest' AND ended_at IS NOT NULL), ?2), ?3
         FROM notes WHERE id = ?1
         ON CONFLICT (note_id, person_id) DO UPDATE
         SET edited_at = max(edited_at, excluded.edited_at)",
        [
            note.into(),
            writer.person.into(),
            writer.at.into(),
            writer.credential.as_deref().into(),
        ],
    )
}
