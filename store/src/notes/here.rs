//! How many people have a note open now, for lists of notes.

use crate::database::{Database, Statement, StoreError};
use crate::ids::NoteId;

/// Says how many people a note's room has in it. What is said of a note that is
/// gone is not kept.
///
/// # Errors
/// When the database is out.
pub async fn here(
    database: &dyn Database,
    id: NoteId,
    people: u64,
    at: u64,
) -> Result<(), StoreError> {
    let statement = if people == 0 {
        Statement::new("DELETE FROM note_here WHERE note_id = ?1", [id.into()])
    } else {
        Statement::new(
            "INSERT INTO note_here (note_id, people, at)
             SELECT id, ?2, ?3 FROM notes WHERE id = ?1
             ON CONFLICT (note_id) DO UPDATE SET people = excluded.people, at = excluded.at",
            [id.into(), people.into(), at.into()],
        )
    };
    database.query(statement).await.map(drop)
}
