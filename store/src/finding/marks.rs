//! What somebody leaves on notes for themselves: pins, and when they were there.

use crate::database::{Database, Statement, StoreError};
use crate::ids::{NoteId, PersonId};

/// A visit is written down again after this time: a page loaded anew is no visit.
const VISIT_EVERY_MS: u64 = 60_000;
/// Most pins of one person; the next is not kept.
const MAX_PINS: u64 = 500;

/// Pins a note. Whether they may open it is the caller's to ask.
///
/// # Errors
/// When the database is out.
pub async fn pin(
    database: &dyn Database,
    person: PersonId,
    note: NoteId,
    at: u64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO pins (person_id, note_id, at)
         SELECT ?1, id, ?3 FROM notes WHERE id = ?2
           AND (SELECT count(*) FROM pins WHERE person_id = ?1) < ?4
         ON CONFLICT (person_id, note_id) DO NOTHING";
    let params = [person.into(), note.into(), at.into(), MAX_PINS.into()];
    database.query(Statement::new(sql, params)).await.map(drop)
}

/// Takes a pin back.
///
/// # Errors
/// When the database is out.
pub async fn unpin(
    database: &dyn Database,
    person: PersonId,
    note: NoteId,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM pins WHERE person_id = ?1 AND note_id = ?2";
    let params = [person.into(), note.into()];
    database.query(Statement::new(sql, params)).await.map(drop)
}

/// Keeps that an account opened a note. A guest who only reads leaves no row.
///
/// # Errors
/// When the database is out.
pub async fn visit(
    database: &dyn Database,
    person: PersonId,
    note: NoteId,
    at: u64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO note_visits (person_id, note_id, at)
         SELECT a.person_id, n.id, ?3 FROM accounts a, notes n
         WHERE a.person_id = ?1 AND n.id = ?2
         ON CONFLICT (person_id, note_id) DO UPDATE SET at = excluded.at
         WHERE excluded.at >= at + ?4";
    let params = [person.into(), note.into(), at.into(), VISIT_EVERY_MS.into()];
    database.query(Statement::new(sql, params)).await.map(drop)
}
