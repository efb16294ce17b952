//! What a person owns, all of it and in one order: for taking it along.

use crate::database::{Database, Row, Statement, StoreError, Value};
use crate::ids::{NoteId, PersonId};

/// A note somebody owns, in the trash or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// Which note.
    pub id: NoteId,
    /// Title as shown; empty until the first index entry.
    pub title: String,
    /// When it was made, milliseconds of the epoch.
    pub created_at: u64,
    /// Last change, milliseconds of the epoch.
    pub updated_at: u64,
    /// When it went to the trash, if it is there.
    pub trashed_at: Option<u64>,
}

/// How many notes a person owns, with those in the trash.
///
/// # Errors
/// When the database is out.
pub async fn count_owned(database: &dyn Database, person: PersonId) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) AS many FROM notes WHERE owner_id = ?1";
    let rows = database
        .query(Statement::new(sql, [Value::from(person)]))
        .await?;
    let counted = rows.first().map(|row| row.number("many")).transpose()?;
    Ok(counted.unwrap_or_default())
}

/// The notes a person owns, the oldest first: `limit` of them after the first `skip`.
///
/// # Errors
/// When the database is out.
pub async fn owned(
    database: &dyn Database,
    person: PersonId,
    skip: u64,
    limit: u64,
) -> Result<Vec<Owned>, StoreError> {
    let sql = "SELECT id, title, created_at, updated_at, trashed_at FROM notes
               WHERE owner_id = ?1 ORDER BY created_at, id LIMIT ?2 OFFSET ?3";
    let params = [person.into(), limit.into(), skip.into()];
    let rows = database.query(Statement::new(sql, params)).await?;
    rows.iter().map(note).collect()
}

fn note(row: &Row) -> Result<Owned, StoreError> {
    Ok(Owned {
        id: NoteId::from_column(row.text("id")?, "id")?,
        title: row.text("title")?.to_owned(),
        created_at: row.number("created_at")?,
        updated_at: row.number("updated_at")?,
        trashed_at: row.optional_number("trashed_at")?,
    })
}
