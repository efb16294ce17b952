//! People who are in a note by name.

use crate::access::Role;
use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};
use crate::people::{self, Writer};
use crate::rechecks;

/// Somebody who is in a note by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: PersonId,
    /// Name as they have it now.
    pub name: String,
    /// Colour as an index of the palette.
    pub colour: u8,
    /// What they may do.
    pub role: Role,
}

/// Somebody who is in a note of one's own by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acquaintance {
    /// Who.
    pub person: PersonId,
    /// Name as they have it now.
    pub name: String,
    /// Colour as an index of the palette.
    pub colour: u8,
}

/// Lists who is in a note by name, its owner first.
///
/// # Errors
/// When the database is out.
pub async fn of(database: &dyn Database, note: NoteId) -> Result<Vec<Member>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT people.id, name, colour, 'owner' AS role, 0 AS added_at
             FROM notes JOIN people ON people.id = owner_id WHERE notes.id = ?1
             UNION ALL
             SELECT people.id, name, colour, role, added_at
             FROM note_members JOIN people ON people.id = person_id WHERE note_id = ?1
             ORDER BY added_at, 1",
            [Value::from(note)],
        ))
        .await?;
    rows.iter().map(member).collect()
}

/// Lets somebody in with a role, or changes the one they have. The owner's own
/// right is not changed by that.
///
/// # Errors
/// When the database is out.
pub async fn set(
    database: &dyn Database,
    note: NoteId,
    who: &Writer,
    role: Role,
) -> Result<(), StoreError> {
    let mut statements = people::keep_if_new(who);
    statements.push(insert(note, who.person, role, who.at));
    statements.push(super::requests::forget(note, who.person));
    statements.push(rechecks::of_note(note, who.at));
    database.batch(statements).await.map(drop)
}

/// Changes the role of somebody who is in it. Says whether they were.
///
/// # Errors
/// When the database is out.
pub async fn change(
    database: &dyn Database,
    note: NoteId,
    person: PersonId,
    role: Role,
    at: u64,
) -> Result<bool, StoreError> {
    let changed = Statement::new(
        "UPDATE note_members SET role = ?3 WHERE note_id = ?1 AND person_id = ?2
         RETURNING role",
        [note.into(), person.into(), role.as_str().into()],
    );
    let statements = vec![changed, rechecks::of_note(note, at)];
    let results = database.batch(statements).await?;
    Ok(results.first().is_some_and(|changed| !changed.is_empty()))
}

/// Takes somebody out, also where they came by a link. Says whether they were in
/// it by name.
///
/// # Errors
/// When the database is out.
pub async fn remove(
    database: &dyn Database,
    note: NoteId,
    person: PersonId,
    at: u64,
) -> Result<bool, StoreError> {
    let member = Statement::new(
        "DELETE FROM note_members WHERE note_id = ?1 AND person_id = ?2 RETURNING role",
        [Value::from(note), person.into()],
    );
    let by_link = Statement::new(
        "DELETE FROM link_people WHERE person_id = ?2
           AND link_id IN (SELECT id FROM share_links WHERE note_id = ?1)",
        [Value::from(note), person.into()],
    );
    let statements = vec![member, by_link, rechecks::of_note(note, at)];
    let results = database.batch(statements).await?;
    Ok(results.first().is_some_and(|removed| !removed.is_empty()))
}

/// People who are by name in notes that somebody owns, and whose names begin with these
/// letters. A name is its bearer's choice: who only wrote in a note, or is in one of
/// another's, was given nothing by this owner and may be called as somebody else is.
///
/// # Errors
/// When the database is out.
pub async fn acquaintances(
    database: &dyn Database,
    of: PersonId,
    letters: &str,
    limit: u64,
) -> Result<Vec<Acquaintance>, StoreError> {
    let rows = database
        .query(Statement::new(
            "SELECT id, name, colour FROM people
             WHERE id <> ?1 AND lower(substr(name, 1, length(?2))) = lower(?2) AND id IN
               (SELECT person_id FROM note_members WHERE note_id IN
                 (SELECT id FROM notes WHERE owner_id = ?1))
             ORDER BY seen_at DESC LIMIT ?3",
            [of.into(), letters.into(), limit.into()],
        ))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Acquaintance {
                person: PersonId::from_column(row.text("id")?, "id")?,
                name: row.text("name")?.to_owned(),
                colour: colour(row)?,
            })
        })
        .collect()
}

pub(super) fn insert(note: NoteId, person: PersonId, role: Role, at: u64) -> Statement {
    Statement::new(
        "INSERT INTO note_members (note_id, person_id, role, added_at)
         SELECT id, ?2, ?3, ?4 FROM notes WHERE id = ?1 AND owner_id IS NOT ?2
         ON CONFLICT (person_id, note_id) DO UPDATE SET role = excluded.role",
        [note.into(), person.into(), role.as_str().into(), at.into()],
    )
}

pub(super) fn colour(row: &Row) -> Result<u8, StoreError> {
    u8::try_from(row.number("colour")?).map_err(|_too_large| StoreError::BadRow("colour"))
}

fn member(row: &Row) -> Result<Member, StoreError> {
    let role = match row.text("role")? {
        "owner" => Role::Owner,
        role => Role::from_column(role, "role")?,
    };
    Ok(Member {
        person: PersonId::from_column(row.text("id")?, "id")?,
        name: row.text("name")?.to_owned(),
        colour: colour(row)?,
        role,
    })
}
