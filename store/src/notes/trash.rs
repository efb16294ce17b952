//! The trash: in, out again, and the end of a note.

use crate::database::{Database, Statement, StoreError, Value};
use crate::ids::NoteId;

/// How long a note can be taken back out of the trash.
pub const TRASH_DAYS: u64 = 30;
/// The same in milliseconds.
pub const TRASH_MS: u64 = TRASH_DAYS * 24 * 60 * 60 * 1000;

/// Most notes that go for good in one turn: each is two requests to objects, and takes its
/// words out of the index.
const PURGED_AT_ONCE: u64 = 20;

/// Puts a note into the trash. The time of the first deletion stays.
///
/// # Errors
/// When the database is out.
pub async fn trash(database: &dyn Database, id: NoteId, at: u64) -> Result<(), StoreError> {
    let sql = "UPDATE notes SET trashed_at = ?2 WHERE id = ?1 AND trashed_at IS NULL";
    database
        .query(Statement::new(sql, [id.into(), at.into()]))
        .await?;
    Ok(())
}

/// Takes a note out of the trash: it is open to whom it was open to.
///
/// # Errors
/// When the database is out.
pub async fn restore(database: &dyn Database, id: NoteId) -> Result<(), StoreError> {
    let sql = "UPDATE notes SET trashed_at = NULL WHERE id = ?1";
    database
        .query(Statement::new(sql, [Value::from(id)]))
        .await?;
    Ok(())
}

/// Deletes a note that is in the trash. Nothing of it is left in the database; what was
/// written in it is its object's to forget, before this.
///
/// # Errors
/// When the database is out.
pub async fn delete_for_good(database: &dyn Database, id: NoteId) -> Result<(), StoreError> {
    let sql = "DELETE FROM notes WHERE id = ?1 AND trashed_at IS NOT NULL";
    database
        .query(Statement::new(sql, [Value::from(id)]))
        .await?;
    Ok(())
}

/// Notes that have been in the trash since before a time and are to go for good, some of
/// them: whoever calls this calls it again.
///
/// # Errors
/// When the database is out, or holds what it should not.
pub async fn due(database: &dyn Database, before: u64) -> Result<Vec<NoteId>, StoreError> {
    let sql = "SELECT id FROM notes WHERE trashed_at < ?1 ORDER BY trashed_at LIMIT ?2";
    let rows = database
        .query(Statement::new(sql, [before.into(), PURGED_AT_ONCE.into()]))
        .await?;
    rows.iter()
        .map(|row| NoteId::from_column(row.text("id")?, "id"))
        .collect()
}
