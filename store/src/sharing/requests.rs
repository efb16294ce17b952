//! Requests for access: somebody without a right asks, the owner decides.

use super::members;
use crate::access::Role;
use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use crate::people::{self, Writer};

/// Requests that wait for one note at a time; more than a person looks through.
const MAX_WAITING: u64 = 100;

/// Somebody who asked and waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRequest {
    /// Who.
    pub person: PersonId,
    /// Name as they had it then.
    pub name: String,
    /// Colour as an index of the palette.
    pub colour: u8,
    /// When, milliseconds of the epoch.
    pub at: u64,
}

/// Asks for access. The owner of the note, where there is one and this is new:
/// whom to tell. None for no note as well, and nothing tells the two apart.
///
/// # Errors
/// When the database is out.
pub async fn ask(
    database: &dyn Database,
    note: NoteId,
    who: &Writer,
) -> Result<Option<PersonId>, StoreError> {
    let asked = Statement::new(
        "INSERT INTO access_requests (note_id, person_id, name, colour, at)
         SELECT id, ?2, ?3, ?4, ?5 FROM notes
         WHERE id = ?1 AND trashed_at IS NULL AND owner_id IS NOT NULL AND owner_id <> ?2
           AND NOT EXISTS (SELECT 1 FROM note_members WHERE note_id = ?1 AND person_id = ?2)
           AND (SELECT count(*) FROM access_requests WHERE note_id = ?1) < ?6
         ON CONFLICT (note_id, person_id) DO NOTHING
         RETURNING (SELECT owner_id FROM notes WHERE id = note_id) AS owner",
        [
            note.into(),
            who.person.into(),
            who.name.as_str().into(),
            u64::from(who.colour).into(),
            who.at.into(),
            MAX_WAITING.into(),
        ],
    );
    let rows = database.query(asked).await?;
    rows.first()
        .map(|row| PersonId::from_column(row.text("owner")?, "owner"))
        .transpose()
}

/// Lists who waits, the first first.
///
/// # Errors
/// When the database is out.
pub async fn of(database: &dyn Database, note: NoteId) -> Result<Vec<AccessRequest>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT person_id, name, colour, at FROM access_requests
             WHERE note_id = ?1 ORDER BY at, person_id",
            [Value::from(note)],
        ))
        .await?;
    rows.iter().map(record).collect()
}

/// Decides: with a role they are a member, without they are not; either way they
/// wait no longer. None when nobody waited.
///
/// # Errors
/// When the database is out.
pub async fn decide(
    database: &dyn Database,
    note: NoteId,
    person: PersonId,
    role: Option<Role>,
    at: u64,
) -> Result<Option<AccessRequest>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT person_id, name, colour, at FROM access_requests
             WHERE note_id = ?1 AND person_id = ?2",
            [Value::from(note), person.into()],
        ))
        .await?;
    let Some(request) = rows.first().map(record).transpose()? else {
        return Ok(None);
    };
    let mut statements = Vec::new();
    if let Some(role) = role {
        let who = Writer {
            person,
            name: request.name.clone(),
            colour: request.colour,
            credential: None,
            at,
        };
        statements.extend(people::keep_if_new(&who));
        statements.push(members::insert(note, person, role, at));
    }
    statements.push(forget(note, person));
    database.batch(statements).await?;
    Ok(Some(request))
}

/// Somebody waits no longer.
pub(super) fn forget(note: NoteId, person: PersonId) -> Statement {
    Statement::new(
        "DELETE FROM access_requests WHERE note_id = ?1 AND person_id = ?2",
        [Value::from(note), person.into()],
    )
}

fn record(row: &Row) -> Result<AccessRequest, StoreError> {
    Ok(AccessRequest {
        person: PersonId::from_column(row.text("person_id")?, "person_id")?,
        name: row.text("name")?.to_owned(),
        colour: members::colour(row)?,
        at: row.number("at")?,
    })
}
