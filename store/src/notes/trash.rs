//! The trash: in, out again, and the end of a note.

use crate::database::{Database, Statement, StoreError, Value};
use crate::ids::NoteId;
use crate::rechecks;

/// How long a note can be taken back out of the trash.
pub const TRASH_DAYS: u64 = 30;
/// The same in milliseconds.
pub const TRASH_MS: u64 = TRASH_DAYS * 24 * 60 * 60 * 1000;

/// Most notes that go for good in one turn: each takes its words out of the index.
const PURGED_AT_ONCE: u64 = 100;

/// Most notes that are erased in one turn: each is two requests to objects.
const ERASED_AT_ONCE: u64 = 20;

/// Puts a note into the trash. The time of the first deletion stays.
///
/// # Errors
/// When the database is out.
pub async fn trash(database: &dyn Database, id: NoteId, at: u64) -> Result<(), StoreError> {
    let sql = "UPDATE notes SET trashed_at = ?2 WHERE id = ?1 AND trashed_at IS NULL";
    let trashed = Statement::new(sql, [id.into(), at.into()]);
    let statements = vec![trashed, rechecks::of_note(id, at)];
    database.batch(statements).await.map(drop)
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

/// Deletes a note that is in the trash, and notes that it is to be erased where its text
/// is. Returns `false` for one that is not there, or was taken out; that stays.
///
/// # Errors
/// When the database is out.
pub async fn delete_for_good(
    database: &dyn Database,
    id: NoteId,
    at: u64,
) -> Result<bool, StoreError> {
    let note = Statement::new(
        "INSERT INTO erasures (note_id, at)
         SELECT id, ?2 FROM notes WHERE id = ?1 AND trashed_at IS NOT NULL
         ON CONFLICT (note_id) DO NOTHING",
        [id.into(), at.into()],
    );
    let delete = Statement::new(
        "DELETE FROM notes WHERE id = ?1 AND trashed_at IS NOT NULL RETURNING id",
        [Value::from(id)],
    );
    let results = database.batch(vec![note, delete]).await?;
    Ok(results.last().is_some_and(|deleted| !deleted.is_empty()))
}

/// The same for what has been in the trash since before a time, some of it: whoever
/// calls this calls it again.
///
/// # Errors
/// When the database is out.
pub async fn purge_trash(database: &dyn Database, before: u64, at: u64) -> Result<(), StoreError> {
    let note = Statement::new(
        "INSERT INTO erasures (note_id, at)
         SELECT id, ?3 FROM notes WHERE trashed_at < ?1 ORDER BY trashed_at LIMIT ?2
         ON CONFLICT (note_id) DO NOTHING",
        [before.into(), PURGED_AT_ONCE.into(), at.into()],
    );
    let delete = Statement::new(
        "DELETE FROM notes WHERE id IN
           (SELECT id FROM notes WHERE trashed_at < ?1 ORDER BY trashed_at LIMIT ?2)",
        [before.into(), PURGED_AT_ONCE.into()],
    );
    database.batch(vec![note, delete]).await?;
    Ok(())
}

/// Notes that are gone and still to be erased, some of them; none that somebody made
/// anew.
///
/// # Errors
/// When the database is out, or holds what it should not.
pub async fn to_erase(database: &dyn Database) -> Result<Vec<NoteId>, StoreError> {
    let sql = "SELECT note_id FROM erasures
         WHERE NOT EXISTS (SELECT 1 FROM notes WHERE id = note_id) ORDER BY at LIMIT ?1";
    let rows = database
        .query(Statement::new(sql, [Value::from(ERASED_AT_ONCE)]))
        .await?;
    rows.iter()
        .map(|row| NoteId::from_column(row.text("note_id")?, "note_id"))
        .collect()
}

/// A note was erased. What people were told of it, with its title and its words, goes
/// as well.
///
/// # Errors
/// When the database is out; then it is erased once more.
pub async fn erased(database: &dyn Database, id: NoteId) -> Result<(), StoreError> {
    // Places in a note and in its chat begin with the note's path; no sign is past `~`.
    let told = "DELETE FROM notifications
         WHERE place BETWEEN '/note/' || ?1 AND '/note/' || ?1 || '~'";
    let done = "DELETE FROM erasures WHERE note_id = ?1";
    let statements = [told, done].map(|sql| Statement::new(sql, [Value::from(id)]));
    database.batch(statements.to_vec()).await.map(drop)
}

/// A note could not be erased now: others come first.
///
/// # Errors
/// When the database is out.
pub async fn erase_later(database: &dyn Database, id: NoteId, at: u64) -> Result<(), StoreError> {
    let sql = "UPDATE erasures SET at = ?2 WHERE note_id = ?1";
    database
        .query(Statement::new(sql, [id.into(), at.into()]))
        .await?;
    Ok(())
}
